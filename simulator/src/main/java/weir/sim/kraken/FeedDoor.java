package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.UuidSource;
import weir.sim.market.VenueLog;

/**
 * The WebSocket interface: challenge, subscriptions, ping. No orders are taken here. Undertow's I/O threads read; the
 * housekeeping thread sends tickers and heartbeats. Source: Kraken Futures WebSocket guide.
 */
final class FeedDoor implements HttpHandler, WebSocketConnectionCallback {
    static final int REQUESTS_PER_SECOND = 100;
    private static final int TEXT_BYTES_MAX = 64 * 1024;
    private static final int SNAPSHOT_FILLS = 100;
    private static final Set<String> PRIVATE = Set.of(FeedHub.OPEN_ORDERS, FeedHub.FILLS);
    private static final Set<String> PUBLIC = Set.of("ticker", "ticker_lite");
    private static final String HEARTBEAT = "heartbeat";

    private final FeedHub hub;
    private final KrakenEngine engine;
    private final MarketData market;
    private final CallerCheck callers;
    private final FaultPlan<KrakenFault> faults;
    private final VenueLog log;
    private final LongSupplier clock;
    private final LongSupplier offsetNs;
    private final UuidSource uuids;
    private final FeedTimes times;
    private final HttpHandler handshake = new WebSocketProtocolHandshakeHandler(this);
    private final AtomicLong nextId = new AtomicLong();
    private final AtomicLong rateLimited = new AtomicLong();
    private long nextTickerNs;
    private long nextHeartbeatNs;

    /**
     * How the feeds are paced.
     *
     * @param tickerNs       pause between tickers of a contract; the venue's is 1 s.
     * @param heartbeatNs    pause between heartbeats.
     * @param idleNs         a connection that says nothing for so long is closed; the venue's is 60 s.
     * @param connectionsMax of all callers together.
     */
    record FeedTimes(long tickerNs, long heartbeatNs, long idleNs, int connectionsMax) {
    }

    FeedDoor(
        final FeedHub hub, final KrakenEngine engine, final MarketData market, final CallerCheck callers,
        final FaultPlan<KrakenFault> faults, final VenueLog log, final LongSupplier clock,
        final LongSupplier offsetNs, final UuidSource uuids, final FeedTimes times) {
        this.hub = hub;
        this.engine = engine;
        this.market = market;
        this.callers = callers;
        this.faults = faults;
        this.log = log;
        this.clock = clock;
        this.offsetNs = offsetNs;
        this.uuids = uuids;
        this.times = times;
        this.nextTickerNs = clock.getAsLong() + times.tickerNs();
        this.nextHeartbeatNs = clock.getAsLong() + times.heartbeatNs();
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) throws Exception {
        if (hub.connections().size() >= times.connectionsMax()) {
            exchange.setStatusCode(429);
            exchange.endExchange();
            return;
        }
        handshake.handleRequest(exchange);
    }

    @Override
    public void onConnect(final WebSocketHttpExchange exchange, final WebSocketChannel channel) {
        final long nowNs = clock.getAsLong();
        final FeedConnection connection = new FeedConnection(nextId.incrementAndGet(), channel,
            channel.getSourceAddress().getAddress().getHostAddress(), nowNs);
        hub.add(connection);
        log.write(VenueLog.line("wsOpen", nowNs).put("conn", connection.id));
        channel.addCloseTask(closed -> {
            hub.remove(connection);
            log.write(VenueLog.line("wsClose", clock.getAsLong()).put("conn", connection.id));
        });
        connection.silence(faults.isOn(KrakenFault.WS_SILENT, null));
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(final WebSocketChannel from, final BufferedTextMessage message) {
                receive(connection, message.getData());
            }

            @Override
            protected long getMaxTextBufferSize() {
                return TEXT_BYTES_MAX;
            }
        });
        channel.resumeReceives();
        connection.send(Json.object().put("event", "info").put("version", 1));
    }

    /** Sends tickers and heartbeats that are due, closes connections that have said nothing for too long. */
    void onTick(final long nowNs) {
        final boolean silent = faults.isOn(KrakenFault.WS_SILENT, null);
        for (final FeedConnection connection : hub.connections()) {
            connection.silence(silent);
            if (!silent && nowNs - connection.lastInboundNs > times.idleNs()) {
                log.write(VenueLog.line("wsIdle", nowNs).put("conn", connection.id));
                connection.drop();
            }
        }
        if (nowNs >= nextTickerNs) {
            nextTickerNs = nowNs + times.tickerNs();
            publishTickers(nowNs);
        }
        if (nowNs >= nextHeartbeatNs) {
            nextHeartbeatNs = nowNs + times.heartbeatNs();
            final ObjectNode beat = Json.object().put("feed", HEARTBEAT)
                .put("time", (nowNs + offsetNs.getAsLong()) / 1_000_000);
            hub.connections().stream().filter(each -> each.isSubscribed(HEARTBEAT, HEARTBEAT))
                .forEach(each -> each.send(beat));
        }
    }

    /** Connections and requests, for GET /stats. */
    ObjectNode stats() {
        final ObjectNode node = Json.object().put("connections", hub.connections().size())
            .put("opened", nextId.get()).put("rateLimited", rateLimited.get());
        node.put("peakRequestsPerSecond",
            hub.connections().stream().mapToInt(FeedConnection::peakPerSecond).max().orElse(0));
        return node;
    }

    private void publishTickers(final long nowNs) {
        for (final KrakenInstrument instrument : engine.instruments()) {
            if (!instrument.tradeable()) {
                continue;
            }
            for (final String feed : PUBLIC) {
                ObjectNode message = null;
                for (final FeedConnection connection : hub.connections()) {
                    if (connection.isSubscribed(feed, instrument.symbol())) {
                        message = message == null ? ticker(feed, instrument, nowNs) : message;
                        connection.send(message);
                    }
                }
            }
        }
    }

    private ObjectNode ticker(final String feed, final KrakenInstrument instrument, final long nowNs) {
        return "ticker".equals(feed) ? market.feedTicker(instrument, nowNs) : market.feedTickerLite(instrument);
    }

    private void receive(final FeedConnection connection, final String text) {
        if (connection.isSilent()) {
            return;
        }
        final long nowNs = clock.getAsLong();
        connection.lastInboundNs = nowNs;
        if (!connection.tryRequest(REQUESTS_PER_SECOND, nowNs)) {
            rateLimited.incrementAndGet();
            connection.send(Json.object().put("event", "alert").put("message", "rate_limited"));
            return;
        }
        try {
            onRequest(connection, Json.parse(text.getBytes(StandardCharsets.UTF_8)), nowNs);
        } catch (final IOException e) {
            connection.send(error("Json Parse Error"));
        }
    }

    private void onRequest(final FeedConnection connection, final JsonNode request, final long nowNs) {
        switch (request.path("event").asText()) {
            case "ping" -> connection.send(Json.object().put("event", "pong"));
            case "challenge" -> challenge(connection, request);
            case "subscribe" -> subscribe(connection, request, true, nowNs);
            case "unsubscribe" -> subscribe(connection, request, false, nowNs);
            default -> connection.send(error("Unknown event"));
        }
    }

    private void challenge(final FeedConnection connection, final JsonNode request) {
        final String key = request.path("api_key").asText();
        if (callers.account(key) == null) {
            connection.send(error("Invalid api key"));
            return;
        }
        if (faults.isOn(KrakenFault.MAINTENANCE, key) || faults.strikes(KrakenFault.LOGON_REFUSED, key)) {
            connection.send(error("Internal error"));
            return;
        }
        final String challenge = uuids.next();
        connection.challenges.put(key, challenge);
        connection.send(Json.object().put("event", "challenge").put("message", challenge));
    }

    private void subscribe(
        final FeedConnection connection, final JsonNode request, final boolean on, final long nowNs) {
        final String feed = request.path("feed").asText();
        if (HEARTBEAT.equals(feed)) {
            change(connection, feed, List.of(HEARTBEAT), on, nowNs);
        } else if (PUBLIC.contains(feed)) {
            final List<String> symbols = new ArrayList<>();
            request.path("product_ids").forEach(symbol -> symbols.add(symbol.asText()));
            if (symbols.isEmpty() || symbols.stream().anyMatch(symbol -> engine.instrument(symbol) == null)) {
                connection.send(error("Invalid product id"));
            } else {
                change(connection, feed, symbols, on, nowNs);
            }
        } else if (!PRIVATE.contains(feed)) {
            connection.send(error("Invalid feed"));
        } else if (isSigned(connection, request)) {
            final KrakenAccount account = callers.account(request.path("api_key").asText());
            engine.read(() -> {
                change(connection, feed, List.of(account.name()), on, nowNs);
                if (on) {
                    connection.send(snapshot(feed, account));
                }
                return null;
            });
        } else {
            log.write(VenueLog.line("wsRefused", nowNs).put("conn", connection.id).put("feed", feed));
            connection.send(error("Invalid signed challenge"));
        }
    }

    /** Every private request carries the challenge of this connection and its signature. */
    private boolean isSigned(final FeedConnection connection, final JsonNode request) {
        final String key = request.path("api_key").asText();
        final String challenge = connection.challenges.get(key);
        return challenge != null && challenge.equals(request.path("original_challenge").asText())
            && KrakenSignature.matches(KrakenSignature.challenge(callers.account(key).key(), challenge),
                request.path("signed_challenge").asText());
    }

    private void change(
        final FeedConnection connection, final String feed, final List<String> to, final boolean on,
        final long nowNs) {
        boolean known = true;
        for (final String each : to) {
            if (on) {
                connection.subscribe(feed, each);
            } else {
                known &= connection.unsubscribe(feed, each);
            }
        }
        if (!known) {
            connection.send(error("Not subscribed to feed"));
            return;
        }
        log.write(VenueLog.line(on ? "wsSubscribe" : "wsUnsubscribe", nowNs).put("conn", connection.id)
            .put("feed", feed).put("to", String.join(",", to)));
        final ObjectNode answer = Json.object().put("event", on ? "subscribed" : "unsubscribed").put("feed", feed);
        if (PUBLIC.contains(feed)) {
            final ArrayNode symbols = answer.putArray("product_ids");
            to.forEach(symbols::add);
        }
        connection.send(answer);
        if (on && PUBLIC.contains(feed)) {
            to.forEach(symbol -> connection.send(ticker(feed, engine.instrument(symbol), nowNs)));
        }
    }

    private ObjectNode snapshot(final String feed, final KrakenAccount account) {
        final ObjectNode message = Json.object().put("feed", feed + "_snapshot").put("account", account.name());
        if (FeedHub.FILLS.equals(feed)) {
            final List<KrakenFill> fills =
                new ArrayList<>(engine.orders().fills(account.name(), Long.MAX_VALUE, SNAPSHOT_FILLS));
            Collections.reverse(fills);
            final ArrayNode list = message.putArray("fills");
            fills.forEach(fill -> list.add(hub.fillJson(fill)));
            return message;
        }
        final ArrayNode list = message.putArray("orders");
        for (final KrakenOrder order : engine.orders().open()) {
            if (order.account().name().equals(account.name())) {
                list.add(order.toFeedJson(offsetNs.getAsLong()));
            }
        }
        return message;
    }

    private static ObjectNode error(final String message) {
        return Json.object().put("event", "error").put("message", message);
    }
}
