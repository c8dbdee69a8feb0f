package weir.engine.route;

import weir.engine.book.OrderBook;
import weir.engine.egress.ClientAnswers;
import weir.engine.egress.ClientReports;
import weir.engine.egress.VenueMessages;
import weir.engine.journal.Verdict;
import weir.engine.registry.Accounts;
import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;
import weir.engine.throttle.VenueLimits;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AlertKind;

/**
 * Asks venues for orders whose state is not known and draws the conclusions. An order is never sent again. "Not found"
 * counts only for a query that left after the venue's visibility delay.
 */
public final class Recovery {
    private static final long FIRST_PAUSE_NS = 500_000_000L;
    private static final long LONGEST_PAUSE_NS = 8_000_000_000L;
    private static final long SLOW_PAUSE_NS = 60_000_000_000L;
    private static final int ASKS_AFTER_BAR_SINCE = 3;
    /** A cancel held behind another message goes with any answer, and once. */
    private static final int FREED_ONCE_SINCE = 3;
    /** Rules from which a request by the second path is known to be good for longer than an order takes to show. */
    private static final int SECOND_LIVES_SINCE = 3;
    /** So long may a signed request that lies on its way be taken; a run that was killed knows nothing of its own. */
    private static final long SECOND_LIFE_NS = 45_000_000_000L;
    private static final long RETRY_NS = 100_000_000L;

    private final Registry registry;
    private final OrderBook book;
    private final VenueLimits limits;
    private final Timers timers;
    private final VenueMessages messages;
    private final ClientReports reports;
    private final ClientAnswers answers;
    private final OrderLife life;
    private final VenueDispatch dispatch;
    private final Verdict verdict;
    private final boolean[] alerted;

    /**
     * Works on the core's tables.
     *
     * @param registry registry
     * @param book     orders
     * @param limits   venue limits
     * @param timers   timers
     * @param messages venue messages
     * @param reports  execution reports
     * @param answers  other answers
     * @param life     transitions
     * @param dispatch sending
     * @param verdict  of the call
     */
    public Recovery(final Registry registry, final OrderBook book, final VenueLimits limits, final Timers timers,
        final VenueMessages messages, final ClientReports reports, final ClientAnswers answers,
        final OrderLife life, final VenueDispatch dispatch, final Verdict verdict) {
        this.registry = registry;
        this.book = book;
        this.limits = limits;
        this.timers = timers;
        this.messages = messages;
        this.reports = reports;
        this.answers = answers;
        this.life = life;
        this.dispatch = dispatch;
        this.verdict = verdict;
        alerted = new boolean[book.capacity()];
    }

    /**
     * The time to ask for an order has come.
     *
     * @param slot order, open
     */
    public void ask(final int slot) {
        book.askDueNs(slot, 0);
        final int account = book.account(slot);
        if (!registry.accounts.isReached(account)) {
            askWhenLifted(slot, account);
            return;
        }
        if (!dispatch.mayLeave(account)) {
            book.askDueNs(slot, verdict.nowNs + RETRY_NS);
            return;
        }
        final long pass = limits.tryCharge(book.venueId(slot), account, book.instrument(slot),
            registry.accounts.state[account] == Accounts.UP ? VenueLimits.STATUS : VenueLimits.SECOND_STATUS, 1,
            verdict.nowNs);
        if (pass != 0) {
            book.askDueNs(slot, pass == VenueLimits.NEVER ? verdict.nowNs + RETRY_NS : pass);
            return;
        }
        dispatch.probes(account);
        book.asks(slot, book.asks(slot) + 1);
        alerted[slot] &= book.asks(slot) > 1;
        book.askedNs(slot, verdict.nowNs);
        messages.query(slot, verdict.nextRequestLow(), book.asks(slot));
        verdict.flags |= Verdict.STATE_CHANGE;
        book.askDueNs(slot, verdict.nowNs + pauseNs(slot));
    }

    /** A bar ends by itself, and nothing else would have the order asked for; a path that comes up asks for all. */
    private void askWhenLifted(final int slot, final int account) {
        final boolean first = registry.accounts.state[account] == Accounts.BARRED;
        final boolean second = !first && registry.accounts.second[account] == Accounts.BARRED;
        if (second || first && registry.rulesVersion >= ASKS_AFTER_BAR_SINCE) {
            final long untilNs =
                first ? registry.accounts.barredUntilNs[account] : registry.accounts.secondUntilNs[account];
            book.askDueNs(slot, Math.max(untilNs == Scale.NULL ? 0 : untilNs, verdict.nowNs + RETRY_NS));
        }
    }

    /**
     * The venue gave no answer, or one that does not count yet: ask again later.
     *
     * @param slot order, open
     */
    public void askLater(final int slot) {
        if (book.askingSinceNs(slot) == 0) {
            book.askingSinceNs(slot, verdict.nowNs);
        }
        final long visibleNs = visibleNs(slot);
        final long laterNs = verdict.nowNs + pauseNs(slot);
        final long wantedNs = verdict.nowNs < visibleNs ? Math.min(visibleNs, laterNs) : laterNs;
        book.askDueNs(slot, book.askDueNs(slot) > 0 ? Math.min(book.askDueNs(slot), wantedNs) : wantedNs);
        timers.arm(slot);
    }

    /**
     * The venue knows the order and it is open there.
     *
     * @param slot     order, open
     * @param cumQty   CumQty(14) at the venue, or null
     * @param orderQty OrderQty(38) at the venue, or null
     * @param price    Price(44) at the venue, or null
     */
    public void foundOpen(final int slot, final long cumQty, final long orderQty, final long price) {
        if (cumQty != Scale.NULL && cumQty > book.cumQty(slot)) {
            askLater(slot);
            return;
        }
        final boolean wasUnknown = book.state(slot) == OrderBook.UNKNOWN;
        final boolean first = !book.acknowledged(slot);
        if (wasUnknown || first) {
            life.acknowledge(slot);
        }
        life.stopAsking(slot);
        book.answerDueNs(slot, 0);
        timers.arm(slot);
        if (book.replacePhase(slot) == OrderBook.OUT) {
            if (orderQty == book.newQty(slot) && (price == Scale.NULL || price == book.newPrice(slot))) {
                life.replaced(slot);
            } else {
                life.replaceFailed(slot, RejectReason.NOT_AT_VENUE.code(), 0, 0, null, 0, 0);
            }
            if (registry.rulesVersion < FREED_ONCE_SINCE) {
                dispatch.afterAnswer(slot);
            }
        } else if (wasUnknown && !first) {
            reports.order(slot, 'I', OrderBook.CURRENT, ClientReports.BLANK, 0, 0, 0, 0);
        }
        if (book.isOpen(slot) && book.cancelPhase(slot) == OrderBook.OUT) {
            dispatch.holdCancelAgain(slot);
        }
        dispatch.afterAnswer(slot);
    }

    /**
     * The venue knows the order and it is done there.
     *
     * @param slot   order, open
     * @param status final OrdStatus(39) at the venue
     * @param cumQty CumQty(14) at the venue, or null
     */
    public void foundFinal(final int slot, final char status, final long cumQty) {
        if (cumQty != Scale.NULL && cumQty > book.cumQty(slot)) {
            askLater(slot);
            return;
        }
        switch (status) {
            case '2':
                life.close(slot, '2', 'I', 0, 0, 0);
                break;
            case '4':
                life.close(slot, '4', '4', 0, 0, 0);
                break;
            case 'C':
                life.close(slot, 'C', 'C', 0, 0, 0);
                break;
            default:
                life.close(slot, '8', '8', RejectReason.VENUE_REJECTED.code(), 0, 0);
                break;
        }
    }

    /**
     * The venue does not know the order, and its fills were asked.
     *
     * @param slot order, open
     * @return true when that settled it
     */
    public boolean notFound(final int slot) {
        if (book.askedNs(slot) < visibleNs(slot)) {
            askLater(slot);
            return false;
        }
        final boolean seen = book.acknowledged(slot);
        life.close(slot, seen ? '4' : '8', seen ? '4' : '8', RejectReason.NOT_AT_VENUE.code(), book.asks(slot), 0);
        return true;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("recovery", 1);
        image.first(alerted, book.highWater());
    }

    /** From then on the venue shows an order that it has taken or will take. */
    private long visibleNs(final int slot) {
        final long delayNs = registry.venues.visibilityDelayNs[book.venueId(slot)];
        final boolean mayLieOnItsWay = registry.rulesVersion >= SECOND_LIVES_SINCE && book.bornOnSecond(slot)
            && !book.acknowledged(slot);
        return book.dispatchedNs(slot) + (mayLieOnItsWay ? Math.max(delayNs, SECOND_LIFE_NS) : delayNs);
    }

    private long pauseNs(final int slot) {
        final long timeoutNs = registry.venues.unknownTimeoutNs[book.venueId(slot)];
        final long askingNs = verdict.nowNs - book.askingSinceNs(slot);
        if (timeoutNs > 0 && askingNs >= timeoutNs) {
            if (!alerted[slot]) {
                alerted[slot] = true;
                answers.alert(AlertKind.VENUE_DOWN, registry.tenants.index.idOf(book.tenant(slot)), 0, 0, 0, 0,
                    "ORDER_UNKNOWN_STATE orderId=", book.orderId(slot));
            }
            return SLOW_PAUSE_NS;
        }
        final int doublings = Math.max(0, Math.min(4, book.asks(slot) - 1));
        return Math.min(LONGEST_PAUSE_NS, FIRST_PAUSE_NS << doublings);
    }
}
