package weir.sim.desk;

/** A bounded wait ended without what was waited for. The message holds a dump of the state at that moment. */
public final class DeskTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was waited for, how long, and the state dump
     */
    public DeskTimeoutException(final String message) {
        super(message);
    }
}
