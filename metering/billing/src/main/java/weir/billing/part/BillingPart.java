package weir.billing.part;

import weir.billing.intake.RecordView;
import weir.billing.rating.Rating;

/**
 * A part of billing's duty cycle. What it writes for a record becomes true together with the journal position, or not
 * at all: a part never acts twice on a record, also after a kill. A failure halts the process; the next start reads
 * back what was committed. All calls are made by the billing thread.
 */
public interface BillingPart extends AutoCloseable {
    /**
     * The database is open and the state restored; the first record comes after this.
     *
     * @param nowMs wall clock, epoch milliseconds
     */
    default void begin(final long nowMs) {
    }

    /**
     * Takes the next record, inside the transaction of its other effects. Nothing of the record may be kept beyond the
     * call.
     *
     * @param view   the record
     * @param rating what it charges
     * @param nowMs  wall clock, epoch milliseconds
     */
    default void onRecord(final RecordView view, final Rating rating, final long nowMs) {
    }

    /**
     * The last record of a transaction was taken: what was gathered in memory is to be stored. The caller commits.
     *
     * @param sequence of the last record
     * @param epochNs  its journaled time
     * @param nowMs    wall clock, epoch milliseconds
     */
    default void save(final long sequence, final long epochNs, final long nowMs) {
    }

    /**
     * Work beside records: calls that are due, answers that came. Never waits.
     *
     * @param nowMs wall clock, epoch milliseconds
     * @return more than 0 when something was written: the caller commits
     */
    default int doWork(final long nowMs) {
        return 0;
    }

    @Override
    default void close() {
    }
}
