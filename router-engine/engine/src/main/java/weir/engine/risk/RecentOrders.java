package weir.engine.risk;

import java.util.Arrays;
import weir.engine.snapshot.StateImage;

/**
 * Content of the orders admitted last, to tell one that is sent twice: session, instrument, side, type, order replaced,
 * quantity, price and stop price. First in, first out, over the tenants that ask for it. Each order that comes forgets
 * up to two that are older than the longest window there may be, and their rows are the first to be used again: what is
 * looked at lies close together, and in the caches while the orders of such a window fit there. Engine thread only.
 */
public final class RecentOrders {
    /** The longest window in which an order may count as one sent twice, ms. */
    public static final int WINDOW_MAX_MS = 5_000;

    private static final long WINDOW_MAX_NS = WINDOW_MAX_MS * 1_000_000L;
    /** More than one comes in, so that a burst is forgotten in the end, and few, so that no order waits for it. */
    private static final int FORGOTTEN_MAX = 2;
    private static final int ROW = 8;
    private static final int TIME = 5;
    /** The entries before and after it in its bucket: the older one in the lower half, the newer one in the upper. */
    private static final int BUCKET = 6;
    /** The entry admitted after it; of one that is free, the next that is. */
    private static final int AFTER = 7;
    private static final int NONE = -1;

    private final long[] rows;
    private final int[] heads;
    private final int capacity;
    private final int mask;
    private int size;
    private int oldest = NONE;
    private int youngest = NONE;
    private int free = NONE;
    private int used;

    /**
     * Makes an empty one.
     *
     * @param capacity orders remembered
     */
    public RecentOrders(final int capacity) {
        this.capacity = capacity;
        rows = new long[Math.multiplyExact(capacity, ROW)];
        // Few: they stay in the caches. A full table, whose chains are of two, is a tenth slower for it.
        heads = new int[Integer.highestOneBit(Math.max(4, capacity / 2))];
        mask = heads.length - 1;
        Arrays.fill(heads, NONE);
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
        for (int i = heads[bucket]; i >= 0; i = (int) rows[i * ROW + BUCKET]) {
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
        for (int i = 0; i < FORGOTTEN_MAX && size > 0
            && (size == capacity || nowNs - rows[oldest * ROW + TIME] >= WINDOW_MAX_NS); i++) {
            forgetOldest();
        }
        final int entry = take();
        final int row = entry * ROW;
        rows[row] = what;
        rows[row + 1] = qty;
        rows[row + 2] = price;
        rows[row + 3] = stopPx;
        rows[row + 4] = replaced;
        rows[row + TIME] = nowNs;
        final int older = heads[bucket];
        rows[row + BUCKET] = link(older, NONE);
        if (older >= 0) {
            rows[older * ROW + BUCKET] = link((int) rows[older * ROW + BUCKET], entry);
        }
        heads[bucket] = entry;
        rows[row + AFTER] = NONE;
        if (size++ == 0) {
            oldest = entry;
        } else {
            rows[youngest * ROW + AFTER] = entry;
        }
        youngest = entry;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("recent-orders", 2);
        image.fixed(capacity);
        size = image.value(size);
        oldest = image.value(oldest);
        youngest = image.value(youngest);
        free = image.value(free);
        used = image.value(used);
        image.column(rows, 0, used * ROW);
        if (image.loading()) {
            Arrays.fill(heads, NONE);
            for (int i = 0, entry = oldest; i < size; i++, entry = (int) rows[entry * ROW + AFTER]) {
                heads[bucketOf(entry)] = entry;
            }
        }
    }

    /** The row that was freed last, or one that never was in use. */
    private int take() {
        final int entry = free;
        if (entry < 0) {
            return used++;
        }
        free = (int) rows[entry * ROW + AFTER];
        return entry;
    }

    /** It is the last of its bucket, too. */
    private void forgetOldest() {
        final int entry = oldest;
        final int row = entry * ROW;
        final int newer = (int) (rows[row + BUCKET] >> Integer.SIZE);
        if (newer < 0) {
            heads[bucketOf(entry)] = NONE;
        } else {
            final int ofNewer = newer * ROW + BUCKET;
            rows[ofNewer] = link(NONE, (int) (rows[ofNewer] >> Integer.SIZE));
        }
        oldest = (int) rows[row + AFTER];
        rows[row + AFTER] = free;
        free = entry;
        size--;
    }

    private static long link(final int older, final int newer) {
        return (long) newer << Integer.SIZE | older & 0xFFFF_FFFFL;
    }

    private int bucketOf(final int entry) {
        final int row = entry * ROW;
        return bucket(rows[row], rows[row + 1], rows[row + 2], rows[row + 4]);
    }
}
