package weir.venue.coinbase;

/**
 * Orders by the engine's OrderID: chains through the orders themselves, so that one is taken out without a look at its
 * neighbours. Doubles at two thirds full. Agent's thread.
 */
final class OrderTable {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private LiveOrder[] chains;
    private int size;

    OrderTable(final int capacity) {
        chains = new LiveOrder[Integer.highestOneBit(Math.max(16, capacity * 2 - 1))];
    }

    int size() {
        return size;
    }

    LiveOrder get(final long orderId) {
        LiveOrder order = chains[index(orderId)];
        while (order != null && order.orderId != orderId) {
            order = order.nextOrder;
        }
        return order;
    }

    /** Puts an order whose id has none. */
    void put(final LiveOrder order) {
        if (3 * (size + 1) > 2 * chains.length) {
            grow();
        }
        link(order);
        size++;
    }

    /** Takes an order out that was put. */
    void remove(final LiveOrder order) {
        final int index = index(order.orderId);
        LiveOrder previous = null;
        LiveOrder other = chains[index];
        while (other != order && other != null) {
            previous = other;
            other = other.nextOrder;
        }
        if (other == null) {
            return;
        }
        if (previous == null) {
            chains[index] = order.nextOrder;
        } else {
            previous.nextOrder = order.nextOrder;
        }
        order.nextOrder = null;
        size--;
    }

    private void link(final LiveOrder order) {
        final int index = index(order.orderId);
        order.nextOrder = chains[index];
        chains[index] = order;
    }

    private int index(final long orderId) {
        return (int)(orderId * MIX >>> 32) & chains.length - 1;
    }

    private void grow() {
        final LiveOrder[] old = chains;
        chains = new LiveOrder[old.length * 2];
        for (final LiveOrder first : old) {
            LiveOrder order = first;
            while (order != null) {
                final LiveOrder next = order.nextOrder;
                link(order);
                order = next;
            }
        }
    }
}
