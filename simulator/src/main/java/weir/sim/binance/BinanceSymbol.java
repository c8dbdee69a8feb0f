package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import weir.sim.market.Json;

/**
 * A pair as it is now. Immutable; the control API replaces it as a whole.
 *
 * @param status       TRADING, HALT, BREAK, END_OF_DAY or CANCEL_ONLY.
 * @param tick         prices are multiples of it.
 * @param lot          quantities are multiples of it.
 * @param minQty       least quantity.
 * @param maxQty       greatest quantity.
 * @param maxMarketQty greatest quantity of a market order.
 * @param minNotional  least price times quantity.
 * @param maxOrders    open orders per account.
 * @param stpModes     allowed modes of self-trade prevention.
 */
public record BinanceSymbol(String symbol, String base, String quote, String status, BigDecimal tick, BigDecimal lot,
    BigDecimal minQty, BigDecimal maxQty, BigDecimal maxMarketQty, BigDecimal minNotional, int maxOrders,
    List<String> stpModes) {
    private static final BigDecimal MAX_PRICE = new BigDecimal("1000000");
    private static final List<String> MODES =
        List.of("NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT");
    private static final List<String> ORDER_TYPES = List.of("LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS",
        "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT");
    private static final int PRECISION = 8;

    /** The pairs listed unless told otherwise. */
    public static List<BinanceSymbol> defaults() {
        return List.of(of("BTCUSDT", "BTC", "0.01", "0.00001"), of("ETHUSDT", "ETH", "0.01", "0.0001"),
            of("SOLUSDT", "SOL", "0.01", "0.001"), of("BNBUSDT", "BNB", "0.01", "0.001"));
    }

    private static BinanceSymbol of(final String symbol, final String base, final String tick, final String lot) {
        return new BinanceSymbol(symbol, base, "USDT", "TRADING", new BigDecimal(tick), new BigDecimal(lot),
            new BigDecimal(lot), new BigDecimal("9000"), new BigDecimal("150"), new BigDecimal("5"), 200, MODES);
    }

    /**
     * This pair with {@code {"status":"HALT","tick":"0.1","lot":"0.001","minNotional":"10","stpModes":["NONE"],
     * "maxOrders":1000}}, all optional.
     *
     * @throws IllegalArgumentException if a key is unknown.
     */
    BinanceSymbol with(final JsonNode changes) {
        for (final Map.Entry<String, JsonNode> change : changes.properties()) {
            if (!List.of("symbol", "status", "tick", "lot", "minNotional", "stpModes", "maxOrders")
                .contains(change.getKey())) {
                throw new IllegalArgumentException("symbol: unknown key '" + change.getKey() + "'");
            }
        }
        final BigDecimal newLot = decimal(changes, "lot", lot);
        final List<String> modes = new java.util.ArrayList<>();
        changes.path("stpModes").forEach(mode -> modes.add(mode.asText()));
        return new BinanceSymbol(symbol, base, quote, changes.path("status").asText(status),
            decimal(changes, "tick", tick), newLot, changes.has("lot") ? newLot : minQty, maxQty, maxMarketQty,
            decimal(changes, "minNotional", minNotional), changes.path("maxOrders").asInt(maxOrders),
            modes.isEmpty() ? stpModes : List.copyOf(modes));
    }

    boolean isTrading() {
        return "TRADING".equals(status);
    }

    /** The first filter that a limit price fails, or null. */
    String priceFilter(final BigDecimal price) {
        return price.signum() <= 0 || price.compareTo(tick) < 0 || price.compareTo(MAX_PRICE) > 0
            || price.remainder(tick).signum() != 0 ? "PRICE_FILTER" : null;
    }

    /** The first filter that a quantity fails, or null. */
    String quantityFilter(final BigDecimal qty, final boolean market) {
        if (qty.compareTo(minQty) < 0 || qty.compareTo(maxQty) > 0 || qty.remainder(lot).signum() != 0) {
            return "LOT_SIZE";
        }
        return market && qty.compareTo(maxMarketQty) > 0 ? "MARKET_LOT_SIZE" : null;
    }

    /** The filter that a notional fails, or null. */
    String notionalFilter(final BigDecimal notional) {
        return notional.compareTo(minNotional) < 0 ? "NOTIONAL" : null;
    }

    /** As exchangeInfo shows it. */
    ObjectNode toJson() {
        final ObjectNode node = Json.object().put("symbol", symbol).put("status", status).put("baseAsset", base)
            .put("baseAssetPrecision", PRECISION).put("quoteAsset", quote).put("quotePrecision", PRECISION)
            .put("quoteAssetPrecision", PRECISION).put("baseCommissionPrecision", PRECISION)
            .put("quoteCommissionPrecision", PRECISION);
        ORDER_TYPES.forEach(node.putArray("orderTypes")::add);
        node.put("icebergAllowed", true).put("ocoAllowed", true).put("otoAllowed", true).put("opoAllowed", true)
            .put("quoteOrderQtyMarketAllowed", true).put("allowTrailingStop", true)
            .put("cancelReplaceAllowed", true).put("amendAllowed", true).put("pegInstructionsAllowed", true)
            .put("isSpotTradingAllowed", true).put("isMarginTradingAllowed", false);
        final ArrayNode filters = node.putArray("filters");
        filters.addObject().put("filterType", "PRICE_FILTER").put("minPrice", Numbers.text(tick))
            .put("maxPrice", Numbers.text(MAX_PRICE)).put("tickSize", Numbers.text(tick));
        filters.addObject().put("filterType", "LOT_SIZE").put("minQty", Numbers.text(minQty))
            .put("maxQty", Numbers.text(maxQty)).put("stepSize", Numbers.text(lot));
        filters.addObject().put("filterType", "ICEBERG_PARTS").put("limit", 100);
        filters.addObject().put("filterType", "MARKET_LOT_SIZE").put("minQty", "0.00000000")
            .put("maxQty", Numbers.text(maxMarketQty)).put("stepSize", "0.00000000");
        filters.addObject().put("filterType", "NOTIONAL").put("minNotional", Numbers.text(minNotional))
            .put("applyMinToMarket", true).put("maxNotional", "9000000.00000000").put("applyMaxToMarket", false)
            .put("avgPriceMins", 5);
        filters.addObject().put("filterType", "MAX_NUM_ORDERS").put("maxNumOrders", maxOrders);
        filters.addObject().put("filterType", "MAX_NUM_ORDER_AMENDS").put("maxNumOrderAmends", 10);
        node.putArray("permissions");
        node.putArray("permissionSets").addArray().add("SPOT");
        node.put("defaultSelfTradePreventionMode", stpModes.contains("EXPIRE_MAKER") ? "EXPIRE_MAKER"
            : stpModes.get(0));
        stpModes.forEach(node.putArray("allowedSelfTradePreventionModes")::add);
        return node;
    }

    private static BigDecimal decimal(final JsonNode node, final String key, final BigDecimal fallback) {
        return node.has(key) ? new BigDecimal(node.get(key).asText()) : fallback;
    }
}
