package weir.engine.ingress;

import org.agrona.collections.Long2LongHashMap;
import weir.engine.snapshot.StateImage;

/**
 * Execution schedules that are active, with their start: what compute_ms is measured from. A tenant chooses its ids
 * without regard to others, so those of several tenants with the same id form a list.
 */
public final class Schedules {
    private static final int NONE = -1;

    private final Long2LongHashMap slotById;
    private final int[] tenant;
    private final long[] startNs;
    private final int[] next;
    private final int[] free;
    private int freeCount;

    /**
     * Makes an empty table.
     *
     * @param capacity most active schedules
     */
    public Schedules(final int capacity) {
        slotById = new Long2LongHashMap(2 * capacity, 0.6f, NONE);
        tenant = new int[capacity];
        startNs = new long[capacity];
        next = new int[capacity];
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
        if (isActive(id, owner)) {
            return true;
        }
        if (freeCount == 0) {
            return false;
        }
        final int slot = free[--freeCount];
        tenant[slot] = owner;
        startNs[slot] = nowNs;
        next[slot] = (int) slotById.get(id);
        slotById.put(id, slot);
        return true;
    }

    /**
     * Is a schedule of a tenant active?
     *
     * @param id    schedule id
     * @param owner tenant slot
     * @return true from its start to its stop
     */
    public boolean isActive(final long id, final int owner) {
        return slotOf(id, owner) != NONE;
    }

    /**
     * Is a schedule of that id active, whosever it is?
     *
     * @param id schedule id
     * @return true when one is
     */
    public boolean isTaken(final long id) {
        return slotById.get(id) != NONE;
    }

    /**
     * Stops an active schedule.
     *
     * @param id    schedule id
     * @param owner tenant slot
     * @param nowNs now
     * @return milliseconds it was active, rounded down
     */
    public long stop(final long id, final int owner, final long nowNs) {
        final int slot = slotOf(id, owner);
        final int first = (int) slotById.get(id);
        if (first != slot) {
            int before = first;
            while (next[before] != slot) {
                before = next[before];
            }
            next[before] = next[slot];
        } else if (next[slot] != NONE) {
            slotById.put(id, next[slot]);
        } else {
            slotById.remove(id);
        }
        next[slot] = 0;
        free[freeCount++] = slot;
        return (nowNs - startNs[slot]) / 1_000_000;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("schedules", 2);
        final int saved = image.extent(tenant.length);
        image.map(slotById);
        image.first(tenant, saved);
        image.first(startNs, saved);
        image.first(next, saved);
        final int more = tenant.length - saved;
        image.column(free, more, tenant.length, 0);
        freeCount = image.value(freeCount) + more;
        for (int i = 0; i < more; i++) {
            free[i] = tenant.length - 1 - i;
        }
    }

    private int slotOf(final long id, final int owner) {
        int slot = (int) slotById.get(id);
        while (slot != NONE && tenant[slot] != owner) {
            slot = next[slot];
        }
        return slot;
    }
}
