package weir.sim.stripe;

/**
 * Token bucket: {@code perSecond} tokens a second, a second's worth of burst. Time is a parameter, in nanoseconds of
 * any monotonic clock. Thread-safe.
 */
final class RateLimit {
    private static final long NANOS = 1_000_000_000L;

    private final long perSecond;
    private long unitsNs; // tokens * 1e9
    private long lastNs;

    RateLimit(final long perSecond, final long nowNs) {
        this.perSecond = perSecond;
        this.unitsNs = perSecond * NANOS;
        this.lastNs = nowNs;
    }

    boolean tryTake(final long nowNs) {
        return tryTake(nowNs, 1);
    }

    /** Takes {@code tokens} or none. */
    synchronized boolean tryTake(final long nowNs, final long tokens) {
        final long elapsedNs = Math.min(Math.max(0, nowNs - lastNs), NANOS);
        lastNs = nowNs;
        unitsNs = Math.min(perSecond * NANOS, unitsNs + elapsedNs * perSecond);
        if (unitsNs < tokens * NANOS) {
            return false;
        }
        unitsNs -= tokens * NANOS;
        return true;
    }
}
