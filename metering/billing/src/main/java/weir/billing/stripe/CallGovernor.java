package weir.billing.stripe;

/**
 * Holds calls below a rate: at most one second's worth at once, refilled evenly. Time is a parameter. Not thread safe.
 */
public final class CallGovernor {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long intervalNs;
    private final long burstNs;
    private long nextFreeNs;

    /**
     * A governor.
     *
     * @param callsPerSecond rate, above 0
     * @param burst          calls that may go at once after a pause
     */
    public CallGovernor(final int callsPerSecond, final int burst) {
        intervalNs = NS_PER_SECOND / callsPerSecond;
        burstNs = intervalNs * (burst - 1L);
        nextFreeNs = Long.MIN_VALUE / 2;
    }

    /**
     * Takes leave for one call.
     *
     * @param nowNs monotonic nanoseconds
     * @return false when the call must wait
     */
    public boolean tryAcquire(final long nowNs) {
        final long from = Math.max(nextFreeNs, nowNs - burstNs);
        if (from > nowNs) {
            return false;
        }
        nextFreeNs = from + intervalNs;
        return true;
    }
}
