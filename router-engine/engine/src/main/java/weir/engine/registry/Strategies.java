package weir.engine.registry;

import java.util.Arrays;
import weir.engine.snapshot.StateImage;

/**
 * Strategies that have a state of their own: of one tenant, or (tenant id 0) of whoever uses the number. A slot is made
 * when a state is first set or a reject is counted; when all are used, one without a state is taken over, the one that
 * was idle longest. Open addressing, linear probing, no allocation after construction; the engine thread alone writes.
 */
public final class Strategies {
    /** TradingState by operator, guard or file, raw. */
    public final byte[] switchState;
    /** Suspended by a desk of the tenant. */
    public final boolean[] suspended;
    /** Rejects that its guard counted. */
    public final int[] rejects;
    /** Time of the latest of them, epoch ns; 0 = none. */
    public final long[] rejectedNs;
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
        rejects = new int[capacity];
        rejectedNs = new long[capacity];
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
     * @param reserve    slots that are left to others
     * @param idleNs     one without a state is taken over when it is of the same tenant or nothing was counted for it
     *                   since; {@link Long#MIN_VALUE} = none is
     * @return slot, -1 when there is no room
     */
    public int add(final int tenantId, final int strategyId, final int reserve, final long idleNs) {
        final int known = slotOf(tenantId, strategyId);
        if (known >= 0) {
            return known;
        }
        final long key = key(tenantId, strategyId);
        if (size < keys.length - reserve) {
            return insert(key);
        }
        final int slot = idleNs == Long.MIN_VALUE ? -1 : idlest(tenantId, idleNs);
        if (slot >= 0) {
            takeOver(slot, key);
        }
        return slot;
    }

    /**
     * Most strategies with a state.
     *
     * @return slots
     */
    public int capacity() {
        return keys.length;
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
        image.section("strategies", 2);
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
        image.column(rejects);
        image.column(rejectedNs);
    }

    private int idlest(final int tenantId, final long idleNs) {
        int idlest = -1;
        for (int slot = 0; slot < size; slot++) {
            if (switchState[slot] == 0 && !suspended[slot]
                && (rejectedNs[slot] <= idleNs || tenantIdOf(slot) == tenantId)
                && (idlest < 0 || rejectedNs[slot] < rejectedNs[idlest])) {
                idlest = slot;
            }
        }
        return idlest;
    }

    /** All are filed anew, as they are when a snapshot is loaded. */
    private void takeOver(final int slot, final long key) {
        keys[slot] = key;
        rejects[slot] = 0;
        rejectedNs[slot] = 0;
        Arrays.fill(slotPlusOneAt, 0);
        for (int i = 0; i < size; i++) {
            file(i);
        }
    }

    private int insert(final long key) {
        keys[size] = key;
        file(size);
        return size++;
    }

    private void file(final int slot) {
        int i = hash(keys[slot]);
        while (slotPlusOneAt[i] != 0) {
            i = i + 1 & mask;
        }
        slotPlusOneAt[i] = slot + 1;
    }

    private static long key(final int tenantId, final int strategyId) {
        return (long) tenantId << Integer.SIZE | strategyId & 0xFFFF_FFFFL;
    }

    private int hash(final long key) {
        final long h = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (h ^ h >>> 32) & mask;
    }
}
