package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import weir.sim.market.ControlDoor;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;
import weir.sim.market.RestQuery;

/** What a tester may do to this venue: house quotes, faults, statistics. One thread, that of the door. */
final class ControlServer implements Closeable {
    private final ControlDoor door;
    private final FixGateway fix;
    private final RestGateway rest;
    private final MarketFeed feed;
    private final MatchingEngine engine;

    ControlServer(final int port, final FixGateway fix, final RestGateway rest, final MarketFeed feed,
        final MatchingEngine engine) throws IOException {
        this.fix = fix;
        this.rest = rest;
        this.feed = feed;
        this.engine = engine;
        door = new ControlDoor(port, "coinbase-control", this::call);
    }

    void start() {
        door.start();
    }

    int port() {
        return door.port();
    }

    @Override
    public void close() {
        door.close();
    }

    private JsonNode call(final String what, final RestQuery query, final JsonNode body) {
        switch (what) {
            case "GET /health":
                return Json.object().put("status", "up");
            case "GET /limits":
                return limits();
            case "GET /stats":
                return stats();
            case "GET /orders":
                return openOrders();
            case "GET /faults":
                return fix.faults().toJson();
            case "GET /struck":
                return fix.faults().struck();
            case "POST /faults":
                fix.faults().apply(body);
                return fix.faults().toJson();
            case "POST /calm":
                fix.faults().reset();
                return fix.faults().toJson();
            case "POST /quotes":
                return quotes(body);
            case "POST /cancel":
                return cancel(query.get("orderId"));
            case "POST /prints":
                return prints(body);
            case "POST /products":
                return products(query, body);
            case "POST /feed/disconnect":
                return Json.object().put("connections", feed.disconnect());
            case "POST /disconnect":
                return disconnect(query);
            case "POST /halfopen":
                return Json.object().put("sessions", each(query.get("session"), FixSession::stick));
            case "POST /maintenance":
                return Json.object().put("sessions",
                    each(query.get("session"), session -> session.logout("server terminated", "maintenance")));
            case "POST /mode":
                return mode(query);
            case "POST /reset":
                return reset();
            default:
                return null;
        }
    }

    /** The venue itself cancels an open order, as its operators may. */
    private JsonNode cancel(final String orderId) {
        return Json.object().put("orders", engine.cancelAll(order -> order.orderId.equals(orderId),
            "cancelled by the venue", fix.nowNs()).size());
    }

    /** {@code {"product":"BTC-USD","side":"buy","tif":"GTC|IOC","replace":true,"levels":[{"price":"","qty":""}]}}. */
    private JsonNode quotes(final JsonNode body) {
        final String product = Json.text(body, "product");
        final String side = Json.text(body, "side");
        if (!engine.products().containsKey(product)) {
            throw new IllegalArgumentException("unknown product " + product);
        }
        if (!"buy".equals(side) && !"sell".equals(side)) {
            throw new IllegalArgumentException("side is buy or sell");
        }
        final char fixSide = "buy".equals(side) ? '1' : '2';
        final boolean immediate = "IOC".equals(Json.textOrNull(body, "tif"));
        final List<OrderRequest> wanted = new ArrayList<>();
        for (final JsonNode level : body.path("levels")) {
            wanted.add(OrderRequest.house(product, fixSide, new BigDecimal(Json.text(level, "qty")),
                new BigDecimal(Json.text(level, "price")), immediate));
        }
        final ArrayNode orders = Json.array();
        synchronized (engine) {
            final long nowNs = fix.nowNs();
            if (body.path("replace").asBoolean(false)) {
                engine.cancelAll(order -> order.isHouse() && order.request.product().equals(product)
                    && order.request.side() == fixSide, "quotes replaced", nowNs);
            }
            for (final OrderRequest request : wanted) {
                final VenueOrder order = engine.submit(request, nowNs);
                orders.addObject().put("orderId", order.orderId).put("status", order.status.name())
                    .put("filled", ExecutionReportEncoder.plain(order.cumQty)).put("reason", order.text);
            }
        }
        return orders;
    }

    /** {@code {"product":"BTC-USD","price":"60000.00","step":"0.01","qty":"0.1","count":1000,"perSecond":1000}}. */
    private JsonNode prints(final JsonNode body) {
        final String product = Json.text(body, "product");
        if (!engine.products().containsKey(product)) {
            throw new IllegalArgumentException("unknown product " + product);
        }
        final BigDecimal step = new BigDecimal(body.path("step").asText("0"));
        final BigDecimal qty = new BigDecimal(body.path("qty").asText("0.1"));
        final int count = body.path("count").asInt(1);
        final long perSecond = body.path("perSecond").asLong(1_000);
        final long startNs = System.nanoTime();
        BigDecimal price = new BigDecimal(Json.text(body, "price"));
        for (int i = 0; i < count; i++) {
            while (System.nanoTime() - startNs < i * 1_000_000_000L / perSecond) {
                LockSupport.parkNanos(200_000L);
            }
            engine.print(product, price, qty, fix.nowNs());
            price = i == count - 1 ? price : price.add(step);
        }
        return Json.object().put("product", product).put("printed", count)
            .put("last", ExecutionReportEncoder.plain(price));
    }

    /** A product with new steps, or {@code ?delist=ID}. */
    private JsonNode products(final RestQuery query, final JsonNode body) {
        final String delisted = query.get("delist");
        if (delisted != null) {
            engine.delist(delisted);
            return Json.object().put("delisted", delisted);
        }
        final VenueProduct product = VenueProduct.of(Json.text(body, "id"), Json.text(body, "baseIncrement"),
            Json.text(body, "quoteIncrement"), Json.text(body, "minMarketFunds"));
        engine.list(product);
        return Json.object().put("listed", product.id());
    }

    private JsonNode disconnect(final RestQuery query) {
        final String text = query.get("text");
        final int count = each(query.get("session"), session -> {
            if (text == null) {
                session.drop("control");
            } else {
                session.logout(text, "control");
            }
        });
        return Json.object().put("sessions", count);
    }

    private int each(final String apiKey, final Consumer<FixSession> action) {
        int count = 0;
        for (final FixSession session : fix.connections()) {
            if (apiKey == null || apiKey.equals(session.apiKey())) {
                action.accept(session);
                count++;
            }
        }
        return count;
    }

    private JsonNode mode(final RestQuery query) {
        final String product = query.get("product");
        if (product == null || !engine.products().containsKey(product)) {
            throw new IllegalArgumentException("unknown product " + product);
        }
        final TradingMode mode = TradingMode.valueOf(String.valueOf(query.get("mode")));
        engine.setMode(product, mode);
        return Json.object().put("product", product).put("mode", mode.name());
    }

    private JsonNode reset() {
        fix.faults().reset();
        rest.reset();
        feed.reset();
        synchronized (engine) {
            engine.cancelAll(order -> true, "reset", fix.nowNs());
            engine.read(index -> {
                index.clear();
                return null;
            });
            engine.products().keySet().forEach(product -> engine.setMode(product, TradingMode.ONLINE));
        }
        fix.sessions().keys().forEach(key -> key.stats().reset());
        return Json.object().put("reset", true);
    }

    private ArrayNode limits() {
        final List<LimitUse> uses = new ArrayList<>();
        for (final KeyState key : fix.sessions().keys()) {
            uses.addAll(key.stats().uses(key.account().profileId(), fix.limits().requestsPerSecond(),
                fix.limits().messagesPerSecond()));
        }
        return LimitUse.json(uses);
    }

    private ObjectNode stats() {
        final VenueLimits limits = fix.limits();
        final ObjectNode node = Json.object().put("alignment", limits.alignment().name());
        final ObjectNode sessions = node.putObject("sessions");
        for (final KeyState key : fix.sessions().keys()) {
            final ObjectNode stats = key.stats()
                .toJson(limits.requestsPerSecond(), limits.messagesPerSecond(), limits.logonsPerSecond());
            stats.put("profile", key.account().profileId()).put("loggedOn", key.current() != null);
            sessions.set(key.account().apiKey(), stats);
        }
        node.set("rest", rest.stats());
        node.set("feed", feed.stats());
        node.put("connections", fix.connections().size());
        return node;
    }

    private ObjectNode openOrders() {
        return engine.read(index -> {
            final ObjectNode profiles = Json.object();
            for (final VenueOrder order : index.open()) {
                profiles.withArray("/" + order.request.origin().profileId()).addObject()
                    .put("orderId", order.orderId).put("clOrdId", order.clOrdId)
                    .put("session", order.request.origin().apiKey()).put("product", order.request.product())
                    .put("side", order.isBuy() ? "buy" : "sell")
                    .put("price", ExecutionReportEncoder.plain(order.price))
                    .put("qty", ExecutionReportEncoder.plain(order.qty))
                    .put("cumQty", ExecutionReportEncoder.plain(order.cumQty)).put("dormant", order.isDormant());
            }
            return profiles;
        });
    }
}
