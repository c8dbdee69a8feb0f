package weir.venue.coinbase;

import org.agrona.DirectBuffer;

/**
 * Orders by the OrderID(37) that the venue gave them, the bytes of which lie in the orders themselves. Open addressing
 * with linear probes; doubles at two thirds full. Agent's thread.
 */
final class VenueIdTable {
    private static final long PHI = 0x9E3779B97F4A7C15L;

    private LiveOrder[] orders;
    private long[] hashes;
    private int mask;
    private int size;

    VenueIdTable(final int capacity) {
        allocate(Integer.highestOneBit(Math.max(16, capacity * 2 - 1)));
    }

    LiveOrder get(final DirectBuffer source, final int offset, final int length) {
        return orders[find(source, offset, length)];
    }

    /** Puts an order under its id; whoever had that id before gives it up. */
    void put(final LiveOrder order, final DirectBuffer source, final int offset, final int length) {
        if (3 * (size + 1) > 2 * orders.length) {
            grow();
        }
        final int index = find(source, offset, length);
        size += orders[index] == null ? 1 : 0;
        orders[index] = order;
        hashes[index] = hash(source, offset, length);
    }

    /** Takes an id out where it is this order's. */
    void remove(final LiveOrder order, final DirectBuffer source, final int offset, final int length) {
        int gap = find(source, offset, length);
        if (orders[gap] != order) {
            return;
        }
        orders[gap] = null;
        size--;
        for (int i = gap + 1 & mask; orders[i] != null; i = i + 1 & mask) {
            if ((i - home(hashes[i]) & mask) >= (i - gap & mask)) {
                orders[gap] = orders[i];
                hashes[gap] = hashes[i];
                orders[i] = null;
                gap = i;
            }
        }
    }

    private int find(final DirectBuffer source, final int offset, final int length) {
        final long hash = hash(source, offset, length);
        int i = home(hash);
        while (orders[i] != null && (hashes[i] != hash || !orders[i].isVenueOrderId(source, offset, length))) {
            i = i + 1 & mask;
        }
        return i;
    }

    private int home(final long hash) {
        return (int)hash & mask;
    }

    /**
     * Every byte reaches the low bits: ids that are counted up differ in a few digits, and a multiplication alone
     * carries a difference upwards only.
     */
    private static long hash(final DirectBuffer source, final int offset, final int length) {
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = mixed(hash ^ source.getLong(offset + i));
        }
        long rest = 0;
        for (; i < length; i++) {
            rest = rest << Byte.SIZE | source.getByte(offset + i) & 0xFF;
        }
        return mixed(mixed(hash ^ rest));
    }

    private static long mixed(final long value) {
        final long product = value * PHI;
        return product ^ product >>> Integer.SIZE;
    }

    /** Furthest that an order lies from its home, for tests: what a search may cost. */
    int longestProbe() {
        int longest = 0;
        for (int i = 0; i < orders.length; i++) {
            if (orders[i] != null) {
                longest = Math.max(longest, i - home(hashes[i]) & mask);
            }
        }
        return longest;
    }

    private void grow() {
        final LiveOrder[] oldOrders = orders;
        final long[] oldHashes = hashes;
        allocate(oldOrders.length * 2);
        for (int i = 0; i < oldOrders.length; i++) {
            if (oldOrders[i] != null) {
                int index = home(oldHashes[i]);
                while (orders[index] != null) {
                    index = index + 1 & mask;
                }
                orders[index] = oldOrders[i];
                hashes[index] = oldHashes[i];
            }
        }
    }

    private void allocate(final int capacity) {
        orders = new LiveOrder[capacity];
        hashes = new long[capacity];
        mask = capacity - 1;
    }
}
