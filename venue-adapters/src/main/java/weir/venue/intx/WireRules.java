package weir.venue.intx;

/** Rules of the wire that a test may break on purpose to see the venue punish it; production code never overrides. */
class WireRules {
    int requests(final IntxAdapter.Context context) {
        return context.requestsPerSecond();
    }

    /** The path that is signed, given what is sent: the venue's rule is without the query. */
    String signedPath(final String path, final String query) {
        return path;
    }

    /** The header CB-ACCESS-TIMESTAMP. */
    String timestamp(final long epochNs) {
        return Long.toString(Math.floorDiv(epochNs, 1_000_000_000L));
    }

    /** Text(58) of a Logon. */
    String logonSignature(final IntxSigner signer, final IntxAccount account, final String sendingTime,
        final String targetCompId) {
        return signer.signLogon(sendingTime, account.apiKey(), targetCompId, account.passphrase());
    }

    /** FIX requests in any second. */
    int fixMessages(final FixTerms terms) {
        return terms.messagesPerSecond();
    }

    /** FIX messages in a second from which requests wait. */
    int fixGuardHold(final FixTerms terms) {
        return terms.guardHold();
    }

    /** FIX messages in a second at which the connection is dropped. */
    int fixGuardDrop(final FixTerms terms) {
        return terms.guardDrop();
    }
}
