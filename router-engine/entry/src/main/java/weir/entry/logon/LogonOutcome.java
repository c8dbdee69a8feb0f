package weir.entry.logon;

/** What became of a logon. The client learns only accepted or refused; log and counters learn this. */
public enum LogonOutcome {
    /** Proven. */
    ACCEPTED,
    /** The frame cannot be read. */
    MALFORMED,
    /** Too many attempts, of the source or in all. */
    THROTTLED,
    /** Too many failures in a row for the key, from this source. */
    LOCKED_OUT,
    /** The key id is not known here. */
    UNKNOWN_KEY,
    /** It comes from where its client may not be, or wants its answers there. */
    PLACE_REFUSED,
    /** The time is outside the tolerance. */
    STALE,
    /** The signature is wrong. */
    SIGNATURE_WRONG,
    /** The signature was used before. */
    REPLAYED,
    /** The publication is bound to another session. */
    PUBLICATION_BOUND
}
