package weir.engine.ingress;

import org.agrona.DirectBuffer;
import weir.engine.admission.OrderShape;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.book.TimerHeap;
import weir.engine.egress.ClientAnswers;
import weir.engine.egress.ClientReports;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Registry;
import weir.engine.route.FanOut;
import weir.engine.route.OrderLife;
import weir.engine.route.Timers;
import weir.engine.route.VenueDispatch;
import weir.engine.throttle.RateClasses;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.ScheduleStartDecoder;
import weir.protocol.sbe.ScheduleStopDecoder;
import weir.protocol.sbe.SessionConnectedDecoder;
import weir.protocol.sbe.SessionDisconnectedDecoder;

/** Client commands other than D and G: F, H, q, session events and execution schedules. */
public final class SessionCommands {
    private static final int MAY_STATUS = 1 << 3;
    private static final int MAY_MASS_CANCEL = 1 << 4;
    private static final int SESSION_SYMBOL = 1;
    private static final int SESSION = 7;
    private static final int TENANT = 9;
    private static final int ON_DISCONNECT = 1;
    private static final int ON_LOGOUT = 2;
    /** ScheduleIds are of their tenant. */
    private static final int IDS_PER_TENANT_SINCE = 3;

    private final Registry registry;
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final RateClasses rates;
    private final Quotas quotas;
    private final Ledger ledger;
    private final Charges charges;
    private final Schedules schedules;
    private final OrderQuestions questions;
    private final OrderLife life;
    private final VenueDispatch dispatch;
    private final FanOut fanOut;
    private final Timers timers;
    private final ClientReports reports;
    private final ClientAnswers answers;
    private final Verdict verdict;
    private int session;
    private int tenant;

    /**
     * Works on the core's tables.
     *
     * @param registry  registry
     * @param book      orders
     * @param clOrdIds  ClOrdIDs
     * @param rates     rate classes
     * @param quotas    period quotas
     * @param ledger    money
     * @param charges   request charges
     * @param schedules execution schedules
     * @param questions order status
     * @param life      transitions
     * @param dispatch  sending
     * @param fanOut    jobs
     * @param timers    timers
     * @param reports   execution reports
     * @param answers   other answers
     * @param verdict   of the call
     */
    public SessionCommands(final Registry registry, final OrderBook book, final ClOrdIdTable clOrdIds,
        final RateClasses rates, final Quotas quotas, final Ledger ledger, final Charges charges,
        final Schedules schedules, final OrderQuestions questions, final OrderLife life,
        final VenueDispatch dispatch, final FanOut fanOut, final Timers timers, final ClientReports reports,
        final ClientAnswers answers, final Verdict verdict) {
        this.registry = registry;
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.rates = rates;
        this.quotas = quotas;
        this.ledger = ledger;
        this.charges = charges;
        this.schedules = schedules;
        this.questions = questions;
        this.life = life;
        this.dispatch = dispatch;
        this.fanOut = fanOut;
        this.timers = timers;
        this.reports = reports;
        this.answers = answers;
        this.verdict = verdict;
    }

    /**
     * OrderCancelRequest(F): free, and refused only for an unknown or final order or one already pending cancel.
     *
     * @param d wrapped decoder
     */
    public void onCancel(final CancelOrderDecoder d) {
        final DirectBuffer buffer = d.buffer();
        final int id = d.offset() + CancelOrderDecoder.clOrdIdEncodingOffset();
        final int orig = d.offset() + CancelOrderDecoder.origClOrdIdEncodingOffset();
        if (!identify(d.sessionId())) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            cancelRefused(d, -1, id, orig);
            return;
        }
        final boolean idIsValid = OrderShape.idIsValid(buffer, id);
        final int known = idIsValid ? questions.entry(session, buffer, id) : ClOrdIdTable.NONE;
        if (known >= 0 && buffer.getByte(d.offset() + CancelOrderDecoder.messageFlagsEncodingOffset()) != 0) {
            verdict.flags |= Verdict.DUPLICATE;
            questions.answer(session, known, buffer, id, d.msgSeqNum());
            return;
        }
        rates.count(session, tenant, verdict.nowNs);
        final int slot = questions.find(session, buffer, orig, d.orderId());
        if (slot < 0) {
            verdict.reason = questions.closedEntry(session, buffer, orig) ? RejectReason.ORDER_FINAL.code()
                : RejectReason.UNKNOWN_ORDER.code();
        } else if (!book.isOpen(slot)) {
            verdict.reason = RejectReason.ORDER_FINAL.code();
        } else if (book.cancelPhase(slot) != OrderBook.NONE && book.cancelByClient(slot)) {
            verdict.reason = RejectReason.CANCEL_PENDING.code();
        } else if (!idIsValid) {
            verdict.reason = RejectReason.CLORDID_INVALID.code();
        }
        if (slot >= 0) {
            life.about(slot);
        }
        if (verdict.reason != 0) {
            cancelRefused(d, slot, id, orig);
            return;
        }
        cancel(slot, buffer, id, d.msgSeqNum());
    }

    /**
     * OrderStatusRequest(H).
     *
     * @param d wrapped decoder
     */
    public void onStatus(final OrderStatusRequestDecoder d) {
        final DirectBuffer buffer = d.buffer();
        final int id = d.offset() + OrderStatusRequestDecoder.clOrdIdEncodingOffset();
        if (!identify(d.sessionId())) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            answers.refused(d.sessionId(), -1, d.msgSeqNum(), 'H', buffer, id);
            return;
        }
        charges.begin();
        final int entry = clOrdIds.find(session, buffer, id);
        final int slot = questions.find(session, buffer, id, d.orderId());
        if (charges.settle(session, tenant, statusChecks(entry, slot)) != 0) {
            answers.refused(d.sessionId(), tenant, d.msgSeqNum(), 'H', buffer, id);
        } else if (slot >= 0) {
            questions.answerSlot(slot, d.msgSeqNum());
        } else {
            questions.answer(session, entry, buffer, id, d.msgSeqNum());
        }
    }

    /**
     * OrderMassCancelRequest(q). Money never stops it: uncovered, it is done and not charged.
     *
     * @param d wrapped decoder
     */
    public void onMassCancel(final MassCancelDecoder d) {
        final DirectBuffer buffer = d.buffer();
        final int id = d.offset() + MassCancelDecoder.clOrdIdEncodingOffset();
        final int symbol = d.offset() + MassCancelDecoder.symbolEncodingOffset();
        final int scope = d.scopeRaw();
        if (!identify(d.sessionId())) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            answers.massCancel(d.sessionId(), -1, d.msgSeqNum(), verdict.reason, buffer, id, symbol, scope, 0);
            return;
        }
        rates.count(session, tenant, verdict.nowNs);
        charges.begin();
        final int instrument = scope == SESSION_SYMBOL ? registry.instruments.slotOf(buffer, symbol) : -1;
        final int decided = massCancelChecks(scope, instrument);
        if (quotas.check(verdict, tenant, Quotas.REQUESTS) == 0) {
            charges.passedQuota();
        }
        verdict.reason = decided;
        charges.settle(session, tenant, decided);
        int affected = 0;
        if (decided == 0) {
            affected = count(scope, instrument);
            fanOut.add(scope == TENANT ? FanOut.CANCEL_TENANT : FanOut.CANCEL_SESSION,
                scope == TENANT ? tenant : session, instrument);
            verdict.flags |= Verdict.ADMITTED;
        }
        answers.massCancel(d.sessionId(), tenant, d.msgSeqNum(), decided, buffer, id, symbol, scope, affected);
    }

    /**
     * A session logged on.
     *
     * @param d wrapped decoder
     */
    public void onConnected(final SessionConnectedDecoder d) {
        if (!identify(d.sessionId()) || registry.tenants.index.idOf(tenant) != d.tenantId()) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            answers.refused(d.sessionId(), -1, d.msgSeqNum(), 'A', null, 0);
            return;
        }
        registry.sessions.connected[session] = true;
        if (d.resetSeqNumRaw() == 1) {
            registry.sessions.lastMsgSeqNum[session] = d.msgSeqNum();
        }
        timers.session(session, TimerHeap.NEVER);
        verdict.flags |= Verdict.STATE_CHANGE;
    }

    /**
     * A session ended.
     *
     * @param d wrapped decoder
     */
    public void onDisconnected(final SessionDisconnectedDecoder d) {
        if (!identify(d.sessionId())) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            return;
        }
        registry.sessions.connected[session] = false;
        verdict.flags |= Verdict.STATE_CHANGE;
        final int mode = registry.sessions.cancelOnDisconnect[session];
        final int cause = d.causeRaw();
        final boolean cancels = cause == 0 ? (mode & ON_LOGOUT) != 0 : cause != 2 && (mode & ON_DISCONNECT) != 0;
        if (cancels && registry.sessions.openOrders[session] > 0) {
            timers.session(session, verdict.nowNs + registry.sessions.graceNs[session]);
        }
    }

    /**
     * An execution schedule starts.
     *
     * @param d wrapped decoder
     */
    public void onScheduleStart(final ScheduleStartDecoder d) {
        final boolean known = identify(d.sessionId()) && registry.tenants.index.idOf(tenant) == d.tenantId();
        final boolean goesOn = registry.rulesVersion < IDS_PER_TENANT_SINCE && schedules.isTaken(d.scheduleId());
        if (!known || !goesOn && !schedules.start(d.scheduleId(), tenant, verdict.nowNs)) {
            verdict.reason = known ? RejectReason.GATEWAY_BUSY.code() : RejectReason.UNKNOWN_TARGET.code();
            answers.refused(d.sessionId(), known ? tenant : -1, d.msgSeqNum(), (char) 0, null, 0);
            return;
        }
        verdict.flags |= Verdict.STATE_CHANGE;
    }

    /**
     * An execution schedule stops: its time is charged.
     *
     * @param d wrapped decoder
     */
    public void onScheduleStop(final ScheduleStopDecoder d) {
        final boolean known = identify(d.sessionId());
        if (!known || !schedules.isActive(d.scheduleId(), tenant)) {
            verdict.reason = RejectReason.UNKNOWN_TARGET.code();
            answers.refused(d.sessionId(), session < 0 ? -1 : tenant, d.msgSeqNum(), (char) 0, null, 0);
            return;
        }
        ledger.compute(verdict, tenant, schedules.stop(d.scheduleId(), tenant, verdict.nowNs));
        verdict.flags |= Verdict.STATE_CHANGE;
    }

    /**
     * The grace after a disconnect is over.
     *
     * @param slot session slot
     */
    public void onGraceOver(final int slot) {
        if (!registry.sessions.connected[slot] && registry.sessions.openOrders[slot] > 0) {
            fanOut.add(FanOut.CANCEL_SESSION, slot, -1);
        }
    }

    private boolean identify(final int sessionId) {
        session = registry.sessions.slotOf(sessionId);
        verdict.sessionId = sessionId;
        if (session < 0) {
            tenant = -1;
            return false;
        }
        tenant = registry.sessions.tenant[session];
        verdict.tenantId = registry.tenants.index.idOf(tenant);
        return true;
    }

    private void cancel(final int slot, final DirectBuffer buffer, final int id, final int seqNum) {
        verdict.flags |= Verdict.ADMITTED | Verdict.STATE_CHANGE;
        book.putId(slot, OrderBook.CANCEL, buffer, id);
        book.cancelSeqNum(slot, seqNum);
        book.cancelByClient(slot, true);
        life.bind(slot, buffer, id);
        if (book.state(slot) == OrderBook.QUEUED) {
            book.cancelPhase(slot, OrderBook.HELD);
            life.close(slot, '4', '4', 0, 0, 0);
            return;
        }
        if (book.replacePhase(slot) == OrderBook.HELD) {
            life.replaceFailed(slot, RejectReason.CANCEL_PENDING.code(), 0, 0, null, 0, 0);
        }
        if (book.cancelPhase(slot) == OrderBook.NONE) {
            dispatch.sendOrHoldCancel(slot);
        }
        reports.order(slot, '6', OrderBook.CANCEL, OrderBook.CURRENT, seqNum, 0, 0, 0);
    }

    private void cancelRefused(final CancelOrderDecoder d, final int slot, final int id, final int orig) {
        answers.cancelRefused(d.sessionId(), tenant, d.msgSeqNum(), verdict.reason, 0, 0,
            slot < 0 ? 0 : book.orderId(slot), slot < 0 ? (byte) '8' : book.ordStatus(slot),
            ClientAnswers.TO_CANCEL, d.buffer(), id, d.buffer(), orig, null, 0, 0);
    }

    private int statusChecks(final int entry, final int slot) {
        if (!registry.sessions.connected[session]) {
            return verdict.refuse(RejectReason.SESSION_NOT_CONNECTED.code(), 0, 0);
        }
        final int permissions = registry.sessions.permissions[session] & registry.tenants.permissions[tenant];
        if ((permissions & MAY_STATUS) == 0) {
            return verdict.refuse(RejectReason.PERMISSION_DENIED.code(), permissions, MAY_STATUS);
        }
        if (rates.tryTake(verdict, session, tenant, RateClasses.STATUS) != 0
            || quotas.check(verdict, tenant, Quotas.REQUESTS) != 0) {
            return verdict.reason;
        }
        charges.passedQuota();
        if (ledger.check(verdict, tenant, false) != 0) {
            return verdict.reason;
        }
        return entry < 0 && slot < 0 ? verdict.refuse(RejectReason.UNKNOWN_ORDER.code(), 0, 0) : 0;
    }

    private int massCancelChecks(final int scope, final int instrument) {
        if (scope != SESSION_SYMBOL && scope != SESSION && scope != TENANT) {
            return verdict.refuse(RejectReason.UNSUPPORTED_MESSAGE.code(), scope, 0);
        }
        final int permissions = registry.sessions.permissions[session] & registry.tenants.permissions[tenant];
        if ((permissions & MAY_MASS_CANCEL) == 0) {
            return verdict.refuse(RejectReason.PERMISSION_DENIED.code(), permissions, MAY_MASS_CANCEL);
        }
        return scope == SESSION_SYMBOL && instrument < 0
            ? verdict.refuse(RejectReason.UNKNOWN_SYMBOL.code(), 0, 0) : 0;
    }

    private int count(final int scope, final int instrument) {
        if (scope == TENANT) {
            return registry.tenants.openOrders[tenant];
        }
        if (scope == SESSION) {
            return registry.sessions.openOrders[session];
        }
        int left = registry.sessions.openOrders[session];
        int orders = 0;
        for (int i = 0; left > 0 && i < book.highWater(); i++) {
            if (book.isOpen(i) && book.session(i) == session) {
                left--;
                orders += book.instrument(i) == instrument ? 1 : 0;
            }
        }
        return orders;
    }
}
