package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import weir.sim.market.Json;

/**
 * A row of the venue's product table (GET /products).
 *
 * @param id             {@code BASE-QUOTE}, Symbol(55).
 * @param base           base currency.
 * @param quote          quote currency, in which fees are charged.
 * @param baseIncrement  smallest step of a quantity.
 * @param quoteIncrement smallest step of a price.
 * @param minMarketFunds smallest notional of any order, in quote units.
 */
public record VenueProduct(
    String id, String base, String quote, BigDecimal baseIncrement, BigDecimal quoteIncrement,
    BigDecimal minMarketFunds) {

    /** Checks the steps. @throws IllegalArgumentException if one is not above zero. */
    public VenueProduct {
        if (baseIncrement.signum() <= 0 || quoteIncrement.signum() <= 0 || minMarketFunds.signum() < 0) {
            throw new IllegalArgumentException("product " + id + ": increments must be above 0");
        }
    }

    /** A product named {@code BASE-QUOTE}. Steps as decimal text. */
    public static VenueProduct of(
        final String id, final String baseIncrement, final String quoteIncrement, final String minMarketFunds) {
        final int dash = id.indexOf('-');
        if (dash < 1 || dash == id.length() - 1) {
            throw new IllegalArgumentException("product id must be BASE-QUOTE: " + id);
        }
        return new VenueProduct(id, id.substring(0, dash), id.substring(dash + 1), new BigDecimal(baseIncrement),
            new BigDecimal(quoteIncrement), new BigDecimal(minMarketFunds));
    }

    /** The products the simulator lists unless told otherwise. */
    public static List<VenueProduct> defaults() {
        return List.of(
            of("BTC-USD", "0.00000001", "0.01", "1"),
            of("ETH-USD", "0.00000001", "0.01", "1"),
            of("SOL-USD", "0.00000001", "0.01", "1"),
            of("LTC-USD", "0.00000001", "0.01", "1"),
            of("BTC-USDC", "0.00000001", "0.01", "1"),
            of("ETH-BTC", "0.00000001", "0.00001", "0.000016"));
    }

    /**
     * Reads {@code [{"id":"BTC-USD","baseIncrement":"0.00000001","quoteIncrement":"0.01","minMarketFunds":"1"}]}.
     *
     * @throws IOException              if the file cannot be read as JSON.
     * @throws IllegalArgumentException if a key is unknown or missing.
     */
    public static List<VenueProduct> read(final Path file) throws IOException {
        final List<VenueProduct> products = new ArrayList<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "id", "baseIncrement", "quoteIncrement", "minMarketFunds");
            products.add(of(Json.text(node, "id"), Json.text(node, "baseIncrement"),
                Json.text(node, "quoteIncrement"), Json.text(node, "minMarketFunds")));
        }
        return products;
    }

    /** The price as the venue prints it: never fewer decimals than the quote increment has. */
    String formatPrice(final BigDecimal price) {
        final BigDecimal stripped = price.stripTrailingZeros();
        final int scale = Math.max(stripped.scale(), Math.max(0, quoteIncrement.stripTrailingZeros().scale()));
        return stripped.setScale(scale).toPlainString();
    }
}
