package weir.engine.throttle;

import weir.engine.snapshot.StateImage;

/**
 * Exact logs of send times for sliding windows: at any time t the cost of what was sent in (t - period, t] is known.
 * One arena is carved into rings, each as long as its window's capacity.
 */
public final class SlidingLogs {
    private final long[] timeNs;
    private final int[] cost;
    private final int[] base;
    private final int[] length;
    private final int[] head;
    private final int[] count;
    private final long[] used;
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
        base = new int[windows];
        length = new int[windows];
        head = new int[windows];
        count = new int[windows];
        used = new long[windows];
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
        if (capacity <= length[i]) {
            return true;
        }
        if (capacity > timeNs.length - carved) {
            return false;
        }
        for (int k = 0; k < count[i]; k++) {
            timeNs[carved + k] = timeNs[at(i, k)];
            cost[carved + k] = cost[at(i, k)];
        }
        base[i] = carved;
        length[i] = (int) capacity;
        head[i] = 0;
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
        final long has = i < 0 ? 0 : length[i];
        final long one = first > has ? first : 0;
        final long two = then > Math.max(has, first) ? then : 0;
        return one + two <= timeNs.length - carved;
    }

    /**
     * Has a window a ring?
     *
     * @param i window
     * @return false when nothing can be logged
     */
    public boolean holds(final int i) {
        return length[i] > 0;
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
        long left = used[i];
        for (int k = 0; k < count[i] && timeNs[at(i, k)] + periodNs <= nowNs; k++) {
            left -= cost[at(i, k)];
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
        int left = count[i];
        final int from = base[i];
        int at = head[i];
        if (left == 0 || timeNs[from + at] + periodNs > nowNs) {
            return used[i];
        }
        long gone = 0;
        do {
            gone += cost[from + at];
            at = at + 1 == length[i] ? 0 : at + 1;
            left--;
        } while (left > 0 && timeNs[from + at] + periodNs <= nowNs);
        head[i] = at;
        count[i] = left;
        used[i] -= gone;
        return used[i];
    }

    /**
     * Logs a cost. {@link #used} was called for the same time, and the sum stays within the capacity.
     *
     * @param i      window
     * @param amount at least 1
     * @param nowNs  now
     */
    public void add(final int i, final int amount, final long nowNs) {
        if (count[i] == length[i]) {
            cost[at(i, count[i] - 1)] += amount;
            timeNs[at(i, count[i] - 1)] = nowNs;
        } else {
            final int index = at(i, count[i]++);
            timeNs[index] = nowNs;
            cost[index] = amount;
        }
        used[i] += amount;
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
        long left = excess;
        for (int k = 0; k < count[i]; k++) {
            left -= cost[at(i, k)];
            if (left <= 0) {
                return timeNs[at(i, k)] + periodNs;
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
        image.column(base, 0, base.length, 0);
        image.column(length, 0, length.length, 0);
        image.column(head, 0, head.length, 0);
        image.column(count, 0, count.length, 0);
        image.column(used);
    }

    private int at(final int i, final int k) {
        final int index = head[i] + k;
        return base[i] + (index >= length[i] ? index - length[i] : index);
    }
}
