package weir.billing.audit;

import java.time.LocalDate;

/**
 * Something that is not as it was signed.
 *
 * @param kind          what
 * @param firstSequence first bad record, or the first of the smallest range that holds it; 0 no record
 * @param lastSequence  last record of that range
 * @param day           UTC day; null when none can be said
 * @param detail        in words
 */
public record Finding(Kind kind, long firstSequence, long lastSequence, LocalDate day, String detail) {
    /** What can be wrong. */
    public enum Kind {
        /** A record's bytes, place or number is not what was signed. */
        RECORD_CHANGED,
        /** The journal itself is damaged: checksum, number or file. */
        JOURNAL_DAMAGED,
        /** Records that were signed are not there. */
        RECORDS_MISSING,
        /** A day that ended has no summary. */
        SUMMARY_MISSING,
        /** A summary's file is no summary. */
        SUMMARY_UNREADABLE,
        /** A summary does not follow from the one before. */
        SUMMARY_CHAIN,
        /** A summary has no signature. */
        UNSIGNED,
        /** A signature is not that of the bytes. */
        BAD_SIGNATURE,
        /** A key that was neither given nor announced. */
        UNKNOWN_KEY,
        /** A key signed a day outside its validity. */
        KEY_NOT_VALID,
        /** The signed units are not those of the records' verdicts. */
        TOTALS_DIFFER
    }
}
