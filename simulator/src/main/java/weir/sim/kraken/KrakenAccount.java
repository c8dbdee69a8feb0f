package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.sim.market.Json;

/**
 * One API key of an account. Keys of the same name are the same account: they share orders, positions and budget.
 *
 * @param secret     base64, as the venue hands it out.
 * @param name       the account.
 * @param parent     the master account, null if this is one.
 * @param balanceUsd collateral that orders and positions must fit into, null for no limit.
 */
public record KrakenAccount(String apiKey, String secret, String name, String parent, BigDecimal balanceUsd) {
    /** The venue's own liquidity. It has no key. */
    static final KrakenAccount HOUSE = new KrakenAccount("-house-", "aG91c2U=", "-house-", null, null);

    /** Checks the parts. @throws IllegalArgumentException if one is empty or the secret is not base64. */
    public KrakenAccount {
        requireText(apiKey, "apiKey");
        requireText(secret, "secret");
        requireText(name, "name");
        Base64.getDecoder().decode(secret);
        if (name.equals(parent)) {
            throw new IllegalArgumentException("account " + name + ": is its own parent");
        }
    }

    /** A master account without a limit of funds. */
    public KrakenAccount(final String apiKey, final String secret, final String name) {
        this(apiKey, secret, name, null, null);
    }

    /**
     * Reads {@code [{"apiKey":"..","secret":"<base64>","name":"..","parent":"..","balanceUsd":"100000"}]}; the last two
     * are optional.
     *
     * @throws IOException              if the file cannot be read as JSON.
     * @throws IllegalArgumentException if a key is unknown, missing or given twice.
     */
    public static List<KrakenAccount> read(final Path file) throws IOException {
        final List<KrakenAccount> accounts = new ArrayList<>();
        final Set<String> keys = new HashSet<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "apiKey", "secret", "name", "parent", "balanceUsd");
            final String balance = Json.textOrNull(node, "balanceUsd");
            final KrakenAccount account = new KrakenAccount(Json.text(node, "apiKey"), Json.text(node, "secret"),
                Json.text(node, "name"), Json.textOrNull(node, "parent"),
                balance == null ? null : new BigDecimal(balance));
            if (!keys.add(account.apiKey)) {
                throw new IllegalArgumentException(file + ": apiKey given twice");
            }
            accounts.add(account);
        }
        return accounts;
    }

    /** The name shared by a master account and all its sub-accounts. */
    String group() {
        return parent == null ? name : parent;
    }

    boolean isHouse() {
        return this == HOUSE;
    }

    byte[] key() {
        return Base64.getDecoder().decode(secret);
    }

    @Override
    public String toString() {
        return "KrakenAccount[apiKey=" + apiKey + ", name=" + name + ", parent=" + parent + "]";
    }

    private static void requireText(final String value, final String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("account: " + name + " is missing");
        }
    }
}
