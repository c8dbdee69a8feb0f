package weir.journal;

/** Codes of everything that can be wrong with a journal. The name is the code that operators see. */
public enum JournalError {
    /** Another process (or another part of this one) owns the journal directory. */
    JOURNAL_LOCKED,
    /** A record or an excerpt does not hold what was written. */
    JOURNAL_CORRUPT,
    /** A record sequence is missing. */
    JOURNAL_GAP,
    /** A record sequence stands twice. */
    JOURNAL_DUPLICATE,
    /** Records that were appended are no longer there. */
    JOURNAL_TRUNCATED,
    /** A record was written by a later schema version than this software reads. */
    JOURNAL_VERSION,
    /** {@code journal.id} is missing where a queue stands, or unreadable. */
    JOURNAL_ID_INVALID,
    /** The ring file belongs to another journal. */
    JOURNAL_RING_FOREIGN,
    /** The ring file has a layout this software does not know. */
    JOURNAL_RING_VERSION,
    /** The ring file has no valid header or its positions contradict each other. */
    JOURNAL_RING_TORN,
    /** The ring file of a run that was killed is gone, and with it what was not yet in the queue. */
    JOURNAL_RING_LOST,
    /** The journal on disk was made with another roll cycle than configured. */
    JOURNAL_ROLL_CYCLE,
    /** There is no journal to read, within the time that was given. */
    JOURNAL_UNAVAILABLE,
    /** The sequence asked for was in a file that retention has taken away. */
    JOURNAL_NOT_KEPT,
    /** A system call on a journal file failed. */
    JOURNAL_IO,
    /** The archive directory is of another journal. */
    ARCHIVE_FOREIGN,
    /** A file in the archive is not a whole copy of what left the journal. */
    ARCHIVE_CORRUPT,
    /** A snapshot does not hold what was written. */
    SNAPSHOT_CORRUPT,
    /** A snapshot has a layout that this software does not know. */
    SNAPSHOT_VERSION,
    /** A snapshot is of another journal. */
    SNAPSHOT_FOREIGN
}
