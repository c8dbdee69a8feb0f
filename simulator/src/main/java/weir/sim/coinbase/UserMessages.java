package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;

/**
 * The channel {@code user}: what the channel {@code full} says of the orders of one profile, with its fee rates.
 * {@code received}, {@code open}, {@code match}, {@code done}, {@code change}; a refused order gives none. Inside the
 * engine's monitor. Source: Coinbase Exchange "WebSocket channels".
 */
final class UserMessages {
    private final MarketFeed feed;
    private final FaultPlan<Fault> faults;

    UserMessages(final MarketFeed feed, final FaultPlan<Fault> faults) {
        this.feed = feed;
        this.faults = faults;
    }

    void onOpen(final VenueOrder order, final long nowNs) {
        final ObjectNode node = head("open", order, nowNs).put("order_id", order.orderId)
            .put("price", plain(order.price)).put("remaining_size", plain(order.leaves()));
        tell(order, node.put("side", side(order)));
    }

    void onExecution(final ExecutionEvent event) {
        final VenueOrder order = event.order();
        if (order.product == null || event.silent()) {
            return;
        }
        switch (event.execType()) {
            case '0' -> received(order, event.nowNs());
            case 'F' -> {
                match(order, event.fill());
                if (faults.strikes(Fault.USER_MATCH_TWICE, order.request.origin().apiKey())) {
                    match(order, event.fill());
                }
                if (!order.isOpen()) {
                    done(order, "filled", null, event.nowNs());
                }
            }
            case '4', 'C' -> done(order, "canceled", event.text(), event.nowNs());
            case '5' -> change(order, "modify_order", order.leaves(), order.leaves(), event.nowNs());
            case 'D' -> change(order, event.restatement() == 5 ? "STP" : "tpsl_triggered",
                order.leaves().add(event.restatement() == 5 ? order.decrement : BigDecimal.ZERO), order.leaves(),
                event.nowNs());
            default -> {
                // a refusal has no message
            }
        }
    }

    private void received(final VenueOrder order, final long nowNs) {
        final ObjectNode node = head("received", order, nowNs).put("order_id", order.orderId);
        if (order.clOrdId != null) {
            node.put("client-oid", order.clOrdId);
        }
        if (order.qty != null) {
            node.put("size", plain(order.qty));
        } else {
            node.put("funds", plain(order.request.funds()));
        }
        if (order.price != null) {
            node.put("price", plain(order.price));
        }
        tell(order, node.put("side", side(order)).put("order_type", order.isMarket() ? "market" : "limit"));
    }

    private void match(final VenueOrder order, final ExecutionEvent.Fill fill) {
        final ObjectNode node = head("match", order, fill.tradedNs()).put("trade_id", fill.tradeId())
            .put("maker_order_id", fill.taker() ? fill.otherOrderId() : fill.orderId())
            .put("taker_order_id", fill.taker() ? fill.orderId() : fill.otherOrderId())
            .put("size", plain(fill.qty())).put("price", plain(fill.price()))
            .put("side", fill.buy() == fill.taker() ? "sell" : "buy");
        final String role = fill.taker() ? "taker" : "maker";
        node.put(role + "_profile_id", fill.profileId()).put(role + "_user_id", fill.apiKey())
            .put(role + "_fee_rate", plain(fill.taker() ? order.takerRate : order.makerRate));
        tell(order, node);
    }

    private void done(final VenueOrder order, final String reason, final String why, final long nowNs) {
        final ObjectNode node = head("done", order, nowNs).put("order_id", order.orderId).put("reason", reason)
            .put("side", side(order));
        if (order.price != null) {
            node.put("price", plain(order.price));
        }
        if (order.qty != null) {
            node.put("remaining_size", plain(order.qty.subtract(order.cumQty)));
        }
        if (why != null) {
            node.put("cancel_reason", why);
        }
        tell(order, node);
    }

    private void change(
        final VenueOrder order, final String reason, final BigDecimal oldSize, final BigDecimal newSize,
        final long nowNs) {
        tell(order, head("change", order, nowNs).put("order_id", order.orderId).put("reason", reason)
            .put("old_size", plain(oldSize)).put("new_size", plain(newSize)).put("price", plain(order.price))
            .put("side", side(order)));
    }

    private void tell(final VenueOrder order, final ObjectNode message) {
        if (!faults.strikes(Fault.USER_GAP, order.request.origin().apiKey())) {
            feed.onOrder(order.request.origin().profileId(), order.product, message);
        }
    }

    private static ObjectNode head(final String type, final VenueOrder order, final long nowNs) {
        return Json.object().put("type", type).put("time", FixTime.iso(nowNs))
            .put("profile_id", order.request.origin().profileId()).put("user_id", order.request.origin().apiKey());
    }

    private static String side(final VenueOrder order) {
        return order.isBuy() ? "buy" : "sell";
    }

    private static String plain(final BigDecimal value) {
        return value == null ? null : value.stripTrailingZeros().toPlainString();
    }
}
