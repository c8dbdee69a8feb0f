package weir.billing.store;

import java.util.Arrays;

/**
 * What rating remembers of {@value #ORDERS} consecutive record sequences: for each that is an order, whose it is and
 * what was charged, and the trades seen of them. An order's slot is its id in the page, so finding it needs no search.
 * Trades stand in the order of their coming, which is what lets a store write only the new ones, and are found by a
 * table of their indices. Reused for another page after {@link #clear}; filling it allocates only past the capacity
 * for trades that it has grown to. Billing thread.
 */
final class OrderPage {
    /** Bits of an order id that are its slot. */
    static final int SLOT_BITS = 10;
    /** Sequences of a page. */
    static final int ORDERS = 1 << SLOT_BITS;
    /** There is an order in the slot. */
    static final int KNOWN = 0x80;
    /** The order is final. */
    static final int CLOSED = 0x40;

    private static final int TRADES = 512;
    private static final int TRADES_KEPT = 4_096;

    long number;
    /** The commit in whose transaction it was used last. */
    long usedAt;
    /** Differs from what is stored. */
    boolean dirty;
    int openOrders;
    long lastClosedNs;
    /** Trades that are stored. */
    int storedTrades;
    /** Rows that are stored. */
    int storedParts;

    /** Tenant in the high half, flags in the low: one line of the processor's cache has both. */
    private final long[] orders = new long[ORDERS];
    private int trades;
    private long[] tradeIds = new long[TRADES];
    private short[] tradeSlots = new short[TRADES];
    private int[] table = new int[2 * TRADES];

    static int slot(final long orderId) {
        return (int)orderId & ORDERS - 1;
    }

    static long number(final long orderId) {
        return orderId >>> SLOT_BITS;
    }

    /** Becomes an empty page of a number. */
    OrderPage reset(final long newNumber) {
        number = newNumber;
        storedParts = 0;
        clear();
        dirty = false;
        return this;
    }

    /** Forgets every order and trade; what is stored of it stays to be written over. */
    void clear() {
        dirty = true;
        openOrders = 0;
        lastClosedNs = 0;
        storedTrades = 0;
        trades = 0;
        Arrays.fill(orders, 0);
        if (tradeIds.length > TRADES_KEPT) {
            tradeIds = new long[TRADES];
            tradeSlots = new short[TRADES];
            table = new int[2 * TRADES];
        } else {
            Arrays.fill(table, 0);
        }
    }

    /** Whether all its orders are final since before a time: then they are forgotten. */
    boolean forgotten(final long beforeNs) {
        return openOrders == 0 && lastClosedNs < beforeNs;
    }

    int flags(final int slot) {
        return (int)orders[slot] & 0xFF;
    }

    int tenant(final int slot) {
        return (int)(orders[slot] >> 32);
    }

    void open(final int slot, final int tenantId) {
        put(slot, tenantId, KNOWN);
        dirty = true;
    }

    /** An order as it was stored. */
    void put(final int slot, final int tenantId, final int orderFlags) {
        if ((orderFlags & CLOSED) == 0 && (flags(slot) & (KNOWN | CLOSED)) != KNOWN) {
            openOrders++;
        }
        orders[slot] = (long)tenantId << 32 | orderFlags & 0xFF;
    }

    void mark(final int slot, final int flag) {
        if ((orders[slot] & flag) == 0) {
            orders[slot] |= flag;
            dirty = true;
        }
    }

    void close(final int slot, final long epochNs) {
        if ((orders[slot] & CLOSED) == 0) {
            orders[slot] |= CLOSED;
            openOrders--;
            lastClosedNs = Math.max(lastClosedNs, epochNs);
            dirty = true;
        }
    }

    int trades() {
        return trades;
    }

    long tradeId(final int index) {
        return tradeIds[index];
    }

    int tradeSlot(final int index) {
        return tradeSlots[index];
    }

    /** Remembers a trade. @return false when it was there */
    boolean addTrade(final int slot, final long tradeId) {
        final int mask = table.length - 1;
        int at = hash(slot, tradeId) & mask;
        while (table[at] != 0) {
            final int index = table[at] - 1;
            if (tradeIds[index] == tradeId && tradeSlots[index] == slot) {
                return false;
            }
            at = at + 1 & mask;
        }
        if (trades == tradeIds.length) {
            grow();
            return addTrade(slot, tradeId);
        }
        tradeIds[trades] = tradeId;
        tradeSlots[trades] = (short)slot;
        trades++;
        table[at] = trades;
        dirty = true;
        return true;
    }

    private void grow() {
        tradeIds = Arrays.copyOf(tradeIds, 2 * trades);
        tradeSlots = Arrays.copyOf(tradeSlots, 2 * trades);
        table = new int[4 * trades];
        final int mask = table.length - 1;
        for (int i = 0; i < trades; i++) {
            int at = hash(tradeSlots[i], tradeIds[i]) & mask;
            while (table[at] != 0) {
                at = at + 1 & mask;
            }
            table[at] = i + 1;
        }
    }

    /** Multiplied by the golden ratio, the high bits taken: ids that count up spread, whatever their step. */
    private static int hash(final int slot, final long tradeId) {
        return (int)((tradeId ^ (long)slot << 40) * 0x9E37_79B9_7F4A_7C15L >>> 33);
    }
}
