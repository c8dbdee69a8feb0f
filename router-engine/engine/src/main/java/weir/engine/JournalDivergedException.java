package weir.engine;

/** Replaying a journal did not give what the journal says: {@code JOURNAL_DIVERGED}. Start-up stops. */
public final class JournalDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long sequence;
    private final String field;

    /**
     * Names the first difference.
     *
     * @param sequence of the record
     * @param field    of the record
     * @param recorded what the journal holds
     * @param replayed what replaying gave
     */
    public JournalDivergedException(final long sequence, final String field, final long recorded,
        final long replayed) {
        super("JOURNAL_DIVERGED sequence=" + sequence + " field=" + field + " recorded=" + recorded + " replayed="
            + replayed);
        this.sequence = sequence;
        this.field = field;
    }

    /**
     * First record that differs.
     *
     * @return record sequence
     */
    public long sequence() {
        return sequence;
    }

    /**
     * First field that differs.
     *
     * @return name as in the SBE schema, or length, crc, input
     */
    public String field() {
        return field;
    }
}
