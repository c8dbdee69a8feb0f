package weir.venue.kraken;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Our requests in the venue's form ("Send order", "Batch order management"): url-encoded, with %20 for a space, byte
 * for byte what is signed. Agent's thread.
 */
final class RequestForms {
    private final String triggerSignal;
    private final long processBeforeMs;

    RequestForms(final String triggerSignal, final long processBeforeMs) {
        this.triggerSignal = triggerSignal;
        this.processBeforeMs = processBeforeMs;
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
        final boolean immediate = tif == TimeInForce.IOC || tif == TimeInForce.FOK;
        if (line.ordType() == OrdType.MARKET) {
            // It never rests: a day or longer is as good as now. TimeInForce(59) absent means DAY.
            return tif == TimeInForce.FOK ? RejectReason.TIF_UNSUPPORTED
                : line.postOnly() ? RejectReason.EXEC_INST_UNSUPPORTED : RejectReason.NONE;
        }
        if (!immediate && tif != TimeInForce.GTC || immediate && isStop(line)) {
            return RejectReason.TIF_UNSUPPORTED;
        }
        if (line.postOnly() && (immediate || line.ordType() != OrdType.LIMIT)) {
            return RejectReason.EXEC_INST_UNSUPPORTED;
        }
        return RejectReason.NONE;
    }

    static boolean isImmediate(final OrderLine line) {
        return line.ordType() == OrdType.MARKET || line.timeInForce() == TimeInForce.IOC
            || line.timeInForce() == TimeInForce.FOK;
    }

    String form(final OutboundRequest request, final long epochNs) {
        switch (request.endpoint()) {
            case SEND:
                return processBefore("processBefore", epochNs) + sendForm(request.lines.get(0));
            case EDIT:
                return processBefore("processBefore", epochNs) + editForm(request.lines.get(0));
            case CANCEL:
                return target(request.lines.get(0).order(), "order_id");
            case CANCEL_ALL:
                return request.symbol.isEmpty() ? "" : "symbol=" + encoded(request.symbol);
            case BATCH:
                return processBefore("ProcessBefore", epochNs) + "json=" + encoded(batch(request));
            default:
                return request.data;
        }
    }

    static String encoded(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Venue's id where it is known, else ours. */
    private static String target(final LiveOrder order, final String venueIdName) {
        return order.venueOrderId.isEmpty() ? "cliOrdId=" + order.clientId
            : venueIdName + '=' + encoded(order.venueOrderId);
    }

    private String sendForm(final OrderLine line) {
        final StringBuilder form = new StringBuilder(192).append("orderType=").append(orderType(line))
            .append("&symbol=").append(encoded(line.order().symbol)).append("&side=").append(side(line))
            .append("&size=").append(DecimalText.format(line.orderQty()));
        if (hasLimit(line)) {
            form.append("&limitPrice=").append(DecimalText.format(line.price()));
        }
        if (isStop(line)) {
            form.append("&stopPrice=").append(DecimalText.format(line.stopPx())).append("&triggerSignal=")
                .append(triggerSignal);
        }
        if (line.reduceOnly()) {
            form.append("&reduceOnly=true");
        }
        return form.append("&cliOrdId=").append(line.id()).toString();
    }

    private static String editForm(final OrderLine line) {
        final StringBuilder form = new StringBuilder(160).append(target(line.order(), "orderId"))
            .append("&size=").append(DecimalText.format(line.orderQty())).append("&qtyMode=ABSOLUTE");
        if (hasLimit(line)) {
            form.append("&limitPrice=").append(DecimalText.format(line.price()));
        }
        if (isStop(line)) {
            form.append("&stopPrice=").append(DecimalText.format(line.stopPx()));
        }
        return form.toString();
    }

    private String batch(final OutboundRequest request) {
        final StringBuilder json = new StringBuilder(256 * request.lines.size()).append("{\"batchOrder\":[");
        for (int i = 0; i < request.lines.size(); i++) {
            final OrderLine line = request.lines.get(i);
            json.append(i == 0 ? "" : ",");
            if (request.isNew()) {
                send(json, line, i);
            } else {
                cancel(json, line.order(), i);
            }
        }
        return json.append("]}").toString();
    }

    private void send(final StringBuilder json, final OrderLine line, final int tag) {
        json.append("{\"order\":\"send\",\"order_tag\":\"").append(tag).append("\",\"orderType\":\"")
            .append(orderType(line)).append("\",\"symbol\":\"").append(line.order().symbol).append("\",\"side\":\"")
            .append(side(line)).append("\",\"size\":").append(DecimalText.format(line.orderQty()));
        if (hasLimit(line)) {
            json.append(",\"limitPrice\":").append(DecimalText.format(line.price()));
        }
        if (isStop(line)) {
            json.append(",\"stopPrice\":").append(DecimalText.format(line.stopPx())).append(",\"triggerSignal\":\"")
                .append(triggerSignal).append('"');
        }
        if (line.reduceOnly()) {
            json.append(",\"reduceOnly\":true");
        }
        json.append(",\"cliOrdId\":\"").append(line.id()).append("\"}");
    }

    private static void cancel(final StringBuilder json, final LiveOrder order, final int tag) {
        json.append("{\"order\":\"cancel\",\"order_tag\":\"").append(tag).append('"');
        if (order.venueOrderId.isEmpty()) {
            json.append(",\"cliOrdId\":\"").append(order.clientId);
        } else {
            json.append(",\"order_id\":\"").append(order.venueOrderId);
        }
        json.append("\"}");
    }

    private String processBefore(final String name, final long epochNs) {
        return processBeforeMs == 0 ? ""
            : name + '=' + encoded(Instant.ofEpochMilli(epochNs / 1_000_000L + processBeforeMs).toString()) + '&';
    }

    private static String orderType(final OrderLine line) {
        if (line.ordType() == OrdType.MARKET) {
            return "mkt";
        }
        if (isStop(line)) {
            return "stp";
        }
        if (line.postOnly()) {
            return "post";
        }
        return line.timeInForce() == TimeInForce.IOC ? "ioc" : line.timeInForce() == TimeInForce.FOK ? "fok" : "lmt";
    }

    private static String side(final OrderLine line) {
        return line.side() == Side.BUY ? "buy" : "sell";
    }

    private static boolean isStop(final OrderLine line) {
        return line.ordType() == OrdType.STOP || line.ordType() == OrdType.STOP_LIMIT;
    }

    private static boolean hasLimit(final OrderLine line) {
        return line.ordType() == OrdType.LIMIT || line.ordType() == OrdType.STOP_LIMIT;
    }
}
