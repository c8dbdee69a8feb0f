package weir.engine.throttle;

import weir.engine.snapshot.StateImage;

/**
 * Exact logs of send times for sliding windows: at any time t the cost of what was sent in (t - period, t] is known.
 * One arena is carved into rings, each as long as its window's capacity. What is known of a window is a row: where its
 * ring begins, how long that is, its oldest entry, how many there are, and the sum of their costs.
 */
public final class SlidingLogs {
    private static final int ROW = 5;
    private static final int BASE = 0;
    private static final int LENGTH = 1;
    private static final int HEAD = 2;
    private static final int COUNT = 3;
    private static final int USED = 4;

    private final long[] timeNs;
    private final int[] cost;
    private final long[] rows;
    private final int windows;
    private int carved;

    /**
     * Makes an arena.
     *
     * @param windows most windows
     * @param entries send times of all windows
     */
    public SlidingLogs(final int windows, final int entries) {
        timeNs = new long[entries];
        cost = new int[entries];
        rows = new long[Math.multiplyExact(windows, ROW)];
        this.windows = windows;
    }

    /**
     * Whether an empty arena could hold a window.
     *
     * @param capacity most entries
     * @return false when none ever could
     */
    public boolean fits(final long capacity) {
        return capacity <= timeNs.length;
    }

    /**
     * Gives a window its ring; a longer one than before is carved anew and the log moved.
     *
     * @param i        window
     * @param capacity most entries: the window's capacity, as each costs at least 1
     * @return false when the arena is used up
     */
    public boolean reserve(final int i, final long capacity) {
        final int row = i * ROW;
        if (capacity <= rows[row + LENGTH]) {
            return true;
        }
        if (capacity > timeNs.length - carved) {
            return false;
        }
        for (int k = 0; k < rows[row + COUNT]; k++) {
            timeNs[carved + k] = timeNs[at(row, k)];
            cost[carved + k] = cost[at(row, k)];
        }
        rows[row + BASE] = carved;
        rows[row + LENGTH] = capacity;
        rows[row + HEAD] = 0;
        carved += (int) capacity;
        return true;
    }

    /**
     * Could a window get a ring of a length, after one that it gets first? Changes nothing.
     *
     * @param i     window, -1 = one without a ring
     * @param first entries of the ring that comes first, 0 = none
     * @param then  entries wanted
     * @return true when {@link #reserve} would do both
     */
    public boolean canGrow(final int i, final long first, final long then) {
        final long has = i < 0 ? 0 : rows[i * ROW + LENGTH];
        final long one = first > has ? first : 0;
        final long two = then > Math.max(has, first) ? then : 0;
        return one + two <= timeNs.length - carved;
    }

    /**
     * Reads what {@link #used} is to read: see {@code LookAhead}.
     *
     * @param i window
     * @return of no meaning
     */
    public long touch(final int i) {
        final int row = i * ROW;
        return rows[row + LENGTH] == 0 ? 0 : timeNs[(int) (rows[row + BASE] + rows[row + HEAD])];
    }

    /**
     * Has a window a ring?
     *
     * @param i window
     * @return false when nothing can be logged
     */
    public boolean holds(final int i) {
        return rows[i * ROW + LENGTH] > 0;
    }

    /**
     * Cost in the window that ends now; changes nothing.
     *
     * @param i        window
     * @param periodNs length
     * @param nowNs    now
     * @return cost
     */
    public long usedAt(final int i, final long periodNs, final long nowNs) {
        final int row = i * ROW;
        long left = rows[row + USED];
        for (int k = 0; k < rows[row + COUNT] && timeNs[at(row, k)] + periodNs <= nowNs; k++) {
            left -= cost[at(row, k)];
        }
        return left;
    }

    /**
     * Cost in the window that ends now; what has left it is forgotten.
     *
     * @param i        window
     * @param periodNs length
     * @param nowNs    now
     * @return cost
     */
    public long used(final int i, final long periodNs, final long nowNs) {
        final int row = i * ROW;
        final long used = rows[row + USED];
        long left = rows[row + COUNT];
        final int from = (int) rows[row + BASE];
        int at = (int) rows[row + HEAD];
        if (left == 0 || timeNs[from + at] + periodNs > nowNs) {
            return used;
        }
        final int length = (int) rows[row + LENGTH];
        long gone = 0;
        do {
            gone += cost[from + at];
            at = at + 1 == length ? 0 : at + 1;
            left--;
        } while (left > 0 && timeNs[from + at] + periodNs <= nowNs);
        rows[row + HEAD] = at;
        rows[row + COUNT] = left;
        rows[row + USED] = used - gone;
        return used - gone;
    }

    /**
     * Logs a cost. {@link #used} was called for the same time, and the sum stays within the capacity.
     *
     * @param i      window
     * @param amount at least 1
     * @param nowNs  now
     */
    public void add(final int i, final int amount, final long nowNs) {
        final int row = i * ROW;
        final int count = (int) rows[row + COUNT];
        rows[row + USED] += amount;
        if (count == rows[row + LENGTH]) {
            final int newest = at(row, count - 1);
            cost[newest] += amount;
            timeNs[newest] = nowNs;
        } else {
            final int next = at(row, count);
            rows[row + COUNT] = count + 1;
            timeNs[next] = nowNs;
            cost[next] = amount;
        }
    }

    /**
     * Time at which so much cost will have left the window.
     *
     * @param i        window
     * @param periodNs length
     * @param excess   cost that must leave
     * @return epoch ns, {@link Long#MAX_VALUE} when there is not so much in it
     */
    public long passNs(final int i, final long periodNs, final long excess) {
        final int row = i * ROW;
        long left = excess;
        for (int k = 0; k < rows[row + COUNT]; k++) {
            left -= cost[at(row, k)];
            if (left <= 0) {
                return timeNs[at(row, k)] + periodNs;
            }
        }
        return Long.MAX_VALUE;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    void image(final StateImage image) {
        image.section("sliding-logs", 1);
        carved = image.value(carved);
        image.first(timeNs, carved);
        image.first(cost, carved);
        // saved column by column, as it was before there were rows
        final int[] column = new int[windows];
        for (int field = BASE; field < USED; field++) {
            for (int i = 0; i < windows; i++) {
                column[i] = (int) rows[i * ROW + field];
            }
            image.column(column, 0, windows, 0);
            for (int i = 0; i < windows; i++) {
                rows[i * ROW + field] = column[i];
            }
        }
        final long[] used = new long[windows];
        for (int i = 0; i < windows; i++) {
            used[i] = rows[i * ROW + USED];
        }
        image.column(used);
        for (int i = 0; i < windows; i++) {
            rows[i * ROW + USED] = used[i];
        }
    }

    /** Place of the k-th oldest entry of a row's ring. */
    private int at(final int row, final int k) {
        final int index = (int) rows[row + HEAD] + k;
        final int length = (int) rows[row + LENGTH];
        return (int) rows[row + BASE] + (index >= length ? index - length : index);
    }
}
