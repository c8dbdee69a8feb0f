package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import weir.sim.market.Json;

/**
 * A perpetual or a spot pair as it is now. Immutable; the control API replaces it as a whole.
 *
 * @param name       such as BTC-PERPETUAL, BTC_USDC-PERPETUAL, BTC_USDC.
 * @param kind       future or spot.
 * @param inverse    amounts in USD, settled in the base currency; else amounts in the base currency.
 * @param base       base currency.
 * @param quote      quote currency.
 * @param tick       price step.
 * @param steps      price steps above given prices, ascending; mostly none.
 * @param contract   what one contract stands for, in the unit of amounts.
 * @param minAmount  least amount.
 * @param state      open, or what keeps it from trading.
 */
public record DeribitInstrument(String name, String kind, boolean inverse, String base, String quote, BigDecimal tick,
    List<TickStep> steps, BigDecimal contract, BigDecimal minAmount, String state) {
    private static final BigDecimal MAKER = new BigDecimal("0.0001");
    private static final BigDecimal TAKER = new BigDecimal("0.0005");
    private static final int FEE_DECIMALS = 8;

    /**
     * A price step above a price.
     *
     * @param abovePrice from which on.
     * @param tick       the step.
     */
    public record TickStep(BigDecimal abovePrice, BigDecimal tick) {
    }

    /** Checks that steps are above 0. */
    public DeribitInstrument {
        if (tick.signum() <= 0 || contract.signum() <= 0 || minAmount.signum() <= 0) {
            throw new IllegalArgumentException("instrument " + name + ": sizes must be above 0");
        }
        steps = List.copyOf(steps);
    }

    /** What is listed unless told otherwise. */
    public static List<DeribitInstrument> defaults() {
        return List.of(
            perpetual("BTC-PERPETUAL", true, "BTC", "USD", "0.5", "10", "10"),
            perpetual("ETH-PERPETUAL", true, "ETH", "USD", "0.05", "1", "1"),
            perpetual("BTC_USDC-PERPETUAL", false, "BTC", "USDC", "0.5", "0.0001", "0.0001"),
            perpetual("ETH_USDC-PERPETUAL", false, "ETH", "USDC", "0.05", "0.001", "0.001"),
            spot("BTC_USDC", "BTC", "USDC", "1", "0.0001"),
            spot("ETH_USDC", "ETH", "USDC", "0.1", "0.001"));
    }

    /** This instrument with {@code {"tick_size":0.5,"min_trade_amount":10,"state":"locked"}}, all optional. */
    DeribitInstrument with(final JsonNode changes) {
        for (final Map.Entry<String, JsonNode> change : changes.properties()) {
            if (!List.of("instrument_name", "tick_size", "min_trade_amount", "state").contains(change.getKey())) {
                throw new IllegalArgumentException("instrument: unknown key '" + change.getKey() + "'");
            }
        }
        return new DeribitInstrument(name, kind, inverse, base, quote, decimal(changes, "tick_size", tick), steps,
            contract, decimal(changes, "min_trade_amount", minAmount), changes.path("state").asText(state));
    }

    boolean isOpen() {
        return "open".equals(state);
    }

    /** The step at a price. */
    BigDecimal tickAt(final BigDecimal price) {
        BigDecimal at = tick;
        for (final TickStep step : steps) {
            at = price.compareTo(step.abovePrice) > 0 ? step.tick : at;
        }
        return at;
    }

    /** The currency it is settled in. */
    String settlement() {
        return inverse ? base : quote;
    }

    /** What traded, in USD. */
    BigDecimal usd(final BigDecimal amount, final BigDecimal price) {
        return inverse ? amount : amount.multiply(price);
    }

    /** Fee in {@link #settlement()}. */
    BigDecimal fee(final BigDecimal amount, final BigDecimal price, final boolean taker) {
        final BigDecimal value = usd(amount, price).multiply(taker ? TAKER : MAKER);
        return (inverse ? value.divide(price, MathContext.DECIMAL64) : value)
            .setScale(FEE_DECIMALS, RoundingMode.HALF_UP).stripTrailingZeros();
    }

    BigDecimal contracts(final BigDecimal amount) {
        return amount.divide(contract, MathContext.DECIMAL64).stripTrailingZeros();
    }

    /** Prefix of ids of orders and trades: none for BTC, the currency for others. */
    String idPrefix() {
        return "BTC".equals(settlement()) ? "" : settlement() + "-";
    }

    /** As public/get_instruments shows it. */
    ObjectNode toJson() {
        final ObjectNode node = Json.object().put("instrument_name", name).put("kind", kind)
            .put("base_currency", base).put("quote_currency", quote).put("counter_currency", quote)
            .put("tick_size", tick).put("contract_size", contract).put("min_trade_amount", minAmount)
            .put("maker_commission", MAKER).put("taker_commission", TAKER).put("is_active", isOpen())
            .put("state", state).put("rfq", false).put("price_index", base.toLowerCase(java.util.Locale.ROOT) + '_'
                + quote.toLowerCase(java.util.Locale.ROOT)).put("creation_timestamp", 1_534_242_287_000L)
            .put("instrument_id", Math.abs((long)name.hashCode()));
        final ArrayNode tickSteps = node.putArray("tick_size_steps");
        steps.forEach(step -> tickSteps.addObject().put("above_price", step.abovePrice).put("tick_size", step.tick));
        if ("future".equals(kind)) {
            node.put("settlement_period", "perpetual").put("settlement_currency", settlement())
                .put("instrument_type", inverse ? "reversed" : "linear").put("future_type",
                    inverse ? "reversed" : "linear").put("max_leverage", 50)
                .put("expiration_timestamp", 32_503_708_800_000L).put("block_trade_commission", TAKER)
                .put("block_trade_min_trade_amount", 200_000).put("block_trade_tick_size", new BigDecimal("0.01"))
                .put("max_liquidation_commission", new BigDecimal("0.0075"));
        } else {
            node.put("instrument_type", "linear");
        }
        return node;
    }

    private static DeribitInstrument perpetual(final String name, final boolean inverse, final String base,
        final String quote, final String tick, final String contract, final String minAmount) {
        return new DeribitInstrument(name, "future", inverse, base, quote, new BigDecimal(tick), List.of(),
            new BigDecimal(contract), new BigDecimal(minAmount), "open");
    }

    private static DeribitInstrument spot(final String name, final String base, final String quote, final String tick,
        final String minAmount) {
        return new DeribitInstrument(name, "spot", false, base, quote, new BigDecimal(tick), List.of(),
            new BigDecimal(minAmount), new BigDecimal(minAmount), "open");
    }

    private static BigDecimal decimal(final JsonNode node, final String key, final BigDecimal fallback) {
        return node.has(key) ? new BigDecimal(node.get(key).asText()) : fallback;
    }
}
