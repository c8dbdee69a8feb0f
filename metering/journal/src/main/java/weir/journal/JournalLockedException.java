package weir.journal;

/** The journal directory has an owner already. Names the owner's process id and start. */
public final class JournalLockedException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final long ownerPid;

    JournalLockedException(final String directory, final long ownerPid, final String ownerStart) {
        super(JournalError.JOURNAL_LOCKED, "directory=" + directory + " is owned by pid=" + ownerPid
            + " started=" + ownerStart);
        this.ownerPid = ownerPid;
    }

    /**
     * Process id of the owner, as the owner sees itself.
     *
     * @return the id, -1 when the owner had not written it yet
     */
    public long ownerPid() {
        return ownerPid;
    }
}
