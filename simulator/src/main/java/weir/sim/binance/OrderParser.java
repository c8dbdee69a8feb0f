package weir.sim.binance;

import java.math.BigDecimal;
import java.util.Set;
import java.util.function.Supplier;

/** Parameters to an order, and what may not be missing or there ("New order"). Stateless but for ids it makes up. */
final class OrderParser {
    private static final Set<String> TYPES = Set.of("LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT",
        "TAKE_PROFIT_LIMIT", "LIMIT_MAKER");
    private static final String CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$";

    private final Supplier<String> clientIds;
    private final BinanceEngine engine;

    OrderParser(final BinanceEngine engine, final Supplier<String> clientIds) {
        this.engine = engine;
        this.clientIds = clientIds;
    }

    /** @throws ApiError if the parameters make no order. */
    OrderRequest parse(final BinanceAccount account, final Params params, final String channel) {
        final BinanceSymbol symbol = engine.symbol(params.require("symbol"));
        final String side = params.require("side");
        if (!"BUY".equals(side) && !"SELL".equals(side)) {
            throw new ApiError(-1117, "Invalid side.");
        }
        final String type = params.require("type");
        if (!TYPES.contains(type)) {
            throw new ApiError(-1116, "Invalid orderType.");
        }
        final boolean limit = "LIMIT".equals(type) || type.endsWith("_LIMIT");
        final boolean priced = limit || "LIMIT_MAKER".equals(type);
        final String tif = limit ? params.require("timeInForce") : params.get("timeInForce");
        if (tif != null && !Set.of("GTC", "IOC", "FOK").contains(tif)) {
            throw new ApiError(-1115, "Invalid timeInForce.");
        }
        if (!limit && tif != null) {
            throw new ApiError(-1106, "Parameter 'timeInForce' sent when not required.");
        }
        final BigDecimal price = priced ? params.requireDecimal("price") : null;
        if (!priced && params.has("price")) {
            throw new ApiError(-1106, "Parameter 'price' sent when not required.");
        }
        final boolean stop = type.startsWith("STOP_LOSS") || type.startsWith("TAKE_PROFIT");
        final BigDecimal stopPrice = stop ? params.requireDecimal("stopPrice") : null;
        if (!stop && params.has("stopPrice")) {
            throw new ApiError(-1106, "Parameter 'stopPrice' sent when not required.");
        }
        final BigDecimal quoteQty = "MARKET".equals(type) ? params.decimal("quoteOrderQty") : null;
        final BigDecimal qty = quoteQty == null ? params.requireDecimal("quantity") : params.decimal("quantity");
        if (qty != null && quoteQty != null) {
            throw new ApiError(-1128, "Combination of optional parameters invalid.");
        }
        final String resp = params.get("newOrderRespType");
        if (resp != null && !Set.of("ACK", "RESULT", "FULL").contains(resp)) {
            throw new ApiError(-1118, "New order response type was invalid.");
        }
        return new OrderRequest(account, symbol.symbol(), "BUY".equals(side), type, tif == null ? "GTC" : tif, qty,
            quoteQty, price, stopPrice, params.decimal("icebergQty"), clientId(params, "newClientOrderId"),
            stp(params, symbol), params.number("strategyId"),
            params.has("strategyType") ? params.number("strategyType").intValue() : null, channel);
    }

    /** A client id, made up if absent. @throws ApiError -1100 if it has characters that none has. */
    String clientId(final Params params, final String name) {
        final String given = params.get(name);
        if (given == null || given.isEmpty()) {
            return clientIds.get();
        }
        if (!given.matches(CLIENT_ID)) {
            throw new ApiError(-1100, "Illegal characters found in parameter '" + name + "'; legal range is '"
                + CLIENT_ID + "'.");
        }
        return given;
    }

    private static SelfTradeMode stp(final Params params, final BinanceSymbol symbol) {
        final String mode = params.get("selfTradePreventionMode");
        try {
            return mode != null ? SelfTradeMode.valueOf(mode)
                : SelfTradeMode.valueOf(symbol.toJson().path("defaultSelfTradePreventionMode").asText());
        } catch (final IllegalArgumentException e) {
            throw new ApiError(-1138, "Invalid selfTradePreventionMode.");
        }
    }
}
