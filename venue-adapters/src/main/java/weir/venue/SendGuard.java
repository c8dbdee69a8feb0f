package weir.venue;

/**
 * Last guard before the socket: counts every message of a connection, the session layer's own included, and refuses the
 * one that would reach the limit within any window of the venue's. A message is held against the limit for a quarter of
 * a second longer than that, so that a stall on the way cannot bring more of them to the venue at once.
 * One thread at a time: where several write to the connection they lock it.
 */
public final class SendGuard {
    private static final long WAY_NS = 250_000_000L;
    private static final int CAPACITY = 8192;

    private final SlidingWindowLog held;
    private final SlidingWindowLog window;
    private final int limit;
    private int peak;

    /**
     * Sets the limit.
     *
     * @param limit    messages in a sliding window that are refused from
     * @param windowNs length of the window
     */
    public SendGuard(final int limit, final long windowNs) {
        this.limit = limit;
        final int capacity = SlidingWindowLog.capacityFor(CAPACITY, limit);
        held = new SlidingWindowLog(capacity, windowNs, WAY_NS);
        window = new SlidingWindowLog(capacity, windowNs, 0);
    }

    /**
     * Counts a message that is about to be written.
     *
     * @param nowNs monotonic time
     * @return false when it must not be written
     */
    public boolean tryWrite(final long nowNs) {
        if (held.count(nowNs) >= limit || held.isFull()) {
            return false;
        }
        peak = Math.max(peak, window.count(nowNs) + 1);
        held.record();
        window.record();
        return true;
    }

    /**
     * The oldest message not yet written has been written.
     *
     * @param nowNs monotonic time
     */
    public void written(final long nowNs) {
        held.written(nowNs);
        window.written(nowNs);
    }

    /**
     * The connection is closed.
     *
     * @param nowNs monotonic time
     */
    public void closed(final long nowNs) {
        held.writtenAll(nowNs);
        window.writtenAll(nowNs);
    }

    /**
     * Messages held against the limit.
     *
     * @param nowNs monotonic time
     * @return count
     */
    public int count(final long nowNs) {
        return held.count(nowNs);
    }

    /**
     * Highest count seen.
     *
     * @return messages in one sliding window
     */
    public int peak() {
        return peak;
    }
}
