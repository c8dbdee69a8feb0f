package weir.billing.door;

/** A request that is answered with a problem. Class of failure: reject; it carries no stack trace. */
public final class DoorRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /**
     * A refusal.
     *
     * @param status HTTP status, 400 to 599
     * @param code   stable, lower case with underscores; what clients decide by
     * @param detail for people; nothing secret
     */
    public DoorRefusal(final int status, final String code, final String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
    }

    /**
     * The refusal as an answer.
     *
     * @return a problem
     */
    public DoorAnswer answer() {
        return DoorAnswer.problem(status, code, getMessage());
    }
}
