package weir.engine.admission;

import weir.engine.book.OrderBook;
import weir.engine.book.Wide;
import weir.engine.journal.Verdict;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.engine.risk.Exposure;
import weir.engine.risk.Holdings;
import weir.engine.risk.Notional;
import weir.engine.risk.PeriodPrices;
import weir.engine.risk.RecentOrders;
import weir.engine.risk.StrategyWatch;
import weir.engine.risk.TradingLimits;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

/**
 * The controls of a tenant that a RiskConfig(40) switches on, on a new order and on a replace: restricted list, locked
 * strategy, collar of the period, post-only that would take, estimated fee, the same order again, exposure. A limit
 * admits what reaches it and refuses what goes beyond. An order that does not raise an exposure passes even above the
 * limit, so that a position can be closed after the limit was lowered.
 */
public final class TradingChecks {
    private static final int MARKET = 1;
    private static final int STOP = 3;
    private static final int BUY = 1;
    private static final int INVERSE = 2;
    private static final long MS = 1_000_000L;
    private static final int MILLION = 1_000_000;

    private final Registry registry;
    private final OrderBook book;
    private final Holdings holdings;
    private final TradingLimits limits;
    private final Exposure exposure;
    private final RecentOrders recent;
    private final StrategyWatch watch;
    private final PeriodPrices periods;

    /**
     * Checks against the state of the controls.
     *
     * @param registry registry
     * @param book     orders
     * @param holdings rows per tenant and instrument
     * @param limits   limits in force
     * @param exposure positions and open orders
     * @param recent   orders admitted last
     * @param watch    strategies
     * @param periods  first prices
     */
    public TradingChecks(final Registry registry, final OrderBook book, final Holdings holdings,
        final TradingLimits limits, final Exposure exposure, final RecentOrders recent, final StrategyWatch watch,
        final PeriodPrices periods) {
        this.registry = registry;
        this.book = book;
        this.holdings = holdings;
        this.limits = limits;
        this.exposure = exposure;
        this.recent = recent;
        this.watch = watch;
        this.periods = periods;
    }

    /**
     * May the strategy, or the session for an order of none, send anything new?
     *
     * @param v       verdict
     * @param r       request
     * @param tenant  tenant slot
     * @param session session slot
     * @return RejectReason code, 0 when it may
     */
    public int strategy(final Verdict v, final OrderRequest r, final int tenant, final int session) {
        return (limits.of(tenant, TradingLimits.EXECUTIONS_MAX)
            | limits.of(tenant, TradingLimits.LOOP_REJECTS_MAX)) == 0 ? 0 : watched(v, r, tenant, session);
    }

    /**
     * As {@link #strategy}, of a session whose terms are in force.
     *
     * @param v       verdict
     * @param r       request
     * @param t       terms
     * @param session session slot
     * @return RejectReason code, 0 when it may
     */
    public int strategy(final Verdict v, final OrderRequest r, final OrderTerms t, final int session) {
        return t.watches ? watched(v, r, t.tenant, session) : 0;
    }

    private int watched(final Verdict v, final OrderRequest r, final int tenant, final int session) {
        final int row = watch.watch(tenant, StrategyWatch.who(r.strategyId, session), v.nowNs);
        if (row == StrategyWatch.NONE) {
            return v.refuse(RejectReason.TOO_MANY_STRATEGIES.code(), StrategyWatch.PER_TENANT, r.strategyId);
        }
        return watch.lockedBy(row) == 0 ? 0
            : v.refuse(RejectReason.STRATEGY_LOCKED.code(), r.strategyId, watch.lockedBy(row));
    }

    /**
     * Is the instrument or its venue on the restricted list?
     *
     * @param v          verdict
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return RejectReason code, 0 when neither is
     */
    public int restriction(final Verdict v, final int tenant, final int instrument) {
        if (limits.isRestricted(tenant, instrument)) {
            return v.refuse(RejectReason.INSTRUMENT_RESTRICTED.code(), registry.instruments.index.idOf(instrument), 0);
        }
        final int venue = registry.instruments.venueId[instrument];
        return limits.isVenueRestricted(tenant, venue) ? v.refuse(RejectReason.VENUE_RESTRICTED.code(), venue, 0) : 0;
    }

    /**
     * Price, fee, repetition and exposure of an order that {@link RiskChecks} let pass.
     *
     * @param v    verdict
     * @param r    request, as {@link RiskChecks} left it
     * @param t    terms in force
     * @param slot order to be replaced, -1 = a new one
     * @return RejectReason code, 0 when it passes
     */
    public int check(final Verdict v, final OrderRequest r, final OrderTerms t, final int slot) {
        if (t.row == Holdings.NOTHING) {
            t.row = holdings.find(t.tenant, t.instrument);
            if (t.row == Holdings.NOTHING && holdings.free() == 0) {
                return v.refuse(RejectReason.POSITION_TABLE_FULL.code(), 0, 0);
            }
        }
        exposure.valued(r.valuedAt, r.value);
        r.met = r.ordType != MARKET && r.ordType != STOP ? 0
            : slot >= 0 ? exposure.metBy(slot)
            : registry.instruments.facingPrice(t.instrument, r.side == BUY, v.nowNs);
        if (t.periodBps != 0 && period(v, r, t) != 0
            || t.postOnlyMustRest && postOnly(v, r, t.instrument) != 0
            || t.maxFee != 0 && fee(v, r, t) != 0
            || t.duplicateMs != 0 && again(v, r, t, slot) != 0) {
            return v.reason;
        }
        return t.maxPosition != 0 || t.boundsExposure() ? exposure(v, r, t, slot) : 0;
    }

    /**
     * An order or replace was admitted: it is remembered, so that it is not taken twice.
     *
     * @param r     request that {@link #check} let pass
     * @param t     terms in force
     * @param slot  order that was replaced, -1 = a new one
     * @param nowNs now
     */
    public void admitted(final OrderRequest r, final OrderTerms t, final int slot, final long nowNs) {
        if (t.duplicateMs > 0) {
            recent.add(r.recentBucket, what(r, t), qty(r), r.price, r.stopPx, slot < 0 ? 0 : book.orderId(slot),
                nowNs);
        }
    }

    private int period(final Verdict v, final OrderRequest r, final OrderTerms t) {
        final long middle = r.middle;
        final long price = counted(r);
        if (middle == 0 || price <= 0) {
            return noPrice(v, t.instrument);
        }
        if (t.row == Holdings.NOTHING) {
            t.row = holdings.claim(t.tenant, t.instrument);
        }
        final long first = periods.first(t.row, middle, t.periodNs, v.nowNs);
        final long allowed = Wide.mulDiv(first, t.periodBps, 10_000, false);
        return allowed != Wide.OVERFLOW && Math.abs(price - first) > allowed
            ? v.refuse(RejectReason.PERIOD_COLLAR.code(), first, price) : 0;
    }

    private int postOnly(final Verdict v, final OrderRequest r, final int instrument) {
        if ((r.execInst & OrderRequest.POST_ONLY) == 0 || r.ordType == STOP) {
            return 0;
        }
        final Instruments i = registry.instruments;
        final long other = r.side == BUY ? i.ask[instrument] : i.bid[instrument];
        if (!i.isFresh(instrument, v.nowNs) || other <= 0) {
            return noPrice(v, instrument);
        }
        return (r.side == BUY ? r.price >= other : r.price <= other)
            ? v.refuse(RejectReason.POST_ONLY_WOULD_TAKE.code(), other, r.price) : 0;
    }

    private int fee(final Verdict v, final OrderRequest r, final OrderTerms t) {
        final long most = t.maxFee;
        final long ppm = (r.execInst & OrderRequest.POST_ONLY) != 0 ? t.makerPpm : t.takerPpm;
        if (ppm <= 0) {
            return 0;
        }
        final long price = counted(r);
        if (price <= 0 && r.cashQty == Scale.NULL && t.kind != INVERSE) {
            return noPrice(v, t.instrument);
        }
        final long value = r.cashQty != Scale.NULL ? Math.min(r.cashQty, Notional.HUGE)
            : price == r.valuedAt ? r.value
            : Notional.bounded(Notional.of(t.kind, t.multiplier, r.orderQty, price, true));
        final long fee = Wide.mulDiv(value, ppm, MILLION, true);
        return fee == Wide.OVERFLOW || fee > most ? v.refuse(RejectReason.MAX_FEE.code(), most, fee) : 0;
    }

    private int again(final Verdict v, final OrderRequest r, final OrderTerms t, final int slot) {
        final long windowNs = t.duplicateMs * MS;
        final long replaced = slot < 0 ? 0 : book.orderId(slot);
        r.recentBucket = recent.bucket(what(r, t), qty(r), r.price, replaced);
        final long lastNs = recent.lastNs(r.recentBucket, what(r, t), qty(r), r.price, r.stopPx, replaced);
        return lastNs > 0 && v.nowNs - lastNs < windowNs
            ? v.refuse(RejectReason.DUPLICATE_ORDER.code(), windowNs / MS, (v.nowNs - lastNs) / MS) : 0;
    }

    private int exposure(final Verdict v, final OrderRequest r, final OrderTerms t, final int slot) {
        final long maxPosition = t.maxPosition;
        final long price = counted(r);
        final boolean valued = price > 0
            || (r.cashQty == Scale.NULL ? t.kind == INVERSE : maxPosition == 0);
        if (!valued && (r.cashQty != Scale.NULL || t.boundsExposure())) {
            return noPrice(v, t.instrument);
        }
        final int tenant = t.tenant;
        final int row = t.row;
        final boolean buy = r.side == BUY;
        exposure.weigh(tenant, row, slot, t.instrument, r.orderQty, r.cashQty, Math.max(0, price));
        if (maxPosition > 0 && over(v, RejectReason.EXPOSURE, maxPosition, exposure.positionAfter(row, buy),
            exposure.worstPosition(row))) {
            return v.reason;
        }
        if (over(v, RejectReason.UNEXECUTED_NOTIONAL, t.maxUnexecuted, exposure.unexecutedAfter(tenant),
            exposure.unexecuted(tenant))
            || over(v, RejectReason.EXPOSURE, t.maxNet, exposure.netAfter(tenant, buy), exposure.net(tenant))
            || over(v, RejectReason.EXPOSURE, t.maxGross, exposure.grossAfter(tenant, row, buy),
            exposure.gross(tenant))) {
            return v.reason;
        }
        return 0;
    }

    /** Over the limit, or beyond 63 bits, and not by what was there before. */
    private static boolean over(final Verdict v, final RejectReason reason, final long most, final long after,
        final long before) {
        if (most == 0 || after >= 0 && (after <= most || after <= before)) {
            return false;
        }
        v.refuse(reason.code(), most, after);
        return true;
    }

    /** What the order counts at: its price, or what it would meet; a stop at the higher of that and its stop price. */
    private static long counted(final OrderRequest r) {
        return r.ordType == MARKET ? r.met : r.ordType == STOP ? Math.max(r.met, r.stopPx) : r.price;
    }

    private static long what(final OrderRequest r, final OrderTerms t) {
        return t.what | r.side << 4 | r.ordType;
    }

    private static long qty(final OrderRequest r) {
        return r.orderQty != Scale.NULL ? r.orderQty : -r.cashQty;
    }

    private int noPrice(final Verdict v, final int instrument) {
        final long observedNs = registry.instruments.observedNs[instrument];
        return v.refuse(RejectReason.NO_REFERENCE_PRICE.code(), registry.instruments.index.idOf(instrument),
            observedNs == 0 ? 0 : (v.nowNs - observedNs) / MS);
    }
}
