package weir.venue.binance;

import java.util.LinkedHashMap;
import java.util.Map;
import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** Our requests as the venue's parameters ("New order", "Cancel an existing order and send a new order"). Stateless. */
final class RequestForms {
    private RequestForms() {
    }

    /** Why the venue has no form for the order; NONE when it has. */
    static RejectReason refusal(final OrderLine line) {
        final OrdType type = line.ordType();
        if (type == OrdType.NULL_VAL || type == null) {
            return RejectReason.ORD_TYPE_UNSUPPORTED;
        }
        if (line.side() != Side.BUY && line.side() != Side.SELL) {
            return RejectReason.SIDE_INVALID;
        }
        final TimeInForce tif = line.timeInForce();
        final boolean immediate = tif == TimeInForce.IOC || tif == TimeInForce.FOK;
        if (line.cashOrderQty() != Scale.NULL && (type != OrdType.MARKET || line.orderQty() != Scale.NULL)) {
            return RejectReason.CASH_QTY_UNSUPPORTED;
        }
        if (line.reduceOnly() || line.postOnly() && (immediate || type != OrdType.LIMIT)) {
            return RejectReason.EXEC_INST_UNSUPPORTED;
        }
        if (type == OrdType.MARKET) {
            // It never rests: a day or longer is as good as now. TimeInForce(59) absent means DAY.
            return tif == TimeInForce.FOK ? RejectReason.TIF_UNSUPPORTED : RejectReason.NONE;
        }
        final boolean stop = type == OrdType.STOP || type == OrdType.STOP_LIMIT;
        return !immediate && tif != TimeInForce.GTC || immediate && stop ? RejectReason.TIF_UNSUPPORTED
            : RejectReason.NONE;
    }

    /** The venue's word for a mode; null for none. */
    static String mode(final SelfTradePrevention wanted) {
        switch (wanted) {
            case CANCEL_NEWEST:
                return "EXPIRE_TAKER";
            case CANCEL_OLDEST:
                return "EXPIRE_MAKER";
            case CANCEL_BOTH:
                return "EXPIRE_BOTH";
            case DECREMENT:
                return "DECREMENT";
            default:
                return null;
        }
    }

    /** Our word for a mode of the venue. */
    static SelfTradePrevention mode(final String word) {
        switch (word) {
            case "EXPIRE_TAKER":
                return SelfTradePrevention.CANCEL_NEWEST;
            case "EXPIRE_MAKER":
                return SelfTradePrevention.CANCEL_OLDEST;
            case "EXPIRE_BOTH":
                return SelfTradePrevention.CANCEL_BOTH;
            case "DECREMENT":
                return SelfTradePrevention.DECREMENT;
            default:
                return SelfTradePrevention.NONE;
        }
    }

    /**
     * A new order.
     *
     * @param line     its values
     * @param quantity what it is to be of, which for a replacement is what is left
     * @param clientId its id
     * @param mode     of self-trade prevention
     */
    static Map<String, String> order(final OrderLine line, final long quantity, final String clientId,
        final String mode) {
        final Map<String, String> params = new LinkedHashMap<>();
        final OrdType type = line.ordType();
        params.put("symbol", line.order().symbol);
        params.put("side", line.side() == Side.BUY ? "BUY" : "SELL");
        params.put("type", type(line));
        if ((type == OrdType.LIMIT || type == OrdType.STOP_LIMIT) && !line.postOnly()) {
            params.put("timeInForce", line.timeInForce() == TimeInForce.IOC ? "IOC"
                : line.timeInForce() == TimeInForce.FOK ? "FOK" : "GTC");
        }
        if (quantity == Scale.NULL) {
            params.put("quoteOrderQty", DecimalText.format(line.cashOrderQty()));
        } else {
            params.put("quantity", DecimalText.format(quantity));
        }
        if (type == OrdType.LIMIT || type == OrdType.STOP_LIMIT) {
            params.put("price", DecimalText.format(line.price()));
        }
        if (type == OrdType.STOP || type == OrdType.STOP_LIMIT) {
            params.put("stopPrice", DecimalText.format(line.stopPx()));
        }
        params.put("newClientOrderId", clientId);
        params.put("newOrderRespType", "FULL");
        params.put("selfTradePreventionMode", mode);
        return params;
    }

    /** Names an order by the venue's id where it is known, else by ours. */
    static Map<String, String> target(final LiveOrder order, final String prefix) {
        final Map<String, String> params = new LinkedHashMap<>();
        params.put("symbol", order.symbol);
        if (order.venueOrderId.isEmpty()) {
            params.put(prefix.isEmpty() ? "origClientOrderId" : prefix + "OrigClientOrderId", order.clientId);
        } else {
            params.put(prefix.isEmpty() ? "orderId" : prefix + "OrderId", order.venueOrderId);
        }
        return params;
    }

    private static String type(final OrderLine line) {
        switch (line.ordType()) {
            case MARKET:
                return "MARKET";
            case STOP:
                return "STOP_LOSS";
            case STOP_LIMIT:
                return "STOP_LOSS_LIMIT";
            default:
                return line.postOnly() ? "LIMIT_MAKER" : "LIMIT";
        }
    }
}
