package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.sim.market.Json;

/**
 * One API key of a sub-account. Keys of the same name are the same sub-account: they share orders and credits.
 *
 * @param clientId     as the venue hands it out.
 * @param clientSecret as the venue hands it out, plain text.
 * @param name         the sub-account.
 * @param trade        whether the key may trade; else it only reads.
 * @param volumeUsd    traded volume of the last seven days at the start, which decides the tier.
 */
public record DeribitAccount(String clientId, String clientSecret, String name, boolean trade, BigDecimal volumeUsd) {
    /** The venue's own liquidity. It has no key. */
    static final DeribitAccount HOUSE = new DeribitAccount("-house-", "-", "-house-", true, BigDecimal.ZERO);

    /** Checks the parts. @throws IllegalArgumentException if one is empty. */
    public DeribitAccount {
        requireText(clientId, "clientId");
        requireText(clientSecret, "clientSecret");
        requireText(name, "name");
    }

    /** A key that may trade, of a sub-account that has traded nothing yet. */
    public DeribitAccount(final String clientId, final String clientSecret, final String name) {
        this(clientId, clientSecret, name, true, BigDecimal.ZERO);
    }

    /**
     * Reads {@code [{"apiKey":"..","secret":"..","name":"..","trade":true,"volumeUsd":"0"}]}, client id and client
     * secret by the names that all our files of accounts have; the last two are optional.
     *
     * @throws IOException              if the file cannot be read as JSON.
     * @throws IllegalArgumentException if a key is unknown, missing or given twice.
     */
    public static List<DeribitAccount> read(final Path file) throws IOException {
        final List<DeribitAccount> accounts = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "apiKey", "secret", "name", "trade", "volumeUsd");
            final String volume = Json.textOrNull(node, "volumeUsd");
            final DeribitAccount account = new DeribitAccount(Json.text(node, "apiKey"),
                Json.text(node, "secret"), Json.text(node, "name"), node.path("trade").asBoolean(true),
                volume == null ? BigDecimal.ZERO : new BigDecimal(volume));
            if (!ids.add(account.clientId)) {
                throw new IllegalArgumentException(file + ": apiKey given twice");
            }
            accounts.add(account);
        }
        return accounts;
    }

    boolean isHouse() {
        return this == HOUSE;
    }

    /** The venue's number of the user. */
    long userId() {
        return 90_000L + Math.floorMod(name.hashCode(), 10_000);
    }

    @Override
    public String toString() {
        return "DeribitAccount[clientId=" + clientId + ", name=" + name + ", trade=" + trade + "]";
    }

    private static void requireText(final String value, final String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("account: " + name + " is missing");
        }
    }
}
