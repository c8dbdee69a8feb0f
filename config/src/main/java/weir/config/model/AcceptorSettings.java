package weir.config.model;

import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import weir.fix.DeskTransport;

/**
 * FIX acceptor for desks, from {@code fix/acceptor.yaml}.
 *
 * @param host            address to bind
 * @param port            0 = any free port
 * @param compId          our CompID: TargetCompID(56) of a desk
 * @param transport       what carries the desks' bytes
 * @param storeDir        sequence numbers and sent messages
 * @param logDir          raw FIX bytes, read by reconciliation
 * @param sessionDayStart when the session day begins
 * @param timeZone        of {@code sessionDayStart}
 * @param heartbeatMinMs  least HeartBtInt(108) a desk may ask for
 * @param heartbeatMaxMs  most
 * @param logonGate       protection before a logon is believed
 * @param tls             TLS; empty = plain TCP
 */
public record AcceptorSettings(String host, int port, String compId, DeskTransport transport,
    Path storeDir, Path logDir, LocalTime sessionDayStart, ZoneId timeZone, int heartbeatMinMs, int heartbeatMaxMs,
    LogonGate logonGate, Optional<Tls> tls) {

    /**
     * Logon throttle and lockout.
     *
     * @param perSecond       logons per second and address
     * @param maxConnections  TCP connections at once
     * @param failures        failed logons of a CompID or address that lock it out
     * @param lockoutMs       how long
     * @param toleranceMs     difference of SendingTime(52) to our clock that a signed logon may have
     * @param answerDelayMs   a refused logon is answered no sooner than this after it came, whatever was wrong
     */
    public record LogonGate(int perSecond, int maxConnections, int failures, int lockoutMs, int toleranceMs,
        int answerDelayMs) {
    }

    /**
     * TLS.
     *
     * @param keyStore           PKCS#12 file with our key and chain
     * @param keyStorePassword   its password
     * @param trustStore         PKCS#12 file with the issuers of client certificates
     * @param trustStorePassword its password
     * @param clientAuth         whether desks show a certificate
     * @param protocols          TLSv1.2, TLSv1.3
     * @param handshakesPerSecond that begin in a second; 0 = as they come
     */
    public record Tls(Path keyStore, SecretRef keyStorePassword, Optional<Path> trustStore,
        Optional<SecretRef> trustStorePassword, ClientAuth clientAuth, List<String> protocols,
        int handshakesPerSecond) {
        /** Copies the list. */
        public Tls {
            protocols = List.copyOf(protocols);
        }
    }

    /** Client certificates. */
    public enum ClientAuth {
        /** Not asked for. */
        NONE,
        /** Asked for, may be absent. */
        WANT,
        /** A connection without one is closed. */
        NEED
    }
}
