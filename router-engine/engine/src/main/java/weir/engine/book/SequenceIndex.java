package weir.engine.book;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Slot by order id, which is a record's sequence. Sequences grow and are spread by their low bits alone, so that those
 * of one time lie side by side and rarely meet; those that meet are chained by their slots, so that taking one out
 * looks at those that came after it alone. A link holds more bits of its id, which itself is in the order's row: of
 * those that meet, only the row of the right one is looked at. One thread.
 * <pre>
 * link   23 bits slot + 1  8 bits of the id; 0 = none
 * </pre>
 */
final class SequenceIndex {
    private static final int SLOT_BITS = 23;
    private static final int SLOT = (1 << SLOT_BITS) - 1;
    private static final int ID_BITS = 0xFF << SLOT_BITS;

    private final OrderRows orders;
    /** Link to the slot that was filed last of those whose ids share low bits. */
    private final int[] heads;
    /** Link to the slot filed before it, per slot. */
    private final int[] next;
    private final int mask;
    private final int shift;

    /**
     * Makes an empty index.
     *
     * @param orders rows, whose ids do not change while they are filed
     */
    SequenceIndex(final OrderRows orders) {
        this.orders = orders;
        heads = new int[Integer.highestOneBit(Math.max(8, orders.capacity())) * 4];
        mask = heads.length - 1;
        shift = Integer.bitCount(mask);
        next = new int[orders.capacity()];
    }

    /** Slot of an id, -1 when there is none. */
    int slotOf(final long id) {
        int slot = likely(id);
        while (slot >= 0 && orders.orderId(slot) != id) {
            slot = likely(next[slot], id);
        }
        return slot;
    }

    /** The slot whose link has the bits of an id, nearly always its own; -1 when there is none. */
    int likely(final long id) {
        return likely(heads[(int) id & mask], id);
    }

    /** Reads what {@link #remove} is to read; of no meaning. */
    int touch(final long id, final int slot) {
        final int head = slot(heads[(int) id & mask]);
        return next[slot] + (head < 0 ? 0 : next[head]);
    }

    /** Files the id of a slot, which is not filed. */
    void put(final int slot) {
        final long id = orders.orderId(slot);
        final int home = (int) id & mask;
        next[slot] = heads[home];
        heads[home] = slot + 1 | bitsOf(id);
    }

    /** Takes out the id of a slot, which is filed. */
    void remove(final int slot) {
        final int home = (int) orders.orderId(slot) & mask;
        int at = slot(heads[home]);
        if (at == slot) {
            heads[home] = next[slot];
            return;
        }
        while (slot(next[at]) != slot) {
            at = slot(next[at]);
        }
        next[at] = next[slot];
    }

    private int likely(final int first, final long id) {
        final int bits = bitsOf(id);
        int link = first;
        while (link != 0 && ((link ^ bits) & ID_BITS) != 0) {
            link = next[slot(link)];
        }
        return slot(link);
    }

    private int bitsOf(final long id) {
        return (int) (id >>> shift) << SLOT_BITS & ID_BITS;
    }

    private static int slot(final int link) {
        return (link & SLOT) - 1;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof SequenceIndex that && filed().equals(that.filed())
            && filed().stream().allMatch(slot -> orders.orderId(slot) == that.orders.orderId(slot));
    }

    @Override
    public int hashCode() {
        return filed().hashCode();
    }

    private BitSet filed() {
        final BitSet slots = new BitSet(next.length);
        Arrays.stream(heads).forEach(head -> {
            for (int slot = slot(head); slot >= 0; slot = slot(next[slot])) {
                slots.set(slot);
            }
        });
        return slots;
    }
}
