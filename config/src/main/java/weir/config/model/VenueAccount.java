package weir.config.model;

import java.util.Optional;
import weir.protocol.sbe.SelfTradePrevention;

/**
 * An account at a venue.
 *
 * @param id                  number in messages and records
 * @param name                unique over all tenants
 * @param venue               name of the venue
 * @param environment         one of the venue's environments
 * @param shared              true: other tenants may name it as theirs too
 * @param selfTradePrevention what the venue does when two orders of the account meet
 * @param apiKey              key
 * @param apiSecret           secret
 * @param passphrase          passphrase, where the venue has one
 */
public record VenueAccount(int id, String name, String venue, String environment, boolean shared,
    SelfTradePrevention selfTradePrevention, SecretRef apiKey, SecretRef apiSecret, Optional<SecretRef> passphrase) {
}
