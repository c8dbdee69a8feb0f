package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weir.sim.market.Json;

/**
 * A token that the solver trades.
 *
 * @param symbol   for people.
 * @param address  lower case.
 * @param decimals of its atoms.
 * @param priceUsd what one whole token is worth.
 */
public record CowToken(String symbol, String address, int decimals, BigDecimal priceUsd) {
    /** Checks the parts. @throws IllegalArgumentException if one makes no sense. */
    public CowToken {
        address = address.toLowerCase(Locale.ROOT);
        if (!address.matches("0x[0-9a-f]{40}") || decimals < 0 || decimals > 36 || priceUsd.signum() <= 0) {
            throw new IllegalArgumentException("token " + symbol + ": address, decimals or price");
        }
    }

    /** Wrapped ether, USDC, USDT, DAI and wrapped bitcoin of Ethereum. */
    public static List<CowToken> defaults() {
        return List.of(
            new CowToken("WETH", "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", 18, new BigDecimal("3000")),
            new CowToken("USDC", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", 6, BigDecimal.ONE),
            new CowToken("USDT", "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6, BigDecimal.ONE),
            new CowToken("DAI", "0x6B175474E89094C44Da98b954EedeAC495271d0F", 18, BigDecimal.ONE),
            new CowToken("WBTC", "0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599", 8, new BigDecimal("60000")));
    }

    /**
     * Reads {@code [{"symbol":"WETH","address":"0x..","decimals":18,"priceUsd":"3000"}]}.
     *
     * @throws IOException if the file cannot be read as JSON.
     */
    public static List<CowToken> read(final Path file) throws IOException {
        final List<CowToken> tokens = new ArrayList<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "symbol", "address", "decimals", "priceUsd");
            tokens.add(new CowToken(Json.text(node, "symbol"), Json.text(node, "address"),
                Integer.parseInt(Json.text(node, "decimals")), new BigDecimal(Json.text(node, "priceUsd"))));
        }
        return tokens;
    }

    /** The same at another price. */
    CowToken at(final BigDecimal newPriceUsd) {
        return new CowToken(symbol, address, decimals, newPriceUsd);
    }

    /** What one atom is worth. */
    BigDecimal atomUsd() {
        return priceUsd.movePointLeft(decimals);
    }
}
