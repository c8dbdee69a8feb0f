package weir.billing.intake;

/**
 * Journal records in sequence order, read by one thread. An implementation throws
 * {@link weir.billing.fault.BillingException} when the journal is damaged.
 */
public interface RecordSource extends AutoCloseable {
    /**
     * Hands on records that are there now.
     *
     * @param handler takes each
     * @param limit   most records
     * @return number handed on; 0 when the end is reached for now
     */
    int poll(RecordHandler handler, int limit);

    /**
     * Makes this the next record to be polled; it may not exist yet when it is the last record's plus one.
     *
     * @param sequence from 1
     * @throws weir.billing.fault.BillingException JOURNAL_BEHIND when the journal ends before {@code sequence - 1}
     */
    void seek(long sequence);

    /**
     * Says that everything up to a record is committed, after it is: its files may leave the journal then.
     *
     * @param sequence of the record, 0 = none yet
     * @param epochNs  its time
     */
    default void committed(final long sequence, final long epochNs) {
        // A source that keeps all it has.
    }

    /**
     * Identity of the journal, bound into every Stripe identifier.
     *
     * @return 32 hex digits
     */
    String journalId();

    @Override
    void close();
}
