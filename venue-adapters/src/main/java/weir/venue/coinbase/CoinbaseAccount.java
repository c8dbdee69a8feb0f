package weir.venue.coinbase;

import java.net.URI;

/**
 * One API key at Coinbase Exchange, which is scoped to one profile. Its text never shows secret or passphrase.
 *
 * @param accountId  of our VenueAccountConfig
 * @param apiKey     SenderCompID(49), Username(553), CB-ACCESS-KEY
 * @param secret     as issued: base64
 * @param passphrase Password(554), CB-ACCESS-PASSPHRASE
 * @param fixHost    order entry gateway
 * @param fixPort    6121 at the venue
 * @param restUri    scheme, host and port of the REST API, no path
 * @param tls        true at the venue; false only where a local process takes plain TCP
 * @param wsUri      of the user channel, without which there is no second path; null for none
 */
public record CoinbaseAccount(int accountId, String apiKey, String secret, String passphrase, String fixHost,
    int fixPort, URI restUri, boolean tls, URI wsUri) {

    /**
     * An account whose orders go by FIX alone.
     *
     * @param accountId  of our VenueAccountConfig
     * @param apiKey     SenderCompID(49), Username(553), CB-ACCESS-KEY
     * @param secret     as issued: base64
     * @param passphrase Password(554), CB-ACCESS-PASSPHRASE
     * @param fixHost    order entry gateway
     * @param fixPort    6121 at the venue
     * @param restUri    scheme, host and port of the REST API, no path
     * @param tls        true at the venue; false only where a local process takes plain TCP
     */
    public CoinbaseAccount(final int accountId, final String apiKey, final String secret, final String passphrase,
        final String fixHost, final int fixPort, final URI restUri, final boolean tls) {
        this(accountId, apiKey, secret, passphrase, fixHost, fixPort, restUri, tls, null);
    }

    @Override
    public String toString() {
        return "CoinbaseAccount[accountId=" + accountId + ", fix=" + fixHost + ":" + fixPort + ", rest=" + restUri
            + ", tls=" + tls + "]";
    }
}
