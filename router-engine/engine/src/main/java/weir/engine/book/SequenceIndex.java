package weir.engine.book;

import java.util.Arrays;

/**
 * Slot by record sequence, each slot filed once at most. Sequences grow and are spread by their low bits alone, so that
 * those of one time lie side by side and rarely meet; those that meet are chained by their slots, so that taking one
 * out looks at no neighbour. One thread.
 */
final class SequenceIndex {
    private static final int NONE = -1;

    /** Slot + 1 that was filed last of those whose sequences share low bits; 0 = none. */
    private final int[] heads;
    /** Slot + 1 filed before it, per slot. */
    private final int[] next;
    private final long[] sequences;
    private final int mask;
    private int size;

    /** Makes an empty index for slots below a capacity. */
    SequenceIndex(final int capacity) {
        heads = new int[Integer.highestOneBit(Math.max(8, capacity)) * 4];
        mask = heads.length - 1;
        next = new int[capacity];
        sequences = new long[capacity];
    }

    /** Slot of a sequence, -1 when there is none. */
    int slotOf(final long sequence) {
        int slot = heads[(int) sequence & mask] - 1;
        while (slot >= 0 && sequences[slot] != sequence) {
            slot = next[slot] - 1;
        }
        return slot;
    }

    /** Reads what {@link #remove(long, int)} is to read; of no meaning. */
    int touch(final long sequence, final int slot) {
        return heads[(int) sequence & mask] + next[slot] + (int) sequences[slot];
    }

    /** Files a sequence above 0 that is not filed, for a slot that is not. */
    void put(final long sequence, final int slot) {
        if (sequences[slot] != 0) {
            throw new IllegalStateException("slot " + slot + " is filed");
        }
        final int home = (int) sequence & mask;
        sequences[slot] = sequence;
        next[slot] = heads[home];
        heads[home] = slot + 1;
        size++;
    }

    /** Takes a sequence out, if it is filed. */
    void remove(final long sequence) {
        final int home = (int) sequence & mask;
        int newer = NONE;
        int slot = heads[home] - 1;
        while (slot >= 0 && sequences[slot] != sequence) {
            newer = slot;
            slot = next[slot] - 1;
        }
        if (slot < 0) {
            return;
        }
        if (newer < 0) {
            heads[home] = next[slot];
        } else {
            next[newer] = next[slot];
        }
        sequences[slot] = 0;
        next[slot] = 0;
        size--;
    }

    /** Takes out the sequence of a slot, which is filed. */
    void remove(final long sequence, final int slot) {
        final int home = (int) sequence & mask;
        if (heads[home] != slot + 1 || sequences[slot] != sequence) {
            remove(sequence);
            return;
        }
        heads[home] = next[slot];
        sequences[slot] = 0;
        next[slot] = 0;
        size--;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof SequenceIndex that && size == that.size && Arrays.equals(sequences, that.sequences);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sequences);
    }
}
