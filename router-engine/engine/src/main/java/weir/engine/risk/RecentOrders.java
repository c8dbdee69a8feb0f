package weir.engine.risk;

import java.util.Arrays;
import weir.engine.snapshot.StateImage;

/**
 * Content of the orders admitted last, to tell one that is sent twice: session, instrument, side, type, order replaced,
 * quantity, price and stop price. First in, first out, over the tenants that ask for it. Engine thread only.
 */
public final class RecentOrders {
    private static final int ROW = 8;
    private static final int TIME = 5;
    private static final int NEXT = 6;
    private static final int PREVIOUS = 7;

    /** Per order: who and what, quantity, price, stop price, order replaced, time, next and previous of its bucket. */
    private final long[] rows;
    private final int[] heads;
    private final int capacity;
    private final int mask;
    private int write;
    private int size;

    /**
     * Makes an empty one.
     *
     * @param capacity orders remembered
     */
    public RecentOrders(final int capacity) {
        this.capacity = capacity;
        rows = new long[Math.multiplyExact(capacity, ROW)];
        heads = new int[Integer.highestOneBit(Math.max(4, capacity * 2 - 1))];
        mask = heads.length - 1;
        Arrays.fill(heads, -1);
    }

    /**
     * Session, instrument, side and type in one number.
     *
     * @param session    session slot
     * @param instrument instrument slot
     * @param side       Side(54)
     * @param ordType    OrdType(40)
     * @return number for the other methods
     */
    public static long what(final int session, final int instrument, final int side, final int ordType) {
        return (long) session << 40 | (long) instrument << 8 | side << 4 | ordType;
    }

    /**
     * Where an order's like is looked for.
     *
     * @param what     as {@link #what} made it
     * @param qty      E8
     * @param price    E8 or null
     * @param replaced order id of the order replaced, 0 = a new order
     * @return bucket for the other methods
     */
    public int bucket(final long what, final long qty, final long price, final long replaced) {
        long h = what * 0x9E3779B97F4A7C15L ^ qty;
        h = (h ^ h >>> 32) * 0xBF58476D1CE4E5B9L ^ price;
        h = (h ^ h >>> 29) * 0x94D049BB133111EBL ^ replaced;
        return (int) (h * 0x9E3779B97F4A7C15L >>> 33) & mask;
    }

    /**
     * When was the same order admitted last?
     *
     * @param bucket   of the order
     * @param what     as {@link #what} made it
     * @param qty      E8
     * @param price    E8 or null
     * @param stopPx   E8 or null
     * @param replaced order id of the order replaced, 0 = a new order
     * @return epoch ns, 0 = not that is known
     */
    public long lastNs(final int bucket, final long what, final long qty, final long price, final long stopPx,
        final long replaced) {
        for (int i = heads[bucket]; i >= 0; i = (int) rows[i * ROW + NEXT]) {
            final int row = i * ROW;
            if (rows[row] == what && rows[row + 1] == qty && rows[row + 2] == price && rows[row + 3] == stopPx
                && rows[row + 4] == replaced) {
                return rows[row + TIME];
            }
        }
        return 0;
    }

    /**
     * An order was admitted.
     *
     * @param bucket   of the order
     * @param what     as {@link #what} made it
     * @param qty      E8
     * @param price    E8 or null
     * @param stopPx   E8 or null
     * @param replaced order id of the order replaced, 0 = a new order
     * @param nowNs    now
     */
    public void add(final int bucket, final long what, final long qty, final long price, final long stopPx,
        final long replaced, final long nowNs) {
        if (size == capacity) {
            forget(write);
        } else {
            size++;
        }
        final int row = write * ROW;
        rows[row] = what;
        rows[row + 1] = qty;
        rows[row + 2] = price;
        rows[row + 3] = stopPx;
        rows[row + 4] = replaced;
        rows[row + TIME] = nowNs;
        chain(write, bucket);
        write = write + 1 == capacity ? 0 : write + 1;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("recent-orders", 1);
        image.fixed(capacity);
        size = image.value(size);
        write = image.value(write);
        image.column(rows, 0, size * ROW);
        if (image.loading()) {
            Arrays.fill(heads, -1);
            for (int i = 0; i < size; i++) {
                final int entry = (size == capacity ? write + i : i) % capacity;
                chain(entry, bucketOf(entry));
            }
        }
    }

    private void chain(final int entry, final int bucket) {
        final int row = entry * ROW;
        final int older = heads[bucket];
        rows[row + NEXT] = older;
        rows[row + PREVIOUS] = -1;
        if (older >= 0) {
            rows[older * ROW + PREVIOUS] = entry;
        }
        heads[bucket] = entry;
    }

    /** The oldest is the last of its bucket. */
    private void forget(final int entry) {
        final int row = entry * ROW;
        final int newer = (int) rows[row + PREVIOUS];
        if (newer < 0) {
            heads[bucketOf(entry)] = -1;
        } else {
            rows[newer * ROW + NEXT] = -1;
        }
    }

    private int bucketOf(final int entry) {
        final int row = entry * ROW;
        return bucket(rows[row], rows[row + 1], rows[row + 2], rows[row + 4]);
    }
}
