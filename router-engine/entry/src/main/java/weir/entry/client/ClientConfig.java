package weir.entry.client;

/**
 * A binary client.
 *
 * @param sessionId          number in messages and records
 * @param tenantId           its tenant
 * @param keyId              what it calls its key; printable ASCII, at most 32 characters
 * @param key                the key
 * @param heartbeatMs        how often each side says that it is alive
 * @param heartbeatTimeoutMs silence after which the session is over
 * @param places             where it may be
 */
public record ClientConfig(int sessionId, int tenantId, String keyId, ClientKey key, int heartbeatMs,
    int heartbeatTimeoutMs, AllowedPlaces places) {

    /** Checks the bounds. */
    public ClientConfig {
        if (sessionId <= 0 || tenantId <= 0 || key == null || places == null) {
            throw new IllegalArgumentException("a client needs sessionId, tenantId, key and places");
        }
        if (!keyId.matches("[\\x21-\\x7e]{1,32}")) {
            throw new IllegalArgumentException("keyId must be 1 to 32 printable ASCII characters");
        }
        if (heartbeatMs < 1 || heartbeatTimeoutMs <= heartbeatMs) {
            throw new IllegalArgumentException("heartbeatTimeoutMs must be above heartbeatMs");
        }
    }
}
