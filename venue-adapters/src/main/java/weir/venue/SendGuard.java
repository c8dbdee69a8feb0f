package weir.venue;

/**
 * Last guard before the socket: counts every message of a connection, the session layer's own included, and refuses the
 * one that would reach the limit within any second. A message is held against the limit for a quarter of a second
 * longer than the venue's second, so that a stall on the way cannot bring more of them to the venue at once.
 * Thread-safe; shared by all threads that write to the connection.
 */
public final class SendGuard {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long WAY_NS = 250_000_000L;
    private static final int CAPACITY = 8192;

    private final SlidingWindowLog held;
    private final SlidingWindowLog second;
    private final int limit;
    private int peak;

    /**
     * Sets the limit.
     *
     * @param limit messages in a sliding second that are refused from
     */
    public SendGuard(final int limit) {
        this.limit = limit;
        final int capacity = SlidingWindowLog.capacityFor(CAPACITY, limit);
        held = new SlidingWindowLog(capacity, SECOND_NS, WAY_NS);
        second = new SlidingWindowLog(capacity, SECOND_NS, 0);
    }

    /**
     * Counts a message that is about to be written.
     *
     * @param nowNs monotonic time
     * @return false when it must not be written
     */
    public synchronized boolean tryWrite(final long nowNs) {
        if (held.count(nowNs) >= limit || held.isFull()) {
            return false;
        }
        peak = Math.max(peak, second.count(nowNs) + 1);
        held.record();
        second.record();
        return true;
    }

    /**
     * The oldest message not yet written has been written.
     *
     * @param nowNs monotonic time
     */
    public synchronized void written(final long nowNs) {
        held.written(nowNs);
        second.written(nowNs);
    }

    /**
     * The connection is closed.
     *
     * @param nowNs monotonic time
     */
    public synchronized void closed(final long nowNs) {
        held.writtenAll(nowNs);
        second.writtenAll(nowNs);
    }

    /**
     * Messages held against the limit.
     *
     * @param nowNs monotonic time
     * @return count
     */
    public synchronized int count(final long nowNs) {
        return held.count(nowNs);
    }

    /**
     * Highest count seen.
     *
     * @return messages in one sliding second
     */
    public synchronized int peak() {
        return peak;
    }
}
