package weir.venue.kraken;

import java.net.URI;

/**
 * One API key at Kraken Futures. Its text never shows the secret.
 *
 * @param accountId of our VenueAccountConfig
 * @param apiKey    header APIKey
 * @param secret    as issued: base64
 * @param restUri   base up to and including {@code /derivatives}, no slash at the end
 * @param socketUri of the WebSocket, {@code /ws/v1} included
 * @param shared    true when several tenants trade on the account: what cancels all of its orders acts across them
 */
public record KrakenAccount(int accountId, String apiKey, String secret, URI restUri, URI socketUri, boolean shared) {

    @Override
    public String toString() {
        return "KrakenAccount[accountId=" + accountId + ", rest=" + restUri + ", socket=" + socketUri + ", shared="
            + shared + "]";
    }
}
