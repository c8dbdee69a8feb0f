package weir.venue.kraken;

/** What a {@link KrakenAdapter} counts; read with {@link KrakenAdapter#counter(KrakenCounter)}. */
public enum KrakenCounter {
    /** Requests handed to the HTTP client. */
    REQUESTS,
    /** Orders, edits and cancels in them. */
    INSTRUCTIONS,
    /** Batches among the requests. */
    BATCHES,
    /** Most cost units that may have counted at the venue in any window (gauge). */
    PEAK_UNITS,
    /** Requests that had to wait for the budget. */
    HELD,
    /** Requests that the venue refused with apiLimitExceeded. */
    LIMIT_REFUSALS,
    /** Orders withdrawn by a cancel before they left. */
    WITHDRAWN,
    /** Requests answered with VenueNotSent. */
    NOT_SENT,
    /** Requests that left, or may have left, and were never answered. */
    LOST_ANSWERS,
    /** Answers that are not what the venue documents. */
    UNREADABLE_ANSWERS,
    /** Status, reason or error words that are not known here. */
    UNKNOWN_WORDS,
    /** Reports that name no order we know. */
    UNKNOWN_REPORTS,
    /** Fills that came again. */
    DOUBLED_FILLS,
    /** Fills that only REST brought. */
    RECOVERED_FILLS,
    /** Times the account went down. */
    DOWNS,
    /** Times the account came up. */
    UPS,
    /** Private sockets that became live. */
    SOCKET_LIVE,
    /** Private sockets lost. */
    SOCKET_LOST,
    /** Rounds of questions over REST. */
    ROUNDS,
    /** VenueOrderQuery taken in. */
    QUERIES,
    /** Queries answered NO_ANSWER. */
    QUERIES_UNANSWERED,
    /** Times the dead man's switch was armed. */
    DEAD_MAN_ARMED,
    /** Requests to arm it that failed. */
    DEAD_MAN_FAILED,
    /** Answers of the venue that confirmed the account's self-trade strategy. */
    SELF_TRADE_CONFIRMED,
    /** Strategies found at the venue that are not the account's, or reach orders of other accounts. */
    SELF_TRADE_ALARMS,
    /** Orders refused because their self-trade flag is not the account's. */
    SELF_TRADE_REFUSED,
    /** Questions to the venue's history, which has a budget of its own. */
    HISTORY_REQUESTS,
    /** Questions that waited because that budget was spent. */
    HISTORY_HELD,
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
