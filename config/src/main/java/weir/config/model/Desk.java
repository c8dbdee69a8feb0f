package weir.config.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.protocol.sbe.CancelOnDisconnect;

/**
 * A FIX session of a tenant.
 *
 * @param sessionId          number in messages and records
 * @param compId             SenderCompID(49) of the desk
 * @param rate               rate class of this session
 * @param permissions        what it may send
 * @param cancelOnDisconnect when its orders are cancelled
 * @param cancelGraceMs      how long it may be away first
 * @param logon              how it proves itself; at least one way
 * @param allow              addresses it may come from; empty = any
 */
public record Desk(int sessionId, String compId, RateClass rate, Set<Permission> permissions,
    CancelOnDisconnect cancelOnDisconnect, int cancelGraceMs, Logon logon, List<AddressRange> allow) {

    /** Copies the collections. */
    public Desk {
        permissions = Set.copyOf(permissions);
        allow = List.copyOf(allow);
    }

    /**
     * Ways to prove a logon. Every one that is given must hold.
     *
     * @param password          Password(554): a reference, or a hash
     * @param hmacSecret        secret of the HMAC in RawData(96)
     * @param certificateSha256 SHA-256 fingerprint of the client certificate, lower-case hex
     */
    public record Logon(Optional<SecretRef> password, Optional<SecretRef> hmacSecret,
        Optional<String> certificateSha256) {
    }
}
