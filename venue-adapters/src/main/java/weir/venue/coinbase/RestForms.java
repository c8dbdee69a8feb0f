package weir.venue.coinbase;

import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Orders as the bodies of POST /orders ("Create a new order"). Stops need a direction there, which FIX leaves to the
 * venue: a buy waits for a rise, a sell for a fall. A time to live is {@code GTT} with {@code cancel_after}, which is a
 * minute, an hour or a day from when the venue takes the order, and nothing between. Only the venue ends an order for
 * sure, whatever becomes of us; so the longest of the three is sent that is over by the time asked for, however late
 * the request is taken, and where that is less than half of the time asked for the order has no form.
 */
final class RestForms {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final long HOUR_NS = 60 * MINUTE_NS;
    private static final long DAY_NS = 24 * HOUR_NS;

    private RestForms() {
    }

    /**
     * Why an order that FIX can express has no form here, NONE when it has.
     *
     * @param line       the order
     * @param nowEpochNs now, epoch nanoseconds
     * @param lateNs     so much later the venue may take it
     */
    static RejectReason refusal(final OrderLine line, final long nowEpochNs, final long lateNs) {
        if (line.timeInForce != TimeInForce.GTD) {
            return RejectReason.NONE;
        }
        if (line.expireNs == Scale.NULL || line.expireNs <= nowEpochNs) {
            return RejectReason.EXPIRE_TIME_INVALID;
        }
        final long leftNs = line.expireNs - nowEpochNs;
        return lifeNs(leftNs, lateNs) < leftNs / 2 ? RejectReason.TIF_UNSUPPORTED : RejectReason.NONE;
    }

    /** Until when an order with a form must have left so that its end holds, epoch nanoseconds; 0 for no limit. */
    static long leaveByNs(final OrderLine line, final long nowEpochNs, final long lateNs) {
        return line.timeInForce != TimeInForce.GTD ? 0
            : line.expireNs - lateNs - lifeNs(line.expireNs - nowEpochNs, lateNs);
    }

    /** The longest life at the venue that is over in time, 0 for none. */
    private static long lifeNs(final long leftNs, final long lateNs) {
        final long mostNs = leftNs - lateNs;
        return mostNs >= DAY_NS ? DAY_NS : mostNs >= HOUR_NS ? HOUR_NS : mostNs >= MINUTE_NS ? MINUTE_NS : 0;
    }

    static String body(final OrderLine line, final String symbol, final String clientId, final char selfTrade,
        final long nowEpochNs, final long lateNs) {
        final StringBuilder body = new StringBuilder(256);
        body.append("{\"client_oid\":\"").append(clientId).append("\",\"product_id\":\"").append(symbol)
            .append("\",\"side\":\"").append(line.side == Side.BUY ? "buy" : "sell")
            .append("\",\"type\":\"").append(type(line.ordType)).append('"');
        decimal(body, "price", line.ordType == OrdType.MARKET ? Scale.NULL : line.price);
        decimal(body, "size", line.orderQty);
        decimal(body, "funds", line.orderQty == Scale.NULL ? line.cashOrderQty : Scale.NULL);
        if (line.ordType != OrdType.MARKET) {
            body.append(",\"time_in_force\":\"").append(timeInForce(line.timeInForce)).append('"');
        }
        if (line.timeInForce == TimeInForce.GTD) {
            final long lifeNs = lifeNs(line.expireNs - nowEpochNs, lateNs);
            body.append(",\"cancel_after\":\"").append(lifeNs == DAY_NS ? "day" : lifeNs == HOUR_NS ? "hour" : "min")
                .append('"');
        }
        if (line.ordType == OrdType.STOP_LIMIT) {
            body.append(",\"stop\":\"").append(line.side == Side.BUY ? "entry" : "loss").append('"');
            decimal(body, "stop_price", line.stopPx);
        }
        if (line.postOnly) {
            body.append(",\"post_only\":true");
        }
        return body.append(",\"stp\":\"").append(selfTrade(selfTrade)).append("\"}").toString();
    }

    private static String type(final OrdType value) {
        return value == OrdType.MARKET ? "market" : value == OrdType.STOP_LIMIT ? "stop" : "limit";
    }

    private static String timeInForce(final TimeInForce value) {
        return value == TimeInForce.IOC ? "IOC" : value == TimeInForce.FOK ? "FOK"
            : value == TimeInForce.GTD ? "GTT" : "GTC";
    }

    /** From SelfTradeType(7928). */
    private static String selfTrade(final char value) {
        return value == 'O' ? "co" : value == 'N' ? "cn" : value == 'B' ? "cb" : "dc";
    }

    private static void decimal(final StringBuilder body, final String name, final long mantissa) {
        if (mantissa != Scale.NULL) {
            body.append(",\"").append(name).append("\":\"").append(DecimalText.format(mantissa)).append('"');
        }
    }
}
