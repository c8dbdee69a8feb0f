package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import weir.sim.market.Json;
import weir.sim.market.RestingOrder;

/** One order at the venue and what became of it. Owned by the {@link KrakenEngine}'s monitor. */
final class KrakenOrder implements RestingOrder {
    final String orderId;
    final OrderRequest request;
    final long receivedNs;
    final long visibleNs;
    BigDecimal size;
    BigDecimal filled = BigDecimal.ZERO;
    BigDecimal limitPrice;
    BigDecimal stopPrice;
    long updatedNs;
    /** Waits for its trigger. */
    boolean dormant;
    boolean open = true;
    /** Status and updateReason as orders/status names them. */
    String status = "ENTERED_BOOK";
    String updateReason = "NEW_USER_ORDER";
    long doneNs;

    KrakenOrder(final String orderId, final OrderRequest request, final long receivedNs, final long visibleNs) {
        this.orderId = orderId;
        this.request = request;
        this.receivedNs = receivedNs;
        this.visibleNs = visibleNs;
        this.updatedNs = receivedNs;
        this.size = request.size();
        this.limitPrice = request.limitPrice();
        this.stopPrice = request.stopPrice();
    }

    @Override
    public boolean isBuy() {
        return request.buy();
    }

    @Override
    public BigDecimal price() {
        return limitPrice;
    }

    KrakenAccount account() {
        return request.account();
    }

    boolean isHouse() {
        return request.account().isHouse();
    }

    BigDecimal unfilled() {
        return size.subtract(filled);
    }

    String side() {
        return isBuy() ? "buy" : "sell";
    }

    /** Whether the trigger is reached when the price rises to it. */
    boolean triggersAbove() {
        return isBuy() == (request.type() == OrderType.STP);
    }

    boolean isTriggeredAt(final BigDecimal market) {
        return market != null
            && (triggersAbove() ? market.compareTo(stopPrice) >= 0 : market.compareTo(stopPrice) <= 0);
    }

    /** The order as order events and orders/status show it; a waiting trigger has a form of its own. */
    ObjectNode toEventJson(final long offsetNs) {
        final ObjectNode node = Json.object();
        if (dormant) {
            node.put("uid", orderId).put("clientId", request.cliOrdId());
        } else {
            node.put("orderId", orderId).put("cliOrdId", request.cliOrdId());
        }
        node.put("type", dormant ? limitPrice == null ? "mkt" : "lmt" : eventType()).put("symbol", request.symbol())
            .put("side", side()).put("quantity", Numbers.plain(size));
        if (!dormant) {
            node.put("filled", Numbers.plain(filled));
        }
        node.put("limitPrice", Numbers.plain(limitPrice));
        if (dormant) {
            node.put("triggerPrice", Numbers.plain(stopPrice))
                .put("triggerSide", triggersAbove() ? "trigger_above" : "trigger_below")
                .put("triggerSignal", switch (request.triggerSignal()) {
                    case "index" -> "spot_price";
                    case "last" -> "last_price";
                    default -> "mark_price";
                });
        }
        return node.put("reduceOnly", request.reduceOnly()).put("timestamp", IsoTime.format(receivedNs + offsetNs))
            .put("lastUpdateTimestamp", IsoTime.format(updatedNs + offsetNs));
    }

    /** The order as GET openorders shows it. */
    ObjectNode toOpenJson(final long offsetNs) {
        final ObjectNode node = Json.object().put("order_id", orderId);
        if (request.cliOrdId() != null) {
            node.put("cliOrdId", request.cliOrdId());
        }
        node.put("symbol", request.symbol()).put("side", side()).put("orderType", dormant ? request.type().code()
            : "lmt");
        if (limitPrice != null) {
            node.put("limitPrice", Numbers.plain(limitPrice));
        }
        if (dormant) {
            node.put("stopPrice", Numbers.plain(stopPrice)).put("triggerSignal", request.triggerSignal());
        }
        return node.put("unfilledSize", Numbers.plain(unfilled())).put("filledSize", Numbers.plain(filled))
            .put("receivedTime", IsoTime.format(receivedNs + offsetNs))
            .put("status", filled.signum() > 0 ? "partiallyFilled" : "untouched")
            .put("reduceOnly", request.reduceOnly()).put("lastUpdateTime", IsoTime.format(updatedNs + offsetNs));
    }

    /** The order as the open_orders feed shows it. */
    ObjectNode toFeedJson(final long offsetNs) {
        final ObjectNode node = Json.object().put("instrument", request.symbol())
            .put("time", (receivedNs + offsetNs) / 1_000_000).put("last_update_time",
                (updatedNs + offsetNs) / 1_000_000)
            .put("qty", Numbers.real(unfilled())).put("filled", Numbers.real(filled))
            .put("limit_price", Numbers.real(limitPrice))
            .put("stop_price", Numbers.real(dormant ? stopPrice : null))
            .put("type", dormant ? request.type().feedName() : "limit").put("order_id", orderId);
        if (request.cliOrdId() != null) {
            node.put("cli_ord_id", request.cliOrdId());
        }
        return node.put("direction", isBuy() ? 0 : 1).put("reduce_only", request.reduceOnly());
    }

    private String eventType() {
        return request.type().isTrigger() ? limitPrice == null ? "mkt" : "lmt" : request.type().code();
    }
}
