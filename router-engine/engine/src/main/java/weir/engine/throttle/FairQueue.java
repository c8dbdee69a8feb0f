package weir.engine.throttle;

import weir.engine.book.OrderBook;
import weir.engine.registry.VenueBook;
import weir.engine.snapshot.StateImage;

/**
 * Orders that wait for a venue's limit: a FIFO per flow (account and tenant), the flows of a venue in a ring that is
 * served by deficit round robin. What a flow may use per round is one single order's weight, so that no tenant waits
 * for more than one message of another.
 */
public final class FairQueue {
    /** No flow. */
    public static final int NONE = -1;

    private final OrderBook book;
    private final int tenants;
    private final int[] head;
    private final int[] tail;
    private final int[] length;
    private final long[] deficit;
    private final int[] ringNext;
    private final int[] ringPrevious;
    private final int[] current = new int[VenueBook.CAPACITY];
    private final int[] flows = new int[VenueBook.CAPACITY];

    /**
     * Makes empty queues.
     *
     * @param book     orders; the links live in it
     * @param accounts account slots
     * @param tenants  tenant slots
     */
    public FairQueue(final OrderBook book, final int accounts, final int tenants) {
        this.book = book;
        this.tenants = tenants;
        final int n = accounts * tenants;
        head = new int[n];
        tail = new int[n];
        length = new int[n];
        deficit = new long[n];
        ringNext = new int[n];
        ringPrevious = new int[n];
        java.util.Arrays.fill(head, NONE);
        java.util.Arrays.fill(tail, NONE);
        java.util.Arrays.fill(current, NONE);
    }

    /**
     * Flow of an order.
     *
     * @param slot order
     * @return flow
     */
    public int flowOf(final int slot) {
        return book.account[slot] * tenants + book.tenant[slot];
    }

    /**
     * Flow of an account and a tenant.
     *
     * @param account account slot
     * @param tenant  tenant slot
     * @return flow
     */
    public int flow(final int account, final int tenant) {
        return account * tenants + tenant;
    }

    /**
     * Orders of a flow.
     *
     * @param flow flow
     * @return count
     */
    public int length(final int flow) {
        return length[flow];
    }

    /**
     * First order of a flow.
     *
     * @param flow flow
     * @return slot or {@link #NONE}
     */
    public int head(final int flow) {
        return head[flow];
    }

    /**
     * Appends an order to its flow.
     *
     * @param slot order
     */
    public void add(final int slot) {
        final int flow = flowOf(slot);
        book.inQueue[slot] = true;
        book.queueNext[slot] = NONE;
        book.queuePrevious[slot] = tail[flow];
        if (tail[flow] == NONE) {
            head[flow] = slot;
            enter(book.venueId[slot], flow);
        } else {
            book.queueNext[tail[flow]] = slot;
        }
        tail[flow] = slot;
        length[flow]++;
    }

    /**
     * Takes an order out, wherever it stands.
     *
     * @param slot order that waits
     */
    public void remove(final int slot) {
        final int flow = flowOf(slot);
        final int next = book.queueNext[slot];
        final int previous = book.queuePrevious[slot];
        if (previous == NONE) {
            head[flow] = next;
        } else {
            book.queueNext[previous] = next;
        }
        if (next == NONE) {
            tail[flow] = previous;
        } else {
            book.queuePrevious[next] = previous;
        }
        book.inQueue[slot] = false;
        length[flow]--;
        if (head[flow] == NONE) {
            leave(book.venueId[slot], flow);
        }
    }

    /**
     * Flow whose turn it is at a venue.
     *
     * @param venue venue id
     * @return flow or {@link #NONE}
     */
    public int current(final int venue) {
        return current[venue];
    }

    /**
     * Number of flows that wait at a venue.
     *
     * @param venue venue id
     * @return count
     */
    public int flows(final int venue) {
        return flows[venue];
    }

    /**
     * May the flow whose turn it is spend so much? Gives it its quantum when it has just got the turn.
     *
     * @param flow   flow
     * @param weight of the message
     * @return true when its deficit covers it
     */
    public boolean affords(final int flow, final long weight) {
        return deficit[flow] >= weight;
    }

    /**
     * Adds a round's quantum.
     *
     * @param flow    flow
     * @param quantum weight
     */
    public void credit(final int flow, final long quantum) {
        deficit[flow] += quantum;
    }

    /**
     * Spends.
     *
     * @param flow   flow, also when it has left the ring meanwhile
     * @param weight of the message sent
     */
    public void spend(final int flow, final long weight) {
        deficit[flow] = head[flow] == NONE ? 0 : Math.max(0, deficit[flow] - weight);
    }

    /**
     * Passes the turn to the next flow.
     *
     * @param venue venue id
     */
    public void turn(final int venue) {
        if (current[venue] != NONE) {
            current[venue] = ringNext[current[venue]];
        }
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("fair-queue", 1);
        final int savedTenants = image.extent(tenants);
        final int accounts = image.extent(head.length / tenants);
        for (int account = 0; account < accounts; account++) {
            final int from = account * tenants;
            final int to = from + tenants;
            image.column(head, from, to, NONE);
            image.column(tail, from, to, NONE);
            image.column(length, from, to, 0);
            image.column(deficit, from, to);
            image.column(ringNext, from, to, 0);
            image.column(ringPrevious, from, to, 0);
        }
        image.column(current, 0, current.length, NONE);
        image.column(flows);
        if (image.loading() && savedTenants != tenants) {
            renumber(ringNext, savedTenants);
            renumber(ringPrevious, savedTenants);
            renumber(current, savedTenants);
        }
    }

    /** A flow's number depends on how many tenants are configured. */
    private void renumber(final int[] column, final int savedTenants) {
        for (int i = 0; i < column.length; i++) {
            column[i] = column[i] < 0 ? column[i]
                : column[i] / savedTenants * tenants + column[i] % savedTenants;
        }
    }

    private void enter(final int venue, final int flow) {
        deficit[flow] = 0;
        final int at = current[venue];
        if (at == NONE) {
            ringNext[flow] = flow;
            ringPrevious[flow] = flow;
            current[venue] = flow;
        } else {
            ringPrevious[flow] = ringPrevious[at];
            ringNext[flow] = at;
            ringNext[ringPrevious[at]] = flow;
            ringPrevious[at] = flow;
        }
        flows[venue]++;
    }

    private void leave(final int venue, final int flow) {
        deficit[flow] = 0;
        flows[venue]--;
        if (ringNext[flow] == flow) {
            current[venue] = NONE;
            return;
        }
        ringNext[ringPrevious[flow]] = ringNext[flow];
        ringPrevious[ringNext[flow]] = ringPrevious[flow];
        if (current[venue] == flow) {
            current[venue] = ringNext[flow];
        }
    }
}
