package weir.config.failure;

/** A command that cannot go on, with a code for scripts and a sentence for people. Ends with exit code 1. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * Of a code.
     *
     * @param code    upper case with underscores
     * @param message what happened and what to do
     */
    public CommandFailure(final String code, final String message) {
        super(message);
        this.code = code;
    }

    /**
     * The code.
     *
     * @return upper case with underscores
     */
    public String code() {
        return code;
    }
}
