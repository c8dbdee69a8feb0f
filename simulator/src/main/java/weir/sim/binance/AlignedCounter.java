package weir.sim.binance;

/**
 * One rate limiter: a window that begins at whole multiples of its length ("1 MINUTE starts every minute"). Owned by
 * {@link VenueLimits}.
 */
final class AlignedCounter {
    private final long periodNs;
    private final int limit;
    private long window = Long.MIN_VALUE;
    private int used;
    private int peak;

    AlignedCounter(final long periodNs, final int limit) {
        this.periodNs = periodNs;
        this.limit = limit;
    }

    int used(final long epochNs) {
        final long now = Math.floorDiv(epochNs, periodNs);
        if (now != window) {
            window = now;
            used = 0;
        }
        return used;
    }

    /** Adds, or takes off where negative; never below zero. */
    void add(final int count, final long epochNs) {
        used = Math.max(0, used(epochNs) + count);
        peak = Math.max(peak, used);
    }

    boolean isOver(final long epochNs) {
        return used(epochNs) > limit;
    }

    boolean hasRoom(final int count, final long epochNs) {
        return used(epochNs) + count <= limit;
    }

    /** End of the window in epoch nanoseconds. */
    long endsNs(final long epochNs) {
        return (Math.floorDiv(epochNs, periodNs) + 1) * periodNs;
    }

    int limit() {
        return limit;
    }

    int peak() {
        return peak;
    }
}
