package weir.engine.registry;

import weir.engine.snapshot.StateImage;

/**
 * Strategies that have a state of their own: of one tenant, or (tenant id 0) of whoever uses the number. A slot is made
 * when a state is first set and never given back. Open addressing, linear probing, no allocation after construction;
 * the engine thread alone writes it.
 */
public final class Strategies {
    /** TradingState by operator, guard or file, raw. */
    public final byte[] switchState;
    /** Suspended by a desk of the tenant. */
    public final boolean[] suspended;
    private final long[] keys;
    private final int[] slotPlusOneAt;
    private final int mask;
    private int size;

    /**
     * Makes an empty table.
     *
     * @param capacity most strategies with a state
     */
    public Strategies(final int capacity) {
        final int length = Integer.highestOneBit(Math.max(4, capacity * 2 - 1)) * 2;
        switchState = new byte[capacity];
        suspended = new boolean[capacity];
        keys = new long[capacity];
        slotPlusOneAt = new int[length];
        mask = length - 1;
    }

    /**
     * Slot of a strategy.
     *
     * @param tenantId   tenant id, 0 = of any tenant
     * @param strategyId strategy
     * @return slot, -1 when it has no state
     */
    public int slotOf(final int tenantId, final int strategyId) {
        if (size == 0) {
            return -1;
        }
        final long key = key(tenantId, strategyId);
        int i = hash(key);
        while (slotPlusOneAt[i] != 0) {
            final int slot = slotPlusOneAt[i] - 1;
            if (keys[slot] == key) {
                return slot;
            }
            i = i + 1 & mask;
        }
        return -1;
    }

    /**
     * Slot of a strategy, which is made when it is new.
     *
     * @param tenantId   tenant id, 0 = of any tenant
     * @param strategyId strategy
     * @return slot, -1 when there is no room
     */
    public int add(final int tenantId, final int strategyId) {
        final int known = slotOf(tenantId, strategyId);
        return known >= 0 || size == keys.length ? known : insert(key(tenantId, strategyId));
    }

    /**
     * Number of slots in use.
     *
     * @return slots 0 to size - 1
     */
    public int size() {
        return size;
    }

    /**
     * Tenant of a slot.
     *
     * @param slot slot
     * @return tenant id, 0 = any
     */
    public int tenantIdOf(final int slot) {
        return (int) (keys[slot] >> Integer.SIZE);
    }

    /**
     * Strategy of a slot.
     *
     * @param slot slot
     * @return strategy id
     */
    public int idOf(final int slot) {
        return (int) keys[slot];
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("strategies", 1);
        final int used = image.extent(size, keys.length);
        if (!image.loading()) {
            image.first(keys, used);
        } else {
            final long[] saved = new long[used];
            image.first(saved, used);
            for (final long key : saved) {
                insert(key);
            }
        }
        image.column(switchState);
        image.column(suspended);
    }

    private int insert(final long key) {
        int i = hash(key);
        while (slotPlusOneAt[i] != 0) {
            i = i + 1 & mask;
        }
        keys[size] = key;
        slotPlusOneAt[i] = ++size;
        return size - 1;
    }

    private static long key(final int tenantId, final int strategyId) {
        return (long) tenantId << Integer.SIZE | strategyId & 0xFFFF_FFFFL;
    }

    private int hash(final long key) {
        final long h = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (h ^ h >>> 32) & mask;
    }
}
