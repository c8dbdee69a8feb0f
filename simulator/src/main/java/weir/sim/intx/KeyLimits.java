package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;

/** The rate limit of each key, and what was counted. Thread safe. */
final class KeyLimits {
    private final Map<String, RateWindow> byKey = new TreeMap<>();
    private final Map<String, AtomicLong> unauthorized = new TreeMap<>();
    private final Map<String, String> names = new TreeMap<>();
    private final AtomicLong strangers = new AtomicLong();
    private final int perSecond;

    KeyLimits(final List<IntxAccount> accounts, final int perSecond) {
        this.perSecond = perSecond;
        for (final IntxAccount account : accounts) {
            byKey.put(account.apiKey(), new RateWindow(perSecond));
            unauthorized.put(account.apiKey(), new AtomicLong());
            names.put(account.apiKey(), account.name());
        }
    }

    RateWindow of(final String apiKey) {
        return byKey.get(apiKey);
    }

    /** @param account null for a key that is not known. */
    void onUnauthorized(final IntxAccount account) {
        (account == null ? strangers : unauthorized.get(account.apiKey())).incrementAndGet();
    }

    void reset() {
        byKey.values().forEach(RateWindow::reset);
        unauthorized.values().forEach(count -> count.set(0));
        strangers.set(0);
    }

    /**
     * Every key's use in the form of {@code GET /limits}: what was offered, let through or not. @param further of other
     * doors.
     */
    ArrayNode limits(final List<LimitUse> further) {
        final List<LimitUse> uses = new ArrayList<>();
        byKey.forEach((key, window) -> uses.add(new LimitUse(names.get(key), "requests/s", window.peakOffered(),
            perSecond, window.refused(), "")));
        uses.addAll(further);
        return LimitUse.json(uses);
    }

    /** By the name of the portfolio; keys of one portfolio are added up, peaks are the greatest of any key. */
    ObjectNode toJson() {
        final ObjectNode root = Json.object().put("unknownKeys", strangers.get());
        final ObjectNode accounts = root.putObject("accounts");
        byKey.forEach((key, window) -> {
            final ObjectNode node = accounts.withObject("/" + names.get(key));
            node.put("requests", node.path("requests").asLong() + window.requests())
                .put("refused", node.path("refused").asLong() + window.refused())
                .put("authenticationErrors",
                    node.path("authenticationErrors").asLong() + unauthorized.get(key).get())
                .put("peakPassedPerSecond", Math.max(node.path("peakPassedPerSecond").asInt(), window.peakPassed()))
                .put("peakOfferedPerSecond",
                    Math.max(node.path("peakOfferedPerSecond").asInt(), window.peakOffered()));
        });
        return root;
    }
}
