package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;

/**
 * Answers about orders to events. Every instruction is answered with the order as it is after it. What an answer
 * executes is acknowledged here; the fills themselves, with id and fee, come from the list of fills. Agent's thread.
 */
final class AnswerReader {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);

    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueEventProxy engine;
    private final IntxCounters counters;
    private final VenueJson json;
    private final EpochNanoClock epochClock;

    AnswerReader(final IntxAdapter.Context context, final OrderRegistry registry, final OrderEvents orders,
        final VenueJson json, final VenueEventProxy engine, final IntxCounters counters) {
        this.registry = registry;
        this.orders = orders;
        this.json = json;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
    }

    /** An answer 2xx. @return false when it leaves the instruction open. */
    boolean onSuccess(final OutboundRequest request, final JsonNode root, final long nowNs) {
        if (request.endpoint == Endpoint.CANCEL_ALL) {
            return onCancelAll(root, nowNs);
        }
        if (!VenueJson.isOrder(root)) {
            counters.increment(IntxCounter.UNREADABLE_ANSWERS);
            return false;
        }
        switch (request.endpoint) {
            case SEND:
                return onSend(request.line, root, nowNs);
            case REPLACE:
                return onReplace(request.line, root, nowNs);
            default:
                return onCancel(request.line, root, nowNs);
        }
    }

    /** The venue surely refused the request. */
    void onRefused(final int accountId, final OutboundRequest request, final RejectReason reason, final String text) {
        if (request.line == null) {
            engine.messageReject(accountId, epochClock.nanoTime(), 0, request.id, request.kind, reason, text);
        } else if (request.isNew()) {
            engine.messageReject(accountId, epochClock.nanoTime(), request.line.order().orderId, request.line.id(),
                VenueMessageKind.NEW, reason, text);
            registry.onFinal(request.line.order(), System.nanoTime());
        } else {
            orders.requestRefused(request.line.order(), request.line.id(), request.kind, reason, text);
        }
    }

    /**
     * How a done order ended; null when it was filled.
     *
     * @param order of the venue
     */
    ExecType ending(final JsonNode order, final boolean immediate) {
        final long size = json.e8(order, "size");
        if (size != Scale.NULL && json.orZero(order, "exec_qty") >= size) {
            return null;
        }
        return immediate || "EXPIRED".equals(VenueJson.text(order, "event_type")) ? ExecType.EXPIRED
            : ExecType.CANCELED;
    }

    private boolean onSend(final OrderLine line, final JsonNode root, final long nowNs) {
        final LiveOrder order = line.order();
        final String event = VenueJson.text(root, "event_type");
        if ("REJECTED".equals(event)) {
            final String text = VenueJson.text(root, "text");
            final RejectReason reason = VenueWords.reason(text);
            orders.rejected(order, line.id(), reason == null ? RejectReason.VENUE_REJECTED : reason,
                VenueWords.text(text));
            return true;
        }
        final long executed = json.orZero(root, "exec_qty");
        if (!event.startsWith("PENDING")) {
            order.takenTo = executed;
        }
        orders.acknowledged(order, VenueJson.text(root, "order_id"), false);
        if (executed > 0) {
            orders.executed(order, executed, nowNs);
        }
        onDone(order, root, null, nowNs);
        return !event.startsWith("PENDING");
    }

    private boolean onReplace(final OrderLine line, final JsonNode root, final long nowNs) {
        final LiveOrder order = line.order();
        final String event = VenueJson.text(root, "event_type");
        if (event.startsWith("PENDING")) {
            return false;
        }
        if ("REJECTED".equals(event)) {
            orders.requestRefused(order, line.id(), VenueMessageKind.REPLACE, RejectReason.REPLACE_NOT_ALLOWED,
                VenueWords.text(VenueJson.text(root, "text")));
            return true;
        }
        final long executed = json.orZero(root, "exec_qty");
        order.unsureTo = executed > order.filled ? executed : order.unsureTo;
        registry.bindVenueOrderId(order, VenueJson.text(root, "order_id"));
        registry.rename(order, line.id(), VenueJson.text(root, "client_order_id"));
        orders.replaced(order, line);
        orders.executed(order, executed, nowNs);
        onDone(order, root, null, nowNs);
        return true;
    }

    private boolean onCancel(final OrderLine line, final JsonNode root, final long nowNs) {
        registry.bindVenueOrderId(line.order(), VenueJson.text(root, "order_id"));
        onDone(line.order(), root, line, nowNs);
        return "DONE".equals(VenueJson.text(root, "order_status"));
    }

    private void onDone(final LiveOrder order, final JsonNode root, final OrderLine cancel, final long nowNs) {
        if (!"DONE".equals(VenueJson.text(root, "order_status"))) {
            return;
        }
        final ExecType how = ending(root, order.immediate && cancel == null);
        if (how != null) {
            orders.over(order, how, cancel == null ? null : cancel.id(), json.orZero(root, "exec_qty"),
                cancel == null ? VenueJson.text(root, "text") : "", nowNs);
        } else if (cancel != null) {
            orders.requestRefused(order, cancel.id(), VenueMessageKind.CANCEL, RejectReason.ORDER_FINAL, "filled");
            orders.executed(order, json.orZero(root, "exec_qty"), nowNs);
        }
    }

    private boolean onCancelAll(final JsonNode root, final long nowNs) {
        if (!root.isArray()) {
            counters.increment(IntxCounter.UNREADABLE_ANSWERS);
            return false;
        }
        for (final JsonNode item : root) {
            final LiveOrder order =
                registry.find(VenueJson.text(item, "order_id"), VenueJson.text(item, "client_order_id"));
            if (order == null) {
                counters.increment(IntxCounter.UNKNOWN_REPORTS);
                LOG.warn("cancelled with the others, and not known here: {}", VenueJson.text(item, "order_id"));
            } else {
                registry.bindVenueOrderId(order, VenueJson.text(item, "order_id"));
                onDone(order, item, null, nowNs);
            }
        }
        return true;
    }
}
