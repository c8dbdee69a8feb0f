package weir.billing.fault;

/** A coded stop: the message is {@code CODE detail}. Class of failure: halt; the journal keeps what was not billed. */
public final class BillingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final BillingError error;

    /**
     * A stop with its reason.
     *
     * @param error  code
     * @param detail what was expected and what was found
     */
    public BillingException(final BillingError error, final String detail) {
        super(error.name() + " " + detail);
        this.error = error;
    }

    /**
     * A stop caused by another failure.
     *
     * @param error  code
     * @param detail what was expected and what was found
     * @param cause  the failure below
     */
    public BillingException(final BillingError error, final String detail, final Throwable cause) {
        super(error.name() + " " + detail, cause);
        this.error = error;
    }

    /**
     * The code.
     *
     * @return never null
     */
    public BillingError error() {
        return error;
    }
}
