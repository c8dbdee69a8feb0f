package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.VenueMessageKind;

/** Answers about orders to events; their fills come with them. Agent's thread. */
final class AnswerReader {
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueJson json;
    private final Decimals decimals;

    AnswerReader(final OrderRegistry registry, final OrderEvents orders, final VenueJson json,
        final Decimals decimals) {
        this.registry = registry;
        this.orders = orders;
        this.json = json;
        this.decimals = decimals;
    }

    /** The answer to a new order. False when it is not what the venue documents. */
    boolean onOrder(final LiveOrder order, final JsonNode body, final long nowNs) {
        final String venueOrderId = VenueJson.number(body, "orderId");
        if (venueOrderId.isEmpty() || !order.symbol.equals(VenueJson.text(body, "symbol"))) {
            return false;
        }
        final String status = VenueJson.text(body, "status");
        if ("REJECTED".equals(status)) {
            orders.rejected(order, order.id, RejectReason.VENUE_REJECTED, status);
            return true;
        }
        orders.acknowledged(order, venueOrderId, false);
        final long timeMs = body.path("transactTime").asLong(0);
        for (final JsonNode item : body.path("fills")) {
            final Fill fill = json.ofAnswer(item, venueOrderId, timeMs);
            if (fill != null) {
                orders.fill(order, fill, false, false);
            }
        }
        final long filled = order.carried(venueOrderId) + decimals.orZero(body.get("executedQty"));
        orders.executed(order, filled, nowNs);
        if (isOver(status)) {
            orders.over(order, ExecType.EXPIRED, null, filled, word(body, status), nowNs);
        }
        return true;
    }

    /** The answer to a cancel. False when it is not what the venue documents. */
    boolean onCancel(final OrderLine line, final JsonNode body, final long nowNs) {
        final LiveOrder order = line.order();
        if (!"CANCELED".equals(VenueJson.text(body, "status")) || VenueJson.number(body, "orderId").isEmpty()) {
            return false;
        }
        registry.bindVenueOrderId(order, VenueJson.number(body, "orderId"));
        orders.over(order, ExecType.CANCELED, line.id(),
            order.carried(order.venueOrderId) + decimals.orZero(body.get("executedQty")), "", nowNs);
        return true;
    }

    /** The answer to a cancel of all orders of a pair. */
    boolean onCancelAll(final JsonNode body, final long nowNs) {
        for (final JsonNode item : body) {
            final String venueOrderId = VenueJson.number(item, "orderId");
            final LiveOrder order = registry.find(VenueJson.text(item, "symbol"), venueOrderId,
                VenueJson.text(item, "origClientOrderId"));
            if (order != null) {
                final long executed = decimals.e8(item.get("executedQty"));
                orders.over(order, ExecType.CANCELED, null, executed == Scale.NULL ? Scale.NULL
                    : order.carried(venueOrderId) + executed, "", nowNs);
            }
        }
        return body.isArray();
    }

    /** The venue surely refused a new order or a cancel. */
    void onRefused(final AccountLink link, final OutboundRequest request, final RejectReason reason,
        final String text, final int code) {
        if (request.line == null) {
            link.messageReject(request, reason, text);
        } else if (!request.isNew()) {
            orders.requestRefused(request.line.order(), request.line.id(), VenueMessageKind.CANCEL, reason, text);
        } else if (code == -2010) {
            orders.rejected(request.line.order(), request.line.id(), reason, text);
        } else {
            link.messageReject(request, reason, text);
            registry.onFinal(request.line.order(), System.nanoTime());
        }
    }

    static boolean isOver(final String status) {
        return status.startsWith("EXPIRED");
    }

    private static String word(final JsonNode body, final String status) {
        final String reason = VenueJson.text(body, "expiryReason");
        return reason.isEmpty() ? status : reason;
    }
}
