package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;

/**
 * Answers about orders to events. {@code result:"success"} is only the door: the status of each instruction decides.
 * What an answer executes is acknowledged here and its fills are taken from the feed or from {@code fills}, which alone
 * carry fill ids and fees. An instruction without a status, or with one that is not known, is asked about. Agent's
 * thread.
 */
final class AnswerReader {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);

    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueEventProxy engine;
    private final KrakenCounters counters;
    private final Decimals decimals;
    private final EpochNanoClock epochClock;

    AnswerReader(final KrakenAdapter.Context context, final OrderRegistry registry, final OrderEvents orders,
        final VenueEventProxy engine, final KrakenCounters counters) {
        this.registry = registry;
        this.orders = orders;
        this.engine = engine;
        this.counters = counters;
        this.decimals = new Decimals(counters);
        this.epochClock = context.epochClock();
    }

    /**
     * An answer with {@code result:"success"}.
     *
     * @return lines that it leaves open
     */
    List<OrderLine> onSuccess(final OutboundRequest request, final JsonNode root, final long nowNs) {
        final List<OrderLine> open = new ArrayList<>();
        switch (request.endpoint()) {
            case SEND:
                onSend(request.lines.get(0), root.path("sendStatus"), nowNs, open);
                break;
            case EDIT:
                onEdit(request, root.path("editStatus"), nowNs, open);
                break;
            case CANCEL:
                onCancel(request.lines.get(0), root.path("cancelStatus"), nowNs, open);
                break;
            case BATCH:
                onBatch(request, root.path("batchStatus"), nowNs, open);
                break;
            case CANCEL_ALL:
                onCancelAll(root.path("cancelStatus"), nowNs);
                break;
            default:
                break;
        }
        return open;
    }

    /** The venue surely refused the whole request. */
    void onRefused(final AccountLink link, final OutboundRequest request, final RejectReason reason,
        final String word) {
        final long epochNs = epochClock.nanoTime();
        if (request.lines.isEmpty()) {
            engine.messageReject(link.accountId(), epochNs, 0, request.id, request.kind(), reason, word);
        }
        for (final OrderLine line : request.lines) {
            if (request.isNew()) {
                engine.messageReject(link.accountId(), epochNs, line.order().orderId, line.id(), VenueMessageKind.NEW,
                    reason, word);
                registry.onFinal(line.order(), System.nanoTime());
            } else {
                orders.requestRefused(line.order(), line.id(),
                    request.isCancel() ? VenueMessageKind.CANCEL : VenueMessageKind.REPLACE, reason, word);
            }
        }
    }

    private void onSend(final OrderLine line, final JsonNode status, final long nowNs, final List<OrderLine> open) {
        final LiveOrder order = line.order();
        final String word = VenueJson.text(status, "status");
        final RejectReason refusal = VenueWords.refusal(word);
        if (VenueWords.ACCEPTED.contains(word) || "cancelled".equals(word)) {
            orders.acknowledged(order, VenueJson.text(status, "order_id", "orderId"), false);
            final long executed = executed(status);
            if (executed > 0) {
                orders.executed(order, executed, nowNs);
            }
            if ("cancelled".equals(word)) {
                orders.over(order, ExecType.CANCELED, null, executed, word, nowNs);
            } else if (order.immediate && executed > 0 && executed < order.orderQty) {
                orders.over(order, ExecType.EXPIRED, null, executed, "the rest found no counterpart", nowNs);
            }
        } else if ("iocWouldNotExecute".equals(word)) {
            orders.acknowledged(order, VenueJson.text(status, "order_id", "orderId"), false);
            orders.over(order, ExecType.EXPIRED, null, 0, word, nowNs);
        } else if (refusal != null) {
            orders.rejected(order, line.id(), refusal, word);
        } else {
            unsure(line, word, open);
        }
    }

    private void onEdit(final OutboundRequest request, final JsonNode status, final long nowNs,
        final List<OrderLine> open) {
        final OrderLine line = request.lines.get(0);
        final LiveOrder order = line.order();
        final String word = VenueJson.text(status, "status");
        final RejectReason refusal = VenueWords.refusal(word);
        if ("edited".equals(word) || VenueWords.ACCEPTED.contains(word) && !"filled".equals(word)) {
            registry.bindVenueOrderId(order, VenueJson.text(status, "orderId", "order_id"));
            orders.replaced(order, line);
            final long executed = executed(status);
            if (executed > 0) {
                // the feed may have told these fills already: at least so much is filled, whichever came first
                orders.executed(order, request.filledBefore + executed, nowNs);
            }
        } else if ("filled".equals(word) || "cancelled".equals(word)) {
            orders.requestRefused(order, line.id(), VenueMessageKind.REPLACE, RejectReason.ORDER_FINAL, word);
            open.add(line);
        } else if (refusal != null) {
            orders.requestRefused(order, line.id(), VenueMessageKind.REPLACE, refusal, word);
        } else {
            unsure(line, word, open);
        }
    }

    private void onCancel(final OrderLine line, final JsonNode status, final long nowNs, final List<OrderLine> open) {
        final LiveOrder order = line.order();
        final String word = VenueJson.text(status, "status");
        final RejectReason refusal = VenueWords.refusal(word);
        if ("cancelled".equals(word)) {
            registry.bindVenueOrderId(order, VenueJson.text(status, "order_id", "orderId"));
            orders.over(order, ExecType.CANCELED, line.id(), cancelFilled(status, order), "", nowNs);
        } else if ("filled".equals(word)) {
            orders.requestRefused(order, line.id(), VenueMessageKind.CANCEL, RejectReason.ORDER_FINAL, word);
            open.add(line);
        } else if (refusal != null) {
            orders.requestRefused(order, line.id(), VenueMessageKind.CANCEL, refusal, word);
            open.add(line);
        } else {
            unsure(line, word, open);
        }
    }

    /** Items come in no particular order: a new order is found by its tag, a cancel by tag, venue's id or ours. */
    private void onBatch(final OutboundRequest request, final JsonNode items, final long nowNs,
        final List<OrderLine> open) {
        final List<OrderLine> unanswered = new ArrayList<>(request.lines);
        for (final JsonNode item : items) {
            final OrderLine line = lineOf(request, unanswered, item);
            if (line == null) {
                counters.increment(KrakenCounter.UNKNOWN_REPORTS);
                LOG.warn("batch item of no instruction of ours: tag {} order {}", VenueJson.text(item, "order_tag"),
                    VenueJson.text(item, "order_id"));
                continue;
            }
            unanswered.remove(line);
            if (request.isNew()) {
                onSend(line, item, nowNs, open);
            } else {
                onCancel(line, item, nowNs, open);
            }
        }
        open.addAll(unanswered);
    }

    private static OrderLine lineOf(final OutboundRequest request, final List<OrderLine> unanswered,
        final JsonNode item) {
        final String tag = VenueJson.text(item, "order_tag");
        final String venueOrderId = VenueJson.text(item, "order_id");
        final String clientId = VenueJson.text(item, "cliOrdId");
        for (final OrderLine line : unanswered) {
            final LiveOrder order = line.order();
            if (!tag.isEmpty() ? tag.equals(Integer.toString(request.lines.indexOf(line)))
                : !venueOrderId.isEmpty() && venueOrderId.equals(order.venueOrderId)
                || order.clientId != null && clientId.equals(order.clientId.toString())) {
                return line;
            }
        }
        return null;
    }

    private void onCancelAll(final JsonNode status, final long nowNs) {
        for (final JsonNode item : status.path("cancelledOrders")) {
            final LiveOrder order =
                registry.find(VenueJson.text(item, "order_id"), VenueJson.text(item, "cliOrdId"));
            if (order != null) {
                orders.over(order, ExecType.CANCELED, null, Scale.NULL, "", nowNs);
            }
        }
    }

    private void unsure(final OrderLine line, final String word, final List<OrderLine> open) {
        if (!VenueWords.ALREADY_THERE.equals(word)) {
            counters.increment(KrakenCounter.UNKNOWN_WORDS);
            LOG.warn("order {}: status '{}' is not known here", line.order().orderId, word);
        }
        open.add(line);
    }

    /** Quantity that the answer's EXECUTION events name. */
    private long executed(final JsonNode status) {
        long sum = 0;
        for (final JsonNode event : status.path("orderEvents")) {
            if ("EXECUTION".equals(VenueJson.text(event, "type"))) {
                sum += decimals.orZero(event.get("amount"));
            }
        }
        return sum;
    }

    private long cancelFilled(final JsonNode status, final LiveOrder order) {
        for (final JsonNode event : status.path("orderEvents")) {
            if ("CANCEL".equals(VenueJson.text(event, "type"))) {
                final long filled = decimals.e8(event.path("order").get("filled"));
                return filled == Scale.NULL ? order.executed : filled;
            }
        }
        return Scale.NULL;
    }
}
