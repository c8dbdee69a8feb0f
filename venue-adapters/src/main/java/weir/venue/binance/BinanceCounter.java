package weir.venue.binance;

/** What a {@link BinanceAdapter} counts; read with {@link BinanceAdapter#counter(BinanceCounter)}. */
public enum BinanceCounter {
    /** Requests over the WebSocket API. */
    SOCKET_REQUESTS,
    /** Requests over REST. */
    REST_REQUESTS,
    /** Most weight that may have counted at the venue in one window (gauge). */
    PEAK_WEIGHT,
    /** Weight used as of the last answer (gauge). */
    USED_WEIGHT,
    /** Most unfilled orders counted in ten seconds for an account (gauge). */
    PEAK_ORDERS,
    /** Requests that had to wait for weight or order count. */
    HELD,
    /** Requests that the venue refused for the rate (429, 418). */
    LIMIT_REFUSALS,
    /** Orders refused for the unfilled order count (-1015). */
    ORDER_COUNT_REFUSALS,
    /** Orders that a filter of the venue would refuse, not sent. */
    FILTER_REFUSALS,
    /** Orders withdrawn by a cancel before they left. */
    WITHDRAWN,
    /** Requests answered with VenueNotSent. */
    NOT_SENT,
    /** Requests that left, or may have left, and were never answered. */
    LOST_ANSWERS,
    /** Answers that are not what the venue documents. */
    UNREADABLE_ANSWERS,
    /** Reports that name no order we know. */
    UNKNOWN_REPORTS,
    /** Open orders at the venue that nobody here knows, at the last look (gauge). */
    UNKNOWN_OPEN,
    /** Fills that came again. */
    DOUBLED_FILLS,
    /** Fills that only a question brought. */
    RECOVERED_FILLS,
    /** Times an account went down. */
    DOWNS,
    /** Times an account came up. */
    UPS,
    /** Sockets that became live. */
    SOCKET_LIVE,
    /** Sockets lost. */
    SOCKET_LOST,
    /** Times an account changed to REST because its socket was down. */
    FALLBACKS,
    /** Replaces by making the order smaller. */
    AMENDS,
    /** Replaces in one request. */
    CANCEL_REPLACES,
    /** Replaces by a cancel and an order of what was left. */
    CANCEL_THEN_NEWS,
    /** VenueOrderQuery taken in. */
    QUERIES,
    /** Queries answered NO_ANSWER. */
    QUERIES_UNANSWERED,
    /** Requests refused for their timestamp and sent again with another. */
    TIMESTAMPS_REFUSED,
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
