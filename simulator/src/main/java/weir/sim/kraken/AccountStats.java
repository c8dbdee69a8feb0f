package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;

/**
 * What the venue counted for one account. The peaks are of any sliding 10 s whatever window is in force: offered counts
 * every signed call, charged those that were let through. Thread safe.
 */
final class AccountStats {
    private final Map<String, long[]> byEndpoint = new TreeMap<>();
    private final Peak offered = new Peak();
    private final Peak charged = new Peak();
    private long requests;
    private long refused;
    private long authenticationErrors;
    private long instructions;

    /** The greatest sum of costs within any 10 s. */
    private static final class Peak {
        private final Deque<long[]> recent = new ArrayDeque<>();
        private long sum;
        private long total;
        private long peak;

        private void add(final int cost, final long atNs) {
            while (!recent.isEmpty() && recent.peekFirst()[0] <= atNs - CostWindow.LENGTH_NS) {
                sum -= recent.removeFirst()[1];
            }
            recent.add(new long[] {atNs, cost});
            sum += cost;
            total += cost;
            peak = Math.max(peak, sum);
        }
    }

    synchronized void onCall(
        final String endpoint, final int cost, final int instructionCount, final boolean admitted, final long atNs) {
        requests++;
        offered.add(cost, atNs);
        final long[] counts = byEndpoint.computeIfAbsent(endpoint, name -> new long[3]);
        counts[0]++;
        if (admitted) {
            counts[1] += cost;
            instructions += instructionCount;
            charged.add(cost, atNs);
        } else {
            counts[2]++;
            refused++;
        }
    }

    synchronized void onAuthenticationError() {
        authenticationErrors++;
    }

    synchronized void reset() {
        byEndpoint.clear();
        for (final Peak each : new Peak[] {offered, charged}) {
            each.recent.clear();
            each.sum = 0;
            each.total = 0;
            each.peak = 0;
        }
        requests = 0;
        refused = 0;
        authenticationErrors = 0;
        instructions = 0;
    }

    /** The budget in the form of {@code GET /limits}: what was offered, admitted or not. */
    synchronized LimitUse use(final String account, final int limit) {
        return new LimitUse(account, "cost/10 s", offered.peak, limit, refused, "");
    }

    synchronized ObjectNode toJson() {
        final ObjectNode node = Json.object().put("requests", requests).put("refused", refused)
            .put("authenticationErrors", authenticationErrors).put("instructions", instructions)
            .put("costCharged", charged.total).put("costOffered", offered.total)
            .put("peakChargedPer10s", charged.peak).put("peakOfferedPer10s", offered.peak);
        final ObjectNode endpoints = node.putObject("byEndpoint");
        byEndpoint.forEach((endpoint, counts) -> endpoints.putObject(endpoint).put("count", counts[0])
            .put("cost", counts[1]).put("refused", counts[2]));
        return node;
    }
}
