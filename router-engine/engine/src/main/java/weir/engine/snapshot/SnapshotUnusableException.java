package weir.engine.snapshot;

/** A snapshot that this core cannot take. The core it was being read into is half filled and must be dropped. */
public final class SnapshotUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Cause {
        /** The bytes are no snapshot of a core, or end too early. */
        SNAPSHOT_DAMAGED,
        /** Written by a version of the core whose layout this one does not read. */
        SNAPSHOT_VERSION,
        /** A table of the snapshot is larger than the configured one. */
        SNAPSHOT_CAPACITY
    }

    private final Cause code;

    /**
     * Says why.
     *
     * @param code    kind of the cause
     * @param message what was expected and found
     */
    public SnapshotUnusableException(final Cause code, final String message) {
        super(code + " " + message);
        this.code = code;
    }

    /**
     * Kind of the cause.
     *
     * @return code
     */
    public Cause code() {
        return code;
    }
}
