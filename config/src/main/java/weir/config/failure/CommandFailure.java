package weir.config.failure;

/**
 * A command that cannot go on, with a code for scripts and a sentence for people. Ends with exit code 1, bad usage
 * with 2.
 */
public final class CommandFailure extends RuntimeException {
    /** Code of bad usage that only the configuration or the data shows. */
    public static final String USAGE = "USAGE";
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
