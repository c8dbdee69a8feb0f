package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;

/**
 * Messages of the feeds open_orders and fills ("Futures WebSockets", private feeds) to events. {@code is_cancel:true}
 * with reason full_fill is a fill and no cancel. What names no order of ours is counted: orders of a former run are
 * asked for by the engine, with their fills. Agent's thread.
 */
final class FeedReader {
    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);

    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueJson json;
    private final Decimals decimals;
    private final KrakenCounters counters;

    FeedReader(final OrderRegistry registry, final OrderEvents orders, final VenueJson json,
        final KrakenCounters counters) {
        this.registry = registry;
        this.orders = orders;
        this.json = json;
        this.counters = counters;
        this.decimals = new Decimals(counters);
    }

    void onFills(final JsonNode root, final boolean snapshot) {
        for (final JsonNode item : root.path("fills")) {
            final Fill fill = json.fill(item);
            final LiveOrder order = fill == null ? null : registry.find(fill.venueOrderId(), fill.clientId());
            if (order != null) {
                orders.fill(order, fill, snapshot, false);
            } else if (!snapshot) {
                unknown("fill of order " + VenueJson.text(item, "order_id"));
            }
        }
    }

    void onOpenOrder(final JsonNode root, final long nowNs) {
        final JsonNode told = root.path("order");
        final String venueOrderId = VenueJson.text(told.isObject() ? told : root, "order_id");
        final LiveOrder order =
            registry.find(venueOrderId, VenueJson.text(told.isObject() ? told : root, "cli_ord_id"));
        if (order == null) {
            unknown("order " + venueOrderId);
            return;
        }
        final String reason = VenueJson.text(root, "reason");
        final long filled = decimals.e8(told.get("filled"));
        if (!root.path("is_cancel").asBoolean(false)) {
            orders.acknowledged(order, venueOrderId, false);
            if (filled != Scale.NULL && filled > 0) {
                orders.executed(order, filled, nowNs);
            }
        } else if ("full_fill".equals(reason)) {
            orders.acknowledged(order, venueOrderId, false);
            final long whole = order.orderQty != Scale.NULL ? order.orderQty : filled;
            orders.executed(order, whole == Scale.NULL ? order.filled : whole, nowNs);
        } else if (order.inFlight > 0 && !order.acknowledged || isNoEnd(reason)) {
            // its own answer says more, or the order goes on under another form
            registry.bindVenueOrderId(order, venueOrderId);
        } else {
            registry.bindVenueOrderId(order, venueOrderId);
            orders.over(order, VenueWords.isExpiry(reason) ? ExecType.EXPIRED : ExecType.CANCELED, null, filled,
                reason, nowNs);
        }
    }

    private static boolean isNoEnd(final String reason) {
        return "edited_by_user".equals(reason) || "stop_order_triggered".equals(reason)
            || "partial_fill".equals(reason);
    }

    private void unknown(final String what) {
        counters.increment(KrakenCounter.UNKNOWN_REPORTS);
        LOG.info("{} is none that is known here", what);
    }
}
