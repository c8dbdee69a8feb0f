package weir.engine.ingress;

import org.agrona.collections.Long2LongHashMap;
import weir.engine.snapshot.StateImage;

/** Execution schedules that are active, with their start: what compute_ms is measured from. */
public final class Schedules {
    private final Long2LongHashMap slotById;
    private final int[] tenant;
    private final long[] startNs;
    private final int[] free;
    private int freeCount;

    /**
     * Makes an empty table.
     *
     * @param capacity most active schedules
     */
    public Schedules(final int capacity) {
        slotById = new Long2LongHashMap(2 * capacity, 0.6f, -1);
        tenant = new int[capacity];
        startNs = new long[capacity];
        free = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            free[freeCount++] = capacity - 1 - i;
        }
    }

    /**
     * Starts a schedule; one that is active goes on.
     *
     * @param id    schedule id
     * @param owner tenant slot
     * @param nowNs now
     * @return false when there is no room
     */
    public boolean start(final long id, final int owner, final long nowNs) {
        if (slotById.get(id) >= 0) {
            return true;
        }
        if (freeCount == 0) {
            return false;
        }
        final int slot = free[--freeCount];
        tenant[slot] = owner;
        startNs[slot] = nowNs;
        slotById.put(id, slot);
        return true;
    }

    /**
     * Owner of an active schedule.
     *
     * @param id schedule id
     * @return tenant slot, -1 when it is not active
     */
    public int tenantOf(final long id) {
        final int slot = (int) slotById.get(id);
        return slot < 0 ? -1 : tenant[slot];
    }

    /**
     * Stops an active schedule.
     *
     * @param id    schedule id
     * @param nowNs now
     * @return milliseconds it was active, rounded down
     */
    public long stop(final long id, final long nowNs) {
        final int slot = (int) slotById.remove(id);
        free[freeCount++] = slot;
        return (nowNs - startNs[slot]) / 1_000_000;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("schedules", 1);
        final int saved = image.extent(tenant.length);
        image.map(slotById);
        image.first(tenant, saved);
        image.first(startNs, saved);
        final int more = tenant.length - saved;
        image.column(free, more, tenant.length, 0);
        freeCount = image.value(freeCount) + more;
        for (int i = 0; i < more; i++) {
            free[i] = tenant.length - 1 - i;
        }
    }
}
