package weir.sim.deribit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import weir.sim.market.Json;
import weir.sim.market.RestingOrder;

/** An order as it is now. Owned by the engine's monitor. */
final class DeribitOrder implements RestingOrder {
    final String orderId;
    final OrderRequest request;
    final long createdNs;
    /** From when on questions show it. */
    final long visibleNs;
    final List<DeribitTrade> trades = new ArrayList<>();
    BigDecimal amount;
    BigDecimal price;
    BigDecimal filled = BigDecimal.ZERO;
    BigDecimal value = BigDecimal.ZERO;
    String state = "open";
    String cancelReason;
    boolean replaced;
    boolean postOnly;
    long updatedNs;
    long doneNs;
    /** The trigger order that it came from, null for most. */
    String triggerOrderId;

    DeribitOrder(final String orderId, final OrderRequest request, final long nowNs, final long visibleNs) {
        this.orderId = orderId;
        this.request = request;
        this.amount = request.amount();
        this.price = request.price();
        this.postOnly = request.postOnly();
        this.createdNs = nowNs;
        this.updatedNs = nowNs;
        this.visibleNs = visibleNs;
    }

    @Override
    public boolean isBuy() {
        return request.buy();
    }

    @Override
    public BigDecimal price() {
        return price;
    }

    BigDecimal left() {
        return amount.subtract(filled);
    }

    boolean isOpen() {
        return "open".equals(state) || "untriggered".equals(state);
    }

    boolean isHouse() {
        return request.account().isHouse();
    }

    String instrument() {
        return request.instrument();
    }

    BigDecimal averagePrice() {
        return filled.signum() == 0 ? BigDecimal.ZERO : value.divide(filled, MathContext.DECIMAL64)
            .stripTrailingZeros();
    }

    ObjectNode toJson(final DeribitInstrument terms, final long offsetNs) {
        final ObjectNode node = Json.object().put("order_id", orderId).put("instrument_name", instrument())
            .put("direction", isBuy() ? "buy" : "sell").put("amount", amount)
            .put("contracts", terms.contracts(amount)).put("label", request.label()).put("order_state", state)
            .put("order_type", request.type()).put("time_in_force", request.timeInForce())
            .put("post_only", postOnly).put("reject_post_only", request.rejectPostOnly())
            .put("reduce_only", request.reduceOnly()).put("average_price", averagePrice())
            .put("max_show", amount).put("user_id", request.account().userId()).put("web", false).put("api", true)
            .put("mmp", false).put("replaced", replaced).put("is_liquidation", false).put("risk_reducing", false)
            .put("creation_timestamp", (createdNs + offsetNs) / 1_000_000L)
            .put("last_update_timestamp", (updatedNs + offsetNs) / 1_000_000L);
        if (price == null) {
            node.put("price", "market_price");
        } else {
            node.put("price", price);
        }
        if (!request.isTrigger()) {
            // absent on a trigger order
            node.put("filled_amount", filled);
        } else {
            node.put("trigger", request.trigger()).put("trigger_price", request.triggerPrice())
                .put("triggered", "triggered".equals(state));
        }
        if (triggerOrderId != null) {
            node.put("trigger_order_id", triggerOrderId);
        }
        if (cancelReason != null) {
            node.put("cancel_reason", cancelReason);
        }
        return node;
    }
}
