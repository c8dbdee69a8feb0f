package weir.sim.deribit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import weir.sim.market.Json;

/**
 * One side of a trade.
 *
 * @param tradeId     the venue's.
 * @param seq         of the instrument.
 * @param order       whose fill.
 * @param taker       whether it took.
 * @param amount      traded.
 * @param price       at which.
 * @param fee         paid.
 * @param feeCurrency of the fee.
 * @param state       of the order after it.
 * @param atNs        when.
 */
record DeribitTrade(String tradeId, long seq, DeribitOrder order, boolean taker, BigDecimal amount, BigDecimal price,
    BigDecimal fee, String feeCurrency, String state, long atNs) {

    ObjectNode toJson(final DeribitInstrument terms, final long offsetNs) {
        return Json.object().put("trade_id", tradeId).put("trade_seq", seq)
            .put("timestamp", (atNs + offsetNs) / 1_000_000L).put("tick_direction", 1).put("state", state)
            .put("self_trade", false).put("risk_reducing", false).put("reduce_only", order.request.reduceOnly())
            .put("price", price).put("post_only", order.postOnly).put("order_type", order.request.type())
            .put("order_id", order.orderId).put("mmp", false).putNull("matching_id").put("mark_price", price)
            .put("liquidity", taker ? "T" : "M").put("label", order.request.label())
            .put("instrument_name", order.instrument()).put("index_price", price).put("fee_currency", feeCurrency)
            .put("fee", fee).put("direction", order.isBuy() ? "buy" : "sell").put("contracts", terms.contracts(amount))
            .put("api", true).put("amount", amount).put("profit_loss", BigDecimal.ZERO);
    }

    /** As public/get_last_trades shows it. */
    ObjectNode toPublicJson(final DeribitInstrument terms, final long offsetNs) {
        return Json.object().put("trade_id", tradeId).put("trade_seq", seq)
            .put("timestamp", (atNs + offsetNs) / 1_000_000L).put("tick_direction", 1).put("price", price)
            .put("mark_price", price).put("index_price", price).put("instrument_name", order.instrument())
            .put("direction", order.isBuy() ? "buy" : "sell").put("contracts", terms.contracts(amount))
            .put("amount", amount);
    }
}
