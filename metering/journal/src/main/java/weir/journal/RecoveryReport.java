package weir.journal;

/**
 * What {@link Journal#launch} found and did.
 *
 * @param lastSequence       last record in the queue, 0 when empty
 * @param drained            records that were only in the ring and are in the queue now
 * @param skipped            records of the ring that the queue had already
 * @param lostToPowerFailure records that were appended but not yet on the device when the machine died
 * @param ringLost           whether a ring that was not drained is gone, with the machine or by an operator's word; how
 *                           many records it held is not known
 * @param durationNs         time it took
 */
public record RecoveryReport(long lastSequence, long drained, long skipped, long lostToPowerFailure, boolean ringLost,
    long durationNs) {
}
