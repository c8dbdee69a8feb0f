package weir.journal;

import java.util.regex.Pattern;

/** A journal cannot be opened, written or read. The message begins with the code. */
public class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Damaged files end up in messages of the libraries below; a log must not be steered by them. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

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
        super(error.name() + " " + CONTROL.matcher(detail).replaceAll("?"), cause);
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
