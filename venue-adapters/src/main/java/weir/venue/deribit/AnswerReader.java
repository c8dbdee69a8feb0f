package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;

/**
 * Answers to the engine's requests, to events. A result carries the order as it is and, for new orders and edits, the
 * trades it made. Agent's thread.
 */
final class AnswerReader {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);

    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueEventProxy engine;
    private final DeribitCounters counters;
    private final EpochNanoClock epochClock;

    AnswerReader(final DeribitAdapter.Context context, final OrderRegistry registry, final OrderEvents orders,
        final VenueEventProxy engine, final DeribitCounters counters) {
        this.registry = registry;
        this.orders = orders;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
    }

    /**
     * A result.
     *
     * @return the order that it leaves open, null when none
     */
    LiveOrder onResult(final OutboundRequest request, final JsonNode result, final long nowNs) {
        switch (request.kind) {
            case NEW:
                return onNew(request.line, result, nowNs);
            case REPLACE:
                return onReplaced(request.line, result, nowNs);
            case CANCEL:
                return onCancelled(request, result, nowNs);
            default:
                // what a mass cancel ended is told by the orders' own notifications
                return null;
        }
    }

    /** The venue surely refused the request. Returns the order that is to be asked about, null when none. */
    LiveOrder onRefused(final int accountId, final OutboundRequest request, final RejectReason reason,
        final String word) {
        final OrderLine line = request.line;
        if (line == null) {
            engine.messageReject(accountId, epochClock.nanoTime(), 0, request.id, request.kind, reason, word);
            return null;
        }
        if (request.isNew()) {
            orders.rejected(line.order(), line.id(), reason, word);
            return null;
        }
        if (request.isCancel()) {
            line.order().cancelId = null;
        }
        orders.requestRefused(line.order(), line.id(), request.kind, reason, word);
        return reason == RejectReason.UNKNOWN_ORDER || reason == RejectReason.ORDER_FINAL ? line.order() : null;
    }

    /** An answer that nobody waits for any more: what it says of an order is told all the same. */
    void onLate(final JsonNode result, final long nowNs) {
        final JsonNode told = result.has("order") ? result.get("order") : result;
        final LiveOrder order = told.isObject() && told.has("order_state") ? orders.find(told) : null;
        if (order != null) {
            orders.onOrder(order, told, result.path("trades"), true, nowNs);
        }
    }

    private LiveOrder onNew(final OrderLine line, final JsonNode result, final long nowNs) {
        final JsonNode told = result.path("order");
        if (VenueJson.text(told, "order_id").isEmpty()) {
            return unreadable(line);
        }
        orders.onOrder(line.order(), told, result.path("trades"), false, nowNs);
        return null;
    }

    private LiveOrder onReplaced(final OrderLine line, final JsonNode result, final long nowNs) {
        final JsonNode told = result.path("order");
        final String state = VenueJson.text(told, "order_state");
        if (state.isEmpty()) {
            return unreadable(line);
        }
        if ("cancelled".equals(state) && !line.order().isFinal) {
            // such as edit_post_only_reject: the new values are not in force, and the order is over
            orders.requestRefused(line.order(), line.id(), VenueMessageKind.REPLACE, RejectReason.ORDER_FINAL,
                VenueJson.text(told, "cancel_reason"));
        } else {
            registry.bindVenueOrderId(line.order(), VenueJson.text(told, "order_id"));
            orders.replaced(line.order(), line);
        }
        orders.onOrder(line.order(), told, result.path("trades"), false, nowNs);
        return null;
    }

    private LiveOrder onCancelled(final OutboundRequest request, final JsonNode result, final long nowNs) {
        final OrderLine line = request.line;
        if (request.method == Method.CANCEL_BY_LABEL) {
            if (!result.isInt()) {
                return unreadable(line);
            }
            if (result.asInt() == 0) {
                line.order().cancelId = null;
                orders.requestRefused(line.order(), line.id(), VenueMessageKind.CANCEL, RejectReason.UNKNOWN_ORDER,
                    "no open order of this label");
            }
            return line.order();
        }
        if (VenueJson.text(result, "order_state").isEmpty()) {
            return unreadable(line);
        }
        orders.onOrder(line.order(), result, result.path("trades"), false, nowNs);
        return line.order().isFinal ? null : line.order();
    }

    private LiveOrder unreadable(final OrderLine line) {
        counters.increment(DeribitCounter.UNREADABLE_ANSWERS);
        LOG.warn("order {}: an answer of no known form leaves it open", line.order().orderId);
        return line.order();
    }
}
