package weir.venue.coinbase;

/** What a {@link CoinbaseAdapter} counts; read with {@link CoinbaseAdapter#counter(CoinbaseCounter)}. */
public enum CoinbaseCounter {
    /** Application messages written to the socket. */
    MESSAGES_SENT,
    /** Application messages that had to wait for the pace. */
    HELD,
    /** Orders withdrawn by a cancel before they left. */
    WITHDRAWN,
    /** Requests answered with VenueNotSent. */
    NOT_SENT,
    /** Times at which the guard held application messages. */
    GUARD_HOLDS,
    /** Connections dropped by the guard. */
    GUARD_DROPS,
    /** Most messages in any sliding second, the session layer's included (gauge). */
    PEAK_PER_SECOND,
    /** Reports that name no order we know. */
    UNKNOWN_REPORTS,
    /** Messages of a type we do not handle. */
    UNHANDLED_MESSAGES,
    /** Reports with a decimal finer than 1e-8, fees and averages apart; rounded half up. */
    INEXACT_DECIMALS,
    /** Logons accepted by the venue. */
    LOGONS,
    /** Connections lost, expected or not. */
    DISCONNECTS,
    /** Logons after the first of an account. */
    RECONNECTS,
    /** Logons refused by Reject, Logout or close. */
    LOGON_REFUSALS,
    /** Connection attempts that failed. */
    CONNECT_FAILURES,
    /** Logouts at the venue's announced times. */
    EXPECTED_LOGOUTS,
    /** Gaps in the venue's MsgSeqNum(34); the connection is dropped. */
    SEQUENCE_GAPS,
    /** Frames from the engine that could not be read. */
    MALFORMED_FRAMES,
    /** Polls aborted because a lane or the outbox was full. */
    POLL_ABORTS,
    /** VenueOrderQuery taken in. */
    QUERIES,
    /** Queries answered NO_ANSWER. */
    QUERIES_UNANSWERED,
    /** REST requests issued. */
    REST_REQUESTS,
    /** REST requests refused for the rate. */
    REST_RATE_LIMITED,
    /** Orders and cancels written to REST. */
    REST_ORDERS_SENT,
    /** Orders and cancels by REST of which no answer says what became of them. */
    REST_UNSURE,
    /** Times the second path of an account came up. */
    REST_PATH_UPS,
    /** Times the second path of an account went down. */
    REST_PATH_DOWNS,
    /** Events told from the user channel. */
    USER_EVENTS,
    /** Reports of FIX on an order that REST has replaced since; not told. */
    REPORTS_OF_BEFORE,
    /** Mass cancels by REST of which it is not known whether they left anything open; told. */
    MASS_CANCELS_UNSURE,
    /** Orders that a replace by REST placed anew. */
    REST_REPLACES,
    /** REST requests that failed otherwise. */
    REST_FAILURES,
    /** Clock samples beyond the alarm threshold. */
    CLOCK_ALARMS,
    /** Venue clock minus ours at the last sample, in milliseconds (gauge). */
    CLOCK_OFFSET_MS,
    /** Messages of the venue read from their bytes. */
    FAST_LANE_IN,
    /** Messages of the venue that went through QuickFIX/J, on our own transport. */
    SESSION_LANE_IN,
    /** Requests written as bytes. */
    FAST_LANE_OUT,
    /** Messages that QuickFIX/J made, on our own transport: the session layer's. */
    SESSION_LANE_OUT,
    /** Messages of the venue that break the form of FIX or whose CheckSum(10) is wrong; ignored. */
    GARBLED_MESSAGES
}
