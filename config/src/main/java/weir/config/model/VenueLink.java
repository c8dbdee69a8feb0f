package weir.config.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * FIX session towards a venue.
 *
 * @param targetCompId    TargetCompID(56)
 * @param heartbeatMs     HeartBtInt(108)
 * @param reconnectMinMs  first pause before a new connection
 * @param reconnectMaxMs  longest pause; it doubles in between
 * @param logonsPerSecond the venue's bound on logons of one key
 * @param queueMax        requests that may wait for an answer, before the venue refuses more; a tenth is kept free
 * @param cancels         what the venue is asked to cancel when the session drops
 * @param transport       what carries the session
 * @param trustStore      issuers of the venue's certificate, readable without a password; empty = the JDK's
 */
public record VenueLink(String targetCompId, int heartbeatMs, int reconnectMinMs, int reconnectMaxMs,
    int logonsPerSecond, int queueMax, Cancels cancels, Transport transport, Optional<Path> trustStore) {

    /** Orders that the venue cancels by itself when the session drops. */
    public enum Cancels {
        /** Those of the session. */
        SESSION,
        /** All of the venue profile, also those that others placed there. */
        PROFILE,
        /** The venue is not told; open orders are expected to stay and are taken up again. */
        UNSET
    }

    /** What carries the session. */
    public enum Transport {
        /** Sockets polled by the adapter's own thread. */
        WEIR,
        /** QuickFIX/J's, with its threads. */
        QUICKFIXJ
    }
}
