package weir.venue.intx;

import java.net.URI;

/**
 * One API key at Coinbase International Exchange. Its text never shows secret or passphrase.
 *
 * @param accountId  of our VenueAccountConfig
 * @param apiKey     header CB-ACCESS-KEY
 * @param secret     as issued: base64
 * @param passphrase shown when the key was made; one per key
 * @param portfolio  that the key trades, its id or UUID; empty = the one it has, or its default one
 * @param restUri    base up to and including {@code /api/v1}, no slash at the end
 * @param fix        order entry over FIX, the second path; null = REST alone
 */
public record IntxAccount(int accountId, String apiKey, String secret, String passphrase, String portfolio,
    URI restUri, FixAddress fix) {

    /** An account that trades over REST alone. */
    public IntxAccount(final int accountId, final String apiKey, final String secret, final String passphrase,
        final String portfolio, final URI restUri) {
        this(accountId, apiKey, secret, passphrase, portfolio, restUri, null);
    }

    @Override
    public String toString() {
        return "IntxAccount[accountId=" + accountId + ", portfolio=" + portfolio + ", rest=" + restUri
            + ", fix=" + fix + "]";
    }
}
