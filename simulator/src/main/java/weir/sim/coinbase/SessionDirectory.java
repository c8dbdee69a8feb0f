package weir.sim.coinbase;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the state of an API key. The set of keys is fixed at launch. */
final class SessionDirectory {
    private final Map<String, KeyState> keys = new LinkedHashMap<>();

    SessionDirectory(final List<VenueAccount> accounts, final long retentionNs) {
        for (final VenueAccount account : accounts) {
            if (keys.put(account.apiKey(), new KeyState(account, retentionNs)) != null) {
                throw new IllegalArgumentException("accounts: apiKey given twice: " + account.apiKey());
            }
        }
    }

    /** The key's state, or null if the venue does not know it. */
    KeyState key(final String apiKey) {
        return apiKey == null ? null : keys.get(apiKey);
    }

    Collection<KeyState> keys() {
        return keys.values();
    }

    /** How many sessions of a profile are logged on. */
    int sessionsOf(final String profileId) {
        int count = 0;
        for (final KeyState key : keys.values()) {
            if (key.account().profileId().equals(profileId) && key.current() != null) {
                count++;
            }
        }
        return count;
    }

    /** Sends a fill to every drop-copy session of a profile. */
    void deliverDropCopy(final String profileId, final FixBody body, final long nowNs) {
        for (final KeyState key : keys.values()) {
            if (key.account().profileId().equals(profileId)) {
                final FixSession session = key.current();
                if (session != null && session.isDropCopy()) {
                    session.send(body);
                }
            }
        }
    }
}
