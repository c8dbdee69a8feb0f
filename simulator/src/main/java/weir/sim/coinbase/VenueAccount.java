package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import weir.sim.market.Json;

/**
 * One API key at the venue, scoped to one profile.
 *
 * @param apiKey     CB-ACCESS-KEY and SenderCompID(49).
 * @param secret     the secret as issued: base64.
 * @param passphrase CB-ACCESS-PASSPHRASE and Password(554).
 * @param profileId  the profile whose orders and limits this key shares with its siblings.
 * @param volumeUsd  trailing 30 day volume in USD, which selects the fee tier.
 */
public record VenueAccount(
    String apiKey, String secret, String passphrase, String profileId, BigDecimal volumeUsd) {

    /** Checks the parts. @throws IllegalArgumentException if one is empty or the secret is not base64. */
    public VenueAccount {
        requireText(apiKey, "apiKey");
        requireText(secret, "secret");
        requireText(passphrase, "passphrase");
        requireText(profileId, "profileId");
        Objects.requireNonNull(volumeUsd, "volumeUsd");
        Base64.getDecoder().decode(secret);
    }

    /** An account in the lowest fee tier. */
    public VenueAccount(final String apiKey, final String secret, final String passphrase, final String profileId) {
        this(apiKey, secret, passphrase, profileId, BigDecimal.ZERO);
    }

    /**
     * Reads {@code [{"apiKey":"..","secret":"<base64>","passphrase":"..","profileId":"..","volumeUsd":"0"}]}.
     *
     * @throws IOException              if the file cannot be read as JSON.
     * @throws IllegalArgumentException if a key is unknown, missing or given twice.
     */
    public static List<VenueAccount> read(final Path file) throws IOException {
        final List<VenueAccount> accounts = new ArrayList<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "apiKey", "secret", "passphrase", "profileId", "volumeUsd");
            accounts.add(new VenueAccount(Json.text(node, "apiKey"), Json.text(node, "secret"),
                Json.text(node, "passphrase"), Json.text(node, "profileId"),
                node.has("volumeUsd") ? new BigDecimal(node.get("volumeUsd").asText()) : BigDecimal.ZERO));
        }
        return accounts;
    }

    byte[] key() {
        return Base64.getDecoder().decode(secret);
    }

    @Override
    public String toString() {
        return "VenueAccount[apiKey=" + apiKey + ", profileId=" + profileId + "]";
    }

    private static void requireText(final String value, final String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("account: " + name + " is missing");
        }
    }
}
