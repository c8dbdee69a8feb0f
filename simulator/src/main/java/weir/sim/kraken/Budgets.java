package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;

/** Every budget of the venue, and what was counted against it. Thread safe. */
final class Budgets {
    private final WindowShape shape;
    private final int limit;
    private final boolean perAddress;
    private final Map<String, CostWindow> windows = new ConcurrentHashMap<>();
    private final Map<String, HistoryPool> pools = new ConcurrentHashMap<>();
    private final Map<String, AccountStats> stats = new ConcurrentHashMap<>();

    /** @param perAddress whether the 500 units belong to the calling address rather than to the account. */
    Budgets(final WindowShape shape, final int limit, final boolean perAddress) {
        this.shape = shape;
        this.limit = limit;
        this.perAddress = perAddress;
    }

    boolean tryTake(final KrakenAccount account, final String address, final int cost, final long atNs) {
        return windows.computeIfAbsent(perAddress ? address : account.name(), key -> new CostWindow(shape, limit))
            .tryTake(cost, atNs);
    }

    boolean tryTakeHistory(final KrakenAccount account, final String address, final int cost, final long atNs) {
        return pools.computeIfAbsent(perAddress ? address : account.name(), key -> new HistoryPool())
            .tryTake(cost, atNs);
    }

    AccountStats stats(final String account) {
        return stats.computeIfAbsent(account, name -> new AccountStats());
    }

    Iterable<String> accountNames() {
        return stats.keySet();
    }

    void reset() {
        windows.clear();
        pools.clear();
        stats.values().forEach(AccountStats::reset);
    }

    /** Every account's use in the form of {@code GET /limits}. */
    ArrayNode limits() {
        final List<LimitUse> uses = new ArrayList<>();
        stats.forEach((name, counted) -> uses.add(counted.use(name, limit)));
        return LimitUse.json(uses);
    }

    ObjectNode toJson(final long nowNs) {
        final ObjectNode node = Json.object().put("window", shape.name())
            .put("scope", perAddress ? "IP" : "ACCOUNT").put("limitPer10s", limit);
        final ObjectNode left = node.putObject("left");
        windows.forEach((owner, window) -> left.put(owner, window.left(nowNs)));
        final ObjectNode tokens = node.putObject("historyTokens");
        pools.forEach((owner, pool) -> tokens.put(owner, pool.tokens()));
        final ObjectNode accounts = node.putObject("accounts");
        stats.forEach((name, counted) -> accounts.set(name, counted.toJson()));
        return node;
    }
}
