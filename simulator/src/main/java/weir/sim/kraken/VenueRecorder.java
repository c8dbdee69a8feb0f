package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.VenueLog;

/**
 * Writes what the engine tells into the venue log, then passes it on to the feeds. Runs inside the engine's monitor,
 * which is what makes the log come before every answer and feed message.
 */
final class VenueRecorder implements EngineListener {
    private final VenueLog log;
    private EngineListener feeds;

    VenueRecorder(final VenueLog log) {
        this.log = log;
    }

    void feeds(final EngineListener listener) {
        feeds = listener;
    }

    @Override
    public void onOrder(final KrakenOrder order, final long nowNs) {
        if (!order.isHouse()) {
            log.write(describe(head("order", order.request, order.orderId, nowNs), order.request));
        }
    }

    @Override
    public void onRefused(final OrderRequest request, final String status, final long nowNs) {
        if (!request.account().isHouse()) {
            log.write(describe(head("reject", request, null, nowNs), request).put("reason", status));
        }
    }

    @Override
    public void onRejected(final KrakenOrder order, final String status, final long nowNs) {
        if (!order.isHouse()) {
            log.write(head("reject", order.request, order.orderId, nowNs).put("reason", status));
        }
    }

    @Override
    public void onPlaced(final KrakenOrder order, final String reason, final long nowNs) {
        if (!order.isHouse()) {
            log.write(state(head("ack", order.request, order.orderId, nowNs), order)
                .put("visibleNs", order.visibleNs).put("dormant", order.dormant));
            feeds.onPlaced(order, reason, nowNs);
        }
    }

    @Override
    public void onFill(final KrakenFill fill, final long nowNs) {
        final KrakenOrder order = fill.order();
        if (!order.isHouse()) {
            log.write(state(head("exec", order.request, order.orderId, nowNs).put("fillId", fill.fillId())
                .put("tradeId", fill.tradeId()).put("side", order.side()).put("qty", Numbers.text(fill.size()))
                .put("price", Numbers.text(fill.price())).put("fee", Numbers.text(fill.fee()))
                .put("feeCurrency", fill.feeCurrency()).put("liquidity", fill.taker() ? "T" : "M"), order));
            feeds.onFill(fill, nowNs);
        }
    }

    @Override
    public void onEdited(final KrakenOrder order, final long nowNs) {
        if (!order.isHouse()) {
            log.write(state(head("replace", order.request, order.orderId, nowNs), order)
                .put("qty", Numbers.text(order.size)).put("price", Numbers.text(order.limitPrice)));
            feeds.onEdited(order, nowNs);
        }
    }

    @Override
    public void onCancelled(final KrakenOrder order, final String reason, final long nowNs) {
        if (!order.isHouse()) {
            log.write(state(head("cancel", order.request, order.orderId, nowNs), order).put("reason", reason));
            feeds.onCancelled(order, reason, nowNs);
        }
    }

    private static ObjectNode head(
        final String kind, final OrderRequest request, final String orderId, final long nowNs) {
        return VenueLog.line(kind, nowNs).put("session", request.account().apiKey())
            .put("profile", request.account().name()).put("channel", request.channel())
            .put("clOrdId", request.cliOrdId()).put("orderId", orderId).put("product", request.symbol());
    }

    private static ObjectNode describe(final ObjectNode line, final OrderRequest request) {
        return line.put("side", request.buy() ? "buy" : "sell").put("ordType", request.type().code())
            .put("qty", Numbers.text(request.size())).put("price", Numbers.text(request.limitPrice()))
            .put("stopPrice", Numbers.text(request.stopPrice())).put("reduceOnly", request.reduceOnly())
            .put("orderTag", request.orderTag());
    }

    private static ObjectNode state(final ObjectNode line, final KrakenOrder order) {
        return line.put("cumQty", Numbers.text(order.filled))
            .put("leavesQty", Numbers.text(order.open ? order.unfilled() : java.math.BigDecimal.ZERO));
    }
}
