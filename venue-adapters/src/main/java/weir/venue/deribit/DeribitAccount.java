package weir.venue.deribit;

import java.net.URI;
import weir.protocol.sbe.SelfTradePrevention;

/**
 * One API key at Deribit. Its text never shows the secret.
 *
 * @param accountId    of our VenueAccountConfig
 * @param clientId     of the key
 * @param clientSecret of the key
 * @param httpUri      base up to and including {@code /api/v2}, no slash at the end
 * @param socketUri    of the WebSocket, {@code /ws/api/v2} included
 * @param shared       true when several tenants trade on the account: what cancels all of its orders acts across them
 * @param selfTrade    what the venue is to do when two orders of the account meet; NONE = as it is set there
 */
public record DeribitAccount(int accountId, String clientId, String clientSecret, URI httpUri, URI socketUri,
    boolean shared, SelfTradePrevention selfTrade) {

    /** An account whose self-trade mode is left as it is set at the venue. */
    public DeribitAccount(final int accountId, final String clientId, final String clientSecret, final URI httpUri,
        final URI socketUri, final boolean shared) {
        this(accountId, clientId, clientSecret, httpUri, socketUri, shared, SelfTradePrevention.NONE);
    }

    @Override
    public String toString() {
        return "DeribitAccount[accountId=" + accountId + ", http=" + httpUri + ", socket=" + socketUri + ", shared="
            + shared + "]";
    }
}
