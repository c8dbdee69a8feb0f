package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import weir.sim.market.Json;

/**
 * One thing that happened to an order.
 *
 * @param type          NEW, CANCELED, REPLACED, REJECTED, TRADE, EXPIRED or TRADE_PREVENTION.
 * @param fill          of a trade, else null.
 * @param cancelId      id of the request that cancelled it, else null.
 * @param rejectReason  r of a rejection, else NONE.
 * @param lastPrevented B of a prevention, else null.
 * @param counterId     U, the order it would have traded with, 0 for none.
 */
record Execution(BinanceOrder order, String type, BinanceFill fill, String cancelId, String rejectReason,
    BigDecimal lastPrevented, long counterId, long executionId, long atNs) {

    /** The executionReport of the user data stream. */
    ObjectNode toJson(final long offsetNs) {
        final OrderRequest request = order.request;
        final long atMs = Numbers.ms(atNs + offsetNs);
        final boolean trade = fill != null;
        final ObjectNode node = Json.object().put("e", "executionReport").put("E", atMs).put("s", request.symbol())
            .put("c", cancelId == null ? order.clientId : cancelId).put("S", request.side()).put("o", request.type())
            .put("f", request.tif()).put("q", Numbers.text(order.qty)).put("p", Numbers.text(request.price()))
            .put("P", Numbers.text(request.stopPrice())).put("F", Numbers.text(request.icebergQty())).put("g", -1)
            .put("C", cancelId == null ? "" : order.clientId).put("x", type).put("X", order.status)
            .put("r", rejectReason).put("i", order.orderId).put("l", Numbers.text(trade ? fill.qty() : null))
            .put("z", Numbers.text(order.filled)).put("L", Numbers.text(trade ? fill.price() : null))
            .put("n", trade ? plain(fill.commission()) : "0");
        node.put("N", trade ? fill.commissionAsset() : null);
        node.put("T", atMs).put("t", trade ? fill.tradeId() : -1).put("I", executionId)
            .put("w", order.isBookable()).put("m", trade && fill.maker()).put("M", false)
            .put("O", Numbers.ms(order.createdNs + offsetNs)).put("Z", Numbers.text(order.quote))
            .put("Y", Numbers.text(trade ? fill.quote() : null)).put("Q", Numbers.text(request.quoteQty()));
        if (!order.dormant) {
            node.put("W", Numbers.ms(order.workingNs + offsetNs));
        }
        node.put("V", request.stp().name());
        if (request.strategyId() != null) {
            node.put("j", request.strategyId());
        }
        if (request.strategyType() != null) {
            node.put("J", request.strategyType());
        }
        if (order.prevented.signum() > 0 || lastPrevented != null) {
            node.put("A", Numbers.text(order.prevented));
        }
        if (lastPrevented != null) {
            node.put("v", executionId).put("B", Numbers.text(lastPrevented)).put("u", request.account().tradeGroup())
                .put("U", counterId).put("Cs", request.symbol()).put("pl", Numbers.text(lastPrevented))
                .put("pL", Numbers.text(request.price())).put("pY", "0.00000000");
        }
        if (order.expiryReason != null && "EXPIRED".equals(type)) {
            node.put("eR", order.expiryReason);
        }
        return node;
    }

    private static String plain(final BigDecimal value) {
        return value.setScale(Numbers.DIGITS, java.math.RoundingMode.DOWN).toPlainString();
    }
}
