package weir.journal;

/**
 * What {@link Journal#launch} found and did.
 *
 * @param lastSequence       last record in the queue, 0 when empty
 * @param highestSequence    highest sequence that a record ever had, as far as the journal knows, or can have had in
 *                           a ring that an operator gave up; above {@code lastSequence} after a loss, until records
 *                           have passed it. What other stores hold of lost records they hold under these numbers:
 *                           give them to no others
 * @param drained            records that were only in the ring and are in the queue now
 * @param skipped            records of the ring that the queue had already
 * @param lostToPowerFailure records that were appended but not yet on the device when the machine died
 * @param ringLost           whether a ring that was not drained is gone, with the machine or by an operator's word; how
 *                           many records it held is not known
 * @param durationNs         time it took
 */
public record RecoveryReport(long lastSequence, long highestSequence, long drained, long skipped,
    long lostToPowerFailure, boolean ringLost, long durationNs) {
}
