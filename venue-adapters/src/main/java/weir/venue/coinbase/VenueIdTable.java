package weir.venue.coinbase;

import org.agrona.DirectBuffer;

/**
 * Orders by the OrderID(37) that the venue gave them: chains through the orders themselves, which hold its bytes and
 * their hash, so that one is taken out without a look at either. Doubles at two thirds full. Agent's thread.
 */
final class VenueIdTable {
    private static final long PHI = 0x9E3779B97F4A7C15L;

    private LiveOrder[] chains;
    private int size;

    VenueIdTable(final int capacity) {
        chains = new LiveOrder[Integer.highestOneBit(Math.max(16, capacity * 2 - 1))];
    }

    LiveOrder get(final DirectBuffer source, final int offset, final int length) {
        return find(hash(source, offset, length), source, offset, length);
    }

    /** Puts an order, which is not here, under its id; whoever had that id before gives it up. */
    void put(final LiveOrder order, final DirectBuffer source, final int offset, final int length) {
        final long hash = hash(source, offset, length);
        final LiveOrder before = find(hash, source, offset, length);
        if (before != null) {
            remove(before);
        }
        if (3 * (size + 1) > 2 * chains.length) {
            grow();
        }
        order.venueOrderIdHash = hash;
        link(order);
        size++;
    }

    /** Takes an order out where its id is still its own. */
    void remove(final LiveOrder order) {
        final int index = home(order.venueOrderIdHash);
        LiveOrder previous = null;
        LiveOrder other = chains[index];
        while (other != order && other != null) {
            previous = other;
            other = other.nextVenueOrder;
        }
        if (other == null) {
            return;
        }
        if (previous == null) {
            chains[index] = order.nextVenueOrder;
        } else {
            previous.nextVenueOrder = order.nextVenueOrder;
        }
        order.nextVenueOrder = null;
        size--;
    }

    private LiveOrder find(final long hash, final DirectBuffer source, final int offset, final int length) {
        LiveOrder order = chains[home(hash)];
        while (order != null
            && (order.venueOrderIdHash != hash || !order.isVenueOrderId(source, offset, length))) {
            order = order.nextVenueOrder;
        }
        return order;
    }

    private int home(final long hash) {
        return (int)hash & chains.length - 1;
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
        if (i > 0) {
            // the last eight bytes, some of them for the second time
            return mixed(mixed(hash ^ source.getLong(offset + length - Long.BYTES)));
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

    /** Orders in the longest chain, for tests: what a search may cost. */
    int longestChain() {
        int longest = 0;
        for (final LiveOrder first : chains) {
            int length = 0;
            for (LiveOrder order = first; order != null; order = order.nextVenueOrder) {
                length++;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    private void link(final LiveOrder order) {
        final int index = home(order.venueOrderIdHash);
        order.nextVenueOrder = chains[index];
        chains[index] = order;
    }

    private void grow() {
        final LiveOrder[] old = chains;
        chains = new LiveOrder[old.length * 2];
        for (final LiveOrder first : old) {
            LiveOrder order = first;
            while (order != null) {
                final LiveOrder next = order.nextVenueOrder;
                link(order);
                order = next;
            }
        }
    }
}
