package weir.journal;

/** A journal cannot be opened, written or read. The message begins with the code. */
public class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final JournalError error;

    /**
     * With a code and what happened.
     *
     * @param error  the code
     * @param detail what was found and what was expected
     */
    public JournalException(final JournalError error, final String detail) {
        this(error, detail, null);
    }

    /**
     * With a code, what happened and its cause.
     *
     * @param error  the code
     * @param detail what was found and what was expected
     * @param cause  what made it so, or null
     */
    public JournalException(final JournalError error, final String detail, final Throwable cause) {
        super(error.name() + " " + detail, cause);
        this.error = error;
    }

    /**
     * The code.
     *
     * @return never null
     */
    public final JournalError error() {
        return error;
    }
}
