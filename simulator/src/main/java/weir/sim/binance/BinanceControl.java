package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/** What a tester may do to this venue. The control door's thread. */
final class BinanceControl {
    private final BinanceEngine engine;
    private final BinanceHouse house;
    private final FaultPlan<BinanceFault> faults;
    private final VenueLimits limits;
    private final ApiDoor api;
    private final StreamDoor streams;
    private final LongSupplier clock;
    private final VenueLog log;
    private int bans;

    BinanceControl(final BinanceEngine engine, final BinanceHouse house, final FaultPlan<BinanceFault> faults,
        final VenueLimits limits, final ApiDoor api, final StreamDoor streams, final LongSupplier clock,
        final VenueLog log) {
        this.engine = engine;
        this.house = house;
        this.faults = faults;
        this.limits = limits;
        this.api = api;
        this.streams = streams;
        this.clock = clock;
        this.log = log;
    }

    /** See {@link weir.sim.market.ControlDoor.Calls}. */
    JsonNode call(final String what, final RestQuery query, final JsonNode body) {
        switch (what) {
            case "GET /health":
                return Json.object().put("status", "up");
            case "GET /stats":
                final ObjectNode stats = limits.stats(clock.getAsLong());
                stats.putObject("webSocket").put("connections", api.connections().size())
                    .put("opened", api.opened()).put("streams", streams.connections().size());
                return stats;
            case "GET /limits":
                return limits.use();
            case "GET /orders":
                return engine.read(this::openOrders);
            case "GET /faults":
                return faults.toJson();
            case "GET /struck":
                final ObjectNode struck = faults.struck();
                return bans == 0 ? struck : struck.put("ban", bans);
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
                return Json.object().put("orders", engine.cancelAll(
                    order -> Long.toString(order.orderId).equals(orderId), () -> "exchange", clock.getAsLong()).size());
            case "POST /symbol":
                return symbol(body);
            case "POST /ban":
                bans++;
                limits.banAll(query.cursor("ms", 1000) * 1_000_000L, clock.getAsLong());
                return Json.object().put("banned", true);
            case "POST /weight":
                limits.jumpAll((int) query.cursor("add", 0), clock.getAsLong());
                return limits.stats(clock.getAsLong());
            case "POST /disconnect":
                return Json.object().put("connections", api.dropAll());
            case "POST /shutdown":
                return Json.object().put("connections", api.shutDown(query.cursor("ms", 1000) * 1_000_000L));
            case "POST /reset":
                return reset();
            default:
                return null;
        }
    }

    /** {@code {"symbol":"BTCUSDT","side":"buy","immediate":true,"replace":true,"levels":[{"price":"","qty":""}]}}. */
    private JsonNode quotes(final JsonNode body) {
        final String symbol = known(Json.text(body, "symbol")).symbol();
        final String side = Json.text(body, "side");
        if (!"buy".equals(side) && !"sell".equals(side)) {
            throw new IllegalArgumentException("side is buy or sell");
        }
        final boolean buy = "buy".equals(side);
        final ArrayNode orders = Json.array();
        engine.read(() -> {
            final long nowNs = clock.getAsLong();
            if (body.path("replace").asBoolean(false)) {
                engine.cancelAll(order -> order.isHouse() && order.request.symbol().equals(symbol)
                    && order.isBuy() == buy, () -> "house", nowNs);
            }
            for (final JsonNode level : body.path("levels")) {
                final BinanceOrder order = house.place(symbol, buy, new BigDecimal(Json.text(level, "qty")),
                    new BigDecimal(Json.text(level, "price")), body.path("immediate").asBoolean(false), nowNs);
                orders.addObject().put("orderId", Long.toString(order.orderId)).put("status", order.status)
                    .put("filled", Numbers.plain(order.filled));
            }
            return null;
        });
        return orders;
    }

    private JsonNode symbol(final JsonNode body) {
        final BinanceSymbol changed = known(Json.text(body, "symbol")).with(body);
        engine.replace(changed);
        log.write(VenueLog.line("instrument", clock.getAsLong()).put("product", changed.symbol())
            .put("status", changed.status()).put("tick", Numbers.plain(changed.tick())));
        return changed.toJson();
    }

    private JsonNode reset() {
        faults.reset();
        limits.reset();
        engine.read(() -> {
            engine.cancelAll(order -> true, () -> "exchange", clock.getAsLong());
            engine.orders().clear();
            engine.balances().clear();
            return null;
        });
        return Json.object().put("reset", true);
    }

    private ObjectNode openOrders() {
        final ObjectNode accounts = Json.object();
        for (final BinanceOrder order : engine.orders().open(each -> !each.isHouse())) {
            accounts.withArray("/" + order.account().name()).addObject().put("orderId", Long.toString(order.orderId))
                .put("clOrdId", order.clientId).put("session", order.account().apiKey())
                .put("product", order.request.symbol()).put("side", order.request.side())
                .put("type", order.request.type()).put("stp", order.request.stp().name())
                .put("price", Numbers.plain(order.price())).put("qty", Numbers.plain(order.qty))
                .put("cumQty", Numbers.plain(order.filled)).put("dormant", order.dormant);
        }
        return accounts;
    }

    private BinanceSymbol known(final String symbol) {
        if (!engine.isListed(symbol)) {
            throw new IllegalArgumentException("unknown symbol " + symbol);
        }
        return engine.symbol(symbol);
    }
}
