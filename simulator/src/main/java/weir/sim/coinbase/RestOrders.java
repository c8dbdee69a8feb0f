package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;
import weir.sim.market.UuidSource;

/**
 * The private REST calls: orders, fills, fees. Bodies and statuses as in the venue's REST reference; an order that was
 * cancelled without a fill is not found any more, as documented.
 */
final class RestOrders {
    private static final Map<String, Character> TIME_IN_FORCE = Map.of("GTC", '1', "IOC", '3', "FOK", '4', "GTT", '6');
    private static final Map<String, Character> SELF_TRADE = Map.of("dc", 'D', "co", 'O', "cn", 'N', "cb", 'B');
    private static final Map<String, Long> CANCEL_AFTER_S = Map.of("min", 60L, "hour", 3_600L, "day", 86_400L);
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final MatchingEngine engine;

    RestOrders(final MatchingEngine engine) {
        this.engine = engine;
    }

    /** @throws IllegalArgumentException with the message of a 400. */
    RestReply call(
        final VenueAccount account, final String method, final String path, final RestQuery query, final byte[] body,
        final long nowNs) {
        final String rest = path.startsWith("/orders/") ? path.substring(8) : null;
        switch (method + ' ' + (rest == null ? path : "/orders/*")) {
            case "POST /orders":
                return place(account, body, nowNs);
            case "GET /orders":
                return list(account, query, nowNs);
            case "GET /orders/*":
                return one(account, rest, nowNs);
            case "DELETE /orders":
                return cancelAll(account, query, nowNs);
            case "DELETE /orders/*":
                return cancel(account, rest, query, nowNs);
            case "GET /fills":
                return fills(account, query);
            case "GET /fees":
                return RestReply.ok(Json.object()
                    .put("taker_fee_rate", FeeTable.takerRate(account.volumeUsd()).toPlainString())
                    .put("maker_fee_rate", FeeTable.makerRate(account.volumeUsd()).toPlainString())
                    .put("usd_volume", account.volumeUsd().toPlainString()));
            default:
                return RestReply.error(404, "NotFound");
        }
    }

    private RestReply place(final VenueAccount account, final byte[] body, final long nowNs) {
        final JsonNode node;
        try {
            node = Json.parse(body);
        } catch (final IOException e) {
            return RestReply.error(400, "Bad Request");
        }
        if (!node.isObject()) {
            return RestReply.error(400, "Bad Request");
        }
        final String profile = Json.textOrNull(node, "profile_id");
        if (profile != null && !profile.equals(account.profileId())) {
            return RestReply.error(403, "Forbidden");
        }
        final OrderRequest request = request(account, node, nowNs);
        synchronized (engine) {
            final VenueOrder order = engine.submit(request, nowNs);
            if (order.status == OrderStatus.REJECTED && !"post only".equals(order.text)) {
                return RestReply.error(400, order.text);
            }
            return RestReply.ok(json(order));
        }
    }

    private static OrderRequest request(final VenueAccount account, final JsonNode node, final long nowNs) {
        final String type = textOr(node, "type", "limit");
        final String side = textOr(node, "side", "");
        if (!"buy".equals(side) && !"sell".equals(side)) {
            throw new IllegalArgumentException("Invalid side");
        }
        final char fixType = switch (type) {
            case "market" -> '1';
            case "limit" -> node.hasNonNull("stop_price") ? '4' : '2';
            case "stop" -> '4';
            default -> throw new IllegalArgumentException("Invalid order type");
        };
        final String stop = Json.textOrNull(node, "stop");
        char trigger = 0;
        if (fixType == '4') {
            if (!"loss".equals(stop) && !"entry".equals(stop)) {
                throw new IllegalArgumentException("Invalid stop");
            }
            trigger = "entry".equals(stop) ? 'U' : 'D';
        }
        final Character tif = TIME_IN_FORCE.get(fixType == '1' ? "IOC" : textOr(node, "time_in_force", "GTC"));
        final Character selfTrade = SELF_TRADE.get(textOr(node, "stp", "dc"));
        if (tif == null || selfTrade == null) {
            throw new IllegalArgumentException(tif == null ? "Invalid time_in_force" : "Invalid stp");
        }
        long expireNs = 0;
        if (tif == '6') {
            final Long seconds = CANCEL_AFTER_S.get(textOr(node, "cancel_after", ""));
            if (seconds == null) {
                throw new IllegalArgumentException("Invalid cancel_after");
            }
            expireNs = nowNs + seconds * 1_000_000_000L;
        }
        // A client_oid that is no UUIDv4 is accepted and silently dropped, as the venue does.
        final String clientId = Json.textOrNull(node, "client_oid");
        return new OrderRequest(
            new OrderRequest.Origin(account.apiKey(), account.profileId(), 0, "rest"),
            clientId != null && UuidSource.isV4(clientId) ? clientId : null, textOr(node, "product_id", ""),
            "buy".equals(side) ? '1' : '2', fixType, tif, decimal(node, "size"), decimal(node, "funds"),
            decimal(node, "price"), decimal(node, "stop_price"), null, trigger,
            node.path("post_only").asBoolean(false), selfTrade, null, expireNs, null);
    }

    private RestReply list(final VenueAccount account, final RestQuery query, final long nowNs) {
        final List<String> statuses = query.all("status");
        final String product = query.get("product_id");
        if (product != null && !engine.products().containsKey(product)) {
            return RestReply.error(404, "NotFound");
        }
        return engine.read(index -> page(index.newestFirst(order -> isListed(order, account, nowNs)
                && (product == null || order.request.product().equals(product))
                && (statuses.contains("all") || (statuses.isEmpty()
                    ? List.of("open", "pending", "active") : statuses).contains(status(order)))),
            query, order -> order.sequence, RestOrders::json));
    }

    private RestReply one(final VenueAccount account, final String id, final long nowNs) {
        return engine.read(index -> {
            final VenueOrder order = find(index, account, id);
            return order == null || !isListed(order, account, nowNs) ? RestReply.error(404, "NotFound")
                : RestReply.ok(json(order));
        });
    }

    private RestReply cancel(
        final VenueAccount account, final String id, final RestQuery query, final long nowNs) {
        synchronized (engine) {
            final VenueOrder order = engine.read(index -> find(index, account, id));
            final String product = query.get("product_id");
            if (order == null || product != null && !product.equals(order.request.product())) {
                return RestReply.error(404, "order not found");
            }
            if (!engine.cancel(order, null, "107:Broker", nowNs)) {
                return isPurged(order) ? RestReply.error(404, "order not found")
                    : RestReply.error(400, "Order already done");
            }
            return RestReply.ok(Json.array().textNode(id.startsWith("client:") ? id.substring(7) : order.orderId));
        }
    }

    private RestReply cancelAll(final VenueAccount account, final RestQuery query, final long nowNs) {
        final String product = query.get("product_id");
        if (product != null && !engine.products().containsKey(product)) {
            return RestReply.error(404, "NotFound");
        }
        final ArrayNode ids = Json.array();
        engine.cancelAll(order -> order.request.origin().profileId().equals(account.profileId())
                && (product == null || order.request.product().equals(product)), "107:Broker", nowNs)
            .forEach(order -> ids.add(order.orderId));
        return RestReply.ok(ids);
    }

    private RestReply fills(final VenueAccount account, final RestQuery query) {
        final String orderId = query.get("order_id");
        final String product = query.get("product_id");
        if (orderId == null && product == null) {
            return RestReply.error(400, "Either order_id or product_id must be given");
        }
        if (product != null && !engine.products().containsKey(product)) {
            return RestReply.error(404, "NotFound");
        }
        return engine.read(index -> {
            final List<ExecutionEvent.Fill> found = new ArrayList<>();
            for (final ExecutionEvent.Fill fill : index.fills()) {
                if (fill.profileId().equals(account.profileId())
                    && (orderId == null || fill.orderId().equals(orderId))
                    && (product == null || fill.product().id().equals(product))) {
                    found.add(fill);
                }
            }
            return page(found, query, ExecutionEvent.Fill::tradeId, RestOrders::json);
        });
    }

    /** Cuts a page out of items that are newest first: "after" a cursor are older ones, "before" it newer ones. */
    private static <T> RestReply page(
        final List<T> items, final RestQuery query, final ToLongFunction<T> cursor,
        final Function<T, JsonNode> json) {
        final long after = query.cursor("after", Long.MAX_VALUE);
        final long before = query.cursor("before", Long.MIN_VALUE);
        final List<T> matching = new ArrayList<>();
        for (final T item : items) {
            if (cursor.applyAsLong(item) < after && cursor.applyAsLong(item) > before) {
                matching.add(item);
            }
        }
        final int size = Math.min(query.limit(), matching.size());
        // Going back to newer items, the page is the one next to the cursor.
        final List<T> page = query.get("before") != null && query.get("after") == null
            ? matching.subList(matching.size() - size, matching.size()) : matching.subList(0, size);
        final ArrayNode body = Json.array();
        page.forEach(item -> body.add(json.apply(item)));
        return page.isEmpty() ? RestReply.ok(body) : new RestReply(200, body,
            Long.toString(cursor.applyAsLong(page.get(0))),
            Long.toString(cursor.applyAsLong(page.get(page.size() - 1))));
    }

    private static VenueOrder find(final OrderIndex index, final VenueAccount account, final String id) {
        if (id.startsWith("client:")) {
            return index.byClient(account.profileId(), id.substring(7));
        }
        if (!id.matches(UUID)) {
            throw new IllegalArgumentException("Invalid order id");
        }
        return index.byOrderId(account.profileId(), id);
    }

    private static boolean isListed(final VenueOrder order, final VenueAccount account, final long nowNs) {
        return order.request.origin().profileId().equals(account.profileId()) && order.visibleNs <= nowNs
            && !isPurged(order);
    }

    /** Cancelled or refused without a fill: the venue forgets it at once. */
    private static boolean isPurged(final VenueOrder order) {
        return !order.isOpen() && order.cumQty.signum() == 0;
    }

    private static String status(final VenueOrder order) {
        return order.isDormant() ? "active" : order.status.rest();
    }

    private static ObjectNode json(final VenueOrder order) {
        final OrderRequest request = order.request;
        final ObjectNode node = Json.object().put("id", order.orderId);
        if (order.clOrdId != null) {
            node.put("client_oid", order.clOrdId);
        }
        scaled(node, "price", order.price, 8);
        scaled(node, "size", order.qty, 8);
        scaled(node, "specified_funds", request.funds(), 16);
        scaled(node, "funds", order.fundsLeft == null ? null : order.fundsLeft.add(order.cumNotional), 16);
        node.put("product_id", request.product()).put("profile_id", request.origin().profileId())
            .put("side", order.isBuy() ? "buy" : "sell").put("type", request.type() == '1' ? "market" : "limit");
        for (final Map.Entry<String, Character> entry : TIME_IN_FORCE.entrySet()) {
            if (entry.getValue() == request.tif() && !order.isMarket()) {
                node.put("time_in_force", entry.getKey());
            }
        }
        if (request.expireNs() != 0) {
            node.put("expire_time", FixTime.iso(request.expireNs()));
        }
        if (order.stopPrice != null) {
            node.put("stop", order.trigger == 'U' ? "entry" : "loss");
            scaled(node, "stop_price", order.stopPrice, 8);
        }
        node.put("post_only", request.postOnly()).put("created_at", FixTime.iso(order.acceptedNs));
        if (!order.isOpen()) {
            node.put("done_at", FixTime.iso(order.doneNs));
            if (order.status == OrderStatus.REJECTED) {
                node.put("reject_reason", order.text);
            } else {
                node.put("done_reason", order.status == OrderStatus.FILLED ? "filled" : "canceled");
            }
        }
        scaled(node, "fill_fees", order.fees, 16);
        scaled(node, "filled_size", order.cumQty, 8);
        scaled(node, "executed_value", order.cumNotional, 16);
        return node.put("status", status(order)).put("settled", order.status == OrderStatus.FILLED);
    }

    private static ObjectNode json(final ExecutionEvent.Fill fill) {
        final ObjectNode node = Json.object().put("trade_id", fill.tradeId()).put("product_id", fill.product().id())
            .put("order_id", fill.orderId()).put("user_id", fill.apiKey()).put("profile_id", fill.profileId())
            .put("liquidity", fill.taker() ? "T" : "M");
        scaled(node, "price", fill.price(), 8);
        scaled(node, "size", fill.qty(), 8);
        scaled(node, "fee", fill.fee(), 16);
        scaled(node, "usd_volume", fill.price().multiply(fill.qty()), 16);
        return node.put("created_at", FixTime.iso(fill.tradedNs())).put("side", fill.buy() ? "buy" : "sell")
            .put("settled", true).put("funding_currency", fill.product().quote());
    }

    private static void scaled(final ObjectNode node, final String key, final BigDecimal value, final int scale) {
        if (value != null) {
            final BigDecimal plain = value.stripTrailingZeros();
            node.put(key, plain.setScale(Math.max(plain.scale(), scale)).toPlainString());
        }
    }

    private static String textOr(final JsonNode node, final String key, final String fallback) {
        final String value = Json.textOrNull(node, key);
        return value == null ? fallback : value;
    }

    private static BigDecimal decimal(final JsonNode node, final String key) {
        final String text = Json.textOrNull(node, key);
        if (text == null) {
            return null;
        }
        if (!text.matches("\\d{1,18}(\\.\\d{1,18})?")) {
            throw new IllegalArgumentException("Invalid " + key);
        }
        return new BigDecimal(text);
    }
}
