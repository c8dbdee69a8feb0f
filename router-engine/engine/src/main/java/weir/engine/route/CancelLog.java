package weir.engine.route;

import weir.engine.snapshot.StateImage;

/**
 * The latest orders that a mass cancel, a switch or a disconnect ended, each with the record that caused it: what an
 * operator is told per order. A ring; the oldest goes. Its content follows from the journal. Engine thread.
 */
public final class CancelLog {
    /** Most orders remembered. */
    public static final int CAPACITY = 1 << 15;

    private final long[] cause = new long[CAPACITY];
    private final long[] orderId = new long[CAPACITY];
    private final int[] orderSlot = new int[CAPACITY];
    private long count;

    /** Makes an empty log. */
    public CancelLog() {
        // columns above
    }

    void add(final long record, final long order, final int slot) {
        final int at = (int) (count++ & CAPACITY - 1);
        cause[at] = record;
        orderId[at] = order;
        orderSlot[at] = slot;
    }

    /**
     * Orders noted since the journal began.
     *
     * @return count; entries from {@link #first()} to this - 1 are there
     */
    public long count() {
        return count;
    }

    /**
     * Oldest entry that is still there.
     *
     * @return index
     */
    public long first() {
        return Math.max(0, count - CAPACITY);
    }

    /**
     * Record that caused the cancel.
     *
     * @param i index
     * @return record sequence
     */
    public long cause(final long i) {
        return cause[(int) (i & CAPACITY - 1)];
    }

    /**
     * The order.
     *
     * @param i index
     * @return order id
     */
    public long orderId(final long i) {
        return orderId[(int) (i & CAPACITY - 1)];
    }

    /**
     * Slot that the order had; another order may have it now.
     *
     * @param i index
     * @return slot
     */
    public int orderSlot(final long i) {
        return orderSlot[(int) (i & CAPACITY - 1)];
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("cancel-log", 1);
        count = image.value(count);
        image.column(cause);
        image.column(orderId);
        image.column(orderSlot, 0, CAPACITY, 0);
    }
}
