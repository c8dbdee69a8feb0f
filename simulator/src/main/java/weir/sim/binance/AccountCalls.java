package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import weir.sim.market.Json;

/** Questions about an account, its orders and its trades ("Account endpoints"). */
final class AccountCalls {
    private final BinanceEngine engine;
    private final VenueLimits limits;
    private final LongSupplier offsetNs;

    AccountCalls(final BinanceEngine engine, final VenueLimits limits, final LongSupplier offsetNs) {
        this.engine = engine;
        this.limits = limits;
        this.offsetNs = offsetNs;
    }

    /** The answer, null where the call is none of these. */
    JsonNode call(final Endpoint endpoint, final BinanceAccount account, final Params params, final long nowNs) {
        switch (endpoint) {
            case STATUS:
                return status(account, params, nowNs);
            case OPEN_ORDERS:
                return openOrders(account, params, nowNs);
            case ALL_ORDERS:
                return allOrders(account, params, nowNs);
            case MY_TRADES:
                return trades(account, params);
            case ACCOUNT:
                return account(account, nowNs);
            case COMMISSION:
                return commission(engine.symbol(params.require("symbol")).symbol());
            case ORDER_LIMITS:
                return limits.orderCounts(account.name(), nowNs);
            case ASSETS:
                return assets(account);
            case ASSET_DETAIL:
                return assetDetail();
            default:
                return null;
        }
    }

    private JsonNode status(final BinanceAccount account, final Params params, final long nowNs) {
        final String symbol = engine.symbol(params.require("symbol")).symbol();
        requireOrder(params, "origClientOrderId");
        return engine.read(() -> {
            final BinanceOrder order = engine.orders().find(account.name(), symbol, params.number("orderId"),
                params.get("origClientOrderId"));
            if (order == null || nowNs < order.visibleNs) {
                throw new ApiError(-2013, "Order does not exist.");
            }
            return order.status(offsetNs.getAsLong());
        });
    }

    /** @throws ApiError -1102 if neither id is given. */
    static void requireOrder(final Params params, final String clientName) {
        if (!params.has("orderId") && !params.has(clientName)) {
            throw new ApiError(-1102, "Param '" + clientName
                + "' or 'orderId' must be sent, but both were empty/null!");
        }
    }

    private JsonNode openOrders(final BinanceAccount account, final Params params, final long nowNs) {
        final String symbol = params.has("symbol") ? engine.symbol(params.get("symbol")).symbol() : null;
        return engine.read(() -> {
            final ArrayNode list = Json.array();
            engine.orders().open(order -> order.account().name().equals(account.name()) && nowNs >= order.visibleNs
                && (symbol == null || order.request.symbol().equals(symbol)))
                .forEach(order -> list.add(order.status(offsetNs.getAsLong())));
            return list;
        });
    }

    private JsonNode allOrders(final BinanceAccount account, final Params params, final long nowNs) {
        final String symbol = engine.symbol(params.require("symbol")).symbol();
        final Long from = params.number("orderId");
        final int limit = params.limit(500, 1000);
        return engine.read(() -> {
            final List<BinanceOrder> all = engine.orders().from(account.name(), symbol, from == null ? 0 : from)
                .stream().filter(order -> nowNs >= order.visibleNs).toList();
            final ArrayNode list = Json.array();
            (from == null ? all.subList(Math.max(0, all.size() - limit), all.size())
                : all.subList(0, Math.min(limit, all.size())))
                .forEach(order -> list.add(order.status(offsetNs.getAsLong())));
            return list;
        });
    }

    private JsonNode trades(final BinanceAccount account, final Params params) {
        final String symbol = engine.symbol(params.require("symbol")).symbol();
        final Long orderId = params.number("orderId");
        final Long fromId = params.number("fromId");
        final Long startMs = params.number("startTime");
        final int limit = params.limit(500, 1000);
        return engine.read(() -> {
            final List<BinanceFill> all = engine.orders().fills(account.name(), symbol).stream()
                .filter(fill -> (orderId == null || fill.order().orderId == orderId)
                    && (fromId == null || fill.tradeId() >= fromId)
                    && (startMs == null || Numbers.ms(fill.atNs() + offsetNs.getAsLong()) >= startMs)).toList();
            final ArrayNode list = Json.array();
            final boolean forward = fromId != null || startMs != null;
            (forward ? all.subList(0, Math.min(limit, all.size()))
                : all.subList(Math.max(0, all.size() - limit), all.size())).forEach(fill -> list.addObject()
                .put("symbol", symbol).put("id", fill.tradeId()).put("orderId", fill.order().orderId)
                .put("orderListId", -1).put("price", Numbers.text(fill.price())).put("qty", Numbers.text(fill.qty()))
                .put("quoteQty", Numbers.text(fill.quote())).put("commission", Numbers.text(fill.commission()))
                .put("commissionAsset", fill.commissionAsset())
                .put("time", Numbers.ms(fill.atNs() + offsetNs.getAsLong())).put("isBuyer", fill.order().isBuy())
                .put("isMaker", fill.maker()).put("isBestMatch", true));
            return list;
        });
    }

    private JsonNode account(final BinanceAccount account, final long nowNs) {
        final ObjectNode node = Json.object().put("makerCommission", 10).put("takerCommission", 10)
            .put("buyerCommission", 0).put("sellerCommission", 0).put("canTrade", true).put("canWithdraw", false)
            .put("canDeposit", false).put("brokered", false).put("requireSelfTradePrevention", false)
            .put("preventSor", false).put("updateTime", Numbers.ms(nowNs + offsetNs.getAsLong()))
            .put("accountType", "SPOT").put("uid", account.name().hashCode() & 0x7fffffff);
        node.set("balances", balances(account));
        node.putArray("permissions").add("SPOT");
        return node;
    }

    /** free and locked of every asset traded here. */
    ArrayNode balances(final BinanceAccount account) {
        return engine.read(() -> {
            final Map<String, BinanceSymbol> symbols = new LinkedHashMap<>();
            engine.symbols().forEach(symbol -> symbols.put(symbol.symbol(), symbol));
            final Map<String, BigDecimal> locked = engine.balances().locked(account, engine.orders(), symbols);
            final ArrayNode list = Json.array();
            for (final String asset : assetNames()) {
                final BigDecimal held = locked.getOrDefault(asset, BigDecimal.ZERO);
                list.addObject().put("asset", asset)
                    .put("free", Numbers.text(engine.balances().total(account, asset).subtract(held)))
                    .put("locked", Numbers.text(held));
            }
            return list;
        });
    }

    private JsonNode assets(final BinanceAccount account) {
        final ArrayNode list = Json.array();
        for (final JsonNode balance : balances(account)) {
            final ObjectNode coin = list.addObject().put("coin", balance.path("asset").asText())
                .put("depositAllEnable", false).put("withdrawAllEnable", false)
                .put("name", balance.path("asset").asText()).put("free", balance.path("free").asText())
                .put("locked", balance.path("locked").asText()).put("freeze", "0").put("withdrawing", "0")
                .put("ipoing", "0").put("ipoable", "0").put("storage", "0").put("isLegalMoney", false)
                .put("trading", true);
            coin.putArray("networkList");
        }
        return list;
    }

    private JsonNode assetDetail() {
        final ObjectNode node = Json.object();
        assetNames().forEach(asset -> node.putObject(asset).put("minWithdrawAmount", "0.00000000")
            .put("depositStatus", false).put("withdrawFee", "0").put("withdrawStatus", false));
        return node;
    }

    private TreeSet<String> assetNames() {
        final TreeSet<String> names = new TreeSet<>();
        engine.symbols().forEach(symbol -> {
            names.add(symbol.base());
            names.add(symbol.quote());
        });
        return names;
    }

    private static JsonNode commission(final String symbol) {
        final ObjectNode node = Json.object().put("symbol", symbol);
        for (final String kind : List.of("standardCommission", "taxCommission", "specialCommission")) {
            final String rate = "standardCommission".equals(kind) ? "0.00100000" : "0.00000000";
            node.putObject(kind).put("maker", rate).put("taker", rate).put("buyer", "0.00000000")
                .put("seller", "0.00000000");
        }
        node.putObject("discount").put("enabledForAccount", false).put("enabledForSymbol", false)
            .put("discountAsset", "BNB").put("discount", "0.75000000");
        return node;
    }
}
