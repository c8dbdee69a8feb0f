package weir.venue.intx;

/** What an {@link IntxAdapter} counts; read with {@link IntxAdapter#counter(IntxCounter)}. */
public enum IntxCounter {
    /** Requests handed to the HTTP client. */
    REQUESTS,
    /** Orders, replaces and cancels among them. */
    INSTRUCTIONS,
    /** Most requests that may have counted at the venue in any second (gauge). */
    PEAK_REQUESTS,
    /** Requests that had to wait for the budget. */
    HELD,
    /** Requests that the venue refused with 429. */
    LIMIT_REFUSALS,
    /** Orders withdrawn by a cancel before they left. */
    WITHDRAWN,
    /** Requests answered with VenueNotSent. */
    NOT_SENT,
    /** Requests that left, or may have left, and were never answered. */
    LOST_ANSWERS,
    /** Answers that are not what the venue documents. */
    UNREADABLE_ANSWERS,
    /** Refusals and events in words that are not known here. */
    UNKNOWN_WORDS,
    /** Reports that name no order we know. */
    UNKNOWN_REPORTS,
    /** Fills that came again. */
    DOUBLED_FILLS,
    /** Fills that only a question about their order brought. */
    RECOVERED_FILLS,
    /** Times the account went down. */
    DOWNS,
    /** Times the account came up. */
    UPS,
    /** Looks at the list of fills. */
    FILL_POLLS,
    /** Rounds of questions. */
    ROUNDS,
    /** VenueOrderQuery taken in. */
    QUERIES,
    /** Queries answered NO_ANSWER. */
    QUERIES_UNANSWERED,
    /** Orders refused because the venue has no form for their self-trade flag. */
    SELF_TRADE_REFUSED,
    /** Requests handed to FIX. */
    FIX_REQUESTS,
    /** Reports and other application messages of FIX. */
    FIX_REPORTS,
    /** Attempts to connect and log on. */
    FIX_ATTEMPTS,
    /** Times that FIX logged on. */
    FIX_UPS,
    /** Times that a FIX session ended. */
    FIX_DOWNS,
    /** Logons and connections that came to nothing, by their first of a kind. */
    FIX_REFUSALS,
    /** FIX requests that the venue refused for the rate. */
    FIX_LIMIT_REFUSALS,
    /** Messages whose frame or sum was wrong. */
    FIX_GARBLED,
    /** Numbers that the venue left out, each the end of a connection. */
    FIX_GAPS,
    /** Connections dropped rather than writing too much. */
    FIX_GUARD_DROPS,
    /** Most FIX messages, the session layer's included, in any second (gauge). */
    FIX_PEAK,
    /** Venue clock minus ours at the last answer over FIX, in milliseconds (gauge). */
    FIX_CLOCK_OFFSET_MS,
    /** Frames from the engine that could not be read. */
    MALFORMED_FRAMES,
    /** Polls aborted because a lane was full. */
    POLL_ABORTS,
    /** Decimals finer than 1e-8; rounded half up. */
    INEXACT_DECIMALS,
    /** Clock samples beyond the alarm threshold. */
    CLOCK_ALARMS,
    /** Venue clock minus ours at the last sample, in milliseconds (gauge). */
    CLOCK_OFFSET_MS
}
