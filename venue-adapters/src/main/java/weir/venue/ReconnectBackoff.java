package weir.venue;

/**
 * Delay before the next connection attempt: doubles from a minimum to a maximum, each with up to a quarter of jitter on
 * top (never below the minimum), so that many sessions cut by one event do not come back in one second. One owner.
 */
public final class ReconnectBackoff {
    private final long minNs;
    private final long maxNs;
    private long state;
    private long nextNs;

    /**
     * Sets the bounds.
     *
     * @param minNs first delay
     * @param maxNs longest delay, jitter included
     * @param seed  of the jitter; not zero
     */
    public ReconnectBackoff(final long minNs, final long maxNs, final long seed) {
        if (minNs <= 0 || maxNs < minNs) {
            throw new IllegalArgumentException("minNs " + minNs + " maxNs " + maxNs);
        }
        this.minNs = minNs;
        this.maxNs = maxNs;
        this.state = seed == 0 ? 1 : seed;
        this.nextNs = minNs;
    }

    /**
     * Delay before the next attempt; the one after it will be longer.
     *
     * @return nanoseconds between the minimum and the maximum
     */
    public long nextDelayNs() {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        final long jitterNs = Math.floorMod(state, nextNs / 4 + 1);
        final long delayNs = Math.min(maxNs, nextNs + jitterNs);
        nextNs = Math.min(maxNs, nextNs * 2);
        return delayNs;
    }

    /** A connection held: the next delay is the minimum again. */
    public void reset() {
        nextNs = minNs;
    }
}
