package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * Every WebSocket, and what the engine tells them. Private messages are queued inside the engine's monitor: before the
 * answer of the call that caused them, and without a gap after a snapshot.
 */
final class FeedHub implements EngineListener {
    static final String OPEN_ORDERS = "open_orders";
    static final String FILLS = "fills";

    private final Map<Long, FeedConnection> connections = new ConcurrentHashMap<>();
    private final Map<String, Long> fillSequences = new HashMap<>();
    private final FaultPlan<KrakenFault> faults;
    private final LongSupplier offsetNs;
    private final VenueLog log;

    FeedHub(final FaultPlan<KrakenFault> faults, final LongSupplier offsetNs, final VenueLog log) {
        this.faults = faults;
        this.offsetNs = offsetNs;
        this.log = log;
    }

    Collection<FeedConnection> connections() {
        return connections.values();
    }

    void add(final FeedConnection connection) {
        connections.put(connection.id, connection);
    }

    void remove(final FeedConnection connection) {
        connections.remove(connection.id);
    }

    @Override
    public void onOrder(final KrakenOrder order, final long nowNs) {
        // The feeds speak of it when it rests, trades or ends.
    }

    @Override
    public void onRefused(final OrderRequest request, final String status, final long nowNs) {
        // Only the caller is told.
    }

    @Override
    public void onRejected(final KrakenOrder order, final String status, final long nowNs) {
        // Only the caller is told.
    }

    @Override
    public void onPlaced(final KrakenOrder order, final String reason, final long nowNs) {
        openOrder(order, false, reason, nowNs);
    }

    @Override
    public void onEdited(final KrakenOrder order, final long nowNs) {
        openOrder(order, false, "edited_by_user", nowNs);
    }

    @Override
    public void onFill(final KrakenFill fill, final long nowNs) {
        final KrakenOrder order = fill.order();
        final ObjectNode message = Json.object().put("feed", FILLS).put("username", order.account().name());
        message.putArray("fills").add(fillJson(fill));
        final String key = order.account().apiKey();
        if (faults.strikes(KrakenFault.DROP_FILL, key)) {
            log.write(VenueLog.line("fault", nowNs).put("fault", KrakenFault.DROP_FILL.key())
                .put("fillId", fill.fillId()));
        } else {
            tell(FILLS, order, message, nowNs);
            if (faults.strikes(KrakenFault.DUPLICATE_FILL, key)) {
                tell(FILLS, order, message, nowNs);
            }
        }
        if (!order.request.type().isImmediate()) {
            openOrder(order, !order.open, order.open ? "partial_fill" : "full_fill", nowNs);
        }
    }

    @Override
    public void onCancelled(final KrakenOrder order, final String reason, final long nowNs) {
        if (order.request.type().isImmediate()) {
            return;
        }
        final ObjectNode message = Json.object().put("feed", OPEN_ORDERS).put("order_id", order.orderId);
        if (order.request.cliOrdId() != null) {
            message.put("cli_ord_id", order.request.cliOrdId());
        }
        tell(OPEN_ORDERS, order, message.put("is_cancel", true).put("reason", reason), nowNs);
    }

    /** One fill as the feed shows it. In the engine's monitor: the sequence is the account's. */
    ObjectNode fillJson(final KrakenFill fill) {
        final KrakenOrder order = fill.order();
        final ObjectNode node = Json.object().put("instrument", order.request.symbol())
            .put("time", (fill.tradedNs() + offsetNs.getAsLong()) / 1_000_000)
            .put("price", Numbers.real(fill.price()))
            .put("seq", fillSequences.merge(order.account().name(), 1L, Long::sum)).put("buy", order.isBuy())
            .put("qty", Numbers.real(fill.size())).put("remaining_order_qty", Numbers.real(fill.remaining()))
            .put("order_id", order.orderId);
        if (order.request.cliOrdId() != null) {
            node.put("cli_ord_id", order.request.cliOrdId());
        }
        return node.put("fill_id", fill.fillId()).put("fill_type", fill.taker() ? "taker" : "maker")
            .put("fee_paid", Numbers.real(fill.fee())).put("fee_currency", fill.feeCurrency())
            .put("taker_order_type", fill.takerType().feedName())
            .put("order_type", order.request.type().feedName());
    }

    private void openOrder(final KrakenOrder order, final boolean done, final String reason, final long nowNs) {
        final ObjectNode message = Json.object().put("feed", OPEN_ORDERS);
        message.set("order", order.toFeedJson(offsetNs.getAsLong()));
        tell(OPEN_ORDERS, order, message.put("is_cancel", done).put("reason", reason), nowNs);
    }

    private void tell(final String feed, final KrakenOrder order, final ObjectNode message, final long nowNs) {
        for (final FeedConnection connection : connections.values()) {
            if (!connection.isSubscribed(feed, order.account().name())) {
                continue;
            }
            if (faults.strikes(KrakenFault.WS_DROP, order.account().apiKey())) {
                log.write(VenueLog.line("fault", nowNs).put("fault", KrakenFault.WS_DROP.key())
                    .put("conn", connection.id));
                connection.drop();
            } else if (!faults.isOn(KrakenFault.WS_SILENT, order.account().apiKey())) {
                connection.send(message);
            }
        }
    }
}
