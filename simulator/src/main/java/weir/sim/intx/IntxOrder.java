package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import weir.sim.market.Json;
import weir.sim.market.RestingOrder;

/** One order at the venue and what became of it. Owned by the {@link IntxEngine}'s monitor. */
final class IntxOrder implements RestingOrder {
    final String orderId;
    final OrderRequest request;
    final IntxInstrument instrument;
    final long receivedNs;
    final long visibleNs;
    /** Changed by a replace. */
    String clientOrderId;
    BigDecimal size;
    BigDecimal price;
    BigDecimal stopPrice;
    BigDecimal filled = BigDecimal.ZERO;
    BigDecimal value = BigDecimal.ZERO;
    BigDecimal fees = BigDecimal.ZERO;
    /** Reduced by self-trade prevention without a trade. */
    BigDecimal decremented = BigDecimal.ZERO;
    boolean open = true;
    /** Waits for its trigger. */
    boolean dormant;
    String event = "NEW";
    String text = "";
    long eventNs;
    /** The client order id that the one before a replace had. */
    String formerClientOrderId;
    /** A cancel's own client order id over FIX, and the session that sent it; null when REST or nobody did. */
    String cancelId;
    FixSession cancelledBy;
    /** The session whose replace is being carried out; null when it is of REST, or none is. */
    FixSession replacedBy;

    IntxOrder(final String orderId, final OrderRequest request, final IntxInstrument instrument, final long receivedNs,
        final long visibleNs) {
        this.orderId = orderId;
        this.request = request;
        this.instrument = instrument;
        this.receivedNs = receivedNs;
        this.visibleNs = visibleNs;
        this.eventNs = receivedNs;
        this.clientOrderId = request.clientOrderId();
        this.size = request.size();
        this.price = request.price();
        this.stopPrice = request.stopPrice();
    }

    @Override
    public boolean isBuy() {
        return request.buy();
    }

    @Override
    public BigDecimal price() {
        return price;
    }

    IntxAccount account() {
        return request.account();
    }

    boolean isHouse() {
        return request.account().isHouse();
    }

    BigDecimal leaves() {
        return size.subtract(filled).subtract(decremented);
    }

    String side() {
        return isBuy() ? "BUY" : "SELL";
    }

    boolean isTriggeredAt(final BigDecimal market) {
        return market != null
            && (isBuy() ? market.compareTo(stopPrice) >= 0 : market.compareTo(stopPrice) <= 0);
    }

    /** The order as every call shows it; what it has not is left out. */
    ObjectNode toJson(final long offsetNs) {
        final ObjectNode node = Json.object().put("order_id", orderId).put("client_order_id", clientOrderId)
            .put("side", side()).put("instrument_id", instrument.id()).put("instrument_uuid", instrument.uuid())
            .put("symbol", instrument.symbol()).put("portfolio_id", account().portfolio())
            .put("portfolio_uuid", account().portfolioUuid()).put("type", request.type());
        if (request.price() != null) {
            node.put("price", price.toPlainString());
        }
        if (stopPrice != null) {
            node.put("stop_price", stopPrice.toPlainString());
        }
        node.put("size", size.toPlainString()).put("tif", request.tif());
        if (request.expireNs() != 0) {
            node.put("expire_time", VenueTime.format(request.expireNs()));
        }
        node.put("stp_mode", request.stpMode()).put("event_type", event)
            .put("event_time", VenueTime.format(eventNs + offsetNs))
            .put("submit_time", VenueTime.format(receivedNs + offsetNs))
            .put("order_status", open ? "WORKING" : "DONE")
            .put("leaves_qty", open ? leaves().toPlainString() : "0").put("exec_qty", filled.toPlainString())
            .put("avg_price", averagePrice()).put("fee", fees.toPlainString()).put("post_only", request.postOnly())
            .put("close_only", request.closeOnly());
        return text.isEmpty() ? node : node.put("text", text);
    }

    private String averagePrice() {
        return filled.signum() == 0 ? "0"
            : value.divide(filled, MathContext.DECIMAL64).stripTrailingZeros().toPlainString();
    }
}
