package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/**
 * The REST interface on loopback: who calls, within which bucket, and where the call goes. Buckets: public 10/15 per
 * address, private 15/30 per profile, fills 10/20 per profile; a call of /fills draws from both ("REST rate limits").
 */
final class RestGateway implements Closeable {
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final HttpServer server;
    private final ExecutorService executor;
    private final LongSupplier clock;
    private final LongSupplier peerClock;
    private final VenueLog log;
    private final FaultPlan<Fault> faults;
    private final RestAuth auth;
    private final RestOrders orders;
    private final MatchingEngine engine;
    private final Map<String, LazyFillBucket> publicBuckets = new ConcurrentHashMap<>();
    private final Map<String, LazyFillBucket> privateBuckets = new ConcurrentHashMap<>();
    private final Map<String, LazyFillBucket> fillBuckets = new ConcurrentHashMap<>();

    RestGateway(
        final int port, final LongSupplier clock, final LongSupplier peerClock, final VenueLog log,
        final FaultPlan<Fault> faults, final RestAuth auth, final RestOrders orders,
        final MatchingEngine engine) throws IOException {
        this.clock = clock;
        this.peerClock = peerClock;
        this.log = log;
        this.faults = faults;
        this.auth = auth;
        this.orders = orders;
        this.engine = engine;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
        executor = Executors.newFixedThreadPool(4, task -> {
            final Thread thread = new Thread(task, "coinbase-rest");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.createContext("/", this::handle);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
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

    private static void bucketStats(
        final ObjectNode node, final Map<String, LazyFillBucket> buckets, final int rate, final int burst) {
        node.put("ratePerSecond", rate).put("burst", burst);
        final ObjectNode owners = node.putObject("owners");
        buckets.forEach((owner, bucket) -> owners.putObject(owner).put("admitted", bucket.admitted())
            .put("refused", bucket.refused()).put("peakPerSlidingSecond", bucket.peakPerSlidingSecond())
            .put("lowestTokens", BigDecimal.valueOf(bucket.lowestNanoTokens(), 9).toPlainString()));
    }

    private void handle(final HttpExchange exchange) throws IOException {
        final long nowNs = clock.getAsLong();
        final String method = exchange.getRequestMethod();
        final String path = exchange.getRequestURI().getRawPath();
        final byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
        final ObjectNode line = VenueLog.line("rest", nowNs).put("method", method).put("path", path)
            .put("query", exchange.getRequestURI().getRawQuery());
        RestReply reply;
        try {
            reply = answer(exchange, method, path, body, nowNs, line);
        } catch (final IllegalArgumentException e) {
            reply = RestReply.error(400, e.getMessage());
        } catch (final RuntimeException e) {
            System.err.println("coinbase simulator: rest: " + e);
            reply = RestReply.error(500, "Internal server error");
        }
        log.write(line.put("status", reply.status()).put("message", reply.message()));
        final boolean order = !"GET".equals(method) && path.startsWith("/orders") && reply.status() == 200;
        if (order && faults.strikes(Fault.REST_DROP_ANSWER, null)) {
            log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", Fault.REST_DROP_ANSWER.key()));
            exchange.close();
            return;
        }
        final byte[] bytes = Json.bytes(reply.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        if (reply.before() != null) {
            exchange.getResponseHeaders().set("CB-BEFORE", reply.before());
            exchange.getResponseHeaders().set("CB-AFTER", reply.after());
        }
        try (exchange) {
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private RestReply answer(
        final HttpExchange exchange, final String method, final String path, final byte[] body, final long nowNs,
        final ObjectNode line) {
        final boolean open = "GET".equals(method)
            && ("/time".equals(path) || "/products".equals(path) || path.startsWith("/products/"));
        if (open) {
            final String address = exchange.getRemoteAddress().getAddress().getHostAddress();
            if (!publicBuckets.computeIfAbsent(address, a -> new LazyFillBucket(10, 15)).tryTake(nowNs)) {
                return RestReply.error(429, "Public rate limit exceeded");
            }
            return publicCall(path, peerClock.getAsLong());
        }
        final String query = exchange.getRequestURI().getRawQuery();
        final RestAuth.Result caller =
            auth.check(exchange.getRequestHeaders(), method, path, query, body, peerClock.getAsLong());
        if (caller.refusal() != null) {
            return caller.refusal();
        }
        final VenueAccount account = caller.account();
        line.put("session", account.apiKey()).put("profile", account.profileId());
        if (!take(account.profileId(), "/fills".equals(path), nowNs)) {
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

    private RestReply publicCall(final String path, final long nowNs) {
        final String[] parts = path.substring(1).split("/");
        if ("time".equals(parts[0])) {
            return RestReply.ok(Json.object().put("iso", FixTime.iso(nowNs))
                .put("epoch", BigDecimal.valueOf(nowNs, 9)));
        }
        if (parts.length == 1) {
            final ArrayNode list = Json.array();
            engine.products().values().forEach(product -> list.add(product(product)));
            return RestReply.ok(list);
        }
        final VenueProduct product = engine.products().get(parts[1]);
        if (product == null) {
            return RestReply.error(404, "NotFound");
        }
        if (parts.length == 3 && "ticker".equals(parts[2])) {
            return RestReply.ok(ticker(product, nowNs));
        }
        return parts.length == 2 ? RestReply.ok(product(product)) : RestReply.error(404, "NotFound");
    }

    private ObjectNode product(final VenueProduct product) {
        final TradingMode mode = engine.mode(product.id());
        return Json.object().put("id", product.id()).put("base_currency", product.base())
            .put("quote_currency", product.quote())
            .put("quote_increment", product.quoteIncrement().toPlainString())
            .put("base_increment", product.baseIncrement().toPlainString())
            .put("display_name", product.id().replace('-', '/'))
            .put("min_market_funds", product.minMarketFunds().toPlainString())
            .put("status", mode == TradingMode.DISABLED ? "offline" : "online")
            .put("post_only", mode == TradingMode.POST_ONLY).put("limit_only", mode == TradingMode.LIMIT_ONLY)
            .put("cancel_only", mode == TradingMode.CANCEL_ONLY)
            .put("trading_disabled", mode == TradingMode.DISABLED).put("auction_mode", false)
            .put("fx_stablecoin", false).put("high_bid_limit_percentage", "");
    }

    private ObjectNode ticker(final VenueProduct product, final long nowNs) {
        return engine.read(index -> {
            final OrderBook<VenueOrder> book = engine.book(product.id());
            return Json.object().put("trade_id", book.lastTradeId())
                .put("price", ExecutionReportEncoder.plain(book.lastPrice()))
                .put("size", ExecutionReportEncoder.plain(book.lastQty()))
                .put("bid", ExecutionReportEncoder.plain(book.bestPrice(true)))
                .put("ask", ExecutionReportEncoder.plain(book.bestPrice(false)))
                .put("time", FixTime.iso(book.lastTradeNs() == 0 ? nowNs : book.lastTradeNs()));
        });
    }
}
