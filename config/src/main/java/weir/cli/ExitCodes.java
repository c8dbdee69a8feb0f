package weir.cli;

/** Exit codes of every command. */
public final class ExitCodes {
    /** Done, and everything holds. */
    public static final int OK = 0;
    /** Failed, or something does not hold. */
    public static final int FAILED = 1;
    /** Bad usage or configuration; nothing was done. */
    public static final int USAGE = 2;

    private ExitCodes() {
    }
}
