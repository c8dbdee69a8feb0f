package weir.engine.book;

import weir.engine.snapshot.StateImage;

/**
 * Set of pairs of longs that remembers the latest so many: executions by (orderId, tradeId), grants by (grantId, 0).
 * When full, adding forgets the oldest and counts it; who must not forget asks {@link #isFull()} first, as grants do.
 */
public final class PairFifoSet {
    private static final int ROW = 3;
    private static final int NEXT = 2;

    /** Per pair its two numbers and the next of its bucket, so that one cache line answers. */
    private final long[] pairs;
    private final int[] bucketHead;
    private final int capacity;
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
        this.capacity = capacity;
        pairs = new long[Math.multiplyExact(capacity, ROW)];
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
        return isIn(hash(a, b), a, b);
    }

    /**
     * Adds a pair.
     *
     * @param a first
     * @param b second
     * @return false when it was in the set already
     */
    public boolean add(final long a, final long b) {
        final int bucket = hash(a, b);
        if (isIn(bucket, a, b)) {
            return false;
        }
        file(bucket, a, b);
        return true;
    }

    /**
     * Adds a pair without asking for it, which would be a look at one or two cold cache lines.
     *
     * @param a first
     * @param b second; the pair is not in the set
     */
    public void addNew(final long a, final long b) {
        file(hash(a, b), a, b);
    }

    /**
     * Would the next pair push the oldest out?
     *
     * @return true when as many are remembered as can be
     */
    public boolean isFull() {
        return size == capacity;
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
        image.section("pairs", 2);
        final int saved = image.extent(capacity);
        size = image.value(size);
        write = image.value(write);
        forgotten = image.value(forgotten);
        image.first(pairs, size * ROW);
        if (image.loading()) {
            if (size == saved && saved < capacity) {
                rotate(write, size);
                write = size;
            }
            chain();
        }
    }

    /** The oldest of a full set comes first, so that a larger one goes on behind the newest. */
    private void rotate(final int oldest, final int length) {
        final long[] copy = java.util.Arrays.copyOf(pairs, length * ROW);
        for (int i = 0; i < length; i++) {
            System.arraycopy(copy, (oldest + i) % length * ROW, pairs, i * ROW, ROW);
        }
    }

    /** Files all pairs, oldest first, as adding them did. */
    private void chain() {
        final int oldest = size == capacity ? write : 0;
        for (int i = 0; i < size; i++) {
            final int slot = (oldest + i) % capacity;
            final int bucket = hash(pairs[slot * ROW], pairs[slot * ROW + 1]);
            pairs[slot * ROW + NEXT] = bucketHead[bucket];
            bucketHead[bucket] = slot + 1;
        }
    }

    private void file(final int bucket, final long a, final long b) {
        if (size == capacity) {
            forget(write);
        } else {
            size++;
        }
        final int row = write * ROW;
        pairs[row] = a;
        pairs[row + 1] = b;
        pairs[row + NEXT] = bucketHead[bucket];
        bucketHead[bucket] = write + 1;
        write = write + 1 == capacity ? 0 : write + 1;
    }

    private boolean isIn(final int bucket, final long a, final long b) {
        for (int i = bucketHead[bucket]; i != 0; i = (int) pairs[(i - 1) * ROW + NEXT]) {
            if (pairs[(i - 1) * ROW] == a && pairs[(i - 1) * ROW + 1] == b) {
                return true;
            }
        }
        return false;
    }

    private void forget(final int slot) {
        final int bucket = hash(pairs[slot * ROW], pairs[slot * ROW + 1]);
        final long next = pairs[slot * ROW + NEXT];
        if (bucketHead[bucket] == slot + 1) {
            bucketHead[bucket] = (int) next;
        } else {
            int i = bucketHead[bucket];
            while (pairs[(i - 1) * ROW + NEXT] != slot + 1) {
                i = (int) pairs[(i - 1) * ROW + NEXT];
            }
            pairs[(i - 1) * ROW + NEXT] = next;
        }
        forgotten++;
    }

    /** Both numbers count something and grow, so that pairs of one time lie side by side. */
    private int hash(final long a, final long b) {
        return (int) (a + (b ^ b >>> Integer.SIZE)) & mask;
    }
}
