package weir.sim.coinbase;

import java.math.BigDecimal;

/**
 * ExecutionReport(8) as Coinbase Exchange sends it, body fields in tag order. Source: "FIX order entry, Execution
 * report". Stateless; call inside the engine's monitor.
 */
final class ExecutionReportEncoder {
    private ExecutionReportEncoder() {
    }

    static FixBody encode(final ExecutionEvent event, final int timeDigits) {
        final VenueOrder order = event.order();
        final OrderRequest request = order.request;
        final ExecutionEvent.Fill fill = event.fill();
        final FixBody body = new FixBody("8");
        if (order.cumQty.signum() > 0) {
            body.add(6, formatPrice(order, order.averagePrice()));
        }
        body.add(11, event.clOrdId());
        body.add(14, plain(order.cumQty));
        body.add(17, event.execId());
        body.add(18, request.postOnly() ? "A" : null);
        if (fill != null) {
            body.add(31, formatPrice(order, fill.price()));
            body.add(32, plain(fill.qty()));
        }
        body.add(37, order.orderId);
        body.add(38, plain(order.qty));
        body.add(39, String.valueOf(event.ordStatus()));
        body.add(40, String.valueOf(request.type()));
        body.add(41, event.origClOrdId());
        body.add(44, formatPrice(order, order.price));
        body.add(54, String.valueOf(request.side()));
        body.add(55, request.product());
        body.add(58, event.text());
        body.add(59, String.valueOf(request.tif()));
        body.add(60, FixTime.format(event.nowNs(), timeDigits));
        body.add(99, formatPrice(order, order.stopPrice));
        if (event.ordStatus() == '8') {
            body.add(103, Math.max(0, order.rejectReason));
        }
        body.add(126, request.expireNs() == 0 ? null : FixTime.format(request.expireNs(), timeDigits));
        if (fill != null) {
            body.addGroup("136=1\u0001137=" + plain(fill.fee()) + "\u0001138=" + order.product.quote()
                + "\u0001139=4\u0001891=0\u0001");
        }
        body.add(150, String.valueOf(event.execType()));
        body.add(151, order.qty == null ? null : plain(order.leaves()));
        body.add(152, plain(request.funds()));
        body.add(378, event.restatement() == 0 ? null : Integer.toString(event.restatement()));
        if (fill != null) {
            body.add(1003, fill.tradeId());
            body.add(1057, fill.taker() ? "Y" : "N");
        }
        body.add(1109, request.trigger() == 0 ? null : String.valueOf(request.trigger()));
        body.add(3040, formatPrice(order, order.stopLimit));
        body.add(7928, request.selfTradeTag());
        body.add(8152, order.isFunded() ? plain(order.fundsLeft) : null);
        return body;
    }

    /** The answer to OrderStatusRequest(H) for an order nobody knows. Undocumented by the venue: our choice. */
    static FixBody unknown(
        final String clOrdId, final String orderId, final String symbol, final String execId, final long nowNs,
        final int timeDigits) {
        return new FixBody("8")
            .add(11, clOrdId == null ? "00000000-0000-0000-0000-000000000000" : clOrdId)
            .add(14, "0").add(17, execId)
            .add(37, orderId == null ? "00000000-0000-0000-0000-000000000000" : orderId)
            .add(39, "8").add(55, symbol).add(58, "unknown order").add(60, FixTime.format(nowNs, timeDigits))
            .add(103, 5).add(150, "8").add(151, "0");
    }

    /** Decimal text without trailing zeros; null for null. */
    static String plain(final BigDecimal value) {
        return value == null ? null : value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static String formatPrice(final VenueOrder order, final BigDecimal price) {
        return price == null ? null : order.product == null ? plain(price) : order.product.formatPrice(price);
    }
}
