package weir.sim.intx;

/** A request that the venue's business layer refuses: BusinessMessageReject(j) with BusinessRejectReason(380). */
final class FixRefusal extends Exception {
    static final int UNKNOWN_INSTRUMENT = 2;
    static final int UNSUPPORTED_TYPE = 3;
    static final int FIELD_MISSING = 5;
    static final int NOT_AUTHORIZED = 6;
    static final int THROTTLED = 8;
    static final int THROTTLED_AND_CUT = 9;

    private static final long serialVersionUID = 1L;

    private final int reason;

    FixRefusal(final int reason, final String text) {
        super(text, null, false, false);
        this.reason = reason;
    }

    /** BusinessRejectReason(380), as the venue numbers it. */
    int reason() {
        return reason;
    }
}
