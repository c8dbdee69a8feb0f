package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import weir.sim.market.Json;

/**
 * A contract as it is now. Immutable; the control API replaces it as a whole.
 *
 * @param inverse             futures_inverse, sized in USD; else flexible_futures, sized in the base currency.
 * @param tickSize            prices are multiples of it.
 * @param contractSize        what one contract stands for.
 * @param sizePrecision       contractValueTradePrecision: decimals of a size, negative for tens, hundreds.
 * @param minimumSize         least size of an order.
 * @param tradeable           false refuses orders as marketInactive.
 * @param suspended           true refuses orders as marketSuspended.
 * @param postOnly            true refuses what is not post-only.
 * @param initialMargin       part of the notional that an order blocks.
 */
public record KrakenInstrument(
    String symbol, boolean inverse, String base, BigDecimal tickSize, BigDecimal contractSize, int sizePrecision,
    BigDecimal minimumSize, boolean tradeable, boolean suspended, boolean postOnly, BigDecimal initialMargin) {

    /** Checks that steps are above 0. */
    public KrakenInstrument {
        if (tickSize.signum() <= 0 || contractSize.signum() <= 0 || minimumSize.signum() <= 0) {
            throw new IllegalArgumentException("instrument " + symbol + ": sizes must be above 0");
        }
    }

    /** The contracts listed unless told otherwise. */
    public static List<KrakenInstrument> defaults() {
        return List.of(flexible("PF_XBTUSD", "BTC", "1", 4), flexible("PF_ETHUSD", "ETH", "0.1", 3),
            flexible("PF_SOLUSD", "SOL", "0.01", 2),
            new KrakenInstrument("PI_XBTUSD", true, "BTC", new BigDecimal("0.5"), BigDecimal.ONE, 0, BigDecimal.ONE,
                true, false, false, new BigDecimal("0.02")));
    }

    private static KrakenInstrument flexible(
        final String symbol, final String base, final String tickSize, final int precision) {
        return new KrakenInstrument(symbol, false, base, new BigDecimal(tickSize), BigDecimal.ONE, precision,
            BigDecimal.ONE.movePointLeft(precision), true, false, false, new BigDecimal("0.02"));
    }

    /**
     * This contract with {@code {"tickSize":"0.5","contractValueTradePrecision":3,"minimumSize":"0.001",
     * "tradeable":true,"suspended":true,"postOnly":false,"contractSize":"1"}}, all optional.
     *
     * @throws IllegalArgumentException if a key is unknown.
     */
    KrakenInstrument with(final JsonNode changes) {
        for (final Map.Entry<String, JsonNode> change : changes.properties()) {
            if (!List.of("symbol", "tickSize", "contractSize", "contractValueTradePrecision", "minimumSize",
                "tradeable", "suspended", "postOnly").contains(change.getKey())) {
                throw new IllegalArgumentException("instrument: unknown key '" + change.getKey() + "'");
            }
        }
        final int precision = changes.path("contractValueTradePrecision").asInt(sizePrecision);
        final BigDecimal lot = BigDecimal.ONE.movePointLeft(precision);
        return new KrakenInstrument(symbol, inverse, base, decimal(changes, "tickSize", tickSize),
            decimal(changes, "contractSize", contractSize), precision,
            decimal(changes, "minimumSize", precision == sizePrecision ? minimumSize : lot),
            changes.path("tradeable").asBoolean(tradeable), changes.path("suspended").asBoolean(suspended),
            changes.path("postOnly").asBoolean(postOnly), initialMargin);
    }

    BigDecimal lot() {
        return BigDecimal.ONE.movePointLeft(sizePrecision);
    }

    boolean isTick(final BigDecimal price) {
        return price.signum() > 0 && price.remainder(tickSize).signum() == 0;
    }

    boolean isSize(final BigDecimal size) {
        return size.compareTo(minimumSize) >= 0 && size.remainder(lot()).signum() == 0;
    }

    /** Value in USD: an inverse contract is worth its size, a linear one its size times the price. */
    BigDecimal notionalUsd(final BigDecimal size, final BigDecimal price) {
        final BigDecimal contracts = size.multiply(contractSize);
        return inverse ? contracts : contracts.multiply(price);
    }

    /** Fee in {@link #feeCurrency()}: an inverse contract is settled in its base currency. */
    BigDecimal fee(final BigDecimal size, final BigDecimal price, final BigDecimal rate) {
        final BigDecimal usd = notionalUsd(size, price).multiply(rate);
        return inverse ? usd.divide(price, MathContext.DECIMAL64) : usd;
    }

    String feeCurrency() {
        return inverse ? base : "USD";
    }

    String pair() {
        return symbol.substring(symbol.indexOf('_') + 1).replaceFirst("USD$", ":USD");
    }

    /** As GET instruments shows it. */
    ObjectNode toJson() {
        final ObjectNode node = Json.object().put("symbol", symbol)
            .put("type", inverse ? "futures_inverse" : "flexible_futures").put("tickSize", Numbers.plain(tickSize))
            .put("contractSize", Numbers.plain(contractSize)).put("tradeable", tradeable)
            .put("impactMidSize", Numbers.plain(minimumSize)).put("maxPositionSize", 1_000_000)
            .put("openingDate", "2022-01-01T00:00:00.000Z").put("fundingRateCoefficient", inverse ? 8 : 24)
            .put("maxRelativeFundingRate", new BigDecimal("0.005")).put("contractValueTradePrecision", sizePrecision)
            .put("minimumOrderSize", Numbers.plain(minimumSize)).put("postOnly", postOnly)
            .put("feeScheduleUid", FeeSchedule.UID).put("mtf", false).put("base", base).put("quote", "USD")
            .put("pair", base + ":USD").put("category", "Layer 1");
        if (inverse) {
            node.put("underlying", "rr_" + symbol.substring(3).toLowerCase(java.util.Locale.ROOT));
        }
        node.putArray("tags");
        final ObjectNode level = node.putArray(inverse ? "marginLevels" : "retailMarginLevels").addObject();
        level.put(inverse ? "contracts" : "numNonContractUnits", 0).put("initialMargin", initialMargin)
            .put("maintenanceMargin", initialMargin.divide(BigDecimal.valueOf(2)));
        return node;
    }

    private static BigDecimal decimal(final JsonNode node, final String key, final BigDecimal fallback) {
        return node.has(key) ? new BigDecimal(node.get(key).asText()) : fallback;
    }
}
