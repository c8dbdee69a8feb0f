package weir.engine.risk;

import java.util.Arrays;
import weir.engine.book.OrderBook;
import weir.engine.snapshot.StateImage;

/**
 * Orders that can rest at a venue, by party, instrument, side, price and age: a treap over order slots, whose shape
 * follows from its keys alone. Best price first; of the same price the oldest. Room for every order; adding, removing
 * and finding cost O(log n). Engine thread only.
 */
public final class RestingOrders {
    /** No order. */
    public static final int NONE = -1;
    private static final int BUY = 1;

    private final OrderBook book;
    private final int[] left;
    private final int[] right;
    private final int[] parent;
    /** Party, instrument and side. */
    private final long[] shelf;
    /** Price, negative for buys, so that the best is the lowest. */
    private final long[] rank;
    private final boolean[] listed;
    private int root = NONE;

    /**
     * Makes an empty index.
     *
     * @param book orders
     */
    public RestingOrders(final OrderBook book) {
        this.book = book;
        final int n = book.capacity();
        left = new int[n];
        right = new int[n];
        parent = new int[n];
        shelf = new long[n];
        rank = new long[n];
        listed = new boolean[n];
        Arrays.fill(left, NONE);
        Arrays.fill(right, NONE);
        Arrays.fill(parent, NONE);
    }

    /**
     * Is the order in the index?
     *
     * @param slot order
     * @return true when it is
     */
    public boolean holds(final int slot) {
        return listed[slot];
    }

    /**
     * Puts an order in, or at its new price.
     *
     * @param slot  order
     * @param party who may not trade with itself
     * @param price E8
     */
    public void put(final int slot, final int party, final long price) {
        final boolean buy = book.side(slot) == BUY;
        final long where = shelf(party, book.instrument(slot), buy);
        final long order = buy ? -price : price;
        if (listed[slot]) {
            if (shelf[slot] == where && rank[slot] == order) {
                return;
            }
            remove(slot);
        }
        shelf[slot] = where;
        rank[slot] = order;
        listed[slot] = true;
        int above = NONE;
        int at = root;
        boolean less = false;
        while (at != NONE) {
            above = at;
            less = shelf[at] != where ? where < shelf[at]
                : rank[at] != order ? order < rank[at] : book.orderId(slot) < book.orderId(at);
            at = less ? left[at] : right[at];
        }
        parent[slot] = above;
        if (above == NONE) {
            root = slot;
        } else if (less) {
            left[above] = slot;
        } else {
            right[above] = slot;
        }
        while (parent[slot] != NONE && isAbove(slot, parent[slot])) {
            raise(slot);
        }
    }

    /**
     * Takes an order out, if it is in.
     *
     * @param slot order
     */
    public void remove(final int slot) {
        if (!listed[slot]) {
            return;
        }
        while (left[slot] != NONE || right[slot] != NONE) {
            raise(left[slot] == NONE || right[slot] != NONE && isAbove(right[slot], left[slot])
                ? right[slot] : left[slot]);
        }
        final int above = parent[slot];
        if (above == NONE) {
            root = NONE;
        } else if (left[above] == slot) {
            left[above] = NONE;
        } else {
            right[above] = NONE;
        }
        parent[slot] = NONE;
        shelf[slot] = 0;
        rank[slot] = 0;
        listed[slot] = false;
    }

    /**
     * Best order of a side.
     *
     * @param party      who may not trade with itself
     * @param instrument instrument slot
     * @param buys       side
     * @return slot, or {@link #NONE}
     */
    public int best(final int party, final int instrument, final boolean buys) {
        final long wanted = shelf(party, instrument, buys);
        int found = NONE;
        int at = root;
        while (at != NONE) {
            if (shelf[at] >= wanted) {
                found = at;
                at = left[at];
            } else {
                at = right[at];
            }
        }
        return found != NONE && shelf[found] == wanted ? found : NONE;
    }

    /**
     * The next best of the same side.
     *
     * @param slot order in the index
     * @return slot, or {@link #NONE}
     */
    public int next(final int slot) {
        int at = slot;
        int found;
        if (right[at] != NONE) {
            found = right[at];
            while (left[found] != NONE) {
                found = left[found];
            }
        } else {
            found = parent[at];
            while (found != NONE && right[found] == at) {
                at = found;
                found = parent[at];
            }
        }
        return found != NONE && shelf[found] == shelf[slot] ? found : NONE;
    }

    /**
     * Price at which an order is listed.
     *
     * @param slot order in the index
     * @return E8
     */
    public long price(final int slot) {
        return Math.abs(rank[slot]);
    }

    /**
     * Are two listed orders of one party and instrument?
     *
     * @param slot  order in the index
     * @param party who may not trade with itself
     * @param instrument instrument slot
     * @return true when they are, on whatever side
     */
    public boolean isOf(final int slot, final int party, final int instrument) {
        return shelf[slot] >> 1 == shelf(party, instrument, false) >> 1;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("resting-orders", 1);
        root = image.value(root);
        final int used = book.highWater();
        image.column(left, 0, used, NONE);
        image.column(right, 0, used, NONE);
        image.column(parent, 0, used, NONE);
        image.column(shelf, 0, used);
        image.column(rank, 0, used);
        image.first(listed, used);
    }

    private static long shelf(final int party, final int instrument, final boolean buys) {
        return ((long) party << 31 | instrument) << 1 | (buys ? 0 : 1);
    }

    /** Heap order: by a hash of the order id, which is unique, so that the shape depends on nothing else. */
    private boolean isAbove(final int a, final int b) {
        final long x = spread(book.orderId(a));
        final long y = spread(book.orderId(b));
        return x != y ? x > y : book.orderId(a) > book.orderId(b);
    }

    private static long spread(final long id) {
        long h = id * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 29) * 0xBF58476D1CE4E5B9L;
        return h ^ h >>> 32;
    }

    /** Turns an edge so that the child comes above its parent. */
    private void raise(final int slot) {
        final int above = parent[slot];
        final int top = parent[above];
        if (left[above] == slot) {
            left[above] = right[slot];
            if (right[slot] != NONE) {
                parent[right[slot]] = above;
            }
            right[slot] = above;
        } else {
            right[above] = left[slot];
            if (left[slot] != NONE) {
                parent[left[slot]] = above;
            }
            left[slot] = above;
        }
        parent[above] = slot;
        parent[slot] = top;
        if (top == NONE) {
            root = slot;
        } else if (left[top] == above) {
            left[top] = slot;
        } else {
            right[top] = slot;
        }
    }
}
