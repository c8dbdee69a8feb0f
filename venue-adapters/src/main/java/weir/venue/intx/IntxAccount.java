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
 */
public record IntxAccount(int accountId, String apiKey, String secret, String passphrase, String portfolio,
    URI restUri) {

    @Override
    public String toString() {
        return "IntxAccount[accountId=" + accountId + ", portfolio=" + portfolio + ", rest=" + restUri + "]";
    }
}
