package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import weir.sim.market.Json;
import weir.sim.market.RestingOrder;

/** An order at the venue. Guarded by the engine's monitor. */
final class BinanceOrder implements RestingOrder {
    final long orderId;
    final OrderRequest request;
    final long createdNs;
    final long visibleNs;
    final List<BinanceFill> fills = new ArrayList<>(2);
    String clientId;
    BigDecimal qty;
    BigDecimal filled = BigDecimal.ZERO;
    BigDecimal quote = BigDecimal.ZERO;
    BigDecimal prevented = BigDecimal.ZERO;
    String status = "NEW";
    String expiryReason;
    boolean open = true;
    boolean dormant;
    long workingNs;
    long updatedNs;
    int amends;

    BinanceOrder(final long orderId, final OrderRequest request, final long nowNs, final long visibleNs) {
        this.orderId = orderId;
        this.request = request;
        this.clientId = request.clientId();
        this.qty = request.qty();
        this.createdNs = nowNs;
        this.updatedNs = nowNs;
        this.workingNs = nowNs;
        this.visibleNs = visibleNs;
    }

    @Override
    public boolean isBuy() {
        return request.buy();
    }

    @Override
    public BigDecimal price() {
        return request.price();
    }

    BinanceAccount account() {
        return request.account();
    }

    boolean isHouse() {
        return request.account().isHouse();
    }

    /** origQty - executedQty - preventedQty. */
    BigDecimal available() {
        return qty == null ? BigDecimal.ZERO : qty.subtract(filled).subtract(prevented);
    }

    boolean isBookable() {
        return open && !dormant && !request.isImmediate();
    }

    /** Answer to a placement: ACK, RESULT or FULL. */
    ObjectNode placed(final String respType, final long offsetNs) {
        final ObjectNode node = Json.object().put("symbol", request.symbol()).put("orderId", orderId)
            .put("orderListId", -1).put("clientOrderId", clientId)
            .put("transactTime", Numbers.ms(updatedNs + offsetNs));
        if ("ACK".equals(respType)) {
            return node;
        }
        amounts(node);
        node.put("workingTime", dormant ? -1 : Numbers.ms(workingNs + offsetNs))
            .put("selfTradePreventionMode", request.stp().name());
        conditional(node);
        if ("FULL".equals(respType)) {
            final ArrayNode list = node.putArray("fills");
            for (final BinanceFill fill : fills) {
                list.addObject().put("price", Numbers.text(fill.price())).put("qty", Numbers.text(fill.qty()))
                    .put("commission", Numbers.text(fill.commission()))
                    .put("commissionAsset", fill.commissionAsset()).put("tradeId", fill.tradeId());
            }
        }
        return node;
    }

    /** Answer to a cancel. */
    ObjectNode cancelled(final String cancelId, final long offsetNs) {
        final ObjectNode node = Json.object().put("symbol", request.symbol()).put("origClientOrderId", clientId)
            .put("orderId", orderId).put("orderListId", -1).put("clientOrderId", cancelId)
            .put("transactTime", Numbers.ms(updatedNs + offsetNs));
        amounts(node);
        node.put("selfTradePreventionMode", request.stp().name());
        conditional(node);
        return node;
    }

    /** Answer to a question. */
    ObjectNode status(final long offsetNs) {
        final ObjectNode node = Json.object().put("symbol", request.symbol()).put("orderId", orderId)
            .put("orderListId", -1).put("clientOrderId", clientId);
        amounts(node);
        node.put("stopPrice", Numbers.text(request.stopPrice())).put("icebergQty", Numbers.text(request.icebergQty()))
            .put("time", Numbers.ms(createdNs + offsetNs)).put("updateTime", Numbers.ms(updatedNs + offsetNs))
            .put("isWorking", !dormant).put("workingTime", dormant ? -1 : Numbers.ms(workingNs + offsetNs))
            .put("selfTradePreventionMode", request.stp().name());
        conditional(node);
        return node;
    }

    private void amounts(final ObjectNode node) {
        node.put("price", Numbers.text(request.price())).put("origQty", Numbers.text(qty))
            .put("executedQty", Numbers.text(filled)).put("origQuoteOrderQty", Numbers.text(request.quoteQty()))
            .put("cummulativeQuoteQty", Numbers.text(quote)).put("status", status)
            .put("timeInForce", request.tif()).put("type", request.type()).put("side", request.side());
    }

    private void conditional(final ObjectNode node) {
        if (request.stopPrice() != null) {
            node.put("stopPrice", Numbers.text(request.stopPrice()));
        }
        if (request.strategyId() != null) {
            node.put("strategyId", request.strategyId());
        }
        if (request.strategyType() != null) {
            node.put("strategyType", request.strategyType());
        }
        if (prevented.signum() > 0) {
            node.put("preventedMatchId", 0).put("preventedQuantity", Numbers.text(prevented));
        }
        if (expiryReason != null) {
            node.put("expiryReason", expiryReason);
        }
    }
}
