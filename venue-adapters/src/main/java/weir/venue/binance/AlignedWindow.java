package weir.venue.binance;

/**
 * Use of one of the venue's windows, which begin at whole multiples of their length of the venue's time. A request near
 * an edge counts on both sides of it, and one that is not answered yet counts in every window it may still reach. Times
 * are milliseconds of the venue's clock as we know it, which may turn out to have been ahead: back by less than a
 * window is taken for jitter at an edge, back by more for a correction, after which what was counted is of the window
 * that is. Agent's thread.
 */
final class AlignedWindow {
    private final long periodMs;
    private final long skewMs;
    private int limit;
    private long window = Long.MIN_VALUE;
    private long latestMs = Long.MIN_VALUE;
    private int before;
    private int used;
    private int after;
    private int unanswered;
    private int peak;

    AlignedWindow(final long periodMs, final long skewMs, final int limit) {
        this.periodMs = periodMs;
        this.skewMs = skewMs;
        this.limit = limit;
    }

    long periodMs() {
        return periodMs;
    }

    void limit(final int newLimit) {
        limit = newLimit;
    }

    int limit() {
        return limit;
    }

    int used(final long venueMs) {
        roll(venueMs);
        return used;
    }

    int peak() {
        return peak;
    }

    /** Whether so much more fits with so much kept back. */
    boolean admits(final int cost, final int reserve, final long venueMs) {
        roll(venueMs);
        final int most = limit - reserve - cost;
        return used <= most && (!isEarly(venueMs) || before <= most) && (!isLate(venueMs) || after <= most);
    }

    /** A request leaves. */
    void open(final int cost, final long venueMs) {
        roll(venueMs);
        used += cost;
        unanswered += cost;
        if (isEarly(venueMs)) {
            before += cost;
        }
        if (isLate(venueMs)) {
            after += cost;
        }
        peak = Math.max(peak, used);
    }

    /**
     * A request of {@link #open} was answered, or can reach the venue no more. One that was answered near the end of a
     * window may have been counted in the next.
     */
    void close(final int cost, final long openedMs, final long venueMs) {
        roll(venueMs);
        unanswered = Math.max(0, unanswered - cost);
        if (isLate(venueMs) && !(isLate(openedMs) && Math.floorDiv(openedMs, periodMs) == window)) {
            after += cost;
        }
    }

    /** A request of {@link #open} surely never left. */
    void withdraw(final int cost, final long venueMs) {
        roll(venueMs);
        unanswered = Math.max(0, unanswered - cost);
        used = Math.max(0, used - cost);
    }

    /** The venue counted so much a moment ago. */
    void reading(final int count, final long venueMs) {
        roll(venueMs);
        if (!isEarly(venueMs)) {
            used = Math.max(used, count + unanswered);
            peak = Math.max(peak, used);
        }
    }

    /** The venue says that nothing is left of this window. */
    void spent(final long venueMs) {
        roll(venueMs);
        used = Math.max(used, limit);
    }

    private boolean isEarly(final long venueMs) {
        return Math.floorMod(venueMs, periodMs) < skewMs;
    }

    private boolean isLate(final long venueMs) {
        return periodMs - Math.floorMod(venueMs, periodMs) <= skewMs;
    }

    private void roll(final long venueMs) {
        final long now = Math.floorDiv(venueMs, periodMs);
        if (now > window) {
            before = now == window + 1 ? used : 0;
            used = (now == window + 1 ? after : 0) + unanswered;
            after = 0;
            window = now;
        } else if (now < window && latestMs - venueMs >= periodMs) {
            before = 0;
            after = isLate(venueMs) ? used : 0;
            window = now;
            latestMs = venueMs;
        }
        latestMs = Math.max(latestMs, venueMs);
    }
}
