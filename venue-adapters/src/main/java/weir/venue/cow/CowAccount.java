package weir.venue.cow;

import java.net.URI;
import weir.chain.Signer;

/**
 * One owner of tokens at the order book. Its text shows the address and no key.
 *
 * @param accountId of our VenueAccountConfig
 * @param signer    of the owner; stays its owner's to close
 * @param restUri   base with the network, before {@code /api}; no slash at the end
 */
public record CowAccount(int accountId, Signer signer, URI restUri) {
    @Override
    public String toString() {
        return "CowAccount[accountId=" + accountId + ", owner=" + (signer == null ? null : signer.address()) + ", rest="
            + restUri + ']';
    }
}
