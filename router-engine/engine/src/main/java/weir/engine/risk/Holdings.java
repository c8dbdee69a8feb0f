package weir.engine.risk;

import weir.engine.snapshot.StateImage;

/**
 * A row of numbers per tenant and instrument that it has to do with, made when first needed and kept. Row 0 stands for
 * all others: it is read as zeros and never written. Rows of an instrument are chained. Engine thread only.
 */
public final class Holdings {
    /** Stands for a pair without a row. */
    public static final int NOTHING = 0;
    static final int ROW = 12;
    static final int KEY = 0;
    static final int POSITION = 1;
    static final int VALUE = 2;
    static final int BUY_QTY = 3;
    static final int SELL_QTY = 4;
    static final int BUYS = 5;
    static final int SELLS = 6;
    static final int MAX_POSITION = 7;
    static final int PERIOD_SINCE_NS = 8;
    static final int PERIOD_FIRST = 9;
    private static final int NEXT = 10;

    final long[] rows;
    private final int[] rowAt;
    private final int[] firstOf;
    private final int mask;
    private final int capacity;
    /** The pair found last and its row, which it keeps: an order asks for its own pair many times. */
    private long lastKey;
    private int lastRow;
    private int size = 1;

    /**
     * Makes an empty table.
     *
     * @param capacity           most pairs
     * @param instrumentCapacity instrument slots
     */
    public Holdings(final int capacity, final int instrumentCapacity) {
        this.capacity = capacity + 1;
        rows = new long[Math.multiplyExact(this.capacity, ROW)];
        rowAt = new int[Integer.highestOneBit(Math.max(4, capacity * 2 - 1)) * 2];
        mask = rowAt.length - 1;
        firstOf = new int[instrumentCapacity];
    }

    /**
     * Offset of the row of a pair.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return offset, {@link #NOTHING} when there is none
     */
    public int find(final int tenant, final int instrument) {
        final long key = key(tenant, instrument);
        if (key == lastKey) {
            return lastRow;
        }
        int i = hash(key);
        while (rowAt[i] != 0) {
            final int row = rowAt[i] * ROW;
            if (rows[row + KEY] == key) {
                lastKey = key;
                lastRow = row;
                return row;
            }
            i = i + 1 & mask;
        }
        return NOTHING;
    }

    /**
     * Reads a little of the cache lines of a row: see {@code LookAhead}.
     *
     * @param row offset or {@link #NOTHING}
     * @return of no meaning
     */
    public long touch(final int row) {
        return rows[row] + rows[row + NEXT];
    }

    /**
     * Offset of the row of a pair, made when there is none.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return offset; {@link #free} was asked
     */
    public int claim(final int tenant, final int instrument) {
        final int found = find(tenant, instrument);
        if (found != NOTHING) {
            return found;
        }
        rows[size * ROW + KEY] = key(tenant, instrument);
        rows[size * ROW + NEXT] = firstOf[instrument];
        firstOf[instrument] = size;
        file(size);
        return size++ * ROW;
    }

    /**
     * Pairs that there is room for.
     *
     * @return count
     */
    public int free() {
        return capacity - size;
    }

    /**
     * First row of an instrument.
     *
     * @param instrument instrument slot
     * @return offset or {@link #NOTHING}
     */
    int first(final int instrument) {
        return firstOf[instrument] * ROW;
    }

    /**
     * Next row of the same instrument.
     *
     * @param row offset
     * @return offset or {@link #NOTHING}
     */
    int next(final int row) {
        return (int) rows[row + NEXT] * ROW;
    }

    /**
     * Tenant of a row.
     *
     * @param row offset
     * @return tenant slot
     */
    int tenant(final int row) {
        return (int) (rows[row + KEY] >> 32) - 1;
    }

    /** Forgets the largest positions of a tenant. */
    void clearLimits(final int tenant) {
        for (int row = ROW; row < size * ROW; row += ROW) {
            if (tenant(row) == tenant) {
                rows[row + MAX_POSITION] = 0;
            }
        }
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("holdings", 1);
        size = image.extent(size, capacity);
        image.column(rows, 0, size * ROW);
        if (image.loading()) {
            java.util.Arrays.fill(rowAt, 0);
            lastKey = 0;
            for (int row = 1; row < size; row++) {
                file(row);
                firstOf[(int) rows[row * ROW + KEY]] = row;
            }
        }
    }

    private void file(final int row) {
        int i = hash(rows[row * ROW + KEY]);
        while (rowAt[i] != 0) {
            i = i + 1 & mask;
        }
        rowAt[i] = row;
    }

    private static long key(final int tenant, final int instrument) {
        return (tenant + 1L) << 32 | instrument;
    }

    private int hash(final long key) {
        final long h = (key ^ key >>> 32) * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 33) & mask;
    }
}
