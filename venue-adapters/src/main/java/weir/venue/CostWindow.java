package weir.venue;

import java.util.Arrays;

/**
 * Cost of requests over parallel connections, as a venue may count it within any one window that ends now.
 * <p>
 * A request holds its cost from {@link #open(int, long)} until one window after the latest moment at which the venue
 * can have counted it: its answer bounds that moment from above; where none comes, the end of waiting plus a grace for
 * what may still be on its way. A stall can therefore not squeeze two windows of ours into one of theirs, whatever the
 * alignment or shape of the venue's window is. Unlike {@link SlidingWindowLog} it counts cost and expects answers in
 * any order.
 * <p>
 * Times are any monotonic nanoseconds. Not thread-safe: one owner.
 */
public final class CostWindow {
    private static final long OPEN = Long.MAX_VALUE;

    private final long windowNs;
    private final long graceNs;
    private final int[] costs;
    private final long[] endNs;
    private final boolean[] held;
    private int used;
    private int entries;
    private int peak;

    /**
     * Sizes the window.
     *
     * @param capacity requests held at most
     * @param windowNs length of the venue's window
     * @param graceNs  allowance for a request that was never answered
     */
    public CostWindow(final int capacity, final long windowNs, final long graceNs) {
        if (capacity <= 0 || windowNs <= 0 || graceNs < 0) {
            throw new IllegalArgumentException(
                "capacity " + capacity + " windowNs " + windowNs + " graceNs " + graceNs);
        }
        this.windowNs = windowNs;
        this.graceNs = graceNs;
        costs = new int[capacity];
        endNs = new long[capacity];
        held = new boolean[capacity];
    }

    /**
     * Cost that may count at the venue now.
     *
     * @param nowNs current time
     * @return units
     */
    public int used(final long nowNs) {
        for (int i = 0, seen = 0; seen < entries && i < costs.length; i++) {
            if (held[i]) {
                if (endNs[i] != OPEN && nowNs - endNs[i] >= 0) {
                    held[i] = false;
                    used -= costs[i];
                    entries--;
                } else {
                    seen++;
                }
            }
        }
        return used;
    }

    /**
     * Whether the window can take no further request whatever its cost.
     *
     * @return true when all entries are held, as of the last {@link #used(long)}
     */
    public boolean isFull() {
        return entries == costs.length;
    }

    /**
     * Holds the cost of a request that is about to leave.
     *
     * @param cost  units
     * @param nowNs current time
     * @return the entry, to be ended later
     */
    public int open(final int cost, final long nowNs) {
        peak = Math.max(peak, used(nowNs) + cost);
        for (int i = 0; i < costs.length; i++) {
            if (!held[i]) {
                held[i] = true;
                costs[i] = cost;
                endNs[i] = OPEN;
                used += cost;
                entries++;
                return i;
            }
        }
        throw new IllegalStateException("no free entry");
    }

    /**
     * Holds what may have been spent before this window was made.
     *
     * @param cost    units
     * @param untilNs when the venue has forgotten it, same clock
     * @param nowNs   current time
     */
    public void hold(final int cost, final long untilNs, final long nowNs) {
        end(open(cost, nowNs), untilNs);
    }

    /**
     * The venue answered: it counted the request no later than now.
     *
     * @param entry of {@link #open(int, long)}
     * @param nowNs time of the answer
     */
    public void answered(final int entry, final long nowNs) {
        end(entry, nowNs + windowNs);
    }

    /**
     * No answer will be waited for; the request may still reach the venue for a while.
     *
     * @param entry of {@link #open(int, long)}
     * @param nowNs time at which waiting ended
     */
    public void lost(final int entry, final long nowNs) {
        end(entry, nowNs + windowNs + graceNs);
    }

    /**
     * The request surely never left.
     *
     * @param entry of {@link #open(int, long)}
     */
    public void withdraw(final int entry) {
        if (held[entry]) {
            held[entry] = false;
            used -= costs[entry];
            entries--;
        }
    }

    /**
     * Time at which so many units are free again, as far as it is known.
     *
     * @param limit   units allowed
     * @param cost    units wanted
     * @param nowNs   current time
     * @param pauseNs answer when only requests without an answer are in the way
     * @return time of the same clock, {@code nowNs} when they are free
     */
    public long freeAtNs(final int limit, final int cost, final long nowNs, final long pauseNs) {
        int over = used(nowNs) + cost - limit;
        if (over <= 0) {
            return nowNs;
        }
        final long[] ends = new long[entries];
        int count = 0;
        for (int i = 0; i < costs.length; i++) {
            if (held[i] && endNs[i] != OPEN) {
                ends[count++] = endNs[i];
            }
        }
        Arrays.sort(ends, 0, count);
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < costs.length; i++) {
                over -= held[i] && endNs[i] == ends[k] && (k == 0 || ends[k - 1] != ends[k]) ? costs[i] : 0;
            }
            if (over <= 0) {
                return ends[k];
            }
        }
        return nowNs + pauseNs;
    }

    /**
     * Highest use seen.
     *
     * @return units
     */
    public int peak() {
        return peak;
    }

    private void end(final int entry, final long atNs) {
        if (held[entry] && endNs[entry] == OPEN) {
            endNs[entry] = atNs;
        }
    }
}
