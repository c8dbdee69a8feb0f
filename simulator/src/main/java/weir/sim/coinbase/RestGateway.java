package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.xnio.IoUtils;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/**
 * The REST interface on loopback, and on the same port the WebSocket feed: who calls, within which bucket, and where
 * the call goes. Buckets: public 10/15 per address, private 15/30 per profile, fills 10/20 per profile; a call of
 * /fills draws from both ("REST rate limits").
 */
final class RestGateway implements Closeable {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final byte[] FOREIGN = "<html><body>sign in</body></html>".getBytes(StandardCharsets.UTF_8);

    private static final Logger UNDERTOW = Logger.getLogger("io.undertow");
    private static final Logger XNIO = Logger.getLogger("org.xnio");
    private static final Logger THREADS = Logger.getLogger("org.jboss.threads");

    private final Undertow server;
    private final LongSupplier clock;
    private final LongSupplier peerClock;
    private final VenueLog log;
    private final FaultPlan<Fault> faults;
    private final RestAuth auth;
    private final RestOrders orders;
    private final MatchingEngine engine;
    private final PublicData data;
    private final Map<String, LazyFillBucket> publicBuckets = new ConcurrentHashMap<>();
    private final Map<String, LazyFillBucket> privateBuckets = new ConcurrentHashMap<>();
    private final Map<String, LazyFillBucket> fillBuckets = new ConcurrentHashMap<>();

    RestGateway(
        final int port, final LongSupplier clock, final LongSupplier peerClock, final VenueLog log,
        final FaultPlan<Fault> faults, final RestAuth auth, final RestOrders orders,
        final MatchingEngine engine, final HttpHandler feed) {
        UNDERTOW.setLevel(Level.WARNING);
        XNIO.setLevel(Level.WARNING);
        THREADS.setLevel(Level.WARNING);
        this.clock = clock;
        this.peerClock = peerClock;
        this.log = log;
        this.faults = faults;
        this.auth = auth;
        this.orders = orders;
        this.engine = engine;
        this.data = new PublicData(engine);
        final HttpHandler calls = new BlockingHandler(this::handle);
        server = Undertow.builder().addHttpListener(port, "127.0.0.1").setIoThreads(2).setWorkerThreads(4)
            .setHandler(exchange -> (isUpgrade(exchange) ? feed : calls).handleRequest(exchange)).build();
    }

    /** Binds and serves. @throws IOException if the port cannot be had. */
    void start() throws IOException {
        try {
            server.start();
        } catch (final RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The port, once started. */
    int port() {
        return ((InetSocketAddress)server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        server.stop();
    }

    /** Use of every bucket, for GET /stats. */
    ObjectNode stats() {
        final ObjectNode node = Json.object();
        bucketStats(node.putObject("public"), publicBuckets, 10, 15);
        bucketStats(node.putObject("private"), privateBuckets, 15, 30);
        bucketStats(node.putObject("fills"), fillBuckets, 10, 20);
        return node;
    }

    void reset() {
        publicBuckets.clear();
        privateBuckets.clear();
        fillBuckets.clear();
    }

    /** An order that the door refused is none of the venue's, but it was here: a line. */
    private void turnedAway(final VenueAccount account, final byte[] body, final long nowNs) {
        try {
            final JsonNode node = Json.parse(body);
            log.write(VenueLog.line("reject", nowNs).put("session", account.apiKey())
                .put("profile", account.profileId()).put("channel", "rest")
                .put("clOrdId", node.path("client_oid").asText()).put("product", node.path("product_id").asText())
                .put("side", node.path("side").asText()).put("reason", "rate limit exceeded"));
        } catch (final IOException e) {
            throw new IllegalArgumentException("Bad Request", e);
        }
    }

    private boolean strikes(final Fault fault) {
        final boolean strikes = faults.strikes(fault, null);
        if (strikes) {
            log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", fault.key()));
        }
        return strikes;
    }

    private static boolean isUpgrade(final HttpServerExchange exchange) {
        return "websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst(Headers.UPGRADE));
    }

    private static void bucketStats(
        final ObjectNode node, final Map<String, LazyFillBucket> buckets, final int rate, final int burst) {
        node.put("ratePerSecond", rate).put("burst", burst);
        final ObjectNode owners = node.putObject("owners");
        buckets.forEach((owner, bucket) -> owners.putObject(owner).put("admitted", bucket.admitted())
            .put("refused", bucket.refused()).put("peakPerSlidingSecond", bucket.peakPerSlidingSecond())
            .put("lowestTokens", BigDecimal.valueOf(bucket.lowestNanoTokens(), 9).toPlainString()));
    }

    private void handle(final HttpServerExchange exchange) throws IOException {
        final long nowNs = clock.getAsLong();
        final String method = exchange.getRequestMethod().toString();
        final String path = exchange.getRequestURI();
        final String query = exchange.getQueryString().isEmpty() ? null : exchange.getQueryString();
        final byte[] body = exchange.getInputStream().readNBytes(BODY_BYTES_MAX);
        final ObjectNode line = VenueLog.line("rest", nowNs).put("method", method).put("path", path)
            .put("query", query);
        final boolean change = !"GET".equals(method) && path.startsWith("/orders");
        if (change && faults.strikes(Fault.REST_DROP_REQUEST, null)) {
            log.write(VenueLog.line("fault", nowNs).put("fault", Fault.REST_DROP_REQUEST.key()));
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        RestReply reply;
        try {
            reply = answer(exchange, method, path, query, body, nowNs, line);
        } catch (final IllegalArgumentException e) {
            reply = RestReply.error(400, e.getMessage());
        } catch (final RuntimeException e) {
            System.err.println("coinbase simulator: rest: " + e);
            reply = RestReply.error(500, "Internal server error");
        }
        log.write(line.put("status", reply.status()).put("message", reply.message()));
        if (change && reply.status() == 200 && faults.strikes(Fault.REST_DROP_ANSWER, null)) {
            log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", Fault.REST_DROP_ANSWER.key()));
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        byte[] bytes = Json.bytes(reply.body());
        if (path.startsWith("/products") && reply.status() == 200 && faults.strikes(Fault.REST_GARBAGE, null)) {
            bytes = Arrays.copyOf(bytes, bytes.length / 2);
        }
        if (line.has("session") && reply.status() == 200 && strikes(Fault.TRUNCATED_ANSWER)) {
            bytes = Arrays.copyOf(bytes, bytes.length / 2);
        }
        if (line.has("session") && reply.status() == 200 && strikes(Fault.WRONG_CONTENT)) {
            bytes = FOREIGN;
        }
        exchange.setStatusCode(reply.status());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json; charset=utf-8");
        if (reply.before() != null) {
            exchange.getResponseHeaders().put(new HttpString("CB-BEFORE"), reply.before());
            exchange.getResponseHeaders().put(new HttpString("CB-AFTER"), reply.after());
        }
        exchange.setResponseContentLength(bytes.length);
        exchange.getOutputStream().write(bytes);
        exchange.endExchange();
    }

    private RestReply answer(
        final HttpServerExchange exchange, final String method, final String path, final String query,
        final byte[] body, final long nowNs, final ObjectNode line) {
        final boolean open = "GET".equals(method)
            && ("/time".equals(path) || "/currencies".equals(path) || "/products".equals(path)
                || path.startsWith("/products/"));
        if (open) {
            final String address = exchange.getSourceAddress().getAddress().getHostAddress();
            if (!publicBuckets.computeIfAbsent(address, a -> new LazyFillBucket(10, 15)).tryTake(nowNs)) {
                return RestReply.error(429, "Public rate limit exceeded");
            }
            return publicCall(path, new RestQuery(query), peerClock.getAsLong());
        }
        final RestAuth.Result caller =
            auth.check(name -> exchange.getRequestHeaders().getFirst(name), method, path, query, body,
                peerClock.getAsLong());
        if (caller.refusal() != null) {
            return caller.refusal();
        }
        final VenueAccount account = caller.account();
        line.put("session", account.apiKey()).put("profile", account.profileId());
        final boolean storm = faults.strikes(Fault.LIMIT_STORM, account.apiKey());
        if (storm && "POST".equals(method) && "/orders".equals(path)) {
            turnedAway(account, body, nowNs);
        }
        if (storm || !take(account.profileId(), "/fills".equals(path), nowNs)) {
            return RestReply.error(429, "Private rate limit exceeded");
        }
        return orders.call(account, method, path, new RestQuery(query), body, nowNs);
    }

    private boolean take(final String profile, final boolean fills, final long nowNs) {
        final LazyFillBucket general = privateBuckets.computeIfAbsent(profile, p -> new LazyFillBucket(15, 30));
        if (!general.tryTake(nowNs)) {
            return false;
        }
        if (fills && !fillBuckets.computeIfAbsent(profile, p -> new LazyFillBucket(10, 20)).tryTake(nowNs)) {
            general.giveBack();
            return false;
        }
        return true;
    }

    private RestReply publicCall(final String path, final RestQuery query, final long nowNs) {
        final String[] parts = path.substring(1).split("/");
        if ("time".equals(parts[0])) {
            return RestReply.ok(Json.object().put("iso", FixTime.iso(nowNs))
                .put("epoch", BigDecimal.valueOf(nowNs, 9)));
        }
        if ("currencies".equals(parts[0])) {
            return RestReply.ok(data.currencies());
        }
        if (parts.length == 1) {
            return RestReply.ok(data.products());
        }
        final VenueProduct product = engine.products().get(parts[1]);
        if (product == null) {
            return RestReply.error(404, "NotFound");
        }
        if (parts.length == 3 && "ticker".equals(parts[2])) {
            return RestReply.ok(data.ticker(product, nowNs));
        }
        if (parts.length == 3 && "book".equals(parts[2])) {
            final String level = query.get("level");
            return level != null && !level.equals("1") && !level.equals("2")
                ? RestReply.error(400, "Invalid level") : RestReply.ok(data.book(product,
                    level == null ? 1 : Integer.parseInt(level), nowNs));
        }
        return parts.length == 2 ? RestReply.ok(data.product(product)) : RestReply.error(404, "NotFound");
    }
}
