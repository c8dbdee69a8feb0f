package weir.venue.cow;

/** What a {@link CowAdapter} counts; read with {@link CowAdapter#counter(CowCounter)}. */
public enum CowCounter {
    /** Requests handed to the HTTP client. */
    REQUESTS,
    /** Orders and cancellations signed. */
    SIGNATURES,
    /** Most requests that may have counted at the venue in any second (gauge). */
    PEAK_RATE,
    /** Answers 429. */
    LIMIT_REFUSALS,
    /** Orders withdrawn by a cancel before they left. */
    WITHDRAWN,
    /** Requests answered with VenueNotSent. */
    NOT_SENT,
    /** Orders whose amounts are no whole atoms. */
    INEXACT_ORDERS,
    /** Requests that left, or may have left, and were never answered. */
    LOST_ANSWERS,
    /** Answers that are not what the venue documents. */
    UNREADABLE_ANSWERS,
    /** Error types that are not known here. */
    UNKNOWN_WORDS,
    /** UIDs of the venue that are not the ones computed here: chain id or settlement contract is wrong. */
    UID_MISMATCHES,
    /** Fills told. */
    FILLS,
    /** Fills found by asking after an answer or a process was lost. */
    RECOVERED_FILLS,
    /** Trades that the chain took back and settled again in another transaction. */
    REORGS,
    /** Cancels that lost against a settlement under way. */
    CANCELS_LOST,
    /** Times an account went down. */
    DOWNS,
    /** Times an account came up. */
    UPS,
    /** Polls of open orders. */
    POLLS,
    /** VenueOrderQuery taken in. */
    QUERIES,
    /** Queries answered NO_ANSWER. */
    QUERIES_UNANSWERED,
    /** Open orders of the owner when it came up (gauge). */
    OPEN_AT_START,
    /** Frames from the engine that could not be read. */
    MALFORMED_FRAMES,
    /** Polls of the engine aborted because a lane was full. */
    POLL_ABORTS,
    /** Clock samples beyond the alarm threshold. */
    CLOCK_ALARMS,
    /** Venue clock minus ours at the last sample, in milliseconds (gauge). */
    CLOCK_OFFSET_MS
}
