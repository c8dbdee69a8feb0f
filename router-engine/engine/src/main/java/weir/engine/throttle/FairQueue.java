package weir.engine.throttle;

import org.agrona.collections.Long2LongHashMap;
import weir.engine.book.OrderBook;
import weir.engine.registry.VenueBook;
import weir.engine.snapshot.StateImage;

/**
 * Orders that wait for a venue's limit: a FIFO per flow (account and tenant), the flows of a venue in a ring that is
 * served by deficit round robin. What a flow may use per round is one single order's weight, so that no tenant waits
 * for more than one message of another. A flow has a slot while orders of it wait, so that the slots are as many as the
 * orders that can, whatever the number of accounts and tenants.
 */
public final class FairQueue {
    /** No flow. */
    public static final int NONE = -1;

    private final OrderBook book;
    private final Long2LongHashMap flowByKey;
    private final long[] key;
    private final int[] head;
    private final int[] tail;
    private final int[] length;
    private final long[] deficit;
    private final int[] ringNext;
    private final int[] ringPrevious;
    private final int[] current = new int[VenueBook.CAPACITY];
    private final int[] flows = new int[VenueBook.CAPACITY];
    private int free;
    private int highWater;

    /**
     * Makes empty queues.
     *
     * @param book     orders; the links live in it
     * @param accounts account slots
     * @param tenants  tenant slots
     */
    public FairQueue(final OrderBook book, final int accounts, final int tenants) {
        this.book = book;
        final int n = (int) Math.min((long) accounts * tenants, book.capacity());
        flowByKey = new Long2LongHashMap(2 * n, 0.6f, NONE);
        key = new long[n];
        head = new int[n];
        tail = new int[n];
        length = new int[n];
        deficit = new long[n];
        ringNext = new int[n];
        ringPrevious = new int[n];
        java.util.Arrays.fill(head, NONE);
        java.util.Arrays.fill(tail, NONE);
        java.util.Arrays.fill(current, NONE);
        free = NONE;
    }

    /**
     * Orders of an account and a tenant that wait.
     *
     * @param account account slot
     * @param tenant  tenant slot
     * @return count
     */
    public int length(final int account, final int tenant) {
        final int flow = (int) flowByKey.get(key(account, tenant));
        return flow == NONE ? 0 : length[flow];
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
        final long k = key(book.account(slot), book.tenant(slot));
        int flow = (int) flowByKey.get(k);
        if (flow == NONE) {
            flow = claim(k);
        }
        book.inQueue(slot, true);
        book.queueNext(slot, NONE);
        book.queuePrevious(slot, tail[flow]);
        if (tail[flow] == NONE) {
            head[flow] = slot;
            enter(book.venueId(slot), flow);
        } else {
            book.queueNext(tail[flow], slot);
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
        final int flow = (int) flowByKey.get(key(book.account(slot), book.tenant(slot)));
        final int next = book.queueNext(slot);
        final int previous = book.queuePrevious(slot);
        if (previous == NONE) {
            head[flow] = next;
        } else {
            book.queueNext(previous, next);
        }
        if (next == NONE) {
            tail[flow] = previous;
        } else {
            book.queuePrevious(next, previous);
        }
        book.inQueue(slot, false);
        length[flow]--;
        if (head[flow] == NONE) {
            leave(book.venueId(slot), flow);
            flowByKey.remove(key[flow]);
            ringNext[flow] = free;
            free = flow;
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
        image.section("fair-queue", 2);
        highWater = image.extent(highWater, head.length);
        free = image.value(free);
        image.first(key, highWater);
        image.column(head, 0, highWater, NONE);
        image.column(tail, 0, highWater, NONE);
        image.first(length, highWater);
        image.first(deficit, highWater);
        image.first(ringNext, highWater);
        image.first(ringPrevious, highWater);
        image.column(current, 0, current.length, NONE);
        image.column(flows);
        image.map(flowByKey);
    }

    private static long key(final int account, final int tenant) {
        return (long) account << 32 | tenant;
    }

    private int claim(final long k) {
        final int flow;
        if (free == NONE) {
            flow = highWater++;
        } else {
            flow = free;
            free = ringNext[flow];
        }
        key[flow] = k;
        flowByKey.put(k, flow);
        return flow;
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
