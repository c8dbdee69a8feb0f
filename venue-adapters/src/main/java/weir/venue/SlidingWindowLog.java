package weir.venue;

/**
 * Log of sends that answers how many messages may have reached a venue within any one window that ends now.
 * <p>
 * A message occupies its slot from {@link #record()} until one window after the latest moment at which the venue can
 * have counted it: that moment is bounded from above by the venue's answer ({@link #confirm(long, long)}) and, where no
 * answer comes, by the write to the socket plus a grace for the way ({@link #written(long)}). A stall of the socket or
 * of the venue's reader can therefore not squeeze two windows of ours into one of theirs.
 * <p>
 * Times are any monotonic nanoseconds. Not thread-safe: one owner.
 */
public final class SlidingWindowLog {
    private static final int CAPACITY_MAX = 1 << 22;

    private final long[] timesNs;
    private final int mask;
    private final long windowNs;
    private final long graceNs;
    private long head;
    private long confirmed;
    private long writtenCount;
    private long tail;

    /**
     * Sizes the log.
     *
     * @param capacity messages held at most, a power of two
     * @param windowNs length of the venue's window
     * @param graceNs  allowance for a written message that no answer confirmed
     */
    public SlidingWindowLog(final int capacity, final long windowNs, final long graceNs) {
        if (Integer.bitCount(capacity) != 1 || windowNs <= 0 || graceNs < 0) {
            throw new IllegalArgumentException(
                "capacity " + capacity + " windowNs " + windowNs + " graceNs " + graceNs);
        }
        this.timesNs = new long[capacity];
        this.mask = capacity - 1;
        this.windowNs = windowNs;
        this.graceNs = graceNs;
    }

    /**
     * A capacity with room for twice a limit of messages per window, which covers a grace as long as the window; never
     * more than four million, which then is the limit.
     *
     * @param least       smallest capacity
     * @param windowLimit messages in any window
     * @return a power of two
     */
    public static int capacityFor(final int least, final int windowLimit) {
        return Integer.highestOneBit(Math.max(least, 2 * Math.min(windowLimit, CAPACITY_MAX / 2)) * 2 - 1);
    }

    /**
     * Messages that occupy a slot now.
     *
     * @param nowNs current time
     * @return count
     */
    public int count(final long nowNs) {
        while (head < writtenCount) {
            final long heldNs = head < confirmed ? windowNs : windowNs + graceNs;
            if (nowNs - timesNs[(int)head & mask] < heldNs) {
                break;
            }
            head++;
        }
        confirmed = Math.max(confirmed, head);
        return (int)(tail - head);
    }

    /**
     * Messages that the venue has not answered yet, as of the last {@link #count(long)}; one that stays unanswered
     * leaves with its slot.
     *
     * @return count
     */
    public int unanswered() {
        return (int)(tail - Math.max(head, confirmed));
    }

    /**
     * Whether the log can take no further message whatever the limit is.
     *
     * @return true when all slots are occupied, as of the last {@link #count(long)}
     */
    public boolean isFull() {
        return tail - head > mask;
    }

    /**
     * Takes a slot for a message handed to the socket's queue.
     *
     * @return the slot, to be confirmed later
     */
    public long record() {
        if (isFull()) {
            throw new IllegalStateException("no free slot");
        }
        return tail++;
    }

    /**
     * The oldest message not yet written has been written to the socket.
     *
     * @param nowNs time of the write
     */
    public void written(final long nowNs) {
        if (writtenCount < tail) {
            timesNs[(int)writtenCount++ & mask] = nowNs;
        }
    }

    /**
     * The connection is gone: what was not written will not be, but counts as if it had been.
     *
     * @param nowNs time of the close
     */
    public void writtenAll(final long nowNs) {
        while (writtenCount < tail) {
            written(nowNs);
        }
    }

    /**
     * The venue answered a message, so it had received that and all before it.
     *
     * @param slot  of the answered message
     * @param nowNs time of the answer
     */
    public void confirm(final long slot, final long nowNs) {
        while (confirmed <= slot && confirmed < writtenCount) {
            final int index = (int)confirmed++ & mask;
            timesNs[index] = Math.max(timesNs[index], Math.min(nowNs, timesNs[index] + graceNs));
        }
    }
}
