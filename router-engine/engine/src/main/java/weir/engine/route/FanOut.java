package weir.engine.route;

import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.journal.Verdict;
import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;
import weir.protocol.RejectReason;

/**
 * Work on many orders, kept as jobs and done in slices by ticks: mass cancel, kill switch, cancel on disconnect, orders
 * that become UNKNOWN with their connection, recovery queries, and the ClOrdIDs of a session day that is over.
 */
public final class FanOut {
    /** Cancel: all orders. */
    public static final int CANCEL_ALL = 0;
    /** Cancel: of a venue id. */
    public static final int CANCEL_VENUE = 1;
    /** Cancel: of a tenant slot. */
    public static final int CANCEL_TENANT = 2;
    /** Cancel: of a session slot. */
    public static final int CANCEL_SESSION = 3;
    /** Cancel: of an account slot. */
    public static final int CANCEL_ACCOUNT = 4;
    /** Cancel: of a strategy id. */
    public static final int CANCEL_STRATEGY = 5;
    /** Orders without an answer become UNKNOWN: of an account slot, -1 = all. */
    public static final int LOSE_ANSWERS = 6;
    /** Every order at the venue is asked for: of an account slot. */
    public static final int ASK = 7;
    /** ClOrdIDs of past session days go: of a tenant slot, -1 = all. */
    public static final int END_DAY = 8;
    /** Account slot: its second path is lost, so answers to what went by it are not awaited any more. */
    public static final int LOSE_SECOND = 9;
    /** Account slot: ask for the orders that its second path placed, on which the first does not report. */
    public static final int ASK_SECOND = 10;
    private static final int SCAN = 4096;
    /** Cancels go before other jobs, and leave a trace; what clients ask for goes after what switches say. */
    private static final int CANCELS_FIRST_SINCE = 3;

    private final Registry registry;
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final OrderLife life;
    private final VenueDispatch dispatch;
    private final LookAhead ahead;
    private final Verdict verdict;
    private final int horizonDays;
    private final int[] kind;
    private final int[] target;
    private final int[] instrument;
    private final long[] before;
    private final int[] cursor;
    private final int[] end;
    private final int[] owner;
    private final int[] reason;
    private final boolean[] queuedOnly;
    private final boolean[] onRequest;
    private final CancelLog log = new CancelLog();
    private int head;
    private int size;

    /**
     * Makes an empty list.
     *
     * @param registry    registry
     * @param book        orders
     * @param clOrdIds    ClOrdIDs
     * @param life        transitions
     * @param dispatch    sending
     * @param ahead       reads ahead
     * @param verdict     of the call
     * @param capacity    most jobs
     * @param horizonDays session days for which a ClOrdID is remembered
     */
    public FanOut(final Registry registry, final OrderBook book, final ClOrdIdTable clOrdIds,
        final OrderLife life, final VenueDispatch dispatch, final LookAhead ahead, final Verdict verdict,
        final int capacity, final int horizonDays) {
        this.registry = registry;
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.life = life;
        this.dispatch = dispatch;
        this.ahead = ahead;
        this.verdict = verdict;
        this.horizonDays = horizonDays;
        kind = new int[capacity];
        target = new int[capacity];
        instrument = new int[capacity];
        before = new long[capacity];
        cursor = new int[capacity];
        end = new int[capacity];
        owner = new int[capacity];
        reason = new int[capacity];
        queuedOnly = new boolean[capacity];
        onRequest = new boolean[capacity];
    }

    /**
     * Is there room for so many jobs?
     *
     * @param jobs count
     * @return true when {@link #add} will take them
     */
    public boolean hasRoom(final int jobs) {
        return size + jobs <= kind.length;
    }

    /**
     * Is nothing to be done?
     *
     * @return true when there is no job
     */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * Adds a job. {@link #hasRoom} was asked. Orders that come later are not touched by it. One that cancels is one
     * {@link #cancelOnRequest on request} of a client.
     *
     * @param what  one of the constants
     * @param whose target of it
     * @param onlyInstrument instrument slot, -1 = all
     */
    public void add(final int what, final int whose, final int onlyInstrument) {
        if (what <= CANCEL_STRATEGY) {
            cancelOnRequest(what, whose, onlyInstrument, -1, false, 0);
        } else {
            put((head + size) % kind.length, what, whose, onlyInstrument, -1, false, 0);
        }
    }

    /**
     * Adds a job of a client that cancels: after all others that cancel, before those of other kinds. One that asks for
     * the same and has not begun takes it over, so that a client that asks without end has two at a time, one at work.
     * {@link #hasRoom} was asked.
     *
     * @param what           one of the CANCEL constants
     * @param whose          target of it
     * @param onlyInstrument instrument slot, -1 = all
     * @param onlyTenant     tenant slot, -1 = all
     * @param onlyQueued     only what waits in the engine: new orders, and replaces
     * @param reasonCode     RejectReason that a queued order is told, 0 = none
     */
    public void cancelOnRequest(final int what, final int whose, final int onlyInstrument, final int onlyTenant,
        final boolean onlyQueued, final int reasonCode) {
        if (registry.rulesVersion < CANCELS_FIRST_SINCE) {
            cancel(what, whose, onlyInstrument, onlyTenant, onlyQueued, reasonCode);
            return;
        }
        int cancels = 0;
        while (cancels < size && kind[(head + cancels) % kind.length] <= CANCEL_STRATEGY) {
            final int at = (head + cancels) % kind.length;
            if (onRequest[at] && cursor[at] == 0 && kind[at] == what && target[at] == whose
                && instrument[at] == onlyInstrument && owner[at] == onlyTenant && queuedOnly[at] == onlyQueued
                && reason[at] == reasonCode) {
                before[at] = verdict.sequence;
                end[at] = book.highWater();
                return;
            }
            cancels++;
        }
        for (int i = size; i > cancels; i--) {
            move((head + i - 1) % kind.length, (head + i) % kind.length);
        }
        put((head + cancels) % kind.length, what, whose, onlyInstrument, onlyTenant, onlyQueued, reasonCode);
        onRequest[(head + cancels) % kind.length] = true;
    }

    /**
     * Adds a job that cancels, before all others: what is to be stopped waits for nothing. {@link #hasRoom} was asked.
     *
     * @param what           one of the CANCEL constants
     * @param whose          target of it
     * @param onlyInstrument instrument slot, -1 = all
     * @param onlyTenant     tenant slot, -1 = all
     * @param onlyQueued     only what waits in the engine: new orders, and replaces
     * @param reasonCode     RejectReason that a queued order is told, 0 = none
     */
    public void cancel(final int what, final int whose, final int onlyInstrument, final int onlyTenant,
        final boolean onlyQueued, final int reasonCode) {
        int at = (head + size) % kind.length;
        if (registry.rulesVersion >= CANCELS_FIRST_SINCE && size > 0) {
            head = (head + kind.length - 1) % kind.length;
            at = head;
        }
        put(at, what, whose, onlyInstrument, onlyTenant, onlyQueued, reasonCode);
    }

    /**
     * Does a job that cancels come next?
     *
     * @return true when it goes before timers
     */
    public boolean isUrgent() {
        return size > 0 && kind[head] <= CANCEL_STRATEGY && registry.rulesVersion >= CANCELS_FIRST_SINCE;
    }

    /**
     * Is the next job one that a client asked for?
     *
     * @return true when it yields to timers that are late
     */
    public boolean isOnRequest() {
        return size > 0 && onRequest[head];
    }

    /**
     * Orders that jobs cancelled.
     *
     * @return the log
     */
    public CancelLog log() {
        return log;
    }

    private void put(final int at, final int what, final int whose, final int onlyInstrument, final int onlyTenant,
        final boolean onlyQueued, final int reasonCode) {
        kind[at] = what;
        target[at] = whose;
        instrument[at] = onlyInstrument;
        before[at] = verdict.sequence;
        cursor[at] = 0;
        end[at] = what == END_DAY ? registry.sessions.index.size() : book.highWater();
        owner[at] = onlyTenant;
        reason[at] = reasonCode;
        queuedOnly[at] = onlyQueued;
        onRequest[at] = false;
        size++;
    }

    private void move(final int from, final int to) {
        kind[to] = kind[from];
        target[to] = target[from];
        instrument[to] = instrument[from];
        before[to] = before[from];
        cursor[to] = cursor[from];
        end[to] = end[from];
        owner[to] = owner[from];
        reason[to] = reason[from];
        queuedOnly[to] = queuedOnly[from];
        onRequest[to] = onRequest[from];
    }

    /**
     * Does a slice of the oldest job.
     *
     * @param most orders to act on
     * @return orders acted on
     */
    public int work(final int most) {
        if (size == 0) {
            return 0;
        }
        final int done = kind[head] == END_DAY ? endDays(most) : orders(most);
        if (cursor[head] >= end[head]) {
            head = (head + 1) % kind.length;
            size--;
        }
        return done;
    }

    /**
     * Cancels an order on the router's behalf. A final order or one pending cancel is left alone.
     *
     * @param slot order
     * @return true when something was done
     */
    public boolean cancel(final int slot) {
        if (!book.isOpen(slot) || book.cancelPhase(slot) != OrderBook.NONE) {
            return false;
        }
        return cancel(slot, false, 0);
    }

    private boolean cancel(final int slot, final boolean onlyQueued, final int reasonCode) {
        life.about(slot);
        if (book.state(slot) == OrderBook.QUEUED) {
            life.close(slot, '4', '4', reasonCode, 0, 0);
            return true;
        }
        if (onlyQueued) {
            life.replaceFailed(slot, reasonCode, 0, 0, null, 0, 0);
            return true;
        }
        book.cancelByClient(slot, false);
        if (book.replacePhase(slot) == OrderBook.HELD) {
            life.replaceFailed(slot, RejectReason.CANCEL_PENDING.code(), 0, 0, null, 0, 0);
        }
        dispatch.gatherCancel(slot);
        return true;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("jobs", 3);
        image.fixed(kind.length);
        image.column(kind);
        image.column(target);
        image.column(instrument);
        image.column(before);
        image.column(cursor);
        image.column(end);
        image.column(owner);
        image.column(reason);
        image.column(queuedOnly);
        image.column(onRequest);
        log.image(image);
        head = image.value(head);
        size = image.value(size);
    }

    private int orders(final int most) {
        int done = 0;
        int scanned = 0;
        int slot = cursor[head];
        while (slot < end[head] && done < most && scanned < SCAN) {
            if (book.isOpen(slot) && book.orderId(slot) < before[head] && matches(slot)) {
                if (!verdict.accepts(book.tenant(slot))) {
                    break;
                }
                done += act(slot);
            }
            slot++;
            scanned++;
        }
        dispatch.sendGathered(most);
        cursor[head] = slot;
        return done;
    }

    private boolean matches(final int slot) {
        if (instrument[head] >= 0 && book.instrument(slot) != instrument[head]
            || owner[head] >= 0 && book.tenant(slot) != owner[head]
            || queuedOnly[head] && book.state(slot) != OrderBook.QUEUED
            && book.replacePhase(slot) != OrderBook.HELD) {
            return false;
        }
        switch (kind[head]) {
            case CANCEL_VENUE:
                return book.venueId(slot) == target[head];
            case CANCEL_TENANT:
                return book.tenant(slot) == target[head];
            case CANCEL_SESSION:
                return book.session(slot) == target[head];
            case CANCEL_STRATEGY:
                return book.strategyId(slot) == target[head];
            case CANCEL_ALL:
                return true;
            default:
                return target[head] < 0 || book.account(slot) == target[head];
        }
    }

    private int act(final int slot) {
        switch (kind[head]) {
            case LOSE_ANSWERS:
            case LOSE_SECOND:
                if (awaitsAnswer(slot) && isOnLost(slot)) {
                    life.about(slot);
                    life.markUnknown(slot);
                    return 1;
                }
                return 0;
            case ASK:
            case ASK_SECOND:
                if (book.state(slot) != OrderBook.QUEUED && (kind[head] == ASK || book.bornOnSecond(slot))) {
                    life.startAsking(slot);
                    dispatch.afterAnswer(slot);
                    return 1;
                }
                return 0;
            default:
                final long order = book.orderId(slot);
                if (book.cancelPhase(slot) != OrderBook.NONE || !cancel(slot, queuedOnly[head], reason[head])) {
                    return 0;
                }
                log.add(before[head], order, slot);
                return 1;
        }
    }

    /** At a start both paths are lost; otherwise one is, and what is unanswered on the other is still awaited. */
    private boolean isOnLost(final int slot) {
        return target[head] < 0 || book.onSecond(slot) == (kind[head] == LOSE_SECOND);
    }

    private boolean awaitsAnswer(final int slot) {
        return book.state(slot) == OrderBook.DISPATCHED || book.state(slot) == OrderBook.SENT
            || book.state(slot) == OrderBook.WORKING
            && (book.cancelPhase(slot) == OrderBook.OUT || book.replacePhase(slot) == OrderBook.OUT);
    }

    private int endDays(final int most) {
        int done = 0;
        final int limit = most * 16;
        while (cursor[head] < end[head] && done < limit) {
            final int session = cursor[head];
            final boolean ours = target[head] < 0 || registry.sessions.tenant[session] == target[head];
            final int entry = ours ? clOrdIds.oldest(session) : ClOrdIdTable.NONE;
            if (entry == ClOrdIdTable.NONE || !isPast(entry, session)) {
                cursor[head]++;
            } else {
                forget(entry, session);
            }
            done++;
        }
        return done;
    }

    private boolean isPast(final int entry, final int session) {
        return registry.sessions.day[session] - clOrdIds.dayOf(entry) >= horizonDays;
    }

    private void forget(final int entry, final int session) {
        ahead.forget(entry);
        final int slot = clOrdIds.orderSlot(entry);
        final boolean bound = slot >= 0 && book.orderId(slot) == clOrdIds.orderId(entry);
        if (bound && book.isOpen(slot)) {
            clOrdIds.carryOver(entry, registry.sessions.day[session]);
            return;
        }
        if (bound && book.clOrdEntry(slot) == entry) {
            book.clOrdEntry(slot, ClOrdIdTable.NONE);
        }
        clOrdIds.remove(entry);
    }
}
