package weir.engine.book;

import java.util.Arrays;

/**
 * Slot by record sequence. Sequences grow and are spread by their low bits alone, so that those of one time lie side by
 * side and rarely meet. Open addressing, linear probing, entries moved back on removal. One thread.
 */
final class SequenceIndex {
    private static final int NONE = -1;

    private final long[] sequences;
    private final int[] slots;
    private final int mask;
    private int size;

    /** Makes an empty index for at most so many. */
    SequenceIndex(final int capacity) {
        final int length = Integer.highestOneBit(Math.max(8, capacity)) * 4;
        sequences = new long[length];
        slots = new int[length];
        mask = length - 1;
    }

    /** Slot of a sequence, -1 when there is none. */
    int slotOf(final long sequence) {
        for (int i = (int) sequence & mask; sequences[i] != 0; i = i + 1 & mask) {
            if (sequences[i] == sequence) {
                return slots[i];
            }
        }
        return NONE;
    }

    /** Files a sequence above 0 that is not filed. */
    void put(final long sequence, final int slot) {
        if (++size > mask >> 1) {
            throw new IllegalStateException("more than " + (size - 1) + " entries");
        }
        int i = (int) sequence & mask;
        while (sequences[i] != 0) {
            i = i + 1 & mask;
        }
        sequences[i] = sequence;
        slots[i] = slot;
    }

    /** Takes a sequence out, if it is filed. */
    void remove(final long sequence) {
        int hole = (int) sequence & mask;
        while (sequences[hole] != sequence) {
            if (sequences[hole] == 0) {
                return;
            }
            hole = hole + 1 & mask;
        }
        size--;
        for (int i = hole + 1 & mask; sequences[i] != 0; i = i + 1 & mask) {
            final int home = (int) sequences[i] & mask;
            if ((i - home & mask) >= (i - hole & mask)) {
                sequences[hole] = sequences[i];
                slots[hole] = slots[i];
                hole = i;
            }
        }
        sequences[hole] = 0;
        slots[hole] = 0;
    }

    @Override
    public boolean equals(final Object other) {
        if (!(other instanceof SequenceIndex that) || size != that.size) {
            return false;
        }
        for (int i = 0; i <= mask; i++) {
            if (sequences[i] != 0 && that.slotOf(sequences[i]) != slots[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sequences);
    }
}
