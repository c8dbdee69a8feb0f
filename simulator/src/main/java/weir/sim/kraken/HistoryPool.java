package weir.sim.kraken;

/**
 * The /history budget: a pool of 100 tokens that refills continuously, 100 in 10 minutes. Guarded by its own monitor.
 * Source: Kraken Futures rate limits, /history.
 */
final class HistoryPool {
    private static final long CAPACITY = 100;
    private static final long TOKEN_NS = 6_000_000_000L;

    /** Tokens times {@link #TOKEN_NS}: a nanosecond refills one. */
    private long level = CAPACITY * TOKEN_NS;
    private long lastNs = Long.MIN_VALUE;

    synchronized boolean tryTake(final int cost, final long atNs) {
        final long nowNs = Math.max(lastNs, atNs);
        if (lastNs != Long.MIN_VALUE) {
            level = Math.min(CAPACITY * TOKEN_NS, level + Math.min(nowNs - lastNs, CAPACITY * TOKEN_NS));
        }
        lastNs = nowNs;
        if (cost * TOKEN_NS > level) {
            return false;
        }
        level -= cost * TOKEN_NS;
        return true;
    }

    synchronized long tokens() {
        return level / TOKEN_NS;
    }
}
