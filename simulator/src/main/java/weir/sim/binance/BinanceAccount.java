package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.sim.market.Json;

/**
 * One API key of an account. Keys of the same name are the same account: they share orders, balances and order counts.
 *
 * @param secret     of an HMAC key, null where the key is an Ed25519 one.
 * @param publicKey  of an Ed25519 key, base64 of its 32 bytes or of its SubjectPublicKeyInfo, null for HMAC.
 * @param name       the account.
 * @param tradeGroup accounts of one group prevent trades with each other, -1 for none.
 * @param balances   holdings by asset; empty for more than anybody could spend.
 */
public record BinanceAccount(String apiKey, String secret, String publicKey, String name, long tradeGroup,
    Map<String, BigDecimal> balances) {
    /** The venue's own liquidity. It has no key. */
    static final BinanceAccount HOUSE = new BinanceAccount("-house-", "house", null, "-house-", -1, Map.of());

    /** Checks the parts. @throws IllegalArgumentException if one is empty or no key is given. */
    public BinanceAccount {
        if (apiKey == null || apiKey.isBlank() || name == null || name.isBlank()) {
            throw new IllegalArgumentException("account: apiKey or name is missing");
        }
        if ((secret == null) == (publicKey == null)) {
            throw new IllegalArgumentException("account " + name + ": secret or publicKey, one of them");
        }
        if (publicKey != null) {
            BinanceSignature.publicKey(publicKey);
        }
        balances = Map.copyOf(balances);
    }

    /** An HMAC key of an account that can pay for everything. */
    public static BinanceAccount hmac(final String apiKey, final String secret, final String name) {
        return new BinanceAccount(apiKey, secret, null, name, -1, Map.of());
    }

    /** An Ed25519 key of an account that can pay for everything. */
    public static BinanceAccount ed25519(final String apiKey, final String publicKey, final String name) {
        return new BinanceAccount(apiKey, null, publicKey, name, -1, Map.of());
    }

    /**
     * Reads {@code [{"apiKey":"..","secret":"..","name":"..","tradeGroup":7,"balances":{"USDT":"1000"}}]}, with
     * {@code publicKey} in place of {@code secret} for Ed25519; the last two are optional.
     *
     * @throws IOException              if the file cannot be read as JSON.
     * @throws IllegalArgumentException if a key is unknown, missing or given twice.
     */
    public static List<BinanceAccount> read(final Path file) throws IOException {
        final List<BinanceAccount> accounts = new ArrayList<>();
        final Set<String> keys = new HashSet<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "apiKey", "secret", "publicKey", "name", "tradeGroup", "balances");
            final Map<String, BigDecimal> balances = new LinkedHashMap<>();
            node.path("balances").properties()
                .forEach(each -> balances.put(each.getKey(), new BigDecimal(each.getValue().asText())));
            final BinanceAccount account = new BinanceAccount(Json.text(node, "apiKey"),
                Json.textOrNull(node, "secret"), Json.textOrNull(node, "publicKey"), Json.text(node, "name"),
                node.path("tradeGroup").asLong(-1), balances);
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

    boolean isEd25519() {
        return publicKey != null;
    }

    /** Whether trades between the two are prevented. */
    boolean isSelf(final BinanceAccount other) {
        return name.equals(other.name) || tradeGroup >= 0 && tradeGroup == other.tradeGroup;
    }

    @Override
    public String toString() {
        return "BinanceAccount[apiKey=" + apiKey + ", name=" + name + "]";
    }
}
