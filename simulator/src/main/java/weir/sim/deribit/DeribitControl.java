package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.VenueLog;

/** What a tester may do to this venue. The control door's thread. */
final class DeribitControl {
    private final DeribitEngine engine;
    private final FaultPlan<DeribitFault> faults;
    private final AccountBook accounts;
    private final ChannelHub hub;
    private final WsDoor door;
    private final LongSupplier clock;
    private final VenueLog log;

    DeribitControl(
        final DeribitEngine engine, final FaultPlan<DeribitFault> faults, final AccountBook accounts,
        final ChannelHub hub, final WsDoor door, final LongSupplier clock, final VenueLog log) {
        this.engine = engine;
        this.faults = faults;
        this.accounts = accounts;
        this.hub = hub;
        this.door = door;
        this.clock = clock;
        this.log = log;
    }

    /** See {@link weir.sim.market.ControlDoor.Calls}. */
    JsonNode call(final String what, final RestQuery query, final JsonNode body) {
        switch (what) {
            case "GET /health":
                return Json.object().put("status", "up");
            case "GET /stats":
                final ObjectNode stats = accounts.toJson(clock.getAsLong());
                stats.set("webSocket", door.stats());
                return stats;
            case "GET /limits":
                return accounts.limitUses();
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
                    "risk_mitigation", clock.getAsLong()).size());
            case "POST /instrument":
                final DeribitInstrument changed = engine.instrument(Json.text(body, "instrument_name")).with(body);
                engine.replace(changed);
                log.write(VenueLog.line("instrument", clock.getAsLong()).put("product", changed.name())
                    .put("state", changed.state()));
                return changed.toJson();
            case "POST /tier":
                accounts.tier(String.valueOf(query.get("account")),
                    Tier.valueOf(String.valueOf(query.get("tier"))), clock.getAsLong());
                return Json.object().put("tier", query.get("tier"));
            case "POST /drain":
                accounts.drain(String.valueOf(query.get("account")), String.valueOf(query.get("pool")),
                    clock.getAsLong());
                return Json.object().put("drained", query.get("pool"));
            case "POST /disconnect":
                return disconnect(query.get("account"));
            case "POST /reset":
                return reset();
            default:
                return null;
        }
    }

    /** {@code {"symbol":"..","side":"buy","immediate":true,"replace":true,"levels":[{"price":"","qty":""}]}}. */
    private JsonNode quotes(final JsonNode body) {
        final String symbol = Json.text(body, "symbol");
        final String side = Json.text(body, "side");
        if (!engine.has(symbol) || !"buy".equals(side) && !"sell".equals(side)) {
            throw new IllegalArgumentException("symbol is listed, side is buy or sell");
        }
        final boolean buy = "buy".equals(side);
        final List<OrderRequest> wanted = new ArrayList<>();
        for (final JsonNode level : body.path("levels")) {
            wanted.add(OrderRequest.house(symbol, buy, new BigDecimal(Json.text(level, "qty")),
                new BigDecimal(Json.text(level, "price")), body.path("immediate").asBoolean(false)));
        }
        final ArrayNode orders = Json.array();
        synchronized (engine) {
            final long nowNs = clock.getAsLong();
            if (body.path("replace").asBoolean(false)) {
                engine.cancelAll(order -> order.isHouse() && order.instrument().equals(symbol)
                    && order.isBuy() == buy, "user_request", nowNs);
            }
            for (final OrderRequest request : wanted) {
                try {
                    final DeribitOrder order = engine.place(request, nowNs);
                    orders.addObject().put("orderId", order.orderId).put("state", order.state)
                        .put("filled", order.filled.toPlainString());
                } catch (final RpcError e) {
                    throw new IllegalArgumentException(e.getMessage(), e);
                }
            }
        }
        return orders;
    }

    private JsonNode disconnect(final String account) {
        int count = 0;
        for (final WsConnection connection : hub.connections()) {
            if (account == null
                || connection.grant != null && connection.grant.account().name().equals(account)) {
                connection.drop();
                count++;
            }
        }
        return Json.object().put("connections", count);
    }

    private JsonNode reset() {
        faults.reset();
        accounts.reset(clock.getAsLong());
        engine.cancelAll(order -> true, "risk_mitigation", clock.getAsLong());
        engine.read(() -> {
            engine.orders().clear();
            return null;
        });
        return Json.object().put("reset", true);
    }

    private ObjectNode openOrders() {
        final ObjectNode byAccount = Json.object();
        for (final DeribitOrder order : engine.orders().open(each -> !each.isHouse())) {
            byAccount.withArray("/" + order.request.account().name()).addObject().put("orderId", order.orderId)
                .put("clOrdId", order.request.label()).put("session", order.request.account().clientId())
                .put("product", order.instrument()).put("side", order.isBuy() ? "buy" : "sell")
                .put("price", order.price == null ? null : order.price.toPlainString())
                .put("qty", order.amount.toPlainString()).put("cumQty", order.filled.toPlainString())
                .put("dormant", order.request.isTrigger()).put("postOnly", order.postOnly);
        }
        return byAccount;
    }
}
