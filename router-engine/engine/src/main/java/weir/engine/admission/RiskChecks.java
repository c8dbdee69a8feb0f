package weir.engine.admission;

import weir.engine.book.Wide;
import weir.engine.journal.Verdict;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.engine.risk.Notional;
import weir.protocol.RejectReason;
import weir.protocol.Scale;

/**
 * Size, notional and price collar of one order against instrument and tenant. Products are exact and rounded once: up
 * against a maximum, down against a minimum.
 * <p>
 * Notional in quote currency: spot price x quantity; linear price x quantity x multiplier; inverse quantity x
 * multiplier (the contract's value in quote currency), whatever the price. An order without a price of its own is
 * valued at what it would meet: a market buy at the ask, a market sell at the bid. A stop is valued between that and
 * its stop price, the higher against a maximum and the lower against a minimum. CashOrderQty(152) is its own notional,
 * and against a maximum quantity what it buys or sells at the price it would meet, rounded up.
 * A reference price is needed, and a missing or stale one refuses, for a collar, for a maximum notional of an order
 * without a price and for a maximum quantity of one in cash; the minimum is checked when there is one.
 */
public final class RiskChecks {
    private static final int MARKET = 1;
    private static final int STOP = 3;
    private static final int INVERSE = 2;
    private static final int BUY = 1;
    private static final int FACING_PRICES_SINCE = 2;
    private static final int CASH_QTY_SINCE = 3;

    private final Registry registry;

    /**
     * Checks against a registry.
     *
     * @param registry instruments and tenants
     */
    public RiskChecks(final Registry registry) {
        this.registry = registry;
    }

    /**
     * Checks one order.
     *
     * @param v verdict
     * @param r request, well formed; takes what was found out
     * @param t terms in force
     * @return RejectReason code, 0 when it passes
     */
    public int check(final Verdict v, final OrderRequest r, final OrderTerms t) {
        final int grid = grid(v, r, t);
        if (grid != 0) {
            return grid;
        }
        final long maxQty = t.maxOrderQty;
        if (maxQty > 0 && r.orderQty != Scale.NULL && r.orderQty > maxQty) {
            return v.refuse(RejectReason.MAX_QTY.code(), maxQty, r.orderQty);
        }
        final Instruments instruments = registry.instruments;
        final int instrument = t.instrument;
        final long maxNotional = t.maxNotional;
        final int collarBps = t.collarBps;
        final boolean priced = r.ordType != MARKET && r.ordType != STOP;
        final boolean facing = registry.rulesVersion >= FACING_PRICES_SINCE;
        r.middle = collarBps > 0 || t.periodBps != 0 ? instruments.referencePrice(instrument, v.nowNs) : 0;
        final long middle = facing ? r.middle : instruments.referencePriceOfVersion1(instrument, v.nowNs);
        final long met = priced ? r.price
            : facing ? instruments.facingPrice(instrument, r.side == BUY, v.nowNs) : middle;
        final boolean needsMet = !priced && r.cashQty == Scale.NULL && maxNotional > 0
            && t.kind != INVERSE;
        final boolean needsQty = r.cashQty != Scale.NULL && maxQty > 0 && registry.rulesVersion >= CASH_QTY_SINCE;
        final boolean needsMiddle = collarBps > 0 && (priced || !facing);
        if (needsMiddle && middle == 0 || (needsMet || needsQty) && met == 0) {
            return v.refuse(RejectReason.NO_REFERENCE_PRICE.code(), instruments.index.idOf(instrument),
                instruments.observedNs[instrument] == 0 ? 0
                    : (v.nowNs - instruments.observedNs[instrument]) / 1_000_000);
        }
        if (needsQty) {
            final long qty = Wide.mulDiv(r.cashQty, Scale.E8, met, true);
            if (qty == Wide.OVERFLOW || qty > maxQty) {
                return v.refuse(RejectReason.MAX_QTY.code(), maxQty, qty == Wide.OVERFLOW ? Long.MAX_VALUE : qty);
            }
        }
        final boolean stop = facing && r.ordType == STOP && met > 0;
        final int notional = notional(v, r, t, stop ? Math.max(met, r.stopPx) : met,
            stop ? Math.min(met, r.stopPx) : met);
        if (notional != 0) {
            return notional;
        }
        return collarBps > 0 && priced ? collar(v, r, middle, collarBps) : 0;
    }

    private static int grid(final Verdict v, final OrderRequest r, final OrderTerms t) {
        if (r.orderQty != Scale.NULL) {
            if (t.lotSize > 0 && r.orderQty % t.lotSize != 0) {
                return v.refuse(RejectReason.QTY_PRECISION.code(), t.lotSize, r.orderQty);
            }
            if (r.orderQty < t.minQty) {
                return v.refuse(RejectReason.QTY_BELOW_MINIMUM.code(), t.minQty, r.orderQty);
            }
        }
        final long tick = t.tickSize;
        if (r.price != Scale.NULL && tick > 0 && r.price % tick != 0) {
            return v.refuse(RejectReason.PRICE_PRECISION.code(), tick, r.price);
        }
        if (r.stopPx != Scale.NULL && tick > 0 && r.stopPx % tick != 0) {
            return v.refuse(RejectReason.STOP_PRICE_INVALID.code(), tick, r.stopPx);
        }
        return 0;
    }

    private static int notional(final Verdict v, final OrderRequest r, final OrderTerms t, final long highest,
        final long lowest) {
        final long minNotional = t.minNotional;
        final long maxNotional = t.maxNotional;
        r.valuedAt = -1;
        final long most;
        final long least;
        if (r.cashQty != Scale.NULL) {
            most = r.cashQty;
            least = r.cashQty;
        } else if (highest <= 0 && t.kind != INVERSE) {
            return 0;
        } else {
            most = Notional.of(t.kind, t.multiplier, r.orderQty, highest, true);
            // one rounded up above the minimum is not below it rounded down
            least = highest == lowest && most > minNotional ? most
                : Notional.of(t.kind, t.multiplier, r.orderQty, lowest, false);
            if (most == Wide.OVERFLOW || least == Wide.OVERFLOW) {
                return v.refuse(RejectReason.VALUE_OVERFLOW.code(), r.orderQty, highest);
            }
            r.valuedAt = highest;
            r.value = Notional.bounded(most);
        }
        if (least < minNotional) {
            return v.refuse(RejectReason.NOTIONAL_BELOW_MINIMUM.code(), minNotional, least);
        }
        if (maxNotional > 0 && most > maxNotional) {
            return v.refuse(RejectReason.MAX_NOTIONAL.code(), maxNotional, most);
        }
        return 0;
    }

    private static int collar(final Verdict v, final OrderRequest r, final long reference, final int collarBps) {
        final long distance = Math.abs(r.price - reference);
        final long allowed = Wide.mulDiv(reference, collarBps, 10_000, false);
        if (allowed != Wide.OVERFLOW && distance > allowed) {
            return v.refuse(RejectReason.PRICE_COLLAR.code(), reference,
                r.price > reference ? reference + allowed : reference - allowed);
        }
        return 0;
    }
}
