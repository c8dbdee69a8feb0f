package weir.sim.kraken;

import java.util.Map;
import java.util.Set;

/** What calls cost. Source: Kraken Futures rate limits, tables of /derivatives and /history. */
final class CostTable {
    static final int BATCH_BASE = 9;
    private static final Map<String, Integer> FIXED = Map.ofEntries(
        Map.entry("POST sendorder", 10), Map.entry("POST editorder", 10), Map.entry("POST cancelorder", 10),
        Map.entry("POST cancelallorders", 25), Map.entry("POST cancelallordersafter", 25),
        Map.entry("GET accounts", 2), Map.entry("GET openpositions", 2), Map.entry("GET openorders", 2),
        Map.entry("POST orders/status", 1), Map.entry("GET unwindqueue", 200),
        Map.entry("GET leveragepreferences", 2), Map.entry("PUT leveragepreferences", 10),
        Map.entry("GET pnlpreferences", 2), Map.entry("PUT pnlpreferences", 10), Map.entry("POST transfer", 10),
        Map.entry("POST transfer/subaccount", 10), Map.entry("POST withdrawaltospotwallet", 100),
        Map.entry("GET self-trade-strategy", 2), Map.entry("PUT self-trade-strategy", 2));
    private static final Set<String> HISTORY = Set.of("orders", "triggers", "executions");

    private CostTable() {
    }

    /**
     * Cost units of a /derivatives call; -1 if there is no such private call.
     *
     * @param call      method, blank, endpoint: {@code POST sendorder}.
     * @param batchSize instructions of a batch.
     * @param since     whether lastFillTime was given.
     */
    static int derivatives(final String call, final int batchSize, final boolean since) {
        return switch (call) {
            case "POST batchorder" -> BATCH_BASE + batchSize;
            case "GET fills" -> since ? 25 : 2;
            default -> FIXED.getOrDefault(call, -1);
        };
    }

    /** Tokens of a /history call; -1 if there is no such call. */
    static int history(final String endpoint, final int count) {
        if (HISTORY.contains(endpoint)) {
            return 1;
        }
        if (!"account-log".equals(endpoint)) {
            return "accountlogcsv".equals(endpoint) ? 6 : -1;
        }
        return count <= 25 ? 1 : count <= 50 ? 2 : count <= 1000 ? 3 : count <= 5000 ? 6 : 10;
    }
}
