package weir.engine.route;

import weir.engine.snapshot.StateImage;

/**
 * Tenants whose self-trade or time-to-live limits changed, and how far their open orders have been gone through: a
 * queue of tenants, one at a time, the order slots of the first from a cursor on. What is left is worked off by later
 * ticks in slices. Engine thread.
 */
public final class LimitSweep {
    /** Order slots looked at by the command itself: tables so small are done at once. */
    public static final int AT_ONCE = 1_024;
    /** Order slots looked at by a tick. */
    public static final int PER_TICK = 1_024;

    /** Next tenant slot plus one; 0 = none. */
    private final int[] next;
    private final boolean[] queued;
    /** Its orders are being listed anew for self-trade prevention, by tenant. */
    private final boolean[] listing;
    private int first;
    private int last;
    private int cursor;
    private int listings;

    /**
     * Makes an empty queue.
     *
     * @param tenants tenant slots
     */
    LimitSweep(final int tenants) {
        next = new int[tenants];
        queued = new boolean[tenants];
        listing = new boolean[tenants];
    }

    /** Begins with a tenant, or begins it anew. */
    void begin(final int tenant, final boolean lists) {
        if (lists && !listing[tenant]) {
            listing[tenant] = true;
            listings++;
        }
        if (!queued[tenant]) {
            queued[tenant] = true;
            if (first == 0) {
                first = tenant + 1;
            } else {
                next[last - 1] = tenant + 1;
            }
            last = tenant + 1;
        } else if (first == tenant + 1) {
            cursor = 0;
        }
    }

    boolean isEmpty() {
        return first == 0;
    }

    /** Tenant slot that is gone through. */
    int tenant() {
        return first - 1;
    }

    /** Next order slot to look at. */
    int take() {
        return cursor++;
    }

    int cursor() {
        return cursor;
    }

    /** The first tenant is done. */
    void end() {
        final int tenant = first - 1;
        if (listing[tenant]) {
            listing[tenant] = false;
            listings--;
        }
        queued[tenant] = false;
        first = next[tenant];
        next[tenant] = 0;
        last = first == 0 ? 0 : last;
        cursor = 0;
    }

    /** Are orders being listed anew that an order of the tenant could meet? */
    boolean concerns(final int tenant, final boolean inGroup) {
        return listings > 0 && (inGroup || listing[tenant]);
    }

    /** Hands over the fields, to be saved or filled again. */
    void image(final StateImage image) {
        image.section("limit-sweep", 1);
        image.column(next);
        image.column(queued);
        image.column(listing);
        first = image.value(first);
        last = image.value(last);
        cursor = image.value(cursor);
        listings = image.value(listings);
    }
}
