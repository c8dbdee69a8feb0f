package weir.venue.deribit;

/** What a {@link DeribitAdapter} counts; read with {@link DeribitAdapter#counter(DeribitCounter)}. */
public enum DeribitCounter {
    /** Requests handed to the socket or the HTTP client. */
    REQUESTS,
    /** Of these, over HTTP. */
    HTTP_REQUESTS,
    /** Most credits of the matching engine's pool that may have been spent at once, in hundredths (gauge). */
    PEAK_ENGINE_CREDITS,
    /** Requests that had to wait for credits. */
    HELD,
    /** Requests that the venue refused with 10028. */
    LIMIT_REFUSALS,
    /** Orders withdrawn by a cancel before they left. */
    WITHDRAWN,
    /** Requests answered with VenueNotSent. */
    NOT_SENT,
    /** Requests that left, or may have left, and were never answered. */
    LOST_ANSWERS,
    /** Answers that came after waiting had ended. */
    LATE_ANSWERS,
    /** Texts that are not what the venue documents. */
    UNREADABLE_ANSWERS,
    /** Error codes or states that are not known here. */
    UNKNOWN_WORDS,
    /** Reports that name no order we know. */
    UNKNOWN_REPORTS,
    /** Fills that came again. */
    DOUBLED_FILLS,
    /** Fills that only a question brought. */
    RECOVERED_FILLS,
    /** Times the account went down. */
    DOWNS,
    /** Times the account came up. */
    UPS,
    /** Sockets that became live. */
    SOCKET_LIVE,
    /** Live sockets lost. */
    SOCKET_LOST,
    /** Times the account came up over HTTP. */
    HTTP_UPS,
    /** test_requests answered. */
    TESTS_ANSWERED,
    /** Tokens refreshed. */
    TOKENS_REFRESHED,
    /** VenueOrderQuery taken in. */
    QUERIES,
    /** Queries answered NO_ANSWER. */
    QUERIES_UNANSWERED,
    /** Times cancel on disconnect was enabled. */
    CANCEL_ON_DISCONNECT_ARMED,
    /** Answers of the venue that confirmed the account's self-trade mode. */
    SELF_TRADE_CONFIRMED,
    /** Modes found at the venue that are not the account's, or reach other sub-accounts. */
    SELF_TRADE_ALARMS,
    /** Orders refused because their self-trade flag is not the account's. */
    SELF_TRADE_REFUSED,
    /** Readings of the account's limits that were other than before. */
    LIMIT_READINGS,
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
