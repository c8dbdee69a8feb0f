package weir.venue.kraken;

import java.net.URI;
import weir.protocol.sbe.SelfTradePrevention;

/**
 * One API key at Kraken Futures. Its text never shows the secret.
 *
 * @param accountId of our VenueAccountConfig
 * @param apiKey    header APIKey
 * @param secret    as issued: base64
 * @param restUri   base up to and including {@code /derivatives}, no slash at the end
 * @param socketUri of the WebSocket, {@code /ws/v1} included
 * @param shared    true when several tenants trade on the account: what cancels all of its orders acts across them
 * @param selfTrade what the venue is to do when two orders of the account meet; NONE = as it is set there
 */
public record KrakenAccount(int accountId, String apiKey, String secret, URI restUri, URI socketUri, boolean shared,
    SelfTradePrevention selfTrade) {

    /** An account whose self-trade strategy is left as it is set at the venue. */
    public KrakenAccount(final int accountId, final String apiKey, final String secret, final URI restUri,
        final URI socketUri, final boolean shared) {
        this(accountId, apiKey, secret, restUri, socketUri, shared, SelfTradePrevention.NONE);
    }

    @Override
    public String toString() {
        return "KrakenAccount[accountId=" + accountId + ", rest=" + restUri + ", socket=" + socketUri + ", shared="
            + shared + "]";
    }
}
