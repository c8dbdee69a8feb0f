package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import weir.sim.market.VenueLog;

/**
 * Writes what the engine tells into the venue log, inside the engine's monitor, so that the log comes before every
 * answer. House orders are not logged.
 */
final class VenueRecorder {
    private final VenueLog log;

    VenueRecorder(final VenueLog log) {
        this.log = log;
    }

    /** An order was taken on and has an id. */
    void onOrder(final IntxOrder order, final long nowNs) {
        if (!order.isHouse()) {
            log.write(describe(head("order", order, nowNs), order.request));
        }
    }

    /** An order rests now, or its trigger waits. */
    void onPlaced(final IntxOrder order, final long nowNs) {
        if (!order.isHouse()) {
            log.write(state(head("ack", order, nowNs), order).put("visibleNs", order.visibleNs)
                .put("dormant", order.dormant));
        }
    }

    /** An order traded; it is already reduced. */
    void onFill(final IntxFill fill, final long nowNs) {
        log.write(state(head("exec", fill.order(), nowNs), fill.order()).put("fillId", fill.fillId())
            .put("tradeId", fill.execId()).put("matchId", fill.matchId()).put("side", side(fill.order().isBuy()))
            .put("qty", text(fill.qty())).put("price", text(fill.price())).put("fee", text(fill.fee()))
            .put("feeCurrency", "USDC").put("liquidity", fill.taker() ? "T" : "M"));
    }

    void onReplaced(final IntxOrder order, final long nowNs) {
        if (!order.isHouse()) {
            log.write(state(head("replace", order, nowNs), order).put("qty", text(order.size))
                .put("price", text(order.price)));
        }
    }

    /** An order ended unfilled or in part. */
    void onCancelled(final IntxOrder order, final long nowNs) {
        if (!order.isHouse()) {
            log.write(state(head("cancel", order, nowNs), order).put("reason", order.text));
        }
    }

    static String text(final BigDecimal value) {
        return value == null ? null : value.toPlainString();
    }

    static String side(final boolean buy) {
        return buy ? "buy" : "sell";
    }

    private static ObjectNode head(final String kind, final IntxOrder order, final long nowNs) {
        return VenueLog.line(kind, nowNs).put("session", order.account().apiKey())
            .put("profile", order.account().name()).put("channel", order.request.channel())
            .put("clOrdId", order.clientOrderId).put("orderId", order.orderId)
            .put("product", order.instrument.symbol());
    }

    private static ObjectNode describe(final ObjectNode line, final OrderRequest request) {
        return line.put("side", side(request.buy())).put("ordType", request.type()).put("tif", request.tif())
            .put("qty", text(request.size())).put("price", text(request.price()))
            .put("stopPrice", text(request.stopPrice())).put("stpMode", request.stpMode())
            .put("postOnly", request.postOnly()).put("closeOnly", request.closeOnly());
    }

    private static ObjectNode state(final ObjectNode line, final IntxOrder order) {
        return line.put("cumQty", text(order.filled))
            .put("leavesQty", order.open ? text(order.leaves()) : "0");
    }
}
