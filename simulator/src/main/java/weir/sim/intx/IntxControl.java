package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/** What a tester may do to this venue. The control door's thread. */
final class IntxControl {
    private final IntxEngine engine;
    private final FaultPlan<IntxFault> faults;
    private final KeyLimits limits;
    private final IntSupplier disconnect;
    private final FixDoor fix;
    private final LongSupplier clock;
    private final VenueLog log;

    IntxControl(final IntxEngine engine, final FaultPlan<IntxFault> faults, final KeyLimits limits,
        final IntSupplier disconnect, final FixDoor fix, final LongSupplier clock, final VenueLog log) {
        this.engine = engine;
        this.faults = faults;
        this.limits = limits;
        this.disconnect = disconnect;
        this.fix = fix;
        this.clock = clock;
        this.log = log;
    }

    /** See {@link weir.sim.market.ControlDoor.Calls}. */
    JsonNode call(final String what, final RestQuery query, final JsonNode body) {
        switch (what) {
            case "GET /health":
                return Json.object().put("status", "up");
            case "GET /stats":
                final ObjectNode stats = limits.toJson();
                fix.addTo(stats);
                return stats;
            case "GET /limits":
                return limits.limits(fix.uses());
            case "GET /orders":
                return engine.read(this::openOrders);
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
                    "cancelled by the venue", clock.getAsLong()).size());
            case "POST /instrument":
                return instrument(body);
            case "POST /disconnect":
                final String door = query.get("door");
                return Json.object().put("connections", ("fix".equals(door) ? 0 : disconnect.getAsInt())
                    + ("rest".equals(door) ? 0 : fix.dropAll()));
            case "POST /logout":
                return Json.object().put("sessions", fix.logoutAll("weekly reset"));
            case "POST /internal-disconnect":
                return Json.object().put("sessions", fix.loseInside());
            case "POST /reset":
                return reset();
            default:
                return null;
        }
    }

    /** {@code {"symbol":"BTC-PERP","side":"buy","immediate":true,"replace":true,"levels":[{"price":"","qty":""}]}}. */
    private JsonNode quotes(final JsonNode body) {
        final IntxInstrument instrument = known(Json.text(body, "symbol"));
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
                engine.cancelAll(order -> order.isHouse() && order.instrument.symbol().equals(instrument.symbol())
                    && order.isBuy() == buy, "replaced", nowNs);
            }
            for (final OrderRequest request : wanted) {
                final IntxOrder order = engine.send(request, nowNs);
                orders.addObject().put("orderId", order.orderId).put("status", order.event)
                    .put("filled", order.filled.toPlainString());
            }
        }
        return orders;
    }

    private JsonNode instrument(final JsonNode body) {
        final IntxInstrument changed = known(Json.text(body, "symbol")).with(body);
        engine.replace(changed);
        log.write(VenueLog.line("instrument", clock.getAsLong()).put("product", changed.symbol())
            .put("state", changed.state()).put("quoteIncrement", changed.quoteIncrement().toPlainString())
            .put("baseIncrement", changed.baseIncrement().toPlainString()));
        return changed.toJson(Json.object());
    }

    private JsonNode reset() {
        faults.reset();
        limits.reset();
        fix.reset();
        synchronized (engine) {
            engine.cancelAll(order -> true, "reset", clock.getAsLong());
            engine.orders().clear();
        }
        return Json.object().put("reset", true);
    }

    private ObjectNode openOrders() {
        final ObjectNode accounts = Json.object();
        for (final IntxOrder order : engine.orders().open()) {
            accounts.withArray("/" + order.account().name()).addObject().put("orderId", order.orderId)
                .put("clOrdId", order.clientOrderId).put("session", order.account().apiKey())
                .put("product", order.instrument.symbol()).put("side", VenueRecorder.side(order.isBuy()))
                .put("price", VenueRecorder.text(order.price)).put("qty", VenueRecorder.text(order.size))
                .put("cumQty", VenueRecorder.text(order.filled)).put("dormant", order.dormant);
        }
        return accounts;
    }

    private IntxInstrument known(final String symbol) {
        final IntxInstrument instrument = engine.instrument(symbol);
        if (instrument == null) {
            throw new IllegalArgumentException("unknown symbol " + symbol);
        }
        return instrument;
    }
}
