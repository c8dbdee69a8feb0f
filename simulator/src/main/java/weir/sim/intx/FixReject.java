package weir.sim.intx;

/** A message the session layer refuses: Reject(3) with RefTagID(371) and SessionRejectReason(373). */
final class FixReject extends Exception {
    static final int REQUIRED_TAG_MISSING = 1;
    static final int TAG_WITHOUT_VALUE = 4;
    static final int VALUE_INCORRECT = 5;
    static final int SIGNATURE_PROBLEM = 8;
    static final int COMP_ID_PROBLEM = 9;
    static final int SENDING_TIME_ACCURACY = 10;
    static final int INVALID_MSG_TYPE = 11;
    static final int OTHER = 99;

    private static final long serialVersionUID = 1L;

    private final int refTag;
    private final int reason;

    FixReject(final int refTag, final int reason, final String text) {
        super(text, null, false, false);
        this.refTag = refTag;
        this.reason = reason;
    }

    /** RefTagID(371), 0 for none. */
    int refTag() {
        return refTag;
    }

    /** SessionRejectReason(373). */
    int reason() {
        return reason;
    }
}
