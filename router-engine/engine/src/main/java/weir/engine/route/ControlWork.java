package weir.engine.route;

import weir.engine.book.OrderBook;
import weir.engine.journal.Verdict;
import weir.engine.registry.Accounts;
import weir.engine.registry.Registry;
import weir.engine.throttle.VenueLimits;
import weir.protocol.RejectReason;

/** What the pre-trade controls do with an order when its time comes: cancel it, or send it after it waited. */
public final class ControlWork {
    private final Registry registry;
    private final OrderBook book;
    private final Timers timers;
    private final WaitingOrders queues;
    private final OrderLife life;
    private final OrderControls controls;
    private final SelfTrades selfTrades;
    private final VenueDispatch dispatch;
    private final FanOut fanOut;
    private final Verdict verdict;

    /**
     * Works on the core's tables.
     *
     * @param registry   registry
     * @param book       orders
     * @param timers     timers
     * @param queues     venue queues
     * @param life       transitions
     * @param controls   who waits, who is to be cancelled
     * @param selfTrades own orders in the way
     * @param dispatch   sending
     * @param fanOut     cancels on the router's behalf
     * @param verdict    of the call
     */
    public ControlWork(final Registry registry, final OrderBook book, final Timers timers,
        final WaitingOrders queues, final OrderLife life, final OrderControls controls, final SelfTrades selfTrades,
        final VenueDispatch dispatch, final FanOut fanOut, final Verdict verdict) {
        this.registry = registry;
        this.book = book;
        this.timers = timers;
        this.queues = queues;
        this.life = life;
        this.controls = controls;
        this.selfTrades = selfTrades;
        this.dispatch = dispatch;
        this.fanOut = fanOut;
        this.verdict = verdict;
    }

    /**
     * A time of the controls has come, or the deadline of an order that waits. Cancels are gathered; the caller sends
     * them by {@link VenueDispatch#sendGathered}.
     *
     * @param slot order, open
     */
    public void due(final int slot) {
        final long dueNs = timers.controlDueNs(slot);
        if (dueNs > 0 && dueNs <= verdict.nowNs) {
            timers.control(slot, 0);
            if (controls.takeCancel(slot)) {
                cancel(slot);
            } else if (book.waitsForCancels(slot) && !selfTrades.isBlocked(slot)) {
                controls.stopWaiting(slot);
                send(slot);
            }
        }
        if (book.isOpen(slot) && book.waitsForCancels(slot) && book.queueDeadlineNs(slot) <= verdict.nowNs) {
            final long waitedMs = (verdict.nowNs - book.receivedNs(slot)) / 1_000_000;
            if (book.state(slot) == OrderBook.QUEUED) {
                life.close(slot, '8', '8', RejectReason.SELF_TRADE_WAIT.code(), book.venueId(slot), waitedMs);
            } else {
                life.replaceFailed(slot, RejectReason.SELF_TRADE_WAIT.code(), book.venueId(slot), waitedMs, null, 0,
                    0);
            }
        }
        if (book.isOpen(slot)) {
            controls.again(slot);
        }
    }

    private void cancel(final int slot) {
        if (book.state(slot) == OrderBook.QUEUED) {
            life.close(slot, '4', '4', controls.cancelWhy(slot), 0, 0);
        } else {
            fanOut.cancel(slot);
        }
    }

    private void send(final int slot) {
        final int account = book.account(slot);
        final boolean up = registry.accounts.isReached(account);
        if (book.state(slot) != OrderBook.QUEUED) {
            if (registry.accounts.state[account] == Accounts.UP) {
                dispatch.sendOrQueueReplace(slot);
            } else {
                dispatch.queue(slot, verdict.nowNs);
            }
            return;
        }
        final long passNs = up ? dispatch.passNs(account, book.instrument(slot), VenueLimits.NEW) : verdict.nowNs;
        if (passNs == 0) {
            dispatch.sendNew(slot);
        } else if (queues.hasRoom(book.venueId(slot), account, book.tenant(slot))) {
            dispatch.queue(slot, passNs);
        } else {
            life.close(slot, '8', '8', RejectReason.VENUE_QUEUE_FULL.code(),
                registry.venues.queueCapacity[book.venueId(slot)], 0);
        }
    }
}
