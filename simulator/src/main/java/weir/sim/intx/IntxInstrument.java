package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import weir.sim.market.Json;

/**
 * What is listed. Source: "List instruments".
 *
 * @param id             such as {@code 114jqr89-0-0}.
 * @param type           PERP or SPOT.
 * @param baseIncrement  step of sizes.
 * @param quoteIncrement step of prices.
 * @param minNotional    least value of an order in the quote currency.
 * @param priceBand      part of the reference price by which a limit may be worse than it.
 * @param state          TRADING, PAUSED, HALTED, DELISTED, EXTERNAL.
 */
record IntxInstrument(String id, String symbol, String type, String base, String quote, BigDecimal baseIncrement,
    BigDecimal quoteIncrement, BigDecimal minNotional, BigDecimal priceBand, String state) {

    static List<IntxInstrument> defaults() {
        return List.of(of("114jqr89-0-0", "BTC-PERP", "PERP", "BTC", "0.0001", "0.1"),
            of("149264mq-0-0", "ETH-PERP", "PERP", "ETH", "0.0001", "0.01"),
            of("1602tj4x-0-0", "SOL-PERP", "PERP", "SOL", "0.01", "0.01"),
            of("11sbc0de-0-0", "BTC-USDC", "SPOT", "BTC", "0.00001", "0.01"));
    }

    boolean isPerpetual() {
        return "PERP".equals(type);
    }

    boolean isTrading() {
        return "TRADING".equals(state);
    }

    boolean isPrice(final BigDecimal price) {
        return price.signum() > 0 && price.remainder(quoteIncrement).signum() == 0;
    }

    boolean isSize(final BigDecimal size) {
        return size.signum() > 0 && size.remainder(baseIncrement).signum() == 0;
    }

    /** Whether a request names it: by symbol, id or UUID. */
    boolean isNamed(final String text) {
        return symbol.equals(text) || id.equals(text) || uuid().equals(text);
    }

    String uuid() {
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The same with what a tester changes. */
    IntxInstrument with(final JsonNode changes) {
        return new IntxInstrument(id, symbol, type, base, quote, decimal(changes, "baseIncrement", baseIncrement),
            decimal(changes, "quoteIncrement", quoteIncrement), decimal(changes, "minNotional", minNotional),
            decimal(changes, "priceBand", priceBand),
            Json.textOrNull(changes, "state") == null ? state : Json.text(changes, "state"));
    }

    /** @param quotes the object {@code quote}. */
    ObjectNode toJson(final ObjectNode quotes) {
        final ObjectNode node = Json.object().put("instrument_id", id).put("instrument_uuid", uuid())
            .put("symbol", symbol).put("type", type).put("base_asset_id", base).put("base_asset_uuid", asset(base))
            .put("base_asset_name", base).put("quote_asset_id", quote).put("quote_asset_uuid", asset(quote))
            .put("quote_asset_name", quote).put("base_increment", baseIncrement.toPlainString())
            .put("quote_increment", quoteIncrement.toPlainString())
            .put("price_band_percent", priceBand.toPlainString()).put("market_order_percent", "0.0075")
            .put("qty_24hr", "0").put("notional_24hr", "0").put("avg_daily_qty", "0").put("avg_daily_notional", "0")
            .put("previous_day_qty", "0").put("open_interest", "0").put("position_limit_qty", "10000")
            .put("position_limit_adq_pct", "0.05").put("replacement_cost", "0.23").put("base_imf", "0.1")
            .put("min_notional_value", minNotional.toPlainString()).put("funding_interval", "3600000000000")
            .put("trading_state", state);
        node.set("quote", quotes);
        return node;
    }

    static String asset(final String name) {
        return UUID.nameUUIDFromBytes(("asset " + name).getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static IntxInstrument of(final String id, final String symbol, final String type, final String base,
        final String baseIncrement, final String quoteIncrement) {
        return new IntxInstrument(id, symbol, type, base, "USDC", new BigDecimal(baseIncrement),
            new BigDecimal(quoteIncrement), BigDecimal.TEN, new BigDecimal("0.05"), "TRADING");
    }

    private static BigDecimal decimal(final JsonNode changes, final String name, final BigDecimal otherwise) {
        final String text = Json.textOrNull(changes, name);
        return text == null ? otherwise : new BigDecimal(text);
    }
}
