package weir.engine.route;

import weir.engine.book.OrderBook;
import weir.engine.book.TimerHeap;
import weir.engine.registry.VenueBook;
import weir.engine.snapshot.StateImage;

/** Who waits for which time: one timer per order, session, account and venue. Fired in (deadline, node) order. */
public final class Timers {
    private final TimerHeap heap;
    private final OrderBook book;
    private final int firstSession;
    private final int firstAccount;
    private final int firstVenue;
    /** When a control has to look at an order, epoch ns; 0 = never. */
    private final long[] controlDueNs;

    /**
     * Makes timers for all slots.
     *
     * @param book     orders
     * @param sessions session slots
     * @param accounts account slots
     */
    public Timers(final OrderBook book, final int sessions, final int accounts) {
        this.book = book;
        firstSession = book.capacity();
        firstAccount = firstSession + sessions;
        firstVenue = firstAccount + accounts;
        controlDueNs = new long[firstSession];
        heap = new TimerHeap(firstVenue + VenueBook.CAPACITY);
    }

    /**
     * Forgets an order's times and cancels its timer.
     *
     * @param slot order
     */
    public void clear(final int slot) {
        book.answerDueNs(slot, 0);
        book.askDueNs(slot, 0);
        controlDueNs[slot] = 0;
        heap.cancel(slot);
    }

    /**
     * Sets the order's timer to the earliest of its times.
     *
     * @param slot order
     */
    public void arm(final int slot) {
        long due = book.inQueue(slot) || book.waitsForCancels(slot) ? book.queueDeadlineNs(slot) : TimerHeap.NEVER;
        if (book.answerDueNs(slot) > 0) {
            due = Math.min(due, book.answerDueNs(slot));
        }
        if (book.askDueNs(slot) > 0) {
            due = Math.min(due, book.askDueNs(slot));
        }
        if (controlDueNs[slot] > 0) {
            due = Math.min(due, controlDueNs[slot]);
        }
        heap.set(slot, due);
    }

    /**
     * Reads what arming an order's timer is to read: see {@code LookAhead}.
     *
     * @param slot order
     * @return of no meaning
     */
    long touch(final int slot) {
        return heap.touch(slot);
    }

    /**
     * Sets when a control has to look at an order; {@link #arm} is to follow.
     *
     * @param slot  order
     * @param dueNs epoch ns, 0 = never
     */
    public void control(final int slot, final long dueNs) {
        controlDueNs[slot] = dueNs;
    }

    /**
     * When a control has to look at an order.
     *
     * @param slot order
     * @return epoch ns, 0 = never
     */
    public long controlDueNs(final int slot) {
        return controlDueNs[slot];
    }

    /**
     * Sets a session's timer.
     *
     * @param session session slot
     * @param dueNs   epoch ns, {@link TimerHeap#NEVER} cancels
     */
    public void session(final int session, final long dueNs) {
        heap.set(firstSession + session, dueNs);
    }

    /**
     * Wakes an account's cancel lane, unless it wakes earlier.
     *
     * @param account account slot
     * @param dueNs   epoch ns
     */
    public void account(final int account, final long dueNs) {
        if (dueNs != TimerHeap.NEVER) {
            heap.setNoLater(firstAccount + account, dueNs);
        }
    }

    /**
     * Wakes a venue's queue, unless it wakes earlier.
     *
     * @param venue venue id
     * @param dueNs epoch ns
     */
    public void venue(final int venue, final long dueNs) {
        if (dueNs != TimerHeap.NEVER) {
            heap.setNoLater(firstVenue + venue, dueNs);
        }
    }

    /**
     * Earliest deadline.
     *
     * @return epoch ns or {@link TimerHeap#NEVER}
     */
    public long firstNs() {
        return heap.firstNs();
    }

    /**
     * Is a timer due?
     *
     * @param nowNs now
     * @return true when {@link #first()} may be called
     */
    public boolean isDue(final long nowNs) {
        return heap.isDue(nowNs);
    }

    /**
     * Node of the earliest deadline. Only when {@link #isDue} said that there is one.
     *
     * @return node
     */
    public int first() {
        return heap.first();
    }

    /**
     * Stops a node's timer.
     *
     * @param node node
     */
    public void stop(final int node) {
        heap.cancel(node);
    }

    /**
     * Is the node an order's?
     *
     * @param node node
     * @return true when it is; then it is the order's slot
     */
    public boolean isOrder(final int node) {
        return node < firstSession;
    }

    /**
     * Session of a node.
     *
     * @param node node
     * @return session slot or -1
     */
    public int sessionOf(final int node) {
        return node >= firstSession && node < firstAccount ? node - firstSession : -1;
    }

    /**
     * Account of a node.
     *
     * @param node node
     * @return account slot or -1
     */
    public int accountOf(final int node) {
        return node >= firstAccount && node < firstVenue ? node - firstAccount : -1;
    }

    /**
     * Venue of a node.
     *
     * @param node node
     * @return venue id or -1
     */
    public int venueOf(final int node) {
        return node >= firstVenue ? node - firstVenue : -1;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("timers", 3);
        image.column(controlDueNs, 0, book.highWater());
        final int orders = image.extent(firstSession);
        final int sessions = image.extent(firstAccount - firstSession);
        final int accounts = image.extent(firstVenue - firstAccount);
        image.fixed(VenueBook.CAPACITY);
        heap.image(image, node -> {
            if (node < orders) {
                return node;
            }
            if (node < orders + sessions) {
                return node - orders + firstSession;
            }
            return node < orders + sessions + accounts ? node - orders - sessions + firstAccount
                : node - orders - sessions - accounts + firstVenue;
        });
    }
}
