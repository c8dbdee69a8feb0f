package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import weir.sim.market.Json;

/**
 * One API key and the portfolio it trades. Keys of the same portfolio share orders, positions and fills; each has a
 * rate limit of its own.
 *
 * @param secret      base64, as the venue hands it out.
 * @param passphrase  shown when the key was made.
 * @param name        of the portfolio.
 * @param portfolio   its id, such as {@code 1ap32qsc-1-0}.
 * @param balanceUsdc collateral that orders and positions must fit into, null for no limit.
 */
public record IntxAccount(String apiKey, String secret, String passphrase, String name, String portfolio,
    BigDecimal balanceUsdc) {

    /** The venue's own liquidity. It has no key. */
    static final IntxAccount HOUSE = new IntxAccount("-house-", "aG91c2U=", "-", "-house-", "-house-", null);

    /** Checks the parts. @throws IllegalArgumentException if one is empty or the secret is not base64. */
    public IntxAccount {
        requireText(apiKey, "apiKey");
        requireText(secret, "secret");
        requireText(passphrase, "passphrase");
        requireText(name, "name");
        requireText(portfolio, "portfolio");
        Base64.getDecoder().decode(secret);
    }

    /** A portfolio without a limit of funds. */
    public IntxAccount(
        final String apiKey, final String secret, final String passphrase, final String name, final String portfolio) {
        this(apiKey, secret, passphrase, name, portfolio, null);
    }

    /**
     * Reads {@code [{"apiKey":"..","secret":"<base64>","passphrase":"..","name":"..","portfolio":"..",
     * "balanceUsdc":"100000"}]}; the last two are optional.
     *
     * @throws IOException              if the file cannot be read as JSON.
     * @throws IllegalArgumentException if a key is unknown, missing or given twice.
     */
    public static List<IntxAccount> read(final Path file) throws IOException {
        final List<IntxAccount> accounts = new ArrayList<>();
        final Set<String> keys = new HashSet<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "apiKey", "secret", "passphrase", "name", "portfolio", "balanceUsdc");
            final String balance = Json.textOrNull(node, "balanceUsdc");
            final String portfolio = Json.textOrNull(node, "portfolio");
            final String name = Json.text(node, "name");
            final IntxAccount account = new IntxAccount(Json.text(node, "apiKey"), Json.text(node, "secret"),
                Json.text(node, "passphrase"), name, portfolio == null ? name : portfolio,
                balance == null ? null : new BigDecimal(balance));
            if (!keys.add(account.apiKey)) {
                throw new IllegalArgumentException(file + ": apiKey given twice");
            }
            accounts.add(account);
        }
        return accounts;
    }

    boolean isHouse() {
        return this == HOUSE;
    }

    byte[] key() {
        return Base64.getDecoder().decode(secret);
    }

    /** The portfolio's other name. */
    String portfolioUuid() {
        return UUID.nameUUIDFromBytes(portfolio.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Whether a request names this portfolio, by either id. */
    boolean isPortfolio(final String text) {
        return portfolio.equals(text) || portfolioUuid().equals(text);
    }

    @Override
    public String toString() {
        return "IntxAccount[apiKey=" + apiKey + ", name=" + name + ", portfolio=" + portfolio + "]";
    }

    private static void requireText(final String value, final String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("account: " + name + " is missing");
        }
    }
}
