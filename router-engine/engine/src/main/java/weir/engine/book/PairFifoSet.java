package weir.engine.book;

import weir.engine.snapshot.StateImage;

/**
 * Set of pairs of longs that remembers the latest so many: executions by (orderId, tradeId), grants by (grantId, 0).
 * When full, adding forgets the oldest and counts it; who must not forget asks {@link #isFull()} first, as grants do.
 * Pairs are numbered as they come, and a bucket is a chain of numbers from the latest back: one that is too old has
 * been forgotten, so that forgetting touches nothing.
 */
public final class PairFifoSet {
    private static final int ROW = 2;

    private final long[] pairs;
    /** How many numbers back the pair before it in its bucket is, per pair; 0 = there is none. */
    private final int[] back;
    /** Number of the latest pair, per bucket; what no pair has when there was none. */
    private final int[] latest;
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
        back = new int[capacity];
        latest = new int[Integer.highestOneBit(Math.max(4, capacity * 2 - 1))];
        mask = latest.length - 1;
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
     * Reads what adding a pair is to read: see {@code LookAhead}.
     *
     * @param a first
     * @param b second
     * @return of no meaning
     */
    public long touch(final long a, final long b) {
        return latest[hash(a, b)];
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
        image.section("pairs", 3);
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
            link(hash(pairs[slot * ROW], pairs[slot * ROW + 1]), slot, (int) forgotten + i + 1, i);
        }
    }

    private void file(final int bucket, final long a, final long b) {
        link(bucket, write, (int) forgotten + size + 1, size);
        if (size == capacity) {
            forgotten++;
        } else {
            size++;
        }
        pairs[write * ROW] = a;
        pairs[write * ROW + 1] = b;
        write = write + 1 == capacity ? 0 : write + 1;
    }

    /** Numbers go round after 2^32: a bucket without a pair for as long leads to others' pairs, which do not match. */
    private void link(final int bucket, final int slot, final int number, final int remembered) {
        final int distance = number - latest[bucket];
        back[slot] = Integer.compareUnsigned(distance, remembered) <= 0 ? distance : 0;
        latest[bucket] = number;
    }

    private boolean isIn(final int bucket, final long a, final long b) {
        int age = (int) forgotten + size - latest[bucket];
        while (Integer.compareUnsigned(age, size) < 0) {
            final int slot = write - 1 - age + (age < write ? 0 : capacity);
            if (pairs[slot * ROW] == a && pairs[slot * ROW + 1] == b) {
                return true;
            }
            if (back[slot] == 0) {
                return false;
            }
            age += back[slot];
        }
        return false;
    }

    /** Both numbers count something and grow, so that pairs of one time lie side by side. */
    private int hash(final long a, final long b) {
        return (int) (a + (b ^ b >>> Integer.SIZE)) & mask;
    }
}
