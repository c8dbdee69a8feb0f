package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * Market streams ("WebSocket Streams"): bookTicker whenever the best prices change, ticker and miniTicker each second,
 * trade. More than five messages a second to it, or 1024 streams, end a connection.
 */
final class StreamDoor extends SocketHub {
    private static final int MESSAGES_PER_SECOND = 5;
    private static final int STREAMS_MAX = 1024;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Set<String> KINDS = Set.of("bookTicker", "ticker", "miniTicker", "trade");

    private final BinanceEngine engine;
    private final MarketCalls market;
    private final LongSupplier offsetNs;
    private long nextSecondNs;

    StreamDoor(final BinanceEngine engine, final MarketCalls market, final FaultPlan<BinanceFault> faults,
        final VenueLimits limits, final LongSupplier clock, final LongSupplier offsetNs, final VenueLog log,
        final Times times) {
        super("stream", faults, limits, clock, log, times);
        this.engine = engine;
        this.market = market;
        this.offsetNs = offsetNs;
    }

    @Override
    void onOpen(final SocketConnection connection, final WebSocketHttpExchange exchange) {
        final String path = URI.create(exchange.getRequestURI()).getPath();
        final String query = String.valueOf(exchange.getQueryString());
        connection.combined = path.startsWith("/stream");
        final String names = connection.combined ? query.startsWith("streams=") ? query.substring(8) : ""
            : path.startsWith("/ws/") ? path.substring(4) : "";
        for (final String name : names.split("/")) {
            if (!name.isEmpty()) {
                connection.streams.add(name);
            }
        }
    }

    @Override
    void receive(final SocketConnection connection, final String text, final long nowNs) {
        if (connection.onMessage(nowNs) > MESSAGES_PER_SECOND) {
            log.write(VenueLog.line("wsTooFast", nowNs).put("conn", connection.id));
            connection.close(1008, "Too many requests");
            return;
        }
        final JsonNode request;
        try {
            request = Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            connection.send(error(3, "Invalid JSON: expected value"));
            return;
        }
        final ObjectNode answer = Json.object();
        switch (request.path("method").asText()) {
            case "SUBSCRIBE" -> {
                request.path("params").forEach(name -> connection.streams.add(name.asText()));
                if (connection.streams.size() > STREAMS_MAX) {
                    connection.close(1008, "Too many streams");
                    return;
                }
                request.path("params").forEach(name -> connection.lastSent.remove(name.asText()));
                answer.putNull("result");
            }
            case "UNSUBSCRIBE" -> {
                request.path("params").forEach(name -> connection.streams.remove(name.asText()));
                answer.putNull("result");
            }
            case "LIST_SUBSCRIPTIONS" -> {
                final ArrayNode list = answer.putArray("result");
                connection.streams.forEach(list::add);
            }
            default -> {
                connection.send(error(2, "Invalid request: unknown variant"));
                return;
            }
        }
        connection.send(answer.<ObjectNode>set("id", request.path("id")));
    }

    @Override
    void onTick(final long nowNs) {
        super.onTick(nowNs);
        final boolean second = nowNs >= nextSecondNs;
        if (second) {
            nextSecondNs = nowNs + SECOND_NS;
        }
        for (final SocketConnection connection : connections()) {
            for (final String stream : connection.streams) {
                final int at = stream.indexOf('@');
                final String symbol = at < 0 ? "" : stream.substring(0, at).toUpperCase(Locale.ROOT);
                final String kind = stream.substring(at + 1);
                if (!KINDS.contains(kind) || !engine.isListed(symbol)) {
                    continue;
                }
                if ("bookTicker".equals(kind)) {
                    bookTicker(connection, stream, symbol);
                } else if (second && !"trade".equals(kind)) {
                    send(connection, stream, market.tickerEvent(symbol, nowNs));
                }
            }
        }
    }

    /** A trade, told by the engine's taker side. */
    void onTrade(final Execution taker) {
        final BinanceFill fill = taker.fill();
        final String symbol = fill.order().request.symbol();
        final String stream = symbol.toLowerCase(Locale.ROOT) + "@trade";
        final List<SocketConnection> interested =
            connections().stream().filter(each -> each.streams.contains(stream)).toList();
        if (interested.isEmpty()) {
            return;
        }
        final long atMs = Numbers.ms(taker.atNs() + offsetNs.getAsLong());
        final ObjectNode event = Json.object().put("e", "trade").put("E", atMs).put("s", symbol)
            .put("t", fill.tradeId()).put("p", Numbers.text(fill.price())).put("q", Numbers.text(fill.qty()))
            .put("T", atMs).put("m", !fill.order().isBuy()).put("M", true);
        interested.forEach(each -> send(each, stream, event));
    }

    private void bookTicker(final SocketConnection connection, final String stream, final String symbol) {
        final ObjectNode event = market.bookTickerEvent(symbol);
        final String said = new String(Json.bytes(event.deepCopy().without("u")), StandardCharsets.UTF_8);
        if (!said.equals(connection.lastSent.put(stream, said))) {
            send(connection, stream, event);
        }
    }

    private static void send(final SocketConnection connection, final String stream, final ObjectNode event) {
        connection.send(connection.combined ? Json.object().put("stream", stream).<ObjectNode>set("data", event)
            : event);
    }

    private static ObjectNode error(final int code, final String text) {
        return Json.object().set("error", Json.object().put("code", code).put("msg", text));
    }
}
