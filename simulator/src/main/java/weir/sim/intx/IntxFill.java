package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import weir.sim.market.Json;

/**
 * One side of a trade.
 *
 * @param execId      grows, also across restarts.
 * @param matchId     of the trade; both sides have it.
 * @param totalFilled of the order, this fill included.
 * @param done        whether it ended the order.
 * @param visibleNs   from when on it is listed.
 */
record IntxFill(String fillId, long execId, long matchId, IntxOrder order, String clientOrderId, boolean taker,
    BigDecimal qty, BigDecimal price, BigDecimal fee, BigDecimal totalFilled, boolean done, long tradedNs,
    long visibleNs) {

    /** As "List fills by portfolios" shows it: no word on who made the market. */
    ObjectNode toJson(final long offsetNs) {
        final IntxAccount account = order.account();
        final ObjectNode node = Json.object().put("portfolio_id", account.portfolio())
            .put("portfolio_uuid", account.portfolioUuid()).put("portfolio_name", account.name())
            .put("fill_id", fillId).put("exec_id", Long.toString(execId)).put("order_id", order.orderId)
            .put("instrument_id", order.instrument.id()).put("instrument_uuid", order.instrument.uuid())
            .put("symbol", order.instrument.symbol()).put("match_id", Long.toString(matchId))
            .put("fill_price", price.toPlainString()).put("fill_qty", qty.toPlainString())
            .put("client_order_id", clientOrderId).put("order_qty", order.size.toPlainString());
        if (order.request.price() != null) {
            node.put("limit_price", order.price.toPlainString());
        }
        return node.put("total_filled", totalFilled.toPlainString()).put("filled_vwap", price.toPlainString())
            .put("expire_time", order.request.expireNs() == 0 ? "" : VenueTime.format(order.request.expireNs()))
            .put("stop_price", order.stopPrice == null ? "" : order.stopPrice.toPlainString())
            .put("side", order.side()).put("tif", order.request.tif()).put("stp_mode", order.request.stpMode())
            .put("flags", order.request.postOnly() ? "POST_ONLY" : "").put("fee", fee.toPlainString())
            .put("fee_asset", "USDC").put("order_status", done ? "DONE" : "WORKING")
            .put("event_time", VenueTime.format(tradedNs + offsetNs));
    }
}
