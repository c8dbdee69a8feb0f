package weir.venue.deribit;

/** Rules of the wire that a test may break on purpose to see the venue punish it; production code never overrides. */
class WireRules {
    /** Whether our own guard holds a request back. */
    boolean guards() {
        return true;
    }

    /** The body that is signed, given the body that is sent. */
    String signedBody(final String sent) {
        return sent;
    }

    /** Whether a test_request is answered. */
    boolean answersTests() {
        return true;
    }
}
