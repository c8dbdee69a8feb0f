package weir.venue;

/**
 * Last guard before the socket: counts every message of a connection, the session layer's own included, and refuses the
 * one that would reach the limit within any second. Thread-safe; shared by all threads that write to the connection.
 */
public final class SendGuard {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int CAPACITY = 8192;

    private final SlidingWindowLog log = new SlidingWindowLog(CAPACITY, SECOND_NS, 0);
    private final int limit;
    private int peak;

    /**
     * Sets the limit.
     *
     * @param limit messages in a sliding second that are refused from
     */
    public SendGuard(final int limit) {
        this.limit = limit;
    }

    /**
     * Counts a message that is about to be written.
     *
     * @param nowNs monotonic time
     * @return false when it must not be written
     */
    public synchronized boolean tryWrite(final long nowNs) {
        final int count = log.count(nowNs);
        if (count >= limit || log.isFull()) {
            return false;
        }
        log.record();
        peak = Math.max(peak, count + 1);
        return true;
    }

    /**
     * The oldest message not yet written has been written.
     *
     * @param nowNs monotonic time
     */
    public synchronized void written(final long nowNs) {
        log.written(nowNs);
    }

    /**
     * The connection is closed.
     *
     * @param nowNs monotonic time
     */
    public synchronized void closed(final long nowNs) {
        log.writtenAll(nowNs);
    }

    /**
     * Messages of the last second.
     *
     * @param nowNs monotonic time
     * @return count
     */
    public synchronized int count(final long nowNs) {
        return log.count(nowNs);
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
