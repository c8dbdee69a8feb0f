package weir.engine.route;

import java.util.Arrays;
import weir.engine.book.OrderBook;
import weir.engine.snapshot.StateImage;

/**
 * Orders that wait until own orders that they would trade with are gone, in a list per tenant, or per group of
 * tenants that may not trade with each other. Groups whose numbers hash alike share a list. Engine thread.
 */
public final class SelfTradeQueue {
    /** Orders of a tenant that may wait at a time. */
    public static final int PER_TENANT = 32;
    /** Orders of a group that may wait at a time. */
    public static final int PER_GROUP = 256;
    private static final int GROUP_LISTS = 256;

    private final OrderBook book;
    /** First order slot plus one, by tenant; 0 = none. */
    private final int[] ofTenant;
    private final int[] ofGroup = new int[GROUP_LISTS];
    private final int[] groupCount = new int[GROUP_LISTS];
    private final int[] tenantCount;
    /** By order slot: its neighbours plus one, and the group's list that it is in plus one. */
    private final int[] next;
    private final int[] previous;
    private final int[] groupList;
    private int count;

    /**
     * Makes empty lists.
     *
     * @param book    orders
     * @param tenants tenant slots
     */
    SelfTradeQueue(final OrderBook book, final int tenants) {
        this.book = book;
        ofTenant = new int[tenants];
        tenantCount = new int[tenants];
        next = new int[book.capacity()];
        previous = new int[book.capacity()];
        groupList = new int[book.capacity()];
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean hasRoom(final int tenant, final long group) {
        return tenantCount[tenant] < PER_TENANT && (group == 0 || groupCount[list(group)] < PER_GROUP);
    }

    void add(final int slot, final long group) {
        final int tenant = book.tenant(slot);
        tenantCount[tenant]++;
        count++;
        link(slot, tenant, group);
    }

    void remove(final int slot) {
        final int tenant = book.tenant(slot);
        tenantCount[tenant]--;
        count--;
        unlink(slot, tenant);
    }

    /** First order of a tenant's list, or its group's; -1 = none. Others than the party's own may be in it. */
    int first(final int tenant, final long group) {
        return (group == 0 ? ofTenant[tenant] : ofGroup[list(group)]) - 1;
    }

    int next(final int slot) {
        return next[slot] - 1;
    }

    /** The tenant is of another group: its orders go to the other list. */
    void move(final int tenant, final long from, final long to) {
        int slot = first(tenant, from);
        while (slot >= 0) {
            final int after = next(slot);
            if (book.tenant(slot) == tenant) {
                unlink(slot, tenant);
                link(slot, tenant, to);
            }
            slot = after;
        }
    }

    /** Hands over the fields, to be saved or filled again. */
    void image(final StateImage image) {
        image.section("self-trade-queue", 1);
        final int used = book.highWater();
        image.column(ofTenant);
        image.column(tenantCount);
        image.column(ofGroup);
        image.column(groupCount);
        image.column(next, 0, used, 0);
        image.column(previous, 0, used, 0);
        image.column(groupList, 0, used, 0);
        count = image.value(count);
    }

    private void link(final int slot, final int tenant, final long group) {
        final int[] heads = group == 0 ? ofTenant : ofGroup;
        final int at = group == 0 ? tenant : list(group);
        groupList[slot] = group == 0 ? 0 : at + 1;
        if (group != 0) {
            groupCount[at]++;
        }
        next[slot] = heads[at];
        previous[slot] = 0;
        if (heads[at] != 0) {
            previous[heads[at] - 1] = slot + 1;
        }
        heads[at] = slot + 1;
    }

    private void unlink(final int slot, final int tenant) {
        final boolean grouped = groupList[slot] != 0;
        if (grouped) {
            groupCount[groupList[slot] - 1]--;
        }
        if (next[slot] != 0) {
            previous[next[slot] - 1] = previous[slot];
        }
        if (previous[slot] != 0) {
            next[previous[slot] - 1] = next[slot];
        } else if (grouped) {
            ofGroup[groupList[slot] - 1] = next[slot];
        } else {
            ofTenant[tenant] = next[slot];
        }
        next[slot] = 0;
        previous[slot] = 0;
        groupList[slot] = 0;
    }

    private static int list(final long group) {
        final long h = group * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 40) & GROUP_LISTS - 1;
    }

    @Override
    public String toString() {
        return "SelfTradeQueue " + count + " " + Arrays.toString(ofTenant);
    }
}
