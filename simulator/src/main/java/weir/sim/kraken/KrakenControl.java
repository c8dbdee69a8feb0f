package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/** What a tester may do to this venue. The control door's thread. */
final class KrakenControl {
    private final KrakenEngine engine;
    private final FaultPlan<KrakenFault> faults;
    private final Budgets budgets;
    private final FeedHub hub;
    private final FeedDoor feeds;
    private final DeadManSwitch deadMan;
    private final LongSupplier clock;
    private final VenueLog log;

    KrakenControl(
        final KrakenEngine engine, final FaultPlan<KrakenFault> faults, final Budgets budgets, final FeedHub hub,
        final FeedDoor feeds, final DeadManSwitch deadMan, final LongSupplier clock, final VenueLog log) {
        this.engine = engine;
        this.faults = faults;
        this.budgets = budgets;
        this.hub = hub;
        this.feeds = feeds;
        this.deadMan = deadMan;
        this.clock = clock;
        this.log = log;
    }

    /** See {@link weir.sim.market.ControlDoor.Calls}. */
    JsonNode call(final String what, final RestQuery query, final JsonNode body) {
        switch (what) {
            case "GET /health":
                return Json.object().put("status", "up");
            case "GET /stats":
                final ObjectNode stats = budgets.toJson(clock.getAsLong());
                stats.set("webSocket", feeds.stats());
                stats.set("deadManSeconds", deadMan.toJson(clock.getAsLong()));
                return stats;
            case "GET /limits":
                return budgets.limits();
            case "GET /orders":
                return engine.read(this::openOrders);
            case "GET /positions":
                return engine.read(this::positions);
            case "GET /faults":
                return faults.toJson();
            case "GET /struck":
                return faults.struck();
            case "POST /faults":
                faults.apply(body);
                return faults.toJson();
            case "POST /calm":
                faults.reset();
                return faults.toJson();
            case "POST /quotes":
                return quotes(body);
            case "POST /cancel":
                final String orderId = query.get("orderId");
                return Json.object().put("orders", engine.cancelAll(order -> order.orderId.equals(orderId),
                    "CANCELLED_BY_ADMIN", Json.array(), clock.getAsLong()).size());
            case "POST /instrument":
                return instrument(body);
            case "POST /mark":
                return mark(query);
            case "POST /disconnect":
                return disconnect(query.get("account"));
            case "POST /reset":
                return reset();
            default:
                return null;
        }
    }

    /** {@code {"symbol":"PF_XBTUSD","side":"buy","immediate":true,"replace":true,"levels":[{"price":"","qty":""}]}}. */
    private JsonNode quotes(final JsonNode body) {
        final KrakenInstrument instrument = known(Json.text(body, "symbol"));
        final String side = Json.text(body, "side");
        if (!"buy".equals(side) && !"sell".equals(side)) {
            throw new IllegalArgumentException("side is buy or sell");
        }
        final boolean buy = "buy".equals(side);
        final List<OrderRequest> wanted = new ArrayList<>();
        for (final JsonNode level : body.path("levels")) {
            wanted.add(OrderRequest.house(instrument.symbol(), buy, new BigDecimal(Json.text(level, "qty")),
                new BigDecimal(Json.text(level, "price")), body.path("immediate").asBoolean(false)));
        }
        final ArrayNode orders = Json.array();
        synchronized (engine) {
            final long nowNs = clock.getAsLong();
            if (body.path("replace").asBoolean(false)) {
                engine.cancelAll(order -> order.isHouse() && order.request.symbol().equals(instrument.symbol())
                    && order.isBuy() == buy, "CANCELLED_BY_ADMIN", Json.array(), nowNs);
            }
            for (final OrderRequest request : wanted) {
                final Outcome outcome = engine.send(request, nowNs);
                orders.addObject().put("orderId", outcome.order().orderId).put("status", outcome.status())
                    .put("filled", Numbers.text(outcome.order().filled));
            }
        }
        return orders;
    }

    private JsonNode instrument(final JsonNode body) {
        final KrakenInstrument changed = known(Json.text(body, "symbol")).with(body);
        engine.replace(changed);
        log.write(VenueLog.line("instrument", clock.getAsLong()).put("product", changed.symbol())
            .put("tickSize", Numbers.text(changed.tickSize())).put("suspended", changed.suspended())
            .put("tradeable", changed.tradeable()).put("postOnly", changed.postOnly()));
        return changed.toJson();
    }

    private JsonNode mark(final RestQuery query) {
        final KrakenInstrument instrument = known(String.valueOf(query.get("symbol")));
        final String price = query.get("price");
        engine.read(() -> {
            engine.marks().set(instrument.symbol(), price == null ? null : new BigDecimal(price));
            return null;
        });
        engine.onTick(clock.getAsLong());
        return Json.object().put("symbol", instrument.symbol()).put("price", price);
    }

    private JsonNode disconnect(final String account) {
        int count = 0;
        for (final FeedConnection connection : hub.connections()) {
            if (account == null || connection.isSubscribed(FeedHub.FILLS, account)
                || connection.isSubscribed(FeedHub.OPEN_ORDERS, account)) {
                connection.drop();
                count++;
            }
        }
        return Json.object().put("connections", count);
    }

    private JsonNode reset() {
        faults.reset();
        budgets.reset();
        deadMan.reset();
        synchronized (engine) {
            engine.cancelAll(order -> true, "CANCELLED_BY_ADMIN", Json.array(), clock.getAsLong());
            engine.orders().clear();
            engine.positions().clear();
        }
        return Json.object().put("reset", true);
    }

    private ObjectNode openOrders() {
        final ObjectNode accounts = Json.object();
        for (final KrakenOrder order : engine.orders().open()) {
            accounts.withArray("/" + order.account().name()).addObject().put("orderId", order.orderId)
                .put("clOrdId", order.request.cliOrdId()).put("session", order.account().apiKey())
                .put("product", order.request.symbol()).put("side", order.side())
                .put("price", Numbers.text(order.limitPrice)).put("qty", Numbers.text(order.size))
                .put("cumQty", Numbers.text(order.filled)).put("dormant", order.dormant);
        }
        return accounts;
    }

    private ObjectNode positions() {
        final ObjectNode accounts = Json.object();
        budgets.accountNames().forEach(name -> {
            final ObjectNode node = accounts.putObject(name);
            for (final Map.Entry<String, Positions.Position> held : engine.positions().of(name).entrySet()) {
                node.put(held.getKey(), Numbers.text(held.getValue().size()));
            }
        });
        return accounts;
    }

    private KrakenInstrument known(final String symbol) {
        final KrakenInstrument instrument = engine.instrument(symbol);
        if (instrument == null) {
            throw new IllegalArgumentException("unknown symbol " + symbol);
        }
        return instrument;
    }
}
