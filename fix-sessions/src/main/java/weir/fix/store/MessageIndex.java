package weir.fix.store;

/**
 * Where messages lie in a store file: the position of one in {@value #STRIDE}, so that a session of millions costs some
 * kilobytes and nothing per message. Reading goes on from there. When the room is used up every second one is dropped,
 * and from then on one in twice as many is noted: no growth, and a longer reading. Not thread safe.
 */
final class MessageIndex {
    static final int STRIDE = 1024;
    /** Two million messages before one is dropped. */
    static final int ENTRIES = 2048;

    private final int[] sequences = new int[ENTRIES];
    private final long[] positions = new long[ENTRIES];
    private int stride = STRIDE;
    private int count;
    /** The next number that is noted; asked for with each message, and nothing else of this then. */
    private long next;

    /** Notes a message; numbers rise. */
    void add(final int sequence, final long position) {
        if (sequence < next) {
            return;
        }
        if (count == ENTRIES) {
            for (int i = 1; i < ENTRIES / 2; i++) {
                sequences[i] = sequences[2 * i];
                positions[i] = positions[2 * i];
            }
            count = ENTRIES / 2;
            stride *= 2;
            findNext();
            if (sequence < next) {
                return;
            }
        }
        sequences[count] = sequence;
        positions[count] = position;
        count++;
        findNext();
    }

    private void findNext() {
        next = count == 0 ? 0 : sequences[count - 1] + (long)stride;
    }

    /** Forgets messages from a number on: it will be used again. */
    void cut(final int sequence) {
        while (count > 0 && sequences[count - 1] >= sequence) {
            count--;
        }
        findNext();
    }

    void clear() {
        count = 0;
        stride = STRIDE;
        findNext();
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
