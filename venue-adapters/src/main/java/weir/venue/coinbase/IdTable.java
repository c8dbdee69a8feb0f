package weir.venue.coinbase;

/**
 * Map from UUIDs, as two longs, to what they stand for: open addressing with linear probes, no object a key. Doubles
 * at two thirds full. Agent's thread.
 */
final class IdTable {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private long[] keys;
    private IdRef[] values;
    private int mask;
    private int size;

    IdTable(final int capacity) {
        allocate(Integer.highestOneBit(Math.max(16, capacity * 2 - 1)));
    }

    int size() {
        return size;
    }

    IdRef get(final long high, final long low) {
        for (int i = index(high, low);; i = i + 1 & mask) {
            final IdRef value = values[i];
            if (value == null || keys[2 * i] == high && keys[2 * i + 1] == low) {
                return value;
            }
        }
    }

    /** Puts a value for a key that has none. */
    void put(final long high, final long low, final IdRef value) {
        if (3 * (size + 1) > 2 * values.length) {
            grow();
        }
        insert(high, low, value);
        size++;
    }

    /** Takes a key out; null when it is not there. */
    IdRef remove(final long high, final long low) {
        int i = index(high, low);
        while (values[i] != null && (keys[2 * i] != high || keys[2 * i + 1] != low)) {
            i = i + 1 & mask;
        }
        final IdRef removed = values[i];
        if (removed != null) {
            values[i] = null;
            size--;
            closeGap(i);
        }
        return removed;
    }

    /** Entries behind a gap move up where the gap lies between their own place and them. */
    private void closeGap(final int at) {
        int gap = at;
        for (int i = gap + 1 & mask; values[i] != null; i = i + 1 & mask) {
            final int home = index(keys[2 * i], keys[2 * i + 1]);
            if ((i - home & mask) >= (i - gap & mask)) {
                values[gap] = values[i];
                keys[2 * gap] = keys[2 * i];
                keys[2 * gap + 1] = keys[2 * i + 1];
                values[i] = null;
                gap = i;
            }
        }
    }

    private void insert(final long high, final long low, final IdRef value) {
        int i = index(high, low);
        while (values[i] != null) {
            i = i + 1 & mask;
        }
        keys[2 * i] = high;
        keys[2 * i + 1] = low;
        values[i] = value;
    }

    private int index(final long high, final long low) {
        final long mixed = (high * MIX ^ low) * MIX;
        return (int)(mixed >>> 32) & mask;
    }

    private void grow() {
        final long[] oldKeys = keys;
        final IdRef[] oldValues = values;
        allocate(oldValues.length * 2);
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != null) {
                insert(oldKeys[2 * i], oldKeys[2 * i + 1], oldValues[i]);
            }
        }
    }

    private void allocate(final int capacity) {
        keys = new long[2 * capacity];
        values = new IdRef[capacity];
        mask = capacity - 1;
    }
}
