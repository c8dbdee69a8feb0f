package weir.fix.store;

import java.util.Arrays;

/**
 * Where messages lie in a store file: the position of one in {@value #STRIDE}, so that a session of millions costs some
 * kilobytes and nothing per message. Reading goes on from there. Not thread safe.
 */
final class MessageIndex {
    private static final int STRIDE = 1024;
    /** Two million messages before it grows. */
    private static final int INITIAL = 2048;

    private int[] sequences = new int[INITIAL];
    private long[] positions = new long[INITIAL];
    private int count;

    /** Notes a message; numbers rise. */
    void add(final int sequence, final long position) {
        if (count > 0 && sequence - sequences[count - 1] < STRIDE) {
            return;
        }
        if (count == sequences.length) {
            sequences = Arrays.copyOf(sequences, 2 * count);
            positions = Arrays.copyOf(positions, 2 * count);
        }
        sequences[count] = sequence;
        positions[count] = position;
        count++;
    }

    /** Forgets messages from a number on: it will be used again. */
    void cut(final int sequence) {
        while (count > 0 && sequences[count - 1] >= sequence) {
            count--;
        }
    }

    void clear() {
        count = 0;
    }

    /** Position of a message at or before the first of that number or above; -1 when there is none. */
    long positionBefore(final int sequence) {
        int found = 0;
        while (found + 1 < count && sequences[found + 1] <= sequence) {
            found++;
        }
        return count == 0 ? -1 : positions[found];
    }
}
