package weir.engine.ingress;

import org.agrona.DirectBuffer;
import weir.engine.book.OrderBook;
import weir.engine.book.PairFifoSet;
import weir.engine.egress.ClientAnswers;
import weir.engine.egress.ClientReports;
import weir.engine.journal.Verdict;
import weir.engine.registry.Accounts;
import weir.engine.registry.Registry;
import weir.engine.registry.VenueBook;
import weir.engine.route.FanOut;
import weir.engine.route.LookAhead;
import weir.engine.route.OrderControls;
import weir.engine.route.OrderLife;
import weir.engine.route.Recovery;
import weir.engine.route.Timers;
import weir.engine.route.VenueDispatch;
import weir.engine.throttle.Breakers;
import weir.engine.throttle.VenueLimits;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.VenueBarDecoder;
import weir.protocol.sbe.VenueCancelRejectDecoder;
import weir.protocol.sbe.VenueExecutionDecoder;
import weir.protocol.sbe.VenueLimitReadingDecoder;
import weir.protocol.sbe.VenueMessageRejectDecoder;
import weir.protocol.sbe.VenueNotSentDecoder;
import weir.protocol.sbe.VenueOrderStateDecoder;
import weir.protocol.sbe.VenueSentDecoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateDecoder;
import weir.protocol.sbe.VenueTierReadingDecoder;

/** Events of venues (50 to 59). Each answers whether it changed anything; what did not is not journaled. */
public final class VenueEvents {
    private static final int NEW = 0;
    private static final int NEW_BATCH = 1;
    private static final int CANCEL = 2;
    private static final int CANCEL_BATCH = 3;
    private static final int REPLACE = 4;
    private static final int CANCELS_AGAIN_SINCE = 3;
    /** Rules from which a bar goes over whole when another account of the address hears one. */
    private static final int WHOLE_BARS_SINCE = 3;
    private static final int SECOND_REPLACES_SINCE = 3;
    /** A question that left before a replace by the first path says nothing of it. */
    private static final int REPLACES_CROSS_SINCE = 3;
    /** "Not found" counts for the question it answers, not for the latest one. */
    private static final int ANSWERS_TOLD_APART_SINCE = 3;
    private static final int STATUS = 5;
    private static final int TEXT_LENGTH_FIELD = 2;
    private static final int MAKER = 1;

    private final Registry registry;
    private final OrderBook book;
    private final PairFifoSet executions;
    private final VenueLimits limits;
    private final Breakers breakers;
    private final Timers timers;
    private final FanOut fanOut;
    private final OrderLife life;
    private final OrderControls controls;
    private final VenueDispatch dispatch;
    private final Recovery recovery;
    private final ClientReports reports;
    private final ClientAnswers answers;
    private final Verdict verdict;
    private final LookAhead ahead;
    private final long answerTimeoutNs;
    private final int[] batch = new int[VenueBook.BATCH_MAX];
    private long looked;

    /**
     * Works on the core's tables.
     *
     * @param registry        registry
     * @param book            orders
     * @param executions      executions seen
     * @param limits          venue limits
     * @param breakers        circuits that the venue's bars open
     * @param timers          timers
     * @param fanOut          jobs
     * @param life            transitions
     * @param controls        pre-trade controls
     * @param dispatch        sending
     * @param recovery        unknown states
     * @param reports         execution reports
     * @param answers         other answers
     * @param verdict         of the call
     * @param ahead           reads ahead
     * @param answerTimeoutNs without an answer for so long an order is UNKNOWN
     */
    public VenueEvents(final Registry registry, final OrderBook book, final PairFifoSet executions,
        final VenueLimits limits, final Breakers breakers, final Timers timers, final FanOut fanOut,
        final OrderLife life, final OrderControls controls, final VenueDispatch dispatch, final Recovery recovery,
        final ClientReports reports, final ClientAnswers answers, final Verdict verdict,
        final LookAhead ahead, final long answerTimeoutNs) {
        this.registry = registry;
        this.book = book;
        this.executions = executions;
        this.limits = limits;
        this.breakers = breakers;
        this.timers = timers;
        this.fanOut = fanOut;
        this.life = life;
        this.controls = controls;
        this.dispatch = dispatch;
        this.recovery = recovery;
        this.reports = reports;
        this.answers = answers;
        this.verdict = verdict;
        this.ahead = ahead;
        this.answerTimeoutNs = answerTimeoutNs;
    }

    /**
     * How many ids of batches were looked up.
     *
     * @return count since this core was made; not state
     */
    public long looked() {
        return looked;
    }

    /**
     * A connection went up, down, or is barred.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onSessionState(final VenueSessionStateDecoder d) {
        final int account = registry.accounts.slotOf(d.accountId());
        final int state = d.stateRaw();
        if (account < 0 || state > Accounts.BARRED) {
            return false;
        }
        verdict.accountId = d.accountId();
        if (d.pathRaw() == VenuePath.SECOND.value()) {
            return onSecondPath(account, (byte) state, d);
        }
        final byte before = registry.accounts.state[account];
        final long until = ours(d.barredUntilNs(), d.receivedNs());
        if (before == state && (state != Accounts.BARRED || registry.accounts.barredUntilNs[account] == until)) {
            return false;
        }
        registry.accounts.state[account] = (byte) state;
        registry.accounts.barredUntilNs[account] = state == Accounts.BARRED ? until : Scale.NULL;
        verdict.flags |= Verdict.STATE_CHANGE;
        final int tenantId = registry.accounts.tenantId[account];
        if (state == Accounts.DOWN) {
            fanOut.add(FanOut.LOSE_ANSWERS, account, -1);
            if (registry.accounts.second[account] != Accounts.DOWN) {
                wake(account);
                fanOut.add(FanOut.ASK, account, -1); // what the first path did not tell to its end
            }
            answers.alert(AlertKind.VENUE_DOWN, tenantId, 0, 0, 0, 0, "venue connection is down, account ",
                d.accountId());
        } else if (state == Accounts.UP) {
            wake(account);
            if (before == Accounts.DOWN) {
                fanOut.add(FanOut.ASK, account, -1);
                answers.alert(AlertKind.VENUE_UP, tenantId, 0, 0, 0, 0, "venue connection is up, account ",
                    d.accountId());
            }
        } else if (until != Scale.NULL) {
            timers.account(account, until);
        }
        return true;
    }

    /** The second path carries what the first cannot; a bar of it does not touch the first. */
    private boolean onSecondPath(final int account, final byte state, final VenueSessionStateDecoder d) {
        final byte before = registry.accounts.second[account];
        final long until = state == Accounts.BARRED ? ours(d.barredUntilNs(), d.receivedNs()) : Scale.NULL;
        if (before == state && (state != Accounts.BARRED || registry.accounts.secondUntilNs[account] == until)
            || state == Accounts.BARRED && (until == Scale.NULL || before == Accounts.DOWN)) {
            return false;
        }
        registry.accounts.second[account] = state;
        registry.accounts.secondUntilNs[account] = until;
        verdict.flags |= Verdict.STATE_CHANGE;
        final int tenantId = registry.accounts.tenantId[account];
        if (state == Accounts.DOWN) {
            fanOut.add(FanOut.LOSE_SECOND, account, -1);
            answers.alert(AlertKind.VENUE_DOWN, tenantId, 0, 0, 0, 0, "second path to the venue is down, account ",
                d.accountId());
        } else if (state == Accounts.UP) {
            wake(account);
            if (before == Accounts.DOWN) {
                fanOut.add(registry.accounts.state[account] == Accounts.UP ? FanOut.ASK_SECOND : FanOut.ASK, account,
                    -1);
                answers.alert(AlertKind.VENUE_UP, tenantId, 0, 0, 0, 0, "second path to the venue is up, account ",
                    d.accountId());
            }
        } else {
            timers.account(account, until);
        }
        return true;
    }

    /**
     * First byte of a message is on the wire.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onSent(final VenueSentDecoder d) {
        boolean changed = false;
        for (final VenueSentDecoder.OrdersDecoder order : d.orders()) {
            final int slot = order(d.accountId(), order.orderId(), 0);
            if (slot >= 0 && verdict.accepts(book.tenant(slot)) && d.kindRaw() <= NEW_BATCH) {
                life.about(slot);
                changed |= !book.sentCharged(slot);
                life.chargeSent(slot);
                if (book.state(slot) == OrderBook.DISPATCHED) {
                    book.state(slot, OrderBook.SENT);
                    book.answerDueNs(slot, verdict.nowNs + answerTimeoutNs);
                    timers.arm(slot);
                    verdict.flags |= Verdict.STATE_CHANGE;
                    changed = true;
                }
            }
        }
        return changed;
    }

    /**
     * An execution report.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onExecution(final VenueExecutionDecoder d) {
        ahead.execution(d.orderId(), d.tradeId());
        final int slot = order(d.accountId(), d.orderId(), d.requestIdLow());
        verdict.accountId = d.accountId();
        if (slot < 0) {
            verdict.orderId = d.orderId();
            verdict.reason = RejectReason.UNKNOWN_TARGET.code();
            return d.execTypeRaw() == 'F';
        }
        ahead.event(slot);
        life.about(slot);
        if (d.execTypeRaw() == 'F') {
            final boolean filled = fill(slot, d);
            return filled && answered(slot);
        }
        if (!book.isOpen(slot)) {
            verdict.flags |= Verdict.DUPLICATE;
            return false;
        }
        final boolean changed = executed(slot, d);
        return changed && answered(slot);
    }

    private boolean executed(final int slot, final VenueExecutionDecoder d) {
        final DirectBuffer buffer = d.buffer();
        final int textAt = d.limit() + TEXT_LENGTH_FIELD;
        final int textLen = d.textLength();
        switch (d.execTypeRaw()) {
            case '0':
                return acknowledged(slot, d);
            case '4':
                evidence(slot, d);
                if (missesFills(slot, d)) {
                    life.markUnknown(slot);
                    return true;
                }
                reports.text(buffer, textAt, textLen);
                life.close(slot, '4', '4', d.reason() != 0 ? d.reason() : controls.cancelWhy(slot), 0, 0);
                return true;
            case 'C':
                evidence(slot, d);
                if (missesFills(slot, d)) {
                    life.markUnknown(slot);
                    return true;
                }
                reports.text(buffer, textAt, textLen);
                life.close(slot, 'C', 'C', d.reason(), 0, 0);
                return true;
            case '8':
                evidence(slot, d);
                reports.text(buffer, textAt, textLen);
                life.close(slot, '8', '8', d.reason() == 0 ? RejectReason.VENUE_REJECTED.code() : d.reason(), 0, 0);
                return true;
            case '5':
            case 'D':
                return replaced(slot, d);
            default:
                return false;
        }
    }

    /**
     * The venue refused a cancel or replace.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onCancelReject(final VenueCancelRejectDecoder d) {
        final int slot = order(d.accountId(), d.orderId(), d.requestIdLow());
        if (slot < 0 || !book.isOpen(slot)) {
            return false;
        }
        life.about(slot);
        final boolean closed = closes(slot);
        return requestRefused(slot, d.kindRaw(), d.requestIdLow(),
            d.reason() == 0 ? RejectReason.VENUE_REJECTED.code() : d.reason(), d.buffer(),
            d.limit() + TEXT_LENGTH_FIELD, d.textLength()) || closed;
    }

    /**
     * The answer to a query.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onOrderState(final VenueOrderStateDecoder d) {
        final int slot = order(d.accountId(), d.orderId(), 0);
        if (slot < 0 || !book.isOpen(slot) || book.askingSinceNs(slot) == 0
            || book.state(slot) == OrderBook.QUEUED) {
            return false;
        }
        life.about(slot);
        verdict.flags |= Verdict.STATE_CHANGE;
        if (isOfBeforeItsReplace(slot)) {
            recovery.askLater(slot);
            return answered(slot);
        }
        switch (d.answerRaw()) {
            case 0:
                life.chargeSent(slot);
                book.putVenueOrderId(slot, d.buffer(), d.offset() + VenueOrderStateDecoder
                    .venueOrderIdEncodingOffset());
                found(slot, d);
                return answered(slot);
            case 1:
                if (d.attempt() != book.asks(slot) && registry.rulesVersion >= ANSWERS_TOLD_APART_SINCE) {
                    recovery.askLater(slot);
                } else {
                    recovery.notFound(slot);
                }
                return answered(slot);
            default:
                recovery.askLater(slot);
                return true;
        }
    }

    /**
     * The answer to a question that left before a replace tells of the order as it was, and nothing of what became of
     * the replace. By the second path that is another order at the venue; by the first its answer is still awaited.
     */
    private boolean isOfBeforeItsReplace(final int slot) {
        if (book.replacePhase(slot) != OrderBook.OUT) {
            return false;
        }
        return book.onSecond(slot)
            ? book.askedNs(slot) <= book.dispatchedNs(slot) && registry.rulesVersion >= SECOND_REPLACES_SINCE
            : book.answerDueNs(slot) != 0 && book.askedNs(slot) <= book.answerDueNs(slot) - answerTimeoutNs
            && registry.rulesVersion >= REPLACES_CROSS_SINCE;
    }

    /**
     * A message surely never left.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onNotSent(final VenueNotSentDecoder d) {
        final int slot = order(d.accountId(), d.orderId(), d.requestIdLow());
        if (slot < 0 || !book.isOpen(slot)) {
            return false;
        }
        life.about(slot);
        final int reason = d.reason() == 0 ? RejectReason.NOT_SENT.code() : d.reason();
        switch (d.kindRaw()) {
            case NEW:
            case NEW_BATCH:
                if (book.sentCharged(slot) || book.acknowledged(slot)) {
                    return false;
                }
                life.close(slot, '8', '8', reason, 0, 0);
                return true;
            case CANCEL:
            case CANCEL_BATCH:
                if (book.cancelPhase(slot) != OrderBook.OUT || book.cancelIdLow(slot) != d.requestIdLow()) {
                    return false;
                }
                dispatch.holdCancelAgain(slot);
                verdict.flags |= Verdict.STATE_CHANGE;
                return true;
            case REPLACE:
                return requestRefused(slot, REPLACE, d.requestIdLow(), reason, null, 0, 0);
            default:
                return false;
        }
    }

    /**
     * The venue refused a message before its engine: that order, or all of the batch the id names.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onMessageReject(final VenueMessageRejectDecoder d) {
        final int reason = d.reason() == 0 ? RejectReason.VENUE_REJECTED.code() : d.reason();
        final DirectBuffer buffer = d.buffer();
        final int textAt = d.limit() + TEXT_LENGTH_FIELD;
        final int textLen = d.textLength();
        final int kind = d.kindRaw();
        if (kind == NEW_BATCH && d.orderId() == 0) {
            return rejectBatch(d.requestIdLow(), reason, buffer, textAt, textLen);
        }
        final int slot = order(d.accountId(), d.orderId(), d.requestIdLow());
        if (slot < 0 || !book.isOpen(slot)) {
            return false;
        }
        life.about(slot);
        switch (kind) {
            case NEW:
            case NEW_BATCH:
                if (book.acknowledged(slot)) {
                    return false;
                }
                reports.text(buffer, textAt, textLen);
                life.close(slot, '8', '8', reason, 0, 0);
                return true;
            case CANCEL:
            case CANCEL_BATCH:
                // a venue that takes no cancel now takes it later: it waits in the lane, behind the circuit
                if (reason == RejectReason.VENUE_THROTTLED.code() && registry.rulesVersion >= CANCELS_AGAIN_SINCE
                    && book.cancelPhase(slot) == OrderBook.OUT && book.cancelIdLow(slot) == d.requestIdLow()) {
                    dispatch.holdCancelAgain(slot);
                    verdict.flags |= Verdict.STATE_CHANGE;
                    return true;
                }
                return requestRefused(slot, kind, d.requestIdLow(), reason, buffer, textAt, textLen);
            case STATUS:
                recovery.askLater(slot);
                verdict.flags |= Verdict.STATE_CHANGE;
                return true;
            default:
                return requestRefused(slot, kind, d.requestIdLow(), reason, buffer, textAt, textLen);
        }
    }

    /**
     * What an answer of the venue teaches of a limit.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onLimitReading(final VenueLimitReadingDecoder d) {
        final int account = registry.accounts.slotOf(d.accountId());
        if (account < 0) {
            return false;
        }
        verdict.accountId = d.accountId();
        final int limit = limits.index.slotOf(d.limitId());
        boolean changed = limit >= 0 && limits.onReading(limit, account, d.used(), verdict.nowNs);
        final long until = ours(d.barredUntilNs(), d.receivedNs());
        if (until != Scale.NULL && until > verdict.nowNs && registry.accounts.state[account] != Accounts.DOWN
            && (registry.accounts.state[account] != Accounts.BARRED
            || registry.accounts.barredUntilNs[account] < until)) {
            registry.accounts.state[account] = Accounts.BARRED;
            registry.accounts.barredUntilNs[account] = until;
            timers.account(account, until);
            changed = true;
        }
        if (changed) {
            verdict.flags |= Verdict.STATE_CHANGE;
        }
        return changed;
    }

    /**
     * The venue states size and rate of a limit for an account.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onTierReading(final VenueTierReadingDecoder d) {
        final int account = registry.accounts.slotOf(d.accountId());
        final int limit = limits.index.slotOf(d.limitId());
        if (account < 0 || limit < 0 || limits.venueId[limit] != registry.accounts.venueId[account]
            || d.capacity() <= 0 || !limits.canBe(limit, d.capacity(), d.refillPerSecond())
            || !limits.onTier(limit, account, d.capacity(), d.refillPerSecond(), verdict.nowNs)) {
            return false;
        }
        verdict.accountId = d.accountId();
        verdict.flags |= Verdict.STATE_CHANGE;
        timers.venue(registry.accounts.venueId[account], verdict.nowNs);
        return true;
    }

    /**
     * The venue takes nothing for a time: of an account, or of the address, which then holds every account behind it.
     *
     * @param d wrapped decoder
     * @return true when it changed anything
     */
    public boolean onBar(final VenueBarDecoder d) {
        final int account = registry.accounts.slotOf(d.accountId());
        if (account < 0) {
            return false;
        }
        verdict.accountId = d.accountId();
        final long until = ours(d.barredUntilNs(), d.receivedNs());
        if (until > 0 && until <= verdict.nowNs) {
            return false; // over before it came
        }
        boolean changed = false;
        if (d.scopeRaw() == VenueLimits.SCOPE_IP) {
            final boolean wholeBar = registry.rulesVersion >= WHOLE_BARS_SINCE;
            for (int a = 0; a < registry.accounts.index.size(); a++) {
                changed |= sameAddress(a, account) && breakers.follow(a, account, wholeBar);
            }
        }
        changed |= breakers.open(account, until == Scale.NULL ? 0 : until, verdict.nowNs);
        if (!changed) {
            return false;
        }
        verdict.flags |= Verdict.STATE_CHANGE;
        for (int a = 0; a < registry.accounts.index.size(); a++) {
            if (breakers.share(a, account)) {
                timers.account(a, breakers.untilNs(account));
            }
        }
        answers.alert(AlertKind.VENUE_BARRED, whose(account), 0, d.status(), 0, 0,
            "the venue takes nothing for a time, account ", d.accountId());
        return true;
    }

    private boolean sameAddress(final int account, final int other) {
        return registry.accounts.venueId[account] == registry.accounts.venueId[other]
            && limits.shareAddress(account, other);
    }

    /** Tenant that a bar is told to; 0 = all, when it holds more accounts than one. */
    private int whose(final int account) {
        for (int a = 0; a < registry.accounts.index.size(); a++) {
            if (a != account && breakers.share(a, account)) {
                return 0;
            }
        }
        return registry.accounts.tenantId[account];
    }

    /** The venue took a message: if that was the probe, its circuit is closed. Answers true. */
    private boolean answered(final int slot) {
        closes(slot);
        return true;
    }

    private boolean closes(final int slot) {
        final int account = book.account(slot);
        if (!breakers.close(account)) {
            return false;
        }
        verdict.flags |= Verdict.STATE_CHANGE;
        for (int a = 0; a < registry.accounts.index.size(); a++) {
            if (breakers.share(a, account)) {
                wake(a);
            }
        }
        answers.alert(AlertKind.VENUE_BAR_OVER, whose(account), 0, 0, 0, 0,
            "the venue takes orders again, account ", registry.accounts.index.idOf(account));
        return true;
    }

    /**
     * An account's timer: a bar that is over is lifted, and where the venue barred by itself one message goes first.
     *
     * @param account account slot
     */
    public void liftBar(final int account) {
        if (breakers.onTime(account, verdict.nowNs)) {
            timers.venue(registry.accounts.venueId[account], verdict.nowNs);
        } else if (!breakers.admits(account)) {
            timers.account(account, breakers.untilNs(account));
        }
        if (registry.accounts.state[account] == Accounts.BARRED
            && registry.accounts.barredUntilNs[account] != Scale.NULL) {
            if (registry.accounts.barredUntilNs[account] <= verdict.nowNs) {
                registry.accounts.state[account] = Accounts.UP;
                registry.accounts.barredUntilNs[account] = Scale.NULL;
                wake(account);
            } else {
                timers.account(account, registry.accounts.barredUntilNs[account]);
            }
        }
        if (registry.accounts.second[account] == Accounts.BARRED) {
            if (registry.accounts.secondUntilNs[account] <= verdict.nowNs) {
                registry.accounts.second[account] = Accounts.UP;
                registry.accounts.secondUntilNs[account] = Scale.NULL;
                wake(account);
            } else {
                timers.account(account, registry.accounts.secondUntilNs[account]);
            }
        }
    }

    /**
     * The end of a bar in the engine's time. Adapters stamp by wall time, which may have stepped away: what counts
     * is how long the bar lasts from the moment it was told.
     */
    private long ours(final long untilNs, final long receivedNs) {
        return untilNs == Scale.NULL || receivedNs <= 0 ? untilNs
            : verdict.nowNs + Math.max(0, untilNs - receivedNs);
    }

    private void wake(final int account) {
        timers.account(account, verdict.nowNs);
        timers.venue(registry.accounts.venueId[account], verdict.nowNs);
    }

    /** Slot of the order an event speaks of; -1 also when it comes from another account than the order went to. */
    private int order(final int accountId, final long orderId, final long requestIdLow) {
        final int named = orderId == 0 ? -1 : book.slotOf(orderId);
        final int slot = named >= 0 || requestIdLow == 0 ? named : book.slotOfVenueId(requestIdLow);
        return slot >= 0 && registry.accounts.index.idOf(book.account(slot)) == accountId ? slot : -1;
    }

    /** Answers whether the order has another id at the venue than before. */
    private boolean evidence(final int slot, final VenueExecutionDecoder d) {
        if (d.execTypeRaw() != '8') {
            life.chargeSent(slot);
        }
        return book.putVenueOrderId(slot, d.buffer(), d.offset() + VenueExecutionDecoder.venueOrderIdEncodingOffset());
    }

    private boolean acknowledged(final int slot, final VenueExecutionDecoder d) {
        if (book.state(slot) == OrderBook.QUEUED || book.acknowledged(slot)
            && book.state(slot) != OrderBook.UNKNOWN) {
            verdict.flags |= Verdict.DUPLICATE;
            return false;
        }
        evidence(slot, d);
        life.acknowledge(slot);
        dispatch.afterAnswer(slot);
        return true;
    }

    private boolean fill(final int slot, final VenueExecutionDecoder d) {
        final long qty = d.lastQty();
        final long px = d.lastPx();
        if (qty == Scale.NULL || qty <= 0 || px == Scale.NULL || px < 0) {
            verdict.reason = RejectReason.MALFORMED.code();
            return true;
        }
        final long cumQty = d.cumQty();
        final long tradeId = d.tradeId();
        final boolean forgotten = executions.forgotten() > 0 && cumQty != Scale.NULL && cumQty <= book.cumQty(slot);
        if (forgotten || !isNew(slot, tradeId)) {
            verdict.flags |= Verdict.DUPLICATE;
            return false;
        }
        evidence(slot, d);
        final int liquidity = d.liquidityRaw();
        if (liquidity == MAKER) {
            limits.onVolume(book.venueId(slot), book.account(slot), book.instrument(slot), qty, verdict.nowNs);
        }
        reports.fill(qty, px, d.fee(), d.buffer(), d.offset() + VenueExecutionDecoder.feeCurrencyEncodingOffset(),
            tradeId, liquidity);
        final boolean countsAgree = cumQty == Scale.NULL || cumQty <= book.cumQty(slot) + qty;
        life.fill(slot, qty, px, d.ordStatusRaw() == '2' && countsAgree);
        if (book.isOpen(slot) && missesFills(slot, d)) {
            life.startAsking(slot);
        }
        dispatch.afterAnswer(slot);
        return true;
    }

    /** Remembers an execution. Of an order without a fill none can be known: its id is of its own record. */
    private boolean isNew(final int slot, final long tradeId) {
        if (book.fills(slot) != 0) {
            return executions.add(book.orderId(slot), tradeId);
        }
        executions.addNew(book.orderId(slot), tradeId);
        return true;
    }

    /** The venue counts more filled than came here: its fills are asked before the order may end. */
    private boolean missesFills(final int slot, final VenueExecutionDecoder d) {
        return d.cumQty() != Scale.NULL && d.cumQty() > book.cumQty(slot);
    }

    private boolean replaced(final int slot, final VenueExecutionDecoder d) {
        final boolean renamed = evidence(slot, d);
        if (book.replacePhase(slot) == OrderBook.OUT && d.execTypeRaw() == '5') {
            final boolean wasUnknown = book.state(slot) == OrderBook.UNKNOWN;
            if (wasUnknown || !book.acknowledged(slot)) {
                life.acknowledge(slot);
            }
            life.replaced(slot);
            dispatch.afterAnswer(slot);
            return true;
        }
        final boolean sameQty = d.orderQty() == Scale.NULL || d.orderQty() == book.orderQty(slot);
        final boolean samePrice = d.price() == Scale.NULL || d.price() == book.price(slot);
        if (sameQty && samePrice) {
            verdict.flags |= Verdict.DUPLICATE;
            return renamed || verdict.moneyTenant >= 0;
        }
        book.orderQty(slot, sameQty ? book.orderQty(slot) : d.orderQty());
        book.price(slot, samePrice ? book.price(slot) : d.price());
        controls.changed(slot);
        verdict.flags |= Verdict.STATE_CHANGE;
        reports.text(d.buffer(), d.limit() + TEXT_LENGTH_FIELD, d.textLength());
        reports.order(slot, 'D', OrderBook.CURRENT, ClientReports.BLANK, 0, 0, 0, 0);
        return true;
    }

    private boolean requestRefused(final int slot, final int kind, final long requestIdLow, final int reason,
        final DirectBuffer text, final int textAt, final int textLen) {
        if (kind == REPLACE) {
            if (book.replacePhase(slot) != OrderBook.OUT
                || requestIdLow != 0 && requestIdLow != book.replaceIdLow(slot)) {
                return false;
            }
            life.replaceFailed(slot, reason, 0, 0, text, textAt, textLen);
            dispatch.afterAnswer(slot);
        } else {
            if (book.cancelPhase(slot) != OrderBook.OUT
                || requestIdLow != 0 && requestIdLow != book.cancelIdLow(slot)) {
                return false;
            }
            life.cancelFailed(slot, reason, 0, 0, text, textAt, textLen);
        }
        if (reason == RejectReason.UNKNOWN_ORDER.code() || reason == RejectReason.ORDER_FINAL.code()) {
            life.startAsking(slot);
        }
        return true;
    }

    /** Orders of a batch are found by their ids, which follow the batch's; they end in the order of their slots. */
    private boolean rejectBatch(final long batchIdLow, final int reason, final DirectBuffer text, final int textAt,
        final int textLen) {
        int count = 0;
        for (int i = 1; batchIdLow != 0 && i <= VenueBook.BATCH_MAX; i++) {
            final int slot = book.slotOfVenueId(Verdict.requestLowAfter(batchIdLow, i));
            looked++;
            if (slot >= 0 && book.batchIdLow(slot) == batchIdLow && book.isOpen(slot) && !book.acknowledged(slot)) {
                int at = count++;
                for (; at > 0 && batch[at - 1] > slot; at--) {
                    batch[at] = batch[at - 1];
                }
                batch[at] = slot;
            }
        }
        for (int i = 0; i < count; i++) {
            life.about(batch[i]);
            reports.text(text, textAt, textLen);
            life.close(batch[i], '8', '8', reason, 0, 0);
        }
        return count > 0;
    }

    private void found(final int slot, final VenueOrderStateDecoder d) {
        switch (d.ordStatusRaw()) {
            case '2':
            case '4':
            case '8':
            case 'C':
                recovery.foundFinal(slot, (char) d.ordStatusRaw(), d.cumQty());
                break;
            default:
                recovery.foundOpen(slot, d.cumQty(), d.orderQty(), d.price());
                break;
        }
    }
}
