package weir.engine.route;

import weir.engine.admission.OrderRequest;
import weir.engine.admission.OrderTerms;
import weir.engine.book.OrderBook;
import weir.engine.egress.ClientReports;
import weir.engine.journal.Verdict;
import weir.engine.registry.Accounts;
import weir.engine.registry.Registry;
import weir.engine.risk.RestingOrders;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

/**
 * Self-trade prevention across all sessions of a tenant, or of a group of tenants: an order that would meet an own
 * order resting in the same instrument is not sent as it is. A limit order meets what is priced at its limit or better,
 * a market order everything. Resting are limit orders from their admission to their final report, at the more
 * aggressive of two prices while a replace is pending; stop orders are left to the venue's own flag, which every order
 * carries in any case.
 * <ul>
 * <li>cancel newest: the new order is refused;
 * <li>cancel oldest: those resting are cancelled; the new order waits until they are final, or to its deadline;
 * <li>cancel both: those resting are cancelled and the new order is refused;
 * <li>decrement: best price first, both are reduced by the smaller quantity. A resting order that is used up is
 * cancelled, one that is larger is replaced by what is left of it (cancelled where the venue has no replace or is not
 * connected, where a request of it is pending or its state unknown, or where less than the minimum is left). A new
 * order that is used up is refused; of a larger one the client gets a Restated report, and the rest waits as with
 * cancel oldest.
 * </ul>
 * The order's own SelfTradeType(7928) decides, else the tenant's. A replace that would meet own orders is refused,
 * except with cancel oldest, where it waits. More than {@link #MOST} own orders in the way refuse.
 */
public final class SelfTrades {
    /** Own orders that one order may move out of its way. */
    public static final int MOST = 64;
    private static final int NEWEST = 1;
    private static final int OLDEST = 2;
    private static final int BOTH = 3;
    private static final int DECREMENT = 4;
    private static final int MARKET = 1;
    private static final int LIMIT = 2;
    private static final int BUY = 1;
    private static final int CAN_REPLACE = 1;
    private static final int RETRY_MS = 10;

    private final Registry registry;
    private final OrderBook book;
    private final RestingOrders resting;
    private final OrderControls controls;
    private final VenueDispatch dispatch;
    private final ClientReports reports;
    private final Verdict verdict;
    private final int[] met = new int[MOST];
    private int metCount;
    private int mode;
    private long left;

    /**
     * Works on the core's tables.
     *
     * @param registry registry
     * @param book     orders
     * @param resting  own resting orders
     * @param controls who waits, who is to be cancelled
     * @param dispatch sending
     * @param reports  execution reports
     * @param verdict  of the call
     */
    public SelfTrades(final Registry registry, final OrderBook book, final RestingOrders resting,
        final OrderControls controls, final VenueDispatch dispatch,
        final ClientReports reports, final Verdict verdict) {
        this.registry = registry;
        this.book = book;
        this.resting = resting;
        this.controls = controls;
        this.dispatch = dispatch;
        this.reports = reports;
        this.verdict = verdict;
    }

    /**
     * Would the order meet own ones, and does that refuse it? Changes nothing.
     *
     * @param r    request
     * @param t    terms in force
     * @param slot order to be replaced, -1 = a new one
     * @return RejectReason code, 0 when it is to go on
     */
    public int check(final OrderRequest r, final OrderTerms t, final int slot) {
        metCount = 0;
        final int ofTenant = t.selfTradePrevention;
        if (ofTenant == 0 || r.ordType > LIMIT) {
            return 0;
        }
        final int tenant = t.tenant;
        if (controls.isChanging(tenant)) {
            return verdict.refuse(RejectReason.LIMITS_CHANGING.code(), 0, RETRY_MS);
        }
        mode = r.selfTradePrevention != 0 ? r.selfTradePrevention : ofTenant;
        final boolean buy = r.side == BUY;
        final long price = r.ordType == MARKET ? Scale.NULL : r.price;
        int own = resting.best(controls.party(tenant), t.instrument, !buy);
        final int first = own;
        while (own != RestingOrders.NONE && meets(own, buy, price)) {
            if (metCount == MOST) {
                return refuse(first);
            }
            met[metCount++] = own;
            own = resting.next(own);
        }
        if (metCount == 0) {
            return 0;
        }
        final boolean waits = mode == OLDEST || mode == DECREMENT;
        return mode == NEWEST || slot >= 0 && mode == DECREMENT || mode == DECREMENT && r.orderQty == Scale.NULL
            || waits && !controls.mayWait(tenant) ? refuse(first) : 0;
    }

    /**
     * Acts on what {@link #check} found, after every other check.
     *
     * @param r          request
     * @param instrument instrument slot
     * @return RejectReason code, 0 when the order is admitted; {@link #mustWait} then says whether it may leave
     */
    public int act(final OrderRequest r, final int instrument) {
        if (metCount == 0) {
            return 0;
        }
        verdict.flags |= Verdict.STATE_CHANGE;
        left = r.orderQty;
        if (mode == DECREMENT) {
            return decrement(instrument);
        }
        for (int i = 0; i < metCount; i++) {
            controls.cancelSoon(met[i], RejectReason.SELF_TRADE.code());
        }
        return mode == BOTH ? refuse(met[0]) : 0;
    }

    /**
     * Has the order to wait for cancels?
     *
     * @return true when own orders are in its way
     */
    public boolean mustWait() {
        return metCount > 0;
    }

    /**
     * What decrement left of the order.
     *
     * @return OrderQty(38), E8
     */
    public long left() {
        return left;
    }

    /**
     * Are own orders still in the way of one that waits?
     *
     * @param slot order that waits, as new order or with its replace
     * @return true when it has to wait on
     */
    public boolean isBlocked(final int slot) {
        if (controls.isChanging(book.tenant(slot))) {
            return true;
        }
        final boolean buy = book.side(slot) == BUY;
        final int best = resting.best(controls.party(book.tenant(slot)), book.instrument(slot), !buy);
        return best != RestingOrders.NONE && meets(best, buy, book.ordType(slot) == MARKET ? Scale.NULL
            : book.replacePhase(slot) == OrderBook.NONE ? book.price(slot) : book.newPrice(slot));
    }

    private boolean meets(final int own, final boolean buy, final long price) {
        return price == Scale.NULL || (buy ? resting.price(own) <= price : resting.price(own) >= price);
    }

    private int refuse(final int own) {
        return verdict.refuse(RejectReason.SELF_TRADE.code(), book.orderId(own), resting.price(own));
    }

    private int decrement(final int instrument) {
        for (int i = 0; i < metCount && left > 0; i++) {
            final long open = book.leavesQty(met[i]);
            if (open <= left) {
                controls.cancelSoon(met[i], RejectReason.SELF_TRADE.code());
            } else {
                reduce(met[i], left, open);
            }
            left -= Math.min(open, left);
        }
        return left <= 0 || left < registry.instruments.minQty[instrument] ? refuse(met[0]) : 0;
    }

    private void reduce(final int own, final long by, final long open) {
        final boolean pending = book.cancelPhase(own) != OrderBook.NONE || book.replacePhase(own) != OrderBook.NONE;
        final boolean queued = book.state(own) == OrderBook.QUEUED;
        if (pending || open - by < registry.instruments.minQty[book.instrument(own)]
            || book.state(own) == OrderBook.UNKNOWN || book.onSecond(own) && !book.acknowledged(own)
            || registry.accounts.state[book.account(own)] != Accounts.UP
            || !queued && (registry.venues.capabilities[book.venueId(own)] & CAN_REPLACE) == 0) {
            controls.cancelSoon(own, RejectReason.SELF_TRADE.code());
            return;
        }
        final long qty = book.orderQty(own) - by;
        if (queued) {
            book.orderQty(own, qty);
            controls.changed(own);
            reports.order(own, 'D', OrderBook.CURRENT, ClientReports.BLANK, 0, RejectReason.SELF_TRADE.code(), 0, 0);
            return;
        }
        book.replacedByRouter(own, true);
        book.putId(own, OrderBook.REPLACE, book.ids(), book.idOffset(own, OrderBook.CURRENT));
        book.newQty(own, qty);
        book.newPrice(own, book.price(own));
        book.newStopPx(own, book.stopPx(own));
        book.newTimeInForce(own, book.timeInForce(own));
        book.queueDeadlineNs(own, verdict.nowNs + registry.venues.queueDeadlineNs[book.venueId(own)]);
        dispatch.sendOrQueueReplace(own);
        controls.changed(own);
    }
}
