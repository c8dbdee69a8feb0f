package weir.config.model;

import java.util.List;
import java.util.Set;
import weir.protocol.sbe.CancelOnDisconnect;

/**
 * A session of binary order entry of a tenant.
 *
 * @param sessionId          number in messages and records
 * @param name               name in records, as a desk's CompID
 * @param keyId              what it calls its key
 * @param secret             where the key's secret is
 * @param rate               rate class of this session
 * @param permissions        what it may send
 * @param cancelOnDisconnect when its orders are cancelled
 * @param cancelGraceMs      how long it may be away first
 * @param heartbeatMs        how often each side says that it is alive
 * @param heartbeatTimeoutMs silence after which the session is over
 * @param ipc                may come by shared memory
 * @param allow              addresses it may come from and be answered at, by UDP; empty = none
 */
public record BinaryClient(int sessionId, String name, String keyId, SecretRef secret, RateClass rate,
    Set<Permission> permissions, CancelOnDisconnect cancelOnDisconnect, int cancelGraceMs, int heartbeatMs,
    int heartbeatTimeoutMs, boolean ipc, List<AddressRange> allow) {

    /** Copies the collections. */
    public BinaryClient {
        permissions = Set.copyOf(permissions);
        allow = List.copyOf(allow);
    }
}
