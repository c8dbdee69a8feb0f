package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * Notifications: who is subscribed to what, and faults on the way. Called inside the engine's monitor, so that the
 * order of messages is the order of events; late ones keep it, too.
 */
final class ChannelHub {
    private final Map<Long, WsConnection> connections = new ConcurrentHashMap<>();
    private final FaultPlan<DeribitFault> faults;
    private final VenueLog log;
    private final LongSupplier clock;
    private final LongSupplier offsetNs;
    private final ScheduledExecutorService later;
    private MarketCalls market;

    ChannelHub(
        final FaultPlan<DeribitFault> faults, final VenueLog log, final LongSupplier clock,
        final LongSupplier offsetNs, final ScheduledExecutorService later) {
        this.faults = faults;
        this.log = log;
        this.clock = clock;
        this.offsetNs = offsetNs;
        this.later = later;
    }

    void market(final MarketCalls calls) {
        market = calls;
    }

    void add(final WsConnection connection) {
        connections.put(connection.id, connection);
    }

    void remove(final WsConnection connection) {
        connections.remove(connection.id);
    }

    Collection<WsConnection> connections() {
        return connections.values();
    }

    /** What one instruction changed of an account: user.changes in one piece, user.orders and user.trades. */
    void onChanges(
        final String account, final DeribitInstrument terms, final List<DeribitOrder> orders,
        final List<DeribitTrade> trades) {
        if (connections.isEmpty()) {
            return;
        }
        final ArrayNode orderList = Json.array();
        orders.forEach(order -> orderList.add(order.toJson(terms, offsetNs.getAsLong())));
        final ArrayNode tradeList = Json.array();
        trades.forEach(trade -> tradeList.add(trade.toJson(terms, offsetNs.getAsLong())));
        final ObjectNode both = Json.object().put("instrument_name", terms.name());
        both.set("orders", orderList);
        both.set("trades", tradeList);
        both.putArray("positions");
        final boolean dropped = faults.strikes(DeribitFault.DROP_REPORT, null);
        final boolean doubled = faults.strikes(DeribitFault.DUPLICATE_REPORT, null);
        if (dropped) {
            log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", DeribitFault.DROP_REPORT.key()));
            return;
        }
        final long lateMs = faults.value(DeribitFault.STREAM_LATE_MS, null);
        for (final WsConnection connection : connections.values()) {
            if (connection.grant == null || !connection.grant.account().name().equals(account)) {
                continue;
            }
            for (final String channel : connection.channels) {
                if (!matches(channel, terms)) {
                    continue;
                }
                for (int i = 0; i < (doubled ? 2 : 1); i++) {
                    if (channel.startsWith("user.changes.")) {
                        send(connection, channel, both, lateMs);
                    } else if (channel.startsWith("user.orders.")) {
                        orderList.forEach(order -> send(connection, channel, order, lateMs));
                    } else if (channel.startsWith("user.trades.") && !tradeList.isEmpty()) {
                        send(connection, channel, tradeList, lateMs);
                    }
                }
            }
        }
    }

    /** The best prices or the last trade may have changed. */
    void onBook(final DeribitInstrument terms, final List<DeribitTrade> takers) {
        if (connections.isEmpty()) {
            return;
        }
        final Map<String, Supplier<JsonNode>> messages = Map.of(
            "ticker." + terms.name() + '.', () -> market.ticker(terms),
            "quote." + terms.name(), () -> market.quote(terms),
            "trades." + terms.name() + '.', () -> publicTrades(terms, takers),
            "instrument.state.", () -> Json.object().put("timestamp", (clock.getAsLong() + offsetNs.getAsLong())
                / 1_000_000L).put("state", terms.state()).put("instrument_name", terms.name()));
        messages.forEach((prefix, message) -> {
            JsonNode data = null;
            if (prefix.startsWith("trades.") && takers.isEmpty()) {
                return;
            }
            for (final WsConnection connection : connections.values()) {
                for (final String channel : connection.channels) {
                    if (prefix.startsWith("quote.") ? channel.equals(prefix) : channel.startsWith(prefix)) {
                        data = data == null ? message.get() : data;
                        send(connection, channel, data, 0);
                    }
                }
            }
        });
    }

    private ArrayNode publicTrades(final DeribitInstrument terms, final List<DeribitTrade> takers) {
        final ArrayNode list = Json.array();
        takers.forEach(trade -> list.add(trade.toPublicJson(terms, offsetNs.getAsLong())));
        return list;
    }

    private static boolean matches(final String channel, final DeribitInstrument terms) {
        final String[] parts = channel.split("\\.");
        if (parts.length < 4 || !"user".equals(parts[0])) {
            return false;
        }
        if (parts.length == 4) {
            return parts[2].equals(terms.name());
        }
        return ("any".equals(parts[2]) || parts[2].equals(terms.kind()))
            && ("any".equals(parts[3]) || parts[3].equals(terms.settlement()));
    }

    private void send(final WsConnection connection, final String channel, final JsonNode data, final long lateMs) {
        final ObjectNode message = Json.object().put("jsonrpc", "2.0").put("method", "subscription");
        message.putObject("params").put("channel", channel).set("data", data);
        if (lateMs > 0) {
            later.schedule(() -> connection.send(message), lateMs, TimeUnit.MILLISECONDS);
        } else {
            connection.send(message);
        }
    }
}
