package weir.engine.book;

import weir.engine.snapshot.StateImage;

/**
 * Set of pairs of longs that remembers the latest so many: executions by (orderId, tradeId), grants by (grantId, 0).
 * When full, adding forgets the oldest and counts it; who must not forget asks {@link #isFull()} first, as grants do.
 */
public final class PairFifoSet {
    private final long[] first;
    private final long[] second;
    private final int[] next;
    private final int[] bucketHead;
    private final int mask;
    private int write;
    private int size;
    private long forgotten;

    /**
     * Makes an empty set.
     *
     * @param capacity pairs remembered
     */
    public PairFifoSet(final int capacity) {
        first = new long[capacity];
        second = new long[capacity];
        next = new int[capacity];
        bucketHead = new int[Integer.highestOneBit(Math.max(4, capacity * 2 - 1))];
        mask = bucketHead.length - 1;
    }

    /**
     * Is the pair in the set?
     *
     * @param a first
     * @param b second
     * @return true when it is
     */
    public boolean contains(final long a, final long b) {
        for (int i = bucketHead[hash(a, b)]; i != 0; i = next[i - 1]) {
            if (first[i - 1] == a && second[i - 1] == b) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds a pair.
     *
     * @param a first
     * @param b second
     * @return false when it was in the set already
     */
    public boolean add(final long a, final long b) {
        if (contains(a, b)) {
            return false;
        }
        if (size == first.length) {
            forget(write);
        } else {
            size++;
        }
        final int bucket = hash(a, b);
        first[write] = a;
        second[write] = b;
        next[write] = bucketHead[bucket];
        bucketHead[bucket] = write + 1;
        write = write + 1 == first.length ? 0 : write + 1;
        return true;
    }

    /**
     * Would the next pair push the oldest out?
     *
     * @return true when as many are remembered as can be
     */
    public boolean isFull() {
        return size == first.length;
    }

    /**
     * Pairs forgotten because the set was full.
     *
     * @return count
     */
    public long forgotten() {
        return forgotten;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("pairs", 1);
        final int capacity = image.extent(first.length);
        size = image.value(size);
        write = image.value(write);
        forgotten = image.value(forgotten);
        image.first(first, size);
        image.first(second, size);
        if (image.loading()) {
            if (size == capacity && capacity < first.length) {
                rotate(first, write, size);
                rotate(second, write, size);
                write = size;
            }
            chain();
        }
    }

    /** The oldest of a full set comes first, so that a larger one goes on behind the newest. */
    private static void rotate(final long[] column, final int oldest, final int length) {
        final long[] copy = java.util.Arrays.copyOf(column, length);
        for (int i = 0; i < length; i++) {
            column[i] = copy[(oldest + i) % length];
        }
    }

    /** Files all pairs, oldest first, as adding them did. */
    private void chain() {
        final int oldest = size == first.length ? write : 0;
        for (int i = 0; i < size; i++) {
            final int slot = (oldest + i) % first.length;
            final int bucket = hash(first[slot], second[slot]);
            next[slot] = bucketHead[bucket];
            bucketHead[bucket] = slot + 1;
        }
    }

    private void forget(final int slot) {
        final int bucket = hash(first[slot], second[slot]);
        if (bucketHead[bucket] == slot + 1) {
            bucketHead[bucket] = next[slot];
        } else {
            int i = bucketHead[bucket];
            while (next[i - 1] != slot + 1) {
                i = next[i - 1];
            }
            next[i - 1] = next[slot];
        }
        forgotten++;
    }

    private int hash(final long a, final long b) {
        final long h = (a * 0x9E3779B97F4A7C15L ^ b) * 0xBF58476D1CE4E5B9L;
        return (int) (h >>> 32) & mask;
    }
}
