package weir.engine.route;

import org.agrona.DirectBuffer;
import weir.engine.admission.OrderRequest;
import weir.engine.admission.OrderTerms;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.egress.ClientAnswers;
import weir.engine.egress.ClientReports;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.registry.Registry;
import weir.engine.throttle.VenueLimits;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

/** Transitions of an order, each with its report, its money and its counts. */
public final class OrderLife {
    /** Rules from which an order is asked for until a request that is out has its end. */
    private static final int ASKS_FOR_REQUESTS_SINCE = 3;

    private final Registry registry;
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final Ledger ledger;
    private final VenueLimits limits;
    private final Timers timers;
    private final WaitingOrders waiting;
    private final OrderControls controls;
    private final ClientReports reports;
    private final ClientAnswers answers;
    private final Verdict verdict;

    /**
     * Works on the core's tables.
     *
     * @param registry registry
     * @param book     orders
     * @param clOrdIds ClOrdIDs of the session day
     * @param ledger   money
     * @param limits   venue limits
     * @param timers   timers
     * @param waiting  queues
     * @param controls pre-trade controls
     * @param reports  execution reports
     * @param answers  other answers
     * @param verdict  of the call
     */
    public OrderLife(final Registry registry, final OrderBook book, final ClOrdIdTable clOrdIds,
        final Ledger ledger, final VenueLimits limits, final Timers timers, final WaitingOrders waiting,
        final OrderControls controls, final ClientReports reports, final ClientAnswers answers,
        final Verdict verdict) {
        this.registry = registry;
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.ledger = ledger;
        this.limits = limits;
        this.timers = timers;
        this.waiting = waiting;
        this.controls = controls;
        this.reports = reports;
        this.answers = answers;
        this.verdict = verdict;
    }

    /**
     * Notes the order in the record, unless it names one already.
     *
     * @param slot order
     */
    public void about(final int slot) {
        if (verdict.orderId == 0) {
            verdict.orderId = book.orderId(slot);
            verdict.tenantId = registry.tenants.index.idOf(book.tenant(slot));
            verdict.sessionId = registry.sessions.index.idOf(book.session(slot));
            verdict.accountId = registry.accounts.index.idOf(book.account(slot));
            verdict.instrumentId = registry.instruments.index.idOf(book.instrument(slot));
        }
    }

    /**
     * Opens an admitted order: slot, ClOrdID, reserve. The caller sends or queues it. The record is about it, unless it
     * names an order already; whose and what it is the checks have noted.
     *
     * @param r          request, whose ClOrdID the session has not used today and has room for
     * @param session    session slot
     * @param terms      terms in force
     * @param account    account slot
     * @return slot
     */
    public int open(final OrderRequest r, final int session, final OrderTerms terms, final int account) {
        final int instrument = terms.instrument;
        final int evictee = book.evictee();
        if (evictee >= 0) {
            book.evict(evictee);
        }
        final int tenant = registry.sessions.tenant[session];
        final int slot = book.claim(verdict.sequence);
        timers.clear(slot);
        book.session(slot, session);
        book.tenant(slot, tenant);
        book.account(slot, account);
        book.instrument(slot, instrument);
        book.venueId(slot, registry.instruments.venueId[instrument]);
        book.side(slot, (byte) r.side);
        book.ordType(slot, (byte) r.ordType);
        book.timeInForce(slot, (byte) r.timeInForce);
        book.execInst(slot, (byte) r.execInst);
        book.selfTradePrevention(slot, r.selfTradePrevention != 0 ? (byte) r.selfTradePrevention
            : registry.accounts.selfTradePrevention[account]);
        book.strategyId(slot, r.strategyId);
        book.refMsgSeqNum(slot, r.msgSeqNum);
        book.orderQty(slot, r.orderQty);
        book.price(slot, r.price);
        book.stopPx(slot, r.stopPx);
        book.cashQty(slot, r.cashQty);
        book.expireNs(slot, r.expireNs);
        book.receivedNs(slot, r.receivedNs);
        final int entry = clOrdIds.add(session, registry.sessions.day[session], r.buffer, r.clOrdId);
        enter(slot, entry);
        book.putId(slot, clOrdIds, entry);
        book.reserveMicros(slot, ledger.reserve(verdict, tenant));
        registry.sessions.openOrders[session]++;
        registry.tenants.openOrders[tenant]++;
        book.state(slot, OrderBook.QUEUED);
        controls.opened(slot, tenant, r.met, terms.row);
        verdict.flags |= Verdict.ADMITTED;
        if (verdict.orderId == 0) {
            verdict.orderId = verdict.sequence;
        }
        return slot;
    }

    /**
     * Enters a ClOrdID of an order into the session day's table, if there is room.
     *
     * @param slot   order
     * @param buffer with the id
     * @param offset of it
     */
    public void bind(final int slot, final DirectBuffer buffer, final int offset) {
        final int session = book.session(slot);
        if (clOrdIds.find(session, buffer, offset) == ClOrdIdTable.NONE) {
            final int entry = clOrdIds.add(session, registry.sessions.day[session], buffer, offset, registry.sharers());
            if (entry >= 0) {
                enter(slot, entry);
            }
        }
    }

    private void enter(final int slot, final int entry) {
        clOrdIds.orderId(entry, book.orderId(slot));
        clOrdIds.orderSlot(entry, slot);
        clOrdIds.previous(entry, book.clOrdEntry(slot));
        book.addClOrdEntry(slot, entry);
    }

    /**
     * First evidence that the order is at the venue: order_sent is charged once.
     *
     * @param slot order
     */
    public void chargeSent(final int slot) {
        if (!book.sentCharged(slot)) {
            book.sentCharged(slot, true);
            final int tenant = book.tenant(slot);
            book.reserveMicros(slot, book.reserveMicros(slot) - ledger.sent(verdict, tenant, book.reserveMicros(slot)));
            verdict.flags |= Verdict.FIRST_WIRE;
        }
    }

    /**
     * The venue acknowledged the order.
     *
     * @param slot order, open
     */
    public void acknowledge(final int slot) {
        book.state(slot, OrderBook.WORKING);
        book.answerDueNs(slot, requestIsOut(slot) ? book.answerDueNs(slot) : 0);
        if (!requestIsOut(slot) || book.answerDueNs(slot) != 0 || registry.rulesVersion < ASKS_FOR_REQUESTS_SINCE) {
            stopAsking(slot);
        } // else the order was UNKNOWN: the cancel or replace that is out has no other end than the venue's answer
        controls.worked(slot);
        verdict.flags |= Verdict.STATE_CHANGE;
        if (!book.acknowledged(slot)) {
            book.acknowledged(slot, true);
            reports.order(slot, '0', OrderBook.CURRENT, ClientReports.BLANK, 0, 0, 0, 0);
        }
        timers.arm(slot);
    }

    /**
     * A new execution. The caller has set the report's fill fields.
     *
     * @param slot order, open or closed
     * @param qty  LastQty(32)
     * @param px   LastPx(31)
     * @param venueDone the venue says the order is filled: decides for a cash order, and while a replace is with the
     *                  venue, as either quantity may be in force there
     */
    public void fill(final int slot, final long qty, final long px, final boolean venueDone) {
        final boolean late = book.state(slot) == OrderBook.FINAL;
        book.fill(slot, qty, px);
        controls.filled(slot, qty, px);
        book.acknowledged(slot, true);
        final boolean full = book.orderQty(slot) != Scale.NULL && book.replacePhase(slot) != OrderBook.OUT
            ? book.cumQty(slot) >= book.orderQty(slot) : venueDone;
        verdict.flags |= Verdict.NEW_EXECUTION | Verdict.STATE_CHANGE;
        final long taken = ledger.filled(verdict, book.tenant(slot), book.fills(slot) == 1,
            book.reserveMicros(slot));
        book.reserveMicros(slot, book.reserveMicros(slot) - taken);
        if (late) {
            if (full) {
                book.finalStatus(slot, '2');
            }
            remember(slot);
            reports.order(slot, 'F', OrderBook.CURRENT, ClientReports.BLANK, 0, 0, 0, 0);
        } else if (full) {
            close(slot, '2', 'F', 0, 0, 0);
        } else {
            book.state(slot, OrderBook.WORKING);
            book.answerDueNs(slot, requestIsOut(slot) ? book.answerDueNs(slot) : 0);
            reports.order(slot, 'F', OrderBook.CURRENT, ClientReports.BLANK, 0, 0, 0, 0);
            timers.arm(slot);
        }
    }

    /**
     * The venue replaced the order.
     *
     * @param slot order with a pending replace
     */
    public void replaced(final int slot) {
        book.replacePhase(slot, OrderBook.NONE);
        final long old = book.venueIdLow(slot);
        if (book.replaceIdLow(slot) != 0) {
            book.venueIdLow(slot, book.replaceIdLow(slot));
            if (old != book.firstIdLow(slot)) {
                book.forget(slot, old);
            }
            book.replaceIdLow(slot, 0);
        }
        applyNewValues(slot);
        controls.replaced(slot);
        final boolean full = book.cumQty(slot) >= book.orderQty(slot);
        if (book.replacedByRouter(slot)) {
            book.replacedByRouter(slot, false);
            reports.order(slot, 'D', OrderBook.CURRENT, ClientReports.BLANK, 0, RejectReason.SELF_TRADE.code(), 0, 0);
        } else {
            book.promote(slot, OrderBook.REPLACE);
            if (!full) {
                book.refMsgSeqNum(slot, book.replaceSeqNum(slot));
            }
            reports.order(slot, '5', OrderBook.CURRENT, OrderBook.PREVIOUS, book.replaceSeqNum(slot), 0, 0, 0);
        }
        if (full) {
            close(slot, '2', 'I', 0, 0, 0);
            return;
        }
        verdict.flags |= Verdict.STATE_CHANGE;
        book.answerDueNs(slot, requestIsOut(slot) || !book.acknowledged(slot) ? book.answerDueNs(slot) : 0);
        timers.arm(slot);
    }

    /**
     * A pending replace failed; the order stands as it was.
     *
     * @param slot     order
     * @param reason   RejectReason code
     * @param a        first number
     * @param b        second number
     * @param textFrom buffer with the venue's text, or null
     * @param textAt   of it
     * @param textLen  of it
     */
    public void replaceFailed(final int slot, final int reason, final long a, final long b,
        final DirectBuffer textFrom, final int textAt, final int textLen) {
        waiting.dequeue(slot);
        controls.stopWaiting(slot);
        book.replacePhase(slot, OrderBook.NONE);
        controls.changed(slot);
        book.forget(slot, book.replaceIdLow(slot));
        book.replaceIdLow(slot, 0);
        book.answerDueNs(slot, requestIsOut(slot) || !book.acknowledged(slot) ? book.answerDueNs(slot) : 0);
        verdict.flags |= Verdict.STATE_CHANGE;
        if (book.replacedByRouter(slot)) {
            book.replacedByRouter(slot, false);
        } else {
            answers.requestRefused(slot, OrderBook.REPLACE, reason, a, b, textFrom, textAt, textLen);
        }
        if (book.cumQty(slot) >= book.orderQty(slot)) {
            close(slot, '2', 'I', 0, 0, 0);
            return;
        }
        timers.arm(slot);
    }

    /**
     * A pending cancel failed; the order stands as it was.
     *
     * @param slot     order
     * @param reason   RejectReason code
     * @param a        first number
     * @param b        second number
     * @param textFrom buffer with the venue's text, or null
     * @param textAt   of it
     * @param textLen  of it
     */
    public void cancelFailed(final int slot, final int reason, final long a, final long b,
        final DirectBuffer textFrom, final int textAt, final int textLen) {
        waiting.leaveLane(slot);
        book.cancelPhase(slot, OrderBook.NONE);
        book.forget(slot, book.cancelIdLow(slot));
        book.cancelIdLow(slot, 0);
        controls.cancelFailed(slot);
        book.answerDueNs(slot, requestIsOut(slot) || !book.acknowledged(slot) ? book.answerDueNs(slot) : 0);
        verdict.flags |= Verdict.STATE_CHANGE;
        if (book.cancelByClient(slot)) {
            answers.requestRefused(slot, OrderBook.CANCEL, reason, a, b, textFrom, textAt, textLen);
        }
        timers.arm(slot);
    }

    /**
     * The order left, or may have left, and no answer came.
     *
     * @param slot order, open and not QUEUED
     */
    public void markUnknown(final int slot) {
        book.answerDueNs(slot, 0);
        if (book.state(slot) != OrderBook.UNKNOWN) {
            book.state(slot, OrderBook.UNKNOWN);
            verdict.flags |= Verdict.STATE_CHANGE;
            reports.unknown();
            reports.order(slot, 'I', OrderBook.CURRENT, ClientReports.BLANK, 0,
                RejectReason.ORDER_UNKNOWN_STATE.code(), 0, 0);
        }
        startAsking(slot);
    }

    /**
     * The venue is to be asked for the order, from now on until it answers.
     *
     * @param slot order, open and not QUEUED
     */
    public void startAsking(final int slot) {
        if (book.askingSinceNs(slot) == 0) {
            book.askingSinceNs(slot, verdict.nowNs);
            book.asks(slot, 0);
        }
        book.askDueNs(slot, verdict.nowNs);
        timers.arm(slot);
    }

    /**
     * Nothing is to be asked any more.
     *
     * @param slot order
     */
    public void stopAsking(final int slot) {
        book.askingSinceNs(slot, 0);
        book.askDueNs(slot, 0);
    }

    /**
     * Ends an order: reserve, counts, timers, queues, pending requests, report.
     *
     * @param slot     order, open
     * @param status   final OrdStatus(39)
     * @param execType ExecType(150) of the final report
     * @param reason   RejectReason code
     * @param a        first number
     * @param b        second number
     */
    public void close(final int slot, final char status, final char execType, final int reason, final long a,
        final long b) {
        final int tenant = book.tenant(slot);
        waiting.dequeue(slot);
        waiting.leaveLane(slot);
        timers.clear(slot);
        book.askingSinceNs(slot, 0);
        ledger.release(verdict, tenant, book.reserveMicros(slot));
        book.reserveMicros(slot, 0);
        registry.sessions.openOrders[book.session(slot)]--;
        registry.tenants.openOrders[tenant]--;
        if (book.countedAtVenue(slot) && limits.onClosed(book.venueId(slot), book.account(slot),
            book.instrument(slot), verdict.nowNs)) {
            timers.venue(book.venueId(slot), verdict.nowNs);
        }
        book.close(slot, (byte) status, reason);
        remember(slot);
        verdict.flags |= Verdict.FINAL_STATE;
        final boolean cancelPending = book.cancelPhase(slot) != OrderBook.NONE && book.cancelByClient(slot);
        final boolean replacePending = book.replacePhase(slot) != OrderBook.NONE && !book.replacedByRouter(slot);
        final boolean byCancel = cancelPending && status == '4';
        book.cancelPhase(slot, OrderBook.NONE);
        book.replacePhase(slot, OrderBook.NONE);
        if (byCancel) {
            book.promote(slot, OrderBook.CANCEL);
            reports.order(slot, execType, OrderBook.CURRENT, OrderBook.PREVIOUS, book.cancelSeqNum(slot), reason,
                a, b);
        } else {
            reports.order(slot, execType, OrderBook.CURRENT, ClientReports.BLANK,
                status == '8' ? book.refMsgSeqNum(slot) : 0, reason, a, b);
        }
        if (replacePending) {
            answers.requestRefused(slot, OrderBook.REPLACE, RejectReason.ORDER_FINAL.code(), 0, 0, null, 0, 0);
        }
        if (cancelPending && !byCancel) {
            answers.requestRefused(slot, OrderBook.CANCEL, RejectReason.ORDER_FINAL.code(), 0, 0, null, 0, 0);
        }
        controls.closed(slot);
    }

    /**
     * Puts the values of a replace in force.
     *
     * @param slot order
     */
    public void applyNewValues(final int slot) {
        book.orderQty(slot, book.newQty(slot));
        book.price(slot, book.newPrice(slot));
        book.stopPx(slot, book.newStopPx(slot));
        book.timeInForce(slot, book.newTimeInForce(slot));
    }

    /** Is a cancel or replace with the venue? */
    private boolean requestIsOut(final int slot) {
        return book.cancelPhase(slot) == OrderBook.OUT || book.replacePhase(slot) == OrderBook.OUT;
    }

    /**
     * Keeps the final state of a closed order with its ClOrdIDs, which outlive its slot. Of one that has only one,
     * whose entry is its own while it names it, nothing is read that would have to come from memory.
     */
    private void remember(final int slot) {
        int entry = book.clOrdEntry(slot);
        while (entry >= 0) {
            clOrdIds.orderQty(entry, book.orderQty(slot));
            clOrdIds.cumQty(entry, book.cumQty(slot));
            clOrdIds.avgPx(entry, book.avgPx(slot));
            clOrdIds.instrument(entry, book.instrument(slot));
            clOrdIds.reason(entry, book.reason(slot));
            clOrdIds.ordStatus(entry, book.finalStatus(slot));
            clOrdIds.side(entry, book.side(slot));
            clOrdIds.ordType(entry, book.ordType(slot));
            clOrdIds.timeInForce(entry, book.timeInForce(slot));
            if (book.hasOneClOrdId(slot)) {
                return;
            }
            entry = clOrdIds.previous(entry);
            if (entry >= 0 && clOrdIds.orderId(entry) != book.orderId(slot)) {
                return;
            }
        }
    }
}
