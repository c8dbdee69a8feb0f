package weir.engine.route;

import weir.engine.snapshot.StateImage;

/**
 * Tenants whose open orders are to be listed and timed by limits that changed, and how far that is: one walk round the
 * order slots serves all of them, each from where the walk was when it began until the walk is there again. Orders that
 * come meanwhile are listed by the new limits in any case. What is left is worked off by later ticks in slices. Engine
 * thread.
 */
public final class LimitSweep {
    /** Order slots looked at by the command itself: tables so small are done at once. */
    public static final int AT_ONCE = 1_024;
    /** Order slots looked at by a tick. */
    public static final int PER_TICK = 1_024;

    /** Neighbours in the order of their beginning, tenant slots plus one; 0 = none. */
    private final int[] next;
    private final int[] previous;
    private final boolean[] queued;
    /** Its orders are being listed anew for self-trade prevention, by tenant. */
    private final boolean[] listing;
    /** Where the walk was when the tenant began, and its round. */
    private final int[] beganAt;
    private final int[] beganIn;
    private int first;
    private int last;
    private int cursor;
    private int round;
    private int listings;

    /**
     * Makes an empty queue.
     *
     * @param tenants tenant slots
     */
    LimitSweep(final int tenants) {
        next = new int[tenants];
        previous = new int[tenants];
        queued = new boolean[tenants];
        listing = new boolean[tenants];
        beganAt = new int[tenants];
        beganIn = new int[tenants];
    }

    /** Begins with a tenant, or begins it anew. */
    void begin(final int tenant, final boolean lists) {
        if (lists && !listing[tenant]) {
            listing[tenant] = true;
            listings++;
        }
        if (queued[tenant]) {
            unlink(tenant);
        }
        queued[tenant] = true;
        beganAt[tenant] = cursor;
        beganIn[tenant] = round;
        previous[tenant] = last;
        if (last == 0) {
            first = tenant + 1;
        } else {
            next[last - 1] = tenant + 1;
        }
        last = tenant + 1;
    }

    boolean isEmpty() {
        return first == 0;
    }

    /** Are orders of the tenant gone through? */
    boolean holds(final int tenant) {
        return queued[tenant];
    }

    /** Next order slot to look at; not when {@link #isRound}. */
    int take(final int slots) {
        final int slot = cursor++;
        if (cursor >= slots) {
            cursor = 0;
            round++;
        }
        return slot;
    }

    /** Has the walk come round to where the tenant that began first did? */
    boolean isRound(final int slots) {
        return first != 0 && (slots == 0 || round != beganIn[first - 1] && cursor >= beganAt[first - 1]);
    }

    /** The tenant that began first is done: its slot. */
    int end() {
        final int tenant = first - 1;
        if (listing[tenant]) {
            listing[tenant] = false;
            listings--;
        }
        queued[tenant] = false;
        unlink(tenant);
        beganAt[tenant] = 0;
        beganIn[tenant] = 0;
        if (first == 0) {
            cursor = 0;
            round = 0;
        }
        return tenant;
    }

    private void unlink(final int tenant) {
        if (previous[tenant] == 0) {
            first = next[tenant];
        } else {
            next[previous[tenant] - 1] = next[tenant];
        }
        if (next[tenant] == 0) {
            last = previous[tenant];
        } else {
            previous[next[tenant] - 1] = previous[tenant];
        }
        next[tenant] = 0;
        previous[tenant] = 0;
    }

    /** Are orders being listed anew that an order of the tenant could meet? */
    boolean concerns(final int tenant, final boolean inGroup) {
        return listings > 0 && (inGroup || listing[tenant]);
    }

    /** Hands over the fields, to be saved or filled again. */
    void image(final StateImage image) {
        image.section("limit-sweep", 2);
        image.column(next);
        image.column(previous);
        image.column(queued);
        image.column(listing);
        image.column(beganAt);
        image.column(beganIn);
        first = image.value(first);
        last = image.value(last);
        cursor = image.value(cursor);
        round = image.value(round);
        listings = image.value(listings);
    }
}
