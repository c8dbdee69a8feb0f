package weir.venue.intx;

import java.nio.file.Path;

/**
 * How the second path, FIX 5.0 SP2 order entry, is used. Rates are of one session, which is one key; the venue's are
 * 800 messages in a second, the session is cut above 1000 ("Rate limits overview").
 *
 * @param targetCompId       TargetCompID(56)
 * @param heartBtIntS        HeartBtInt(108), 1 to 30
 * @param cancelOnDisconnect 8013: Y orders of the session, A all of the key, N none; 8014 follows it
 * @param defaultSelfTrade   8000 of an order that names no mode, for which FIX has no value: N aggressing, O resting, Q
 *                           both, D decrement
 * @param newsPerSecond      orders sent in any second, cancels have the rest
 * @param messagesPerSecond  requests sent in any second
 * @param guardHold          messages in a second from which requests wait, the session layer's own counted
 * @param guardDrop          messages in a second at which the connection is dropped rather than the venue cuts it
 * @param inFlightMax        requests without an answer
 * @param reconnectMinMs     first pause before a new connection
 * @param reconnectMaxMs     longest pause; it doubles in between
 * @param trustStore         issuers of the venue's certificate, readable without a password; null = the JDK's
 */
public record FixTerms(String targetCompId, int heartBtIntS, char cancelOnDisconnect, char defaultSelfTrade,
    int newsPerSecond, int messagesPerSecond, int guardHold, int guardDrop, int inFlightMax, long reconnectMinMs,
    long reconnectMaxMs, Path trustStore) {

    /** Nine tenths of what the venue documents. */
    public static final FixTerms DEFAULTS =
        new FixTerms("CBINTLOE", 30, 'Y', 'Q', 640, 720, 900, 915, 400, 1_000, 30_000, null);

    /** The same with another answer to a lost session. */
    FixTerms cancelling(final char newCancelOnDisconnect) {
        return new FixTerms(targetCompId, heartBtIntS, newCancelOnDisconnect, defaultSelfTrade, newsPerSecond,
            messagesPerSecond, guardHold, guardDrop, inFlightMax, reconnectMinMs, reconnectMaxMs, trustStore);
    }

    /** The same with other pauses. */
    FixTerms reconnecting(final long newMinMs, final long newMaxMs) {
        return new FixTerms(targetCompId, heartBtIntS, cancelOnDisconnect, defaultSelfTrade, newsPerSecond,
            messagesPerSecond, guardHold, guardDrop, inFlightMax, newMinMs, newMaxMs, trustStore);
    }

    /** The same with other rates. */
    FixTerms pacing(final int news, final int messages, final int hold, final int drop) {
        return new FixTerms(targetCompId, heartBtIntS, cancelOnDisconnect, defaultSelfTrade, news, messages, hold, drop,
            inFlightMax, reconnectMinMs, reconnectMaxMs, trustStore);
    }

    /** The same with another heartbeat. */
    FixTerms beating(final int newHeartBtIntS) {
        return new FixTerms(targetCompId, newHeartBtIntS, cancelOnDisconnect, defaultSelfTrade, newsPerSecond,
            messagesPerSecond, guardHold, guardDrop, inFlightMax, reconnectMinMs, reconnectMaxMs, trustStore);
    }
}
