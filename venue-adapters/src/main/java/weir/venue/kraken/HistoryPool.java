package weir.venue.kraken;

/**
 * The venue's budget for its history ("Futures Rate Limits", /history): a pool that refills continuously in ten
 * minutes. It is no part of the budget of /derivatives. Agent's thread.
 */
final class HistoryPool {
    private static final long FULL_NS = 600_000_000_000L;

    private final long capacity;
    private long fraction;
    private long lastNs;

    /**
     * Full at the start; what a run before this one spent shows in the venue's refusal.
     *
     * @param tokens capacity
     */
    HistoryPool(final int tokens, final long nowNs) {
        capacity = tokens * FULL_NS;
        fraction = capacity;
        lastNs = nowNs;
    }

    /** Takes one token, false when none is there. */
    boolean take(final long nowNs) {
        final long tokens = capacity / FULL_NS;
        fraction = Math.min(capacity, fraction + Math.min(FULL_NS, Math.max(0, nowNs - lastNs)) * tokens);
        lastNs = nowNs;
        if (fraction < FULL_NS) {
            return false;
        }
        fraction -= FULL_NS;
        return true;
    }

    /** The venue said that nothing is left. */
    void drain(final long nowNs) {
        fraction = 0;
        lastNs = nowNs;
    }
}
