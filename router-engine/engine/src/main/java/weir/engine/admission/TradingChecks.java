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
    private final Notional notional;

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
        notional = new Notional(registry.instruments);
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
        if ((limits.of(tenant, TradingLimits.EXECUTIONS_MAX)
            | limits.of(tenant, TradingLimits.LOOP_REJECTS_MAX)) == 0) {
            return 0;
        }
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
     * @param v          verdict
     * @param r          request
     * @param session    session slot
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @param slot       order to be replaced, -1 = a new one
     * @return RejectReason code, 0 when it passes
     */
    public int check(final Verdict v, final OrderRequest r, final int session, final int tenant,
        final int instrument, final int slot) {
        if (holdings.free() == 0 && holdings.find(tenant, instrument) == Holdings.NOTHING) {
            return v.refuse(RejectReason.POSITION_TABLE_FULL.code(), 0, 0);
        }
        r.met = r.ordType != MARKET && r.ordType != STOP ? 0
            : slot >= 0 ? exposure.metBy(slot)
            : registry.instruments.facingPrice(instrument, r.side == BUY, v.nowNs);
        if (period(v, r, tenant, instrument) != 0 || postOnly(v, r, tenant, instrument) != 0
            || fee(v, r, tenant, instrument) != 0 || again(v, r, session, tenant, instrument, slot) != 0) {
            return v.reason;
        }
        return exposure(v, r, tenant, instrument, slot);
    }

    /**
     * An order or replace was admitted: it is remembered, so that it is not taken twice.
     *
     * @param r          request
     * @param session    session slot
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @param slot       order that was replaced, -1 = a new one
     * @param nowNs      now
     */
    public void admitted(final OrderRequest r, final int session, final int tenant, final int instrument,
        final int slot, final long nowNs) {
        if (limits.of(tenant, TradingLimits.DUPLICATE_WINDOW_MS) > 0) {
            recent.add(RecentOrders.what(session, instrument, r.side, r.ordType), qty(r), r.price, r.stopPx,
                slot < 0 ? 0 : book.orderId(slot), nowNs);
        }
    }

    private int period(final Verdict v, final OrderRequest r, final int tenant, final int instrument) {
        final long bps = limits.of(tenant, TradingLimits.PERIOD_COLLAR_BPS);
        final long lengthMs = limits.of(tenant, TradingLimits.PERIOD_COLLAR_MS);
        if (bps == 0 || lengthMs == 0) {
            return 0;
        }
        final long middle = registry.instruments.referencePrice(instrument, v.nowNs);
        final long price = counted(r);
        if (middle == 0 || price <= 0) {
            return noPrice(v, instrument);
        }
        final long first = periods.first(tenant, instrument, middle, lengthMs * MS, v.nowNs);
        final long allowed = Wide.mulDiv(first, bps, 10_000, false);
        return allowed != Wide.OVERFLOW && Math.abs(price - first) > allowed
            ? v.refuse(RejectReason.PERIOD_COLLAR.code(), first, price) : 0;
    }

    private int postOnly(final Verdict v, final OrderRequest r, final int tenant, final int instrument) {
        if ((r.execInst & OrderRequest.POST_ONLY) == 0 || limits.of(tenant, TradingLimits.POST_ONLY_MUST_REST) == 0
            || r.ordType == STOP) {
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

    private int fee(final Verdict v, final OrderRequest r, final int tenant, final int instrument) {
        final long most = limits.of(tenant, TradingLimits.MAX_FEE);
        if (most == 0) {
            return 0;
        }
        final long ppm = limits.of(tenant, (r.execInst & OrderRequest.POST_ONLY) != 0
            ? TradingLimits.MAKER_FEE_PPM : TradingLimits.TAKER_FEE_PPM);
        if (ppm <= 0) {
            return 0;
        }
        final long price = counted(r);
        if (price <= 0 && r.cashQty == Scale.NULL && registry.instruments.kind[instrument] != INVERSE) {
            return noPrice(v, instrument);
        }
        final long value = r.cashQty != Scale.NULL ? Math.min(r.cashQty, Notional.HUGE)
            : notional.bounded(instrument, r.orderQty, price);
        final long fee = Wide.mulDiv(value, ppm, MILLION, true);
        return fee == Wide.OVERFLOW || fee > most ? v.refuse(RejectReason.MAX_FEE.code(), most, fee) : 0;
    }

    private int again(final Verdict v, final OrderRequest r, final int session, final int tenant,
        final int instrument, final int slot) {
        final long windowNs = limits.of(tenant, TradingLimits.DUPLICATE_WINDOW_MS) * MS;
        if (windowNs == 0) {
            return 0;
        }
        final long lastNs = recent.lastNs(RecentOrders.what(session, instrument, r.side, r.ordType), qty(r), r.price,
            r.stopPx, slot < 0 ? 0 : book.orderId(slot));
        return lastNs > 0 && v.nowNs - lastNs < windowNs
            ? v.refuse(RejectReason.DUPLICATE_ORDER.code(), windowNs / MS, (v.nowNs - lastNs) / MS) : 0;
    }

    private int exposure(final Verdict v, final OrderRequest r, final int tenant, final int instrument,
        final int slot) {
        final long maxPosition = limits.maxPosition(tenant, instrument);
        final boolean bounded = limits.boundsExposure(tenant);
        if (maxPosition == 0 && !bounded) {
            return 0;
        }
        final long price = counted(r);
        final boolean inverse = registry.instruments.kind[instrument] == INVERSE;
        final boolean valued = price > 0 || (r.cashQty == Scale.NULL ? inverse : maxPosition == 0);
        if (!valued && (bounded || r.cashQty != Scale.NULL)) {
            return noPrice(v, instrument);
        }
        final boolean buy = r.side == BUY;
        exposure.weigh(tenant, slot, instrument, r.orderQty, r.cashQty, Math.max(0, price));
        if (maxPosition > 0 && over(v, RejectReason.EXPOSURE, maxPosition,
            exposure.positionAfter(tenant, instrument, buy), exposure.worstPosition(tenant, instrument))) {
            return v.reason;
        }
        if (over(v, RejectReason.UNEXECUTED_NOTIONAL, limits.of(tenant, TradingLimits.MAX_UNEXECUTED),
            exposure.unexecutedAfter(tenant), exposure.unexecuted(tenant))
            || over(v, RejectReason.EXPOSURE, limits.of(tenant, TradingLimits.MAX_NET_EXPOSURE),
            exposure.netAfter(tenant, buy), exposure.net(tenant))
            || over(v, RejectReason.EXPOSURE, limits.of(tenant, TradingLimits.MAX_GROSS_EXPOSURE),
            exposure.grossAfter(tenant, instrument, buy), exposure.gross(tenant))) {
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

    private static long qty(final OrderRequest r) {
        return r.orderQty != Scale.NULL ? r.orderQty : -r.cashQty;
    }

    private int noPrice(final Verdict v, final int instrument) {
        final long observedNs = registry.instruments.observedNs[instrument];
        return v.refuse(RejectReason.NO_REFERENCE_PRICE.code(), registry.instruments.index.idOf(instrument),
            observedNs == 0 ? 0 : (v.nowNs - observedNs) / MS);
    }
}
