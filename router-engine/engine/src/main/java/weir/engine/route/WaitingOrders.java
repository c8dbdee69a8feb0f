package weir.engine.route;

import weir.engine.book.OrderBook;
import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;
import weir.engine.throttle.FairQueue;

/** Orders in the queue of their venue and in the cancel lane of their account, with the counts that bound them. */
public final class WaitingOrders {
    /** No order. */
    public static final int NONE = -1;

    private final FairQueue queue;
    private final OrderBook book;
    private final Registry registry;
    private final int[] laneHead;
    private final int[] laneTail;

    /**
     * Makes empty queues and lanes.
     *
     * @param book     orders
     * @param registry accounts and venues
     * @param accounts account slots
     * @param tenants  tenant slots
     */
    public WaitingOrders(final OrderBook book, final Registry registry, final int accounts, final int tenants) {
        this.book = book;
        this.registry = registry;
        queue = new FairQueue(book, accounts, tenants);
        laneHead = new int[accounts];
        laneTail = new int[accounts];
        java.util.Arrays.fill(laneHead, NONE);
        java.util.Arrays.fill(laneTail, NONE);
    }

    /**
     * The queues.
     *
     * @return fair queue
     */
    public FairQueue queue() {
        return queue;
    }

    /**
     * May one more order of a tenant wait? Every tenant keeps an equal share of half of the queue for itself.
     *
     * @param venue   venue id
     * @param account account slot
     * @param tenant  tenant slot
     * @return true when there is room
     */
    public boolean hasRoom(final int venue, final int account, final int tenant) {
        final int capacity = registry.venues.queueCapacity[venue];
        if (registry.venues.queued[venue] >= capacity) {
            return false;
        }
        final int others = registry.tenantsAt(venue) - 1;
        final int share = capacity / (2 * (others + 1));
        return queue.length(account, tenant) < capacity - others * share;
    }

    /**
     * Puts an order into the queue.
     *
     * @param slot order
     */
    public void enqueue(final int slot) {
        queue.add(slot);
        registry.accounts.queued[book.account(slot)]++;
        registry.venues.queued[book.venueId(slot)]++;
    }

    /**
     * Takes an order out of the queue, if it waits.
     *
     * @param slot order
     */
    public void dequeue(final int slot) {
        if (book.inQueue(slot)) {
            queue.remove(slot);
            registry.accounts.queued[book.account(slot)]--;
            registry.venues.queued[book.venueId(slot)]--;
        }
    }

    /**
     * Is the cancel lane of an account empty?
     *
     * @param account account slot
     * @return true when no cancel waits
     */
    public boolean laneIsEmpty(final int account) {
        return laneHead[account] == NONE;
    }

    /**
     * First order in the cancel lane.
     *
     * @param account account slot
     * @return slot or {@link #NONE}
     */
    public int laneHead(final int account) {
        return laneHead[account];
    }

    /**
     * Puts an order into the cancel lane of its account.
     *
     * @param slot order
     */
    public void enterLane(final int slot) {
        final int account = book.account(slot);
        book.inLane(slot, true);
        book.laneNext(slot, NONE);
        book.lanePrevious(slot, laneTail[account]);
        if (laneTail[account] == NONE) {
            laneHead[account] = slot;
        } else {
            book.laneNext(laneTail[account], slot);
        }
        laneTail[account] = slot;
    }

    /**
     * Takes an order out of the cancel lane, if it is in it.
     *
     * @param slot order
     */
    public void leaveLane(final int slot) {
        if (!book.inLane(slot)) {
            return;
        }
        final int account = book.account(slot);
        final int next = book.laneNext(slot);
        final int previous = book.lanePrevious(slot);
        if (previous == NONE) {
            laneHead[account] = next;
        } else {
            book.laneNext(previous, next);
        }
        if (next == NONE) {
            laneTail[account] = previous;
        } else {
            book.lanePrevious(next, previous);
        }
        book.inLane(slot, false);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        queue.image(image);
        image.section("cancel-lanes", 1);
        image.column(laneHead, 0, laneHead.length, NONE);
        image.column(laneTail, 0, laneTail.length, NONE);
    }
}
