package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;

/** Calls about orders: create, modify, cancel, cancel all, list open ones, one in detail. Any thread. */
final class OrderCalls {
    private static final Set<String> TYPES = Set.of("LIMIT", "MARKET", "STOP", "STOP_LIMIT");
    private static final Set<String> TIFS = Set.of("GTC", "GTT", "IOC", "FOK");
    private static final Set<String> MODES =
        Set.of("NONE", "AGGRESSING", "RESTING", "BOTH", "DECREMENT", "DECREMENT_AND_CANCEL");
    private static final long EXPIRE_MAX_NS = 30L * 86_400 * 1_000_000_000L;

    private final IntxEngine engine;
    private final FaultPlan<IntxFault> faults;

    OrderCalls(final IntxEngine engine, final FaultPlan<IntxFault> faults) {
        this.engine = engine;
        this.faults = faults;
    }

    /** {@code POST /orders}. @throws ApiError if it is refused. */
    JsonNode create(final IntxAccount account, final JsonNode body, final long nowNs) {
        requirePortfolio(account, Json.textOrNull(body, "portfolio"));
        final String clientOrderId = required(body, "client_order_id");
        final String side = oneOf(body, "side", Set.of("BUY", "SELL"));
        final IntxInstrument instrument = engine.named(required(body, "instrument"));
        if (instrument == null) {
            throw ApiError.bad("invalid instrument");
        }
        final String type = oneOf(body, "type", TYPES);
        if (Json.textOrNull(body, "tif") == null) {
            throw ApiError.bad("tif is required");
        }
        final String tif = oneOf(body, "tif", TIFS);
        if ("MARKET".equals(type) && !"IOC".equals(tif)) {
            throw ApiError.bad("market orders must be IoC");
        }
        final boolean limited = "LIMIT".equals(type) || "STOP_LIMIT".equals(type);
        final boolean stop = "STOP".equals(type) || "STOP_LIMIT".equals(type);
        final boolean postOnly = body.path("post_only").asBoolean(false);
        if (postOnly && (!"LIMIT".equals(type) || "IOC".equals(tif) || "FOK".equals(tif))) {
            throw ApiError.bad("post_only needs a resting limit order");
        }
        final OrderRequest request = new OrderRequest(account, clientOrderId, "BUY".equals(side),
            decimal(body, "size", true), tif, instrument.symbol(), type, limited ? decimal(body, "price", true) : null,
            stop ? decimal(body, "stop_price", true) : null, expiry(body, tif, nowNs),
            Json.textOrNull(body, "stp_mode") == null ? "BOTH" : oneOf(body, "stp_mode", MODES), postOnly,
            body.path("close_only").asBoolean(false), 0);
        return shown(() -> engine.send(request, nowNs));
    }

    /** {@code PUT /orders/{id}}. @throws ApiError if it is refused. */
    JsonNode modify(final IntxAccount account, final String orderId, final JsonNode body, final long nowNs) {
        requirePortfolio(account, Json.textOrNull(body, "portfolio"));
        final String clientOrderId = required(body, "client_order_id");
        final BigDecimal size = decimal(body, "size", false);
        final BigDecimal price = decimal(body, "price", false);
        final BigDecimal stopPrice = decimal(body, "stop_price", false);
        if (size == null && price == null && stopPrice == null) {
            throw ApiError.bad("Invalid replace order request (nothing to replace)");
        }
        return shown(() -> engine.replace(account, orderId, clientOrderId, size, price, stopPrice, nowNs));
    }

    /** {@code DELETE /orders/{id}}. @throws ApiError if it is refused. */
    JsonNode cancel(final IntxAccount account, final String orderId, final String portfolio, final long nowNs) {
        requirePortfolio(account, portfolio);
        return shown(() -> engine.cancel(account, orderId, nowNs));
    }

    /** {@code DELETE /orders}. @throws ApiError if no portfolio is named. */
    JsonNode cancelAll(final IntxAccount account, final RestQuery query, final long nowNs) {
        if (query.get("portfolio") == null) {
            throw ApiError.missing("portfolio");
        }
        requirePortfolio(account, query.get("portfolio"));
        final boolean partial = faults.strikes(IntxFault.PARTIAL_CANCEL, account.apiKey());
        final AtomicInteger seen = new AtomicInteger();
        final ArrayNode array = Json.array();
        synchronized (engine) {
            engine.cancelAll(order -> matches(order, account, query)
                && (!partial || seen.getAndIncrement() % 2 == 0), "client cancel", nowNs)
                .forEach(order -> array.add(order.toJson(engine.offset())));
        }
        return array;
    }

    /** {@code GET /orders}: open ones, newest first. @throws ApiError if the query makes no sense. */
    JsonNode list(final IntxAccount account, final RestQuery query, final long nowNs) {
        requirePortfolio(account, query.get("portfolio"));
        final String clientOrderId = query.get("client_order_id");
        return engine.read(() -> {
            final List<JsonNode> found = new ArrayList<>();
            final List<IntxOrder> open = engine.orders().open();
            for (int i = open.size() - 1; i >= 0; i--) {
                final IntxOrder order = open.get(i);
                if (matches(order, account, query) && nowNs >= order.visibleNs
                    && (clientOrderId == null || clientOrderId.equals(order.clientOrderId))) {
                    found.add(order.toJson(engine.offset()));
                }
            }
            return Page.of(query, found, VenueTime.format(nowNs + engine.offset()));
        });
    }

    /** {@code GET /orders/{id}}: open or done. @throws ApiError if it is not known. */
    JsonNode one(final IntxAccount account, final String orderId, final String portfolio, final long nowNs) {
        requirePortfolio(account, portfolio);
        return engine.read(() -> {
            final IntxOrder order = engine.orders().find(account, orderId);
            if (order == null || nowNs < order.visibleNs) {
                throw ApiError.notFound();
            }
            return order.toJson(engine.offset());
        });
    }

    static void requirePortfolio(final IntxAccount account, final String portfolio) {
        if (portfolio != null && !portfolio.isEmpty() && !account.isPortfolio(portfolio)) {
            throw ApiError.unauthorized("portfolio");
        }
    }

    private JsonNode shown(final java.util.function.Supplier<IntxOrder> action) {
        synchronized (engine) {
            return action.get().toJson(engine.offset());
        }
    }

    private boolean matches(final IntxOrder order, final IntxAccount account, final RestQuery query) {
        final String instrument = query.get("instrument");
        final String side = query.get("side");
        final String type = query.get("instrument_type");
        return order.account().portfolio().equals(account.portfolio())
            && (instrument == null || instrument.isEmpty() || order.instrument.isNamed(instrument))
            && (side == null || side.equals(order.side())) && (type == null || type.equals(order.instrument.type()));
    }

    private static long expiry(final JsonNode body, final String tif, final long nowNs) {
        if (!"GTT".equals(tif)) {
            return 0;
        }
        final long atNs = VenueTime.parse("expire_time", required(body, "expire_time"));
        if (atNs <= nowNs) {
            throw ApiError.bad("expire_time is in the past");
        }
        return Math.min(atNs, nowNs + EXPIRE_MAX_NS);
    }

    private static String required(final JsonNode body, final String name) {
        final String text = Json.textOrNull(body, name);
        if (text == null || text.isEmpty()) {
            throw ApiError.missing(name);
        }
        return text;
    }

    private static String oneOf(final JsonNode body, final String name, final Set<String> known) {
        final String text = required(body, name);
        if (!known.contains(text)) {
            throw ApiError.bad("invalid " + name);
        }
        return text;
    }

    private static BigDecimal decimal(final JsonNode body, final String name, final boolean required) {
        final String text = required ? required(body, name) : Json.textOrNull(body, name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (final NumberFormatException e) {
            throw ApiError.bad("invalid " + name);
        }
    }
}
