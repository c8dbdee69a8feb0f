package weir.sim.coinbase;

/** A message the session layer refuses: becomes Reject(3) with RefTagID(371) and SessionRejectReason(373). */
final class FixReject extends Exception {
    static final int INVALID_TAG = 0;
    static final int REQUIRED_TAG_MISSING = 1;
    static final int TAG_WITHOUT_VALUE = 4;
    static final int VALUE_INCORRECT = 5;
    static final int INCORRECT_DATA_FORMAT = 6;
    static final int SIGNATURE_PROBLEM = 8;
    static final int COMP_ID_PROBLEM = 9;
    static final int SENDING_TIME_ACCURACY = 10;
    static final int INVALID_MSG_TYPE = 11;
    static final int TAG_TWICE = 13;
    static final int GROUP_OUT_OF_ORDER = 15;
    static final int WRONG_GROUP_COUNT = 16;
    static final int OTHER = 99;

    private static final long serialVersionUID = 1L;

    private final int refTag;
    private final int reason;

    FixReject(final int refTag, final int reason, final String text) {
        super(text, null, false, false);
        this.refTag = refTag;
        this.reason = reason;
    }

    /** RefTagID(371), 0 if none. */
    int refTag() {
        return refTag;
    }

    /** SessionRejectReason(373). */
    int reason() {
        return reason;
    }
}
