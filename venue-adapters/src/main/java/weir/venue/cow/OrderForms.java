package weir.venue.cow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.UUID;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Orders of ours as orders of the venue, or why not. What has no form is refused before anything is signed: stops, cash
 * quantities, instructions, a self-trade flag (two orders of an owner settle like any others), and amounts that are no
 * whole atoms. Stateless.
 */
final class OrderForms {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DAY_S = 86_400;

    private final CowAdapter.Context settings;

    OrderForms(final CowAdapter.Context settings) {
        this.settings = settings;
    }

    /** A new order as the engine sent it. Decimals are E8 mantissas. */
    record Line(UUID id, Side side, OrdType ordType, TimeInForce timeInForce, boolean instructed,
        SelfTradePrevention selfTrade, long orderQty, long price, long cashOrderQty, long expireNs) {

        boolean isMarket() {
            return ordType == OrdType.MARKET;
        }

        boolean takes() {
            return isMarket() || timeInForce == TimeInForce.IOC || timeInForce == TimeInForce.FOK;
        }
    }

    /** NONE when the venue has a form for it. */
    RejectReason refusal(final Line line, final CowPair pair, final long epochNs) {
        if (line.ordType() != OrdType.LIMIT && line.ordType() != OrdType.MARKET) {
            return RejectReason.ORD_TYPE_UNSUPPORTED;
        }
        if (line.cashOrderQty() != Scale.NULL) {
            return RejectReason.CASH_QTY_UNSUPPORTED;
        }
        if (line.instructed()) {
            return RejectReason.EXEC_INST_UNSUPPORTED;
        }
        if (line.selfTrade() != SelfTradePrevention.NONE && line.selfTrade() != SelfTradePrevention.NULL_VAL) {
            return RejectReason.SELF_TRADE_UNSUPPORTED;
        }
        if (line.orderQty() == Scale.NULL || line.orderQty() <= 0) {
            return RejectReason.QTY_NOT_POSITIVE;
        }
        if (validTo(line, epochNs) < 0) {
            return RejectReason.EXPIRE_TIME_INVALID;
        }
        return line.isMarket() ? quantity(line.orderQty(), pair) : amounts(line.orderQty(), line.price(), pair);
    }

    /** NONE when quantity and price are whole atoms. */
    static RejectReason amounts(final long orderQty, final long price, final CowPair pair) {
        if (price == Scale.NULL || price <= 0) {
            return RejectReason.PRICE_NOT_POSITIVE;
        }
        final RejectReason refusal = quantity(orderQty, pair);
        if (refusal != RejectReason.NONE) {
            return refusal;
        }
        final BigInteger paid = Atoms.product(BigDecimal.valueOf(orderQty, Scale.E8_DIGITS), price,
            pair.quote().decimals(), null);
        if (paid == null) {
            return RejectReason.PRICE_PRECISION;
        }
        return paid.bitLength() > 200 ? RejectReason.VALUE_OVERFLOW : RejectReason.NONE;
    }

    private static RejectReason quantity(final long orderQty, final CowPair pair) {
        return Atoms.exact(orderQty, pair.base().decimals()) == null ? RejectReason.QTY_PRECISION : RejectReason.NONE;
    }

    /** A limit order of so many atoms of the base: the limit is met exactly, or by an atom of the quote more. */
    static OrderTerms limit(final boolean sell, final BigInteger base, final long price, final CowPair pair,
        final long validTo, final boolean partiallyFillable) {
        final BigInteger paid = Atoms.product(new BigDecimal(base, pair.base().decimals()), price,
            pair.quote().decimals(), sell ? RoundingMode.UP : RoundingMode.DOWN);
        return new OrderTerms(sell, sell ? base : paid, sell ? paid : base, validTo, partiallyFillable);
    }

    /** A market order from a quote: what it gives, less or more the slippage allowed. */
    OrderTerms market(final boolean sell, final BigInteger base, final BigInteger quotedSell,
        final BigInteger quotedBuy, final long validTo, final boolean partiallyFillable) {
        final BigInteger whole = BigInteger.valueOf(10_000);
        final BigInteger slippage = BigInteger.valueOf(settings.slippageBps());
        return sell
            ? new OrderTerms(true, base, quotedBuy.multiply(whole.subtract(slippage)).divide(whole), validTo,
                partiallyFillable)
            : new OrderTerms(false, quotedSell.multiply(whole.add(slippage)).divide(whole), base, validTo,
                partiallyFillable);
    }

    /** End of validity, epoch seconds; -1 when there is none that the venue takes. */
    long validTo(final Line line, final long epochNs) {
        final long nowS = epochNs / SECOND_NS;
        final long validTo;
        if (line.takes()) {
            validTo = nowS + settings.immediateValidityS();
        } else if (line.timeInForce() == TimeInForce.GTD) {
            validTo = line.expireNs() == Scale.NULL ? -1 : line.expireNs() / SECOND_NS;
        } else if (line.timeInForce() == TimeInForce.DAY) {
            validTo = nowS - nowS % DAY_S + DAY_S;
        } else {
            validTo = nowS + settings.validityS();
        }
        return validTo < nowS + settings.validityMinS() || validTo > 0xffff_ffffL ? -1 : validTo;
    }
}
