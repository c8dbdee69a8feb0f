package weir.sim.coinbase;

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
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;

/**
 * The Exchange's WebSocket feed: the channel {@code user}, for who signs for it, and the public ones {@code ticker}
 * (a message per match), {@code ticker_batch} (every five
 * seconds, if there was a change), {@code status} (all products, at once and every five seconds) and {@code heartbeat}
 * (every second and product, with the last trade id, by which a client sees what it missed). Limits of the document
 * "WebSocket rate limits": 8 connections/s per address with a burst of 20, 100 client messages/s per address, a
 * subscription within five seconds. Undertow's threads read; engine and housekeeping send.
 */
final class MarketFeed implements Closeable {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long SUBSCRIBE_WITHIN_NS = 5 * SECOND_NS;
    private static final String USER = "user";
    private static final List<String> CHANNELS = List.of("ticker", "ticker_batch", "status", "heartbeat", USER);
    private static final String VERIFIED_PATH = "/users/self/verify";
    private static final int POLICY = 1008;

    private final LongSupplier clock;
    private final FaultPlan<Fault> faults;
    private final MatchingEngine engine;
    private final PublicData data;
    private final RestAuth auth;
    private final LongSupplier peerClock;
    private final List<FeedConnection> connections = new CopyOnWriteArrayList<>();
    private final Map<String, LazyFillBucket> connects = new ConcurrentHashMap<>();
    private final Map<String, LazyFillBucket> messages = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> sequences = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong notSubscribed = new AtomicLong();
    private final AtomicLong subscriptions = new AtomicLong();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "coinbase-feed");
        thread.setDaemon(true);
        return thread;
    });
    private final long heartbeatIntervalNs;
    private final long statusIntervalNs;
    private long heartbeatNs;
    private long batchNs;

    MarketFeed(final LongSupplier clock, final LongSupplier peerClock, final long heartbeatIntervalNs,
        final long statusIntervalNs, final FaultPlan<Fault> faults, final MatchingEngine engine, final RestAuth auth) {
        this.clock = clock;
        this.heartbeatIntervalNs = heartbeatIntervalNs;
        this.statusIntervalNs = statusIntervalNs;
        this.peerClock = peerClock;
        this.auth = auth;
        this.faults = faults;
        this.engine = engine;
        this.data = new PublicData(engine);
        engine.onTrades(this::onTrades);
    }

    /** Takes upgrade requests; beyond the limit of connections they get 429. */
    HttpHandler handler() {
        final HttpHandler upgrade = new WebSocketProtocolHandshakeHandler(
            (WebSocketConnectionCallback)(exchange, channel) -> open(channel));
        return exchange -> {
            if (bucket(connects, address(exchange), 8, 20).tryTake(clock.getAsLong())) {
                upgrade.handleRequest(exchange);
            } else {
                exchange.setStatusCode(429).endExchange();
            }
        };
    }

    /** Heartbeats, batches, status, and the end of those who never subscribe. Housekeeping thread. */
    void onTick(final long nowNs) {
        for (final FeedConnection connection : connections) {
            if (!connection.isOpen()) {
                connections.remove(connection);
            } else if (!connection.hasSubscribed() && nowNs - connection.openedNs() > SUBSCRIBE_WITHIN_NS) {
                notSubscribed.incrementAndGet();
                connection.close(POLICY, "no subscription within 5 seconds");
                connections.remove(connection);
            }
        }
        if (nowNs - heartbeatNs >= heartbeatIntervalNs) {
            heartbeatNs = nowNs;
            engine.products().values().forEach(product -> heartbeat(product, nowNs));
        }
        if (nowNs - batchNs >= statusIntervalNs) {
            batchNs = nowNs;
            engine.products().values().forEach(product -> {
                if (changed.remove(product.id())) {
                    publish("ticker_batch", product.id(), ticker(product, nowNs).toString(), false);
                }
            });
            final String status = status();
            connections.forEach(connection -> {
                if (connection.subscriptions().containsKey("status")) {
                    send(connection, status);
                }
            });
        }
    }

    /** Cuts every connection. @return how many. */
    int disconnect() {
        int count = 0;
        for (final FeedConnection connection : connections) { // one that comes meanwhile stays known
            connection.drop();
            connections.remove(connection);
            count++;
        }
        return count;
    }

    /** For GET /stats. */
    ObjectNode stats() {
        final ObjectNode node = Json.object().put("connections", connections.size()).put("accepted", accepted.get())
            .put("subscriptions", subscriptions.get()).put("sent", sent.get())
            .put("notSubscribed", notSubscribed.get());
        limit(node.putObject("connects"), connects, 8, 20);
        limit(node.putObject("messages"), messages, 100, 100);
        return node;
    }

    void reset() {
        connects.clear();
        messages.clear();
        sent.set(0);
        subscriptions.set(0);
        accepted.set(0);
        notSubscribed.set(0);
    }

    @Override
    public void close() {
        disconnect();
        later.shutdownNow();
    }

    private static void limit(final ObjectNode node, final Map<String, LazyFillBucket> buckets, final int rate,
        final int burst) {
        long admitted = 0;
        long refused = 0;
        for (final LazyFillBucket bucket : buckets.values()) {
            admitted += bucket.admitted();
            refused += bucket.refused();
        }
        node.put("ratePerSecond", rate).put("burst", burst).put("admitted", admitted).put("refused", refused);
    }

    private void open(final WebSocketChannel channel) {
        final FeedConnection connection = new FeedConnection(channel, clock.getAsLong());
        accepted.incrementAndGet();
        connections.add(connection);
        final String address = channel.getSourceAddress().getAddress().getHostAddress();
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(final WebSocketChannel from, final BufferedTextMessage message) {
                if (bucket(messages, address, 100, 100).tryTake(clock.getAsLong())) {
                    onMessage(connection, message.getData());
                } else {
                    connection.send(error("rate limit exceeded", "100 messages per second"));
                    connection.close(POLICY, "rate limit exceeded");
                }
            }

            @Override
            protected void onError(final WebSocketChannel from, final Throwable error) {
                connection.drop();
            }
        });
        channel.resumeReceives();
    }

    private void onMessage(final FeedConnection connection, final String text) {
        final JsonNode message;
        try {
            message = Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            connection.send(error("Malformed JSON", e.getClass().getSimpleName()));
            return;
        }
        final String type = message.path("type").asText();
        if (!"subscribe".equals(type) && !"unsubscribe".equals(type)) {
            connection.send(error("Type has to be either subscribe or unsubscribe", type));
            return;
        }
        if (message.has("signature") && !prove(connection, message)) {
            connection.send(error("Authentication Failed", "signature, key, passphrase or timestamp"));
            connection.close(POLICY, "authentication failed");
            return;
        }
        final Set<String> common = texts(message.path("product_ids"));
        for (final JsonNode item : message.path("channels")) {
            final String name = item.isTextual() ? item.asText() : item.path("name").asText();
            final Set<String> products = item.has("product_ids") ? texts(item.path("product_ids")) : common;
            if (!CHANNELS.contains(name)) {
                connection.send(error("Failed to subscribe", name + " is not a valid channel"));
                return;
            }
            if (USER.equals(name) && connection.profileId() == null) {
                connection.send(error("Failed to subscribe", "user channel requires authentication"));
                return;
            }
            for (final String product : products) {
                if (!engine.products().containsKey(product)) {
                    connection.send(error("Failed to subscribe", product + " is not a valid product"));
                    return;
                }
            }
            if ("subscribe".equals(type)) {
                connection.subscribe(name, products);
                subscriptions.addAndGet(Math.max(1, products.size()));
            } else {
                connection.unsubscribe(name, products);
            }
        }
        send(connection, subscriptions(connection));
        if (connection.subscriptions().containsKey("status")) {
            send(connection, status());
        }
    }

    /** A subscription is signed as GET /users/self/verify ("WebSocket overview", authentication). */
    private boolean prove(final FeedConnection connection, final JsonNode message) {
        final Map<String, String> headers = Map.of("CB-ACCESS-KEY", message.path("key").asText(),
            "CB-ACCESS-SIGN", message.path("signature").asText(),
            "CB-ACCESS-PASSPHRASE", message.path("passphrase").asText(),
            "CB-ACCESS-TIMESTAMP", message.path("timestamp").asText());
        final RestAuth.Result caller = auth.check(headers::get, "GET", VERIFIED_PATH, null, new byte[0],
            peerClock.getAsLong());
        if (caller.refusal() != null) {
            return false;
        }
        connection.profileId(caller.account().profileId());
        return true;
    }

    /** Something happened to an order of a profile. Inside the engine's monitor. */
    void onOrder(final String profileId, final VenueProduct product, final ObjectNode message) {
        if (connections.isEmpty()) {
            return;
        }
        message.put("product_id", product.id())
            .put("sequence", sequences.computeIfAbsent(product.id(), id -> new AtomicLong()).incrementAndGet());
        for (final FeedConnection connection : connections) {
            if (profileId.equals(connection.profileId()) && connection.wants(USER, product.id())) {
                send(connection, message.toString());
            }
        }
    }

    /** Inside the engine's monitor, after the trades of one order. */
    private void onTrades(final VenueProduct product) {
        changed.add(product.id());
        sequences.computeIfAbsent(product.id(), id -> new AtomicLong()).incrementAndGet();
        if (connections.isEmpty()) {
            return;
        }
        if (faults.strikes(Fault.FEED_GAP, null)) {
            return;
        }
        publish("ticker", product.id(), ticker(product, clock.getAsLong()).toString(), true);
    }

    private ObjectNode ticker(final VenueProduct product, final long nowNs) {
        synchronized (engine) {
            return data.tickerMessage(product, sequence(product.id()), nowNs);
        }
    }

    private void heartbeat(final VenueProduct product, final long nowNs) {
        final long lastTradeId = engine.read(index -> engine.book(product.id()).lastTradeId());
        publish("heartbeat", product.id(), Json.object().put("type", "heartbeat")
            .put("sequence", sequence(product.id())).put("last_trade_id", lastTradeId)
            .put("product_id", product.id()).put("time", FixTime.iso(nowNs)).toString(), false);
    }

    private void publish(final String channel, final String product, final String text, final boolean faulty) {
        for (final FeedConnection connection : connections) {
            if (connection.wants(channel, product)) {
                if (faulty && faults.strikes(Fault.FEED_DROP, null)) {
                    connection.drop();
                    connections.remove(connection);
                } else {
                    send(connection, faulty && faults.strikes(Fault.FEED_GARBAGE, null)
                        ? "{\"type\":\"ticker\",\"product_id\":\"" + product + "\",\"price\":{]" : text);
                }
            }
        }
    }

    private void send(final FeedConnection connection, final String text) {
        if (faults.isOn(Fault.FEED_SILENT, null)) {
            return;
        }
        sent.incrementAndGet();
        final long delayMs = faults.value(Fault.FEED_DELAY_MS, null);
        if (delayMs > 0) {
            later.schedule(() -> connection.send(text), delayMs, TimeUnit.MILLISECONDS);
        } else {
            connection.send(text);
        }
    }

    private String status() {
        final ObjectNode node = Json.object().put("type", "status");
        node.set("products", data.products());
        node.putArray("currencies");
        return node.toString();
    }

    private static String subscriptions(final FeedConnection connection) {
        final ObjectNode node = Json.object().put("type", "subscriptions");
        final ArrayNode channels = node.putArray("channels");
        connection.subscriptions().forEach((name, products) -> {
            final ArrayNode ids = channels.addObject().put("name", name).putArray("product_ids");
            new TreeSet<>(products).forEach(ids::add);
        });
        return node.toString();
    }

    private long sequence(final String product) {
        return sequences.computeIfAbsent(product, id -> new AtomicLong()).get();
    }

    private static String error(final String message, final String reason) {
        return Json.object().put("type", "error").put("message", message).put("reason", reason).toString();
    }

    private static Set<String> texts(final JsonNode array) {
        final Set<String> texts = new TreeSet<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static LazyFillBucket bucket(final Map<String, LazyFillBucket> buckets, final String owner, final int rate,
        final int burst) {
        return buckets.computeIfAbsent(owner, o -> new LazyFillBucket(rate, burst));
    }

    private static String address(final HttpServerExchange exchange) {
        return exchange.getSourceAddress().getAddress().getHostAddress();
    }
}
