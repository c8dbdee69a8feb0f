package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;

/**
 * Execution reports of the user data stream to events ("Order Update"). A cancel's report has the cancel's id as
 * {@code c} and the order's as {@code C}: the venue's id decides. What names no order of ours is counted: orders of a
 * former run are asked for by the engine, with their fills. Agent's thread.
 */
final class ReportReader {
    private static final Logger LOG = LoggerFactory.getLogger(ReportReader.class);

    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final Replacer replacer;
    private final VenueJson json;
    private final Decimals decimals;
    private final BinanceCounters counters;

    ReportReader(final OrderRegistry registry, final OrderEvents orders, final Replacer replacer,
        final VenueJson json, final Decimals decimals, final BinanceCounters counters) {
        this.registry = registry;
        this.orders = orders;
        this.replacer = replacer;
        this.json = json;
        this.decimals = decimals;
        this.counters = counters;
    }

    void onEvent(final JsonNode event, final long nowNs) {
        if (!"executionReport".equals(VenueJson.text(event, "e"))) {
            return;
        }
        final String venueOrderId = VenueJson.number(event, "i");
        final String original = VenueJson.text(event, "C");
        final String clientId = original.isEmpty() ? VenueJson.text(event, "c") : original;
        final LiveOrder order = registry.find(VenueJson.text(event, "s"), venueOrderId, clientId);
        if (order == null || venueOrderId.isEmpty()) {
            counters.increment(BinanceCounter.UNKNOWN_REPORTS);
            LOG.info("order {} of a report is none that is known here", venueOrderId);
            return;
        }
        if (order.replacing != null && !order.replacing.clientId.isEmpty()
            && order.replacing.clientId.equals(clientId)) {
            // whatever it says of the new order, the new order is there
            if ("REJECTED".equals(VenueJson.text(event, "x"))) {
                return;
            }
            replacer.placed(order, venueOrderId);
        }
        onReport(order, venueOrderId, event, nowNs);
    }

    private void onReport(final LiveOrder order, final String venueOrderId, final JsonNode event, final long nowNs) {
        final boolean current = order.venueOrderId.isEmpty() || order.venueOrderId.equals(venueOrderId);
        final long filled = order.carried(venueOrderId) + decimals.orZero(event.get("z"));
        final String status = VenueJson.text(event, "X");
        switch (VenueJson.text(event, "x")) {
            case "NEW" -> orders.acknowledged(order, current ? venueOrderId : "", false);
            case "TRADE" -> {
                final Fill fill = json.ofReport(event);
                if (current) {
                    orders.acknowledged(order, venueOrderId, false);
                }
                if (fill != null) {
                    orders.fill(order, fill, false, false);
                }
                orders.executed(order, filled, nowNs);
            }
            case "CANCELED" -> onCancelled(order, current, filled, event, nowNs);
            case "REPLACED" -> replacer.amended(order);
            case "REJECTED" -> {
                if (order.inFlight == 0 && !order.acknowledged && !order.isFinal) {
                    orders.rejected(order, order.id, RejectReason.VENUE_REJECTED, VenueJson.text(event, "r"));
                }
            }
            case "EXPIRED" -> expired(order, current, filled, VenueJson.text(event, "eR"), nowNs);
            case "TRADE_PREVENTION" -> {
                if (AnswerReader.isOver(status)) {
                    expired(order, current, filled, status, nowNs);
                } else if (current) {
                    final long prevented = decimals.orZero(event.get("A"));
                    final long total = decimals.e8(event.get("q"));
                    if (total != Scale.NULL && order.replacing == null) {
                        orders.restated(order, order.carried(venueOrderId) + total - prevented, "TRADE_PREVENTION");
                    }
                }
            }
            default -> counters.increment(BinanceCounter.UNKNOWN_REPORTS);
        }
    }

    private void onCancelled(final LiveOrder order, final boolean current, final long filled, final JsonNode event,
        final long nowNs) {
        if (!current) {
            // an order before the one of now: what it filled still counts
            orders.executed(order, filled, nowNs);
        } else if (order.replacing != null && order.replacing.request.method != Method.AMEND) {
            order.replacing.oldOver = true;
            order.replacing.oldFilled = filled;
            orders.executed(order, filled, nowNs);
        } else {
            registry.bindVenueOrderId(order, VenueJson.number(event, "i"));
            orders.over(order, ExecType.CANCELED, ClientIds.request(VenueJson.text(event, "c")), filled, "", nowNs);
        }
    }

    private void expired(final LiveOrder order, final boolean current, final long filled, final String text,
        final long nowNs) {
        if (current) {
            orders.acknowledged(order, order.venueOrderId, false);
            orders.over(order, ExecType.EXPIRED, null, filled, text, nowNs);
        }
    }
}
