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
 * @param scopes              what it shares with other accounts in the venue's count
 */
public record VenueAccount(int id, String name, String venue, String environment, boolean shared,
    SelfTradePrevention selfTradePrevention, SecretRef apiKey, SecretRef apiSecret, Optional<SecretRef> passphrase,
    Scopes scopes) {

    /**
     * What an account shares with others in the venue's count; accounts with the same number share it.
     *
     * @param address the address it trades from, 0 = the one of all accounts that say none
     * @param owner   whose sub-account it is, 0 = its own
     * @param key     key, 0 = its own
     */
    public record Scopes(int address, int owner, int key) {
        /** Shares the address and nothing else. */
        public static final Scopes DEFAULT = new Scopes(0, 0, 0);

        /**
         * Is nothing said?
         *
         * @return true when there is nothing to configure
         */
        public boolean isDefault() {
            return equals(DEFAULT);
        }
    }
}
