package weir.engine.registry;

import weir.engine.snapshot.StateImage;

/**
 * Gives each configured id (any int) a dense slot, in order of arrival. Slots are never given back: configuration names
 * a bounded number of things. Open addressing, linear probing, no allocation after construction.
 */
public final class IdIndex {
    private final int[] slotPlusOneAt;
    private final int[] ids;
    private final int mask;
    private int size;
    /** Slot found last: what is asked of one thing mostly comes in a row. Slots keep their ids. */
    private int found;

    /**
     * Makes an empty index.
     *
     * @param capacity most ids it can hold
     */
    public IdIndex(final int capacity) {
        final int length = Integer.highestOneBit(Math.max(4, capacity * 2 - 1)) * 2;
        slotPlusOneAt = new int[length];
        ids = new int[capacity];
        mask = length - 1;
    }

    /**
     * Slot of an id.
     *
     * @param id as configured
     * @return the slot, -1 when unknown
     */
    public int slotOf(final int id) {
        return found < size && ids[found] == id ? found : search(id);
    }

    private int search(final int id) {
        int i = hash(id);
        while (slotPlusOneAt[i] != 0) {
            final int slot = slotPlusOneAt[i] - 1;
            if (ids[slot] == id) {
                found = slot;
                return slot;
            }
            i = i + 1 & mask;
        }
        return -1;
    }

    /**
     * Slot of an id, which is made when it is new.
     *
     * @param id as configured
     * @return the slot, -1 when there is no room
     */
    public int add(final int id) {
        int i = hash(id);
        while (slotPlusOneAt[i] != 0) {
            final int slot = slotPlusOneAt[i] - 1;
            if (ids[slot] == id) {
                return slot;
            }
            i = i + 1 & mask;
        }
        if (size == ids.length) {
            return -1;
        }
        ids[size] = id;
        slotPlusOneAt[i] = ++size;
        return size - 1;
    }

    /**
     * Id of a slot.
     *
     * @param slot below {@link #size()}
     * @return the id
     */
    public int idOf(final int slot) {
        return ids[slot];
    }

    /**
     * Number of ids.
     *
     * @return slots in use: 0 to size - 1
     */
    public int size() {
        return size;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        final int used = image.value(size);
        if (!image.loading()) {
            image.first(ids, used);
            return;
        }
        final int[] saved = new int[Math.max(0, Math.min(used, ids.length))];
        image.first(saved, used);
        for (final int id : saved) {
            add(id);
        }
    }

    private int hash(final int id) {
        final int h = id * 0x9E3779B9;
        return (h ^ h >>> 16) & mask;
    }
}
