package weir.engine.ingress;

import org.agrona.DirectBuffer;
import weir.engine.admission.OrderRequest;
import weir.engine.admission.OrderShape;
import weir.engine.admission.OrderTerms;
import weir.engine.admission.RiskChecks;
import weir.engine.admission.StateChecks;
import weir.engine.admission.TermsTable;
import weir.engine.admission.TradingChecks;
import weir.engine.book.ClOrdIdTable;
import weir.engine.book.OrderBook;
import weir.engine.egress.ClientAnswers;
import weir.engine.egress.ClientReports;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.Quotas;
import weir.engine.registry.Accounts;
import weir.engine.registry.Registry;
import weir.engine.route.LookAhead;
import weir.engine.route.OrderControls;
import weir.engine.route.OrderLife;
import weir.engine.route.SelfTrades;
import weir.engine.route.VenueDispatch;
import weir.engine.route.WaitingOrders;
import weir.engine.throttle.RateClasses;
import weir.engine.throttle.VenueLimits;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

/** NewOrderSingle(D) and OrderCancelReplaceRequest(G): the checks in their order, then admission. */
public final class ClientCommands {
    /** Since this schema version an order that cannot pass before its deadline is refused at once, with the time. */
    private static final int EARLIEST_TIME_SINCE = 3;
    private static final int MAY_NEW = 1;
    private static final int MAY_REPLACE = 1 << 1;
    private static final int CAN_REPLACE = 1;
    private static final int NEW_ORDER = -1;
    /** Cancels of own orders in the way are waited for so long, unless the venue or the order says otherwise. */
    private static final long CANCELS_WITHIN_NS = 2_000_000_000L;

    private final Registry registry;
    private final OrderBook book;
    private final ClOrdIdTable clOrdIds;
    private final StateChecks states;
    private final RiskChecks risk;
    private final TradingChecks checks;
    private final SelfTrades selfTrades;
    private final TermsTable termsTable;
    private final OrderControls controls;
    private final RateClasses rates;
    private final Quotas quotas;
    private final Ledger ledger;
    private final VenueLimits limits;
    private final WaitingOrders waiting;
    private final OrderLife life;
    private final VenueDispatch dispatch;
    private final Charges charges;
    private final OrderQuestions questions;
    private final ClientReports reports;
    private final ClientAnswers answers;
    private final Verdict verdict;
    private final LookAhead ahead;
    private final OrderRequest request = new OrderRequest();
    private int session;
    private int tenant;
    private int instrument;
    private int account;
    private OrderTerms terms;
    private long passNs;

    /**
     * Works on the core's tables.
     *
     * @param registry  registry
     * @param book      orders
     * @param clOrdIds  ClOrdIDs of the session day
     * @param states    state checks
     * @param risk      risk checks
     * @param checks    controls of the tenant
     * @param selfTrades self-trade prevention
     * @param termsTable terms of sessions and symbols
     * @param controls  what the controls know of orders
     * @param rates     rate classes
     * @param quotas    period quotas
     * @param ledger    money
     * @param limits    venue limits
     * @param waiting   queues
     * @param life      transitions
     * @param dispatch  sending
     * @param charges   request charges
     * @param questions order status
     * @param reports   execution reports
     * @param answers   other answers
     * @param verdict   of the call
     * @param ahead     reads ahead
     */
    public ClientCommands(final Registry registry, final OrderBook book, final ClOrdIdTable clOrdIds,
        final StateChecks states, final RiskChecks risk, final TradingChecks checks, final SelfTrades selfTrades,
        final TermsTable termsTable, final OrderControls controls, final RateClasses rates, final Quotas quotas,
        final Ledger ledger, final VenueLimits limits, final WaitingOrders waiting, final OrderLife life,
        final VenueDispatch dispatch, final Charges charges, final OrderQuestions questions,
        final ClientReports reports, final ClientAnswers answers, final Verdict verdict, final LookAhead ahead) {
        this.registry = registry;
        this.book = book;
        this.clOrdIds = clOrdIds;
        this.states = states;
        this.risk = risk;
        this.checks = checks;
        this.selfTrades = selfTrades;
        this.termsTable = termsTable;
        this.controls = controls;
        this.rates = rates;
        this.quotas = quotas;
        this.ledger = ledger;
        this.limits = limits;
        this.waiting = waiting;
        this.life = life;
        this.dispatch = dispatch;
        this.charges = charges;
        this.questions = questions;
        this.reports = reports;
        this.answers = answers;
        this.verdict = verdict;
        this.ahead = ahead;
    }

    /**
     * Request to fill before {@link #onNewOrder} or {@link #onReplace}.
     *
     * @return flyweight
     */
    public OrderRequest request() {
        return request;
    }

    /**
     * NewOrderSingle(D).
     *
     * @param sender session slot, -1 = unknown
     */
    public void onNewOrder(final int sender) {
        if (sender >= 0) {
            ahead.newOrder(sender, termsTable.likely(sender, request.buffer, request.symbol), request.buffer,
                request.clOrdId);
        }
        if (!identify(sender)) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            reports.refused(request, -1);
            return;
        }
        if (termsTable.found() && terms.account >= 0) {
            ahead.newOrder(terms);
        }
        final boolean idIsValid = OrderShape.idIsValid(request.buffer, request.clOrdId);
        final int known = idIsValid ? liveEntry(request.buffer, request.clOrdId) : ClOrdIdTable.NONE;
        if (request.possible && known >= 0) {
            verdict.flags |= Verdict.DUPLICATE;
            questions.answer(session, known, request.buffer, request.clOrdId, request.msgSeqNum);
            return;
        }
        final boolean shapely = refuse(OrderShape.check(request, idIsValid, verdict.nowNs)) == 0;
        charges.begin();
        final int reason = shapely ? newOrderChecks(known) : verdict.reason;
        if (charges.settle(session, tenant, reason) == 0) {
            admit();
            return;
        }
        if (shapely && known < 0 && verdict.reason != RejectReason.CLORDID_TABLE_FULL.code()) {
            rememberRefusal((byte) '8');
        }
        reports.refused(request, tenant);
        controls.rejected(tenant, session, request.strategyId, verdict.reason);
    }

    /**
     * OrderCancelReplaceRequest(G).
     *
     * @param sender session slot, -1 = unknown
     */
    public void onReplace(final int sender) {
        if (!identify(sender)) {
            verdict.reason = RejectReason.SESSION_UNKNOWN.code();
            replaceRefused(-1);
            return;
        }
        final boolean idIsValid = OrderShape.idIsValid(request.buffer, request.clOrdId);
        final int known = idIsValid ? liveEntry(request.buffer, request.clOrdId) : ClOrdIdTable.NONE;
        if (request.possible && known >= 0) {
            verdict.flags |= Verdict.DUPLICATE;
            questions.answer(session, known, request.buffer, request.clOrdId, request.msgSeqNum);
            return;
        }
        final int slot = questions.find(session, request.buffer, request.origClOrdId, request.orderId);
        if (slot >= 0) {
            life.about(slot);
        }
        final boolean shapely = refuse(OrderShape.check(request, idIsValid, verdict.nowNs)) == 0;
        charges.begin();
        final int reason = shapely ? replaceChecks(known, slot) : verdict.reason;
        final boolean admitted = charges.settle(session, tenant, reason) == 0;
        if (shapely && known < 0 && clOrdIds.hasRoom(session, registry.sharers())) {
            if (slot >= 0 && admitted) {
                life.bind(slot, request.buffer, request.clOrdId);
            } else {
                rememberRefusal((byte) '8');
            }
        }
        if (admitted) {
            applyReplace(slot);
        } else {
            replaceRefused(slot);
            controls.rejected(tenant, session, request.strategyId, verdict.reason);
        }
    }

    private boolean identify(final int sender) {
        session = sender;
        verdict.sessionId = request.sessionId;
        instrument = -1;
        account = -1;
        tenant = -1;
        if (session < 0) {
            return false;
        }
        tenant = registry.sessions.tenant[session];
        verdict.tenantId = registry.tenants.index.idOf(tenant);
        terms = termsTable.of(session, request.buffer, request.symbol);
        return true;
    }

    private int liveEntry(final DirectBuffer buffer, final int offset) {
        return questions.entry(session, buffer, offset);
    }

    private int refuse(final int code) {
        return code == 0 ? 0 : verdict.refuse(code, 0, 0);
    }

    /** State of whoever sends; what does not change with every order is left out while it is known. */
    private int sender() {
        if (termsTable.found()) {
            return states.strategy(verdict, tenant, request.strategyId) != 0 ? verdict.reason
                : checks.strategy(verdict, request, terms, session);
        }
        return states.sender(verdict, session, request.strategyId) != 0 ? verdict.reason
            : checks.strategy(verdict, request, tenant, session);
    }

    private int newOrderChecks(final int known) {
        if (sender() != 0) {
            return verdict.reason;
        }
        if (known >= 0) {
            verdict.flags |= Verdict.DUPLICATE;
            return verdict.refuse(RejectReason.DUPLICATE_CLORDID.code(), clOrdIds.orderId(known), 0);
        }
        if (!clOrdIds.hasRoom(session, registry.sharers())) {
            return verdict.refuse(RejectReason.CLORDID_TABLE_FULL.code(), clOrdIds.size(), 0);
        }
        if (!book.hasRoom()) {
            return verdict.refuse(RejectReason.ORDER_TABLE_FULL.code(), book.open(), 0);
        }
        if (permission(MAY_NEW) != 0 || risk.check(verdict, request, terms) != 0) {
            return verdict.reason;
        }
        final int maxOpen = terms.maxOpenOrders;
        if (maxOpen > 0 && registry.tenants.openOrders[tenant] >= maxOpen) {
            return verdict.refuse(RejectReason.MAX_OPEN_ORDERS.code(), maxOpen,
                registry.tenants.openOrders[tenant]);
        }
        if (checks.check(verdict, request, terms, NEW_ORDER) != 0
            || selfTrades.check(request, terms, NEW_ORDER) != 0
            || rates.tryTake(verdict, session, tenant, RateClasses.NEW) != 0
            || quotas.check(verdict, tenant, Quotas.REQUESTS) != 0
            || quotas.check(verdict, tenant, Quotas.ORDERS) != 0) {
            return verdict.reason;
        }
        charges.passedQuota();
        if (ledger.check(verdict, tenant, true) != 0) {
            return verdict.reason;
        }
        charges.covered();
        return route() == 0 ? selfTrades.act(request, instrument) : verdict.reason;
    }

    private int permission(final int bit) {
        if (termsTable.found() && terms.permits(bit, request.ordType)) {
            instrument = terms.instrument;
            verdict.instrumentId = terms.instrumentId;
            return 0;
        }
        if (mayTrade(bit) != 0) {
            return verdict.reason;
        }
        termsTable.make(terms, session, tenant, instrument, request.buffer, request.symbol);
        return 0;
    }

    private int mayTrade(final int bit) {
        final int permissions = registry.sessions.permissions[session] & registry.tenants.permissions[tenant];
        if (!OrderTerms.permit(permissions, bit, request.ordType)) {
            return verdict.refuse(RejectReason.PERMISSION_DENIED.code(), permissions, bit);
        }
        instrument = registry.instruments.slotOf(request.buffer, request.symbol);
        if (instrument < 0) {
            return verdict.refuse(RejectReason.UNKNOWN_SYMBOL.code(), 0, 0);
        }
        verdict.instrumentId = registry.instruments.index.idOf(instrument);
        if (!registry.tenants.permits(tenant, instrument)) {
            return verdict.refuse(RejectReason.INSTRUMENT_NOT_PERMITTED.code(), verdict.instrumentId, 0);
        }
        if (checks.restriction(verdict, tenant, instrument) != 0) {
            return verdict.reason;
        }
        return states.market(verdict, instrument);
    }

    private int route() {
        final int venue = terms.venue;
        account = terms.account;
        if (states.account(verdict, account) != 0) {
            return verdict.reason;
        }
        verdict.accountId = terms.accountId;
        final int cap = limits.openOrderCap(venue, account, instrument, verdict.nowNs);
        if (cap >= 0) {
            return verdict.refuse(RejectReason.VENUE_OPEN_ORDERS.code(), limits.effective[cap],
                limits.index.idOf(cap));
        }
        passNs = dispatch.passNs(account, instrument, VenueLimits.NEW);
        if (passNs != 0 && (passNs > deadlineNs(venue) || !waiting.hasRoom(venue, account, tenant))) {
            passNs = dispatch.rerouteNs(account, instrument, passNs);
        }
        return passNs == 0 ? 0 : mayWait(venue);
    }

    private int mayWait(final int venue) {
        final long waitMs = passNs == VenueLimits.NEVER ? 0 : (passNs - verdict.nowNs + 999_999) / 1_000_000;
        if (passNs == VenueLimits.NEVER || deadlineNs(venue) <= verdict.nowNs
            || registry.venues.queueCapacity[venue] == 0) {
            return verdict.refuse(RejectReason.VENUE_THROTTLED.code(), venue, waitMs);
        }
        if (passNs > deadlineNs(venue) && registry.rulesVersion >= EARLIEST_TIME_SINCE) {
            return dispatch.isBarred(account)
                ? verdict.refuse(RejectReason.VENUE_BARRED.code(), verdict.accountId, waitMs)
                : verdict.refuse(RejectReason.VENUE_THROTTLED.code(), venue, waitMs);
        }
        if (!waiting.hasRoom(venue, account, tenant)) {
            return verdict.refuse(RejectReason.VENUE_QUEUE_FULL.code(), registry.venues.queueCapacity[venue], waitMs);
        }
        return 0;
    }

    private long deadlineNs(final int venue) {
        final long byVenue = verdict.nowNs + registry.venues.queueDeadlineNs[venue];
        return request.queueDeadlineNs == Scale.NULL ? byVenue : Math.min(byVenue, request.queueDeadlineNs);
    }

    private void admit() {
        quotas.take(tenant, Quotas.ORDERS);
        final int slot = life.open(request, session, terms, account);
        checks.admitted(request, terms, NEW_ORDER, verdict.nowNs);
        if (selfTrades.mustWait()) {
            admitToWait(slot);
            return;
        }
        if (passNs == 0) {
            dispatch.sendNew(slot);
        } else {
            book.state(slot, OrderBook.QUEUED);
            book.queueDeadlineNs(slot, deadlineNs(book.venueId(slot)));
            dispatch.queue(slot, passNs);
        }
        reports.order(slot, 'A', OrderBook.CURRENT, ClientReports.BLANK, request.msgSeqNum, 0, 0, 0);
    }

    /** Own orders are in its way: it leaves when they are gone. */
    private void admitToWait(final int slot) {
        book.state(slot, OrderBook.QUEUED);
        book.queueDeadlineNs(slot, waitDeadlineNs(book.venueId(slot)));
        reports.order(slot, 'A', OrderBook.CURRENT, ClientReports.BLANK, request.msgSeqNum, 0, 0, 0);
        if (selfTrades.left() != request.orderQty) {
            book.orderQty(slot, selfTrades.left());
            controls.changed(slot);
            reports.order(slot, 'D', OrderBook.CURRENT, ClientReports.BLANK, 0, RejectReason.SELF_TRADE.code(), 0, 0);
        }
        controls.startWaiting(slot);
    }

    private long waitDeadlineNs(final int venue) {
        return request.queueDeadlineNs != Scale.NULL ? request.queueDeadlineNs
            : verdict.nowNs + Math.max(CANCELS_WITHIN_NS, registry.venues.queueDeadlineNs[venue]);
    }

    private int replaceChecks(final int known, final int slot) {
        if (sender() != 0) {
            return verdict.reason;
        }
        if (known >= 0) {
            verdict.flags |= Verdict.DUPLICATE;
            return verdict.refuse(RejectReason.DUPLICATE_CLORDID.code(), clOrdIds.orderId(known), 0);
        }
        if (!clOrdIds.hasRoom(session, registry.sharers())) {
            return verdict.refuse(RejectReason.CLORDID_TABLE_FULL.code(), clOrdIds.size(), 0);
        }
        if (slot < 0) {
            return verdict.refuse(questions.closedEntry(session, request.buffer, request.origClOrdId)
                ? RejectReason.ORDER_FINAL.code() : RejectReason.UNKNOWN_ORDER.code(), 0, 0);
        }
        if (permission(MAY_REPLACE) != 0 || replaceState(slot) != 0
            || risk.check(verdict, request, terms) != 0
            || checks.check(verdict, request, terms, slot) != 0
            || selfTrades.check(request, terms, slot) != 0
            || rates.tryTake(verdict, session, tenant, RateClasses.REPLACE) != 0
            || quotas.check(verdict, tenant, Quotas.REQUESTS) != 0) {
            return verdict.reason;
        }
        charges.passedQuota();
        if (ledger.check(verdict, tenant, false) != 0) {
            return verdict.reason;
        }
        account = book.account(slot);
        if (book.state(slot) == OrderBook.QUEUED) {
            return selfTrades.act(request, instrument);
        }
        if (states.account(verdict, account) != 0) {
            return verdict.reason;
        }
        final boolean bySecond = dispatch.replacesBySecond(account);
        if (registry.accounts.state[account] == Accounts.DOWN && !bySecond) {
            return verdict.refuse(RejectReason.REPLACE_NEEDS_FIRST_PATH.code(), verdict.accountId, 0);
        }
        if ((bySecond || book.onSecond(slot)) && !book.acknowledged(slot)) {
            return verdict.refuse(RejectReason.ORDER_UNKNOWN_STATE.code(), 0, 0);
        }
        passNs = dispatch.passNs(account, instrument, VenueLimits.REPLACE);
        return passNs == 0 || mayWait(book.venueId(slot)) == 0 ? selfTrades.act(request, instrument) : verdict.reason;
    }

    private int replaceState(final int slot) {
        if (!book.isOpen(slot)) {
            return verdict.refuse(RejectReason.ORDER_FINAL.code(), 0, 0);
        }
        if (book.cancelPhase(slot) != OrderBook.NONE) {
            return verdict.refuse(RejectReason.CANCEL_PENDING.code(), 0, 0);
        }
        if (book.replacePhase(slot) != OrderBook.NONE) {
            return verdict.refuse(RejectReason.REPLACE_PENDING.code(), 0, 0);
        }
        if (book.state(slot) == OrderBook.UNKNOWN) {
            return verdict.refuse(RejectReason.ORDER_UNKNOWN_STATE.code(), 0, 0);
        }
        if (instrument != book.instrument(slot) || request.side != book.side(slot)
            || request.ordType != book.ordType(slot) || book.orderQty(slot) == Scale.NULL) {
            return verdict.refuse(RejectReason.REPLACE_NOT_ALLOWED.code(), 0, 0);
        }
        if (book.state(slot) != OrderBook.QUEUED
            && (registry.venues.capabilities[book.venueId(slot)] & CAN_REPLACE) == 0) {
            return verdict.refuse(RejectReason.REPLACE_UNSUPPORTED.code(), book.venueId(slot), 0);
        }
        if (request.orderQty <= book.cumQty(slot)) {
            return verdict.refuse(RejectReason.QTY_BELOW_FILLED.code(), book.cumQty(slot), request.orderQty);
        }
        return 0;
    }

    private void applyReplace(final int slot) {
        verdict.flags |= Verdict.ADMITTED | Verdict.STATE_CHANGE;
        book.putId(slot, OrderBook.REPLACE, request.buffer, request.clOrdId);
        book.replaceSeqNum(slot, request.msgSeqNum);
        book.newQty(slot, request.orderQty);
        book.newPrice(slot, request.price);
        book.newStopPx(slot, request.stopPx);
        book.newTimeInForce(slot, (byte) request.timeInForce);
        checks.admitted(request, terms, slot, verdict.nowNs);
        final boolean waits = selfTrades.mustWait();
        if (book.state(slot) == OrderBook.QUEUED) {
            life.replaced(slot);
            if (waits) {
                waiting.dequeue(slot);
                book.queueDeadlineNs(slot, waitDeadlineNs(book.venueId(slot)));
                controls.startWaiting(slot);
            }
            return;
        }
        if (waits) {
            book.replacePhase(slot, OrderBook.HELD);
            book.queueDeadlineNs(slot, waitDeadlineNs(book.venueId(slot)));
            controls.startWaiting(slot);
        } else {
            book.queueDeadlineNs(slot, deadlineNs(book.venueId(slot)));
            dispatch.sendOrQueueReplace(slot);
        }
        controls.changed(slot);
        reports.order(slot, 'E', OrderBook.REPLACE, OrderBook.CURRENT, request.msgSeqNum, 0, 0, 0);
    }

    private void replaceRefused(final int slot) {
        answers.cancelRefused(request.sessionId, tenant, request.msgSeqNum, verdict.reason, verdict.detailA,
            verdict.detailB, slot < 0 ? 0 : book.orderId(slot), slot < 0 ? (byte) '8' : book.ordStatus(slot),
            ClientAnswers.TO_REPLACE, request.buffer, request.clOrdId, request.buffer, request.origClOrdId, null, 0,
            0);
    }

    private void rememberRefusal(final byte status) {
        final int entry = clOrdIds.add(session, registry.sessions.day[session], request.buffer, request.clOrdId,
            registry.sharers());
        if (entry >= 0) {
            clOrdIds.reason(entry, (short) verdict.reason);
            clOrdIds.ordStatus(entry, status);
            clOrdIds.orderQty(entry, request.orderQty);
            clOrdIds.instrument(entry, registry.instruments.slotOf(request.buffer, request.symbol));
            clOrdIds.side(entry, (byte) request.side);
            clOrdIds.ordType(entry, (byte) request.ordType);
            clOrdIds.timeInForce(entry, (byte) request.timeInForce);
        }
    }
}
