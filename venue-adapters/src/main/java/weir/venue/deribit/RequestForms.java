package weir.venue.deribit;

import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Our requests in the venue's form (pages of private/buy, edit, cancel). Amounts are in USD for inverse contracts, in
 * base currency for others, as instruments are loaded here. {@code post_only} is always said: the documents disagree on
 * its default. Stateless but for settings; agent's thread.
 */
final class RequestForms {
    private final String trigger;

    RequestForms(final String trigger) {
        this.trigger = trigger;
    }

    /** Why the venue has no form for the order; NONE when it has. */
    static RejectReason refusal(final OrderLine line) {
        if (line.cashOrderQty() != Scale.NULL) {
            return RejectReason.CASH_QTY_UNSUPPORTED;
        }
        if (line.ordType() == OrdType.NULL_VAL || line.ordType() == null) {
            return RejectReason.ORD_TYPE_UNSUPPORTED;
        }
        if (line.side() != Side.BUY && line.side() != Side.SELL) {
            return RejectReason.SIDE_INVALID;
        }
        final TimeInForce tif = line.timeInForce();
        if (tif == TimeInForce.GTD) {
            return RejectReason.TIF_UNSUPPORTED;
        }
        final boolean immediate = tif == TimeInForce.IOC || tif == TimeInForce.FOK;
        if (line.ordType() == OrdType.MARKET) {
            // It never rests: a day or longer is as good as now. That all or nothing holds is documented nowhere.
            if (tif == TimeInForce.FOK) {
                return RejectReason.TIF_UNSUPPORTED;
            }
            return line.postOnly() ? RejectReason.EXEC_INST_UNSUPPORTED : RejectReason.NONE;
        }
        if (immediate && isStop(line)) {
            return RejectReason.TIF_UNSUPPORTED;
        }
        return line.postOnly() && (immediate || line.ordType() != OrdType.LIMIT) ? RejectReason.EXEC_INST_UNSUPPORTED
            : RejectReason.NONE;
    }

    static boolean isImmediate(final OrderLine line) {
        return line.ordType() == OrdType.MARKET || line.timeInForce() == TimeInForce.IOC
            || line.timeInForce() == TimeInForce.FOK;
    }

    /** Method and parameters of an engine's request as of now. */
    void form(final OutboundRequest request) {
        switch (request.kind) {
            case NEW:
                request.params = order(request.line);
                break;
            case REPLACE:
                request.params = edit(request.line);
                break;
            case CANCEL:
                cancel(request);
                break;
            case MASS_CANCEL:
                request.method = request.symbol.isEmpty() ? Method.CANCEL_ALL : Method.CANCEL_ALL_BY_INSTRUMENT;
                request.params =
                    request.symbol.isEmpty() ? "{}" : "{\"instrument_name\":" + quoted(request.symbol) + '}';
                break;
            default:
                break;
        }
    }

    /** A whole request. */
    static String text(final OutboundRequest request) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + request.rpcId + ",\"method\":\"" + request.method.wire
            + "\",\"params\":" + request.params + '}';
    }

    /** Text as JSON. */
    static String quoted(final String text) {
        final StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int)c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** The currency by which orders of an instrument are listed: BTC of BTC-PERPETUAL, USDC of BTC_USDC-PERPETUAL. */
    static String currency(final String symbol) {
        final int dash = symbol.indexOf('-');
        final String pair = dash < 0 ? symbol : symbol.substring(0, dash);
        return pair.substring(pair.indexOf('_') + 1);
    }

    private String order(final OrderLine line) {
        final StringBuilder json = new StringBuilder(256).append("{\"instrument_name\":")
            .append(quoted(line.order().symbol)).append(",\"amount\":").append(DecimalText.format(line.orderQty()))
            .append(",\"type\":\"").append(type(line)).append("\",\"label\":\"").append(line.id())
            .append("\",\"post_only\":").append(line.postOnly());
        if (hasLimit(line)) {
            json.append(",\"price\":").append(DecimalText.format(line.price()));
        }
        if (line.ordType() != OrdType.MARKET) {
            json.append(",\"time_in_force\":\"").append(timeInForce(line)).append('"');
        }
        if (line.postOnly()) {
            // refused, never moved to another price than the desk's
            json.append(",\"reject_post_only\":true");
        }
        if (line.reduceOnly()) {
            json.append(",\"reduce_only\":true");
        }
        if (isStop(line)) {
            json.append(",\"trigger\":\"").append(trigger).append("\",\"trigger_price\":")
                .append(DecimalText.format(line.stopPx()));
        }
        return json.append('}').toString();
    }

    private static String edit(final OrderLine line) {
        final boolean postOnly = line.order().postOnly;
        final StringBuilder json = new StringBuilder(192).append("{\"order_id\":")
            .append(quoted(line.order().venueOrderId)).append(",\"amount\":")
            .append(DecimalText.format(line.orderQty()))
            .append(",\"post_only\":").append(postOnly);
        if (hasLimit(line)) {
            json.append(",\"price\":").append(DecimalText.format(line.price()));
        }
        if (postOnly) {
            json.append(",\"reject_post_only\":true");
        }
        if (isStop(line)) {
            json.append(",\"trigger_price\":").append(DecimalText.format(line.stopPx()));
        }
        return json.append('}').toString();
    }

    /** By the venue's id where it is known, else by our label. */
    private static void cancel(final OutboundRequest request) {
        final LiveOrder order = request.line.order();
        request.method = order.venueOrderId.isEmpty() ? Method.CANCEL_BY_LABEL : Method.CANCEL;
        request.params = order.venueOrderId.isEmpty() ? "{\"label\":\"" + order.label + "\"}"
            : "{\"order_id\":" + quoted(order.venueOrderId) + '}';
    }

    private static String type(final OrderLine line) {
        switch (line.ordType()) {
            case MARKET:
                return "market";
            case STOP:
                return "stop_market";
            case STOP_LIMIT:
                return "stop_limit";
            default:
                return "limit";
        }
    }

    private static String timeInForce(final OrderLine line) {
        switch (line.timeInForce()) {
            case DAY:
                return "good_til_day";
            case IOC:
                return "immediate_or_cancel";
            case FOK:
                return "fill_or_kill";
            default:
                return "good_til_cancelled";
        }
    }

    private static boolean isStop(final OrderLine line) {
        return line.ordType() == OrdType.STOP || line.ordType() == OrdType.STOP_LIMIT;
    }

    private static boolean hasLimit(final OrderLine line) {
        return line.ordType() == OrdType.LIMIT || line.ordType() == OrdType.STOP_LIMIT;
    }
}
