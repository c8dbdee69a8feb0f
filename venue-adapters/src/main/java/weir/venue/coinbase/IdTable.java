package weir.venue.coinbase;

/**
 * Map from UUIDs, as two longs, to what they stand for: chains of {@link IdRef}s, which hold their own key, so that one
 * is taken out without a look at its neighbours. The engine's ids count its records: they are spread by their low bits,
 * so that ids of one time lie side by side, and by the number within the record in their highest. Doubles at two thirds
 * full. Agent's thread.
 */
final class IdTable {
    private static final int NUMBER_SHIFT = 48;

    private IdRef[] chains;
    private int size;

    IdTable(final int capacity) {
        chains = new IdRef[Integer.highestOneBit(Math.max(16, capacity * 2 - 1))];
    }

    int size() {
        return size;
    }

    IdRef get(final long high, final long low) {
        IdRef ref = chains[index(low)];
        while (ref != null && (ref.low != low || ref.high != high)) {
            ref = ref.next;
        }
        return ref;
    }

    /** Puts a value, which is in no table, for a key that has none. */
    void put(final long high, final long low, final IdRef value) {
        if (3 * (size + 1) > 2 * chains.length) {
            grow();
        }
        value.high = high;
        value.low = low;
        link(value);
        size++;
    }

    /** Takes a key out; null when it is not there. */
    IdRef remove(final long high, final long low) {
        final IdRef ref = get(high, low);
        if (ref != null) {
            remove(ref);
        }
        return ref;
    }

    /** Takes out one that is here. */
    void remove(final IdRef ref) {
        final int index = index(ref.low);
        if (chains[index] == ref) {
            chains[index] = ref.next;
        } else {
            IdRef previous = chains[index];
            while (previous.next != ref) {
                previous = previous.next;
            }
            previous.next = ref.next;
        }
        ref.next = null;
        size--;
    }

    private void link(final IdRef ref) {
        final int index = index(ref.low);
        ref.next = chains[index];
        chains[index] = ref;
    }

    private int index(final long low) {
        return (int)(low + (low >>> NUMBER_SHIFT)) & chains.length - 1;
    }

    private void grow() {
        final IdRef[] old = chains;
        chains = new IdRef[old.length * 2];
        for (final IdRef first : old) {
            IdRef ref = first;
            while (ref != null) {
                final IdRef next = ref.next;
                link(ref);
                ref = next;
            }
        }
    }
}
