package weir.sim.deribit;

import weir.sim.market.FaultMode;

/**
 * The failure modes of this venue. Counts apply to the next n occasions (negative: to all), values hold until changed,
 * switches are 0 or 1. Trading calls are those of the matching engine.
 */
enum DeribitFault implements FaultMode {
    /** Count: trading calls carried out that are never answered; over HTTP the connection is closed. */
    ANSWER_LOST_AFTER("answerLostAfter"),
    /** Count: trading calls read, never answered and not carried out. */
    ANSWER_LOST_BEFORE("answerLostBefore"),
    /** Count: trading calls carried out in place of whose answer the connection is closed. */
    DROP_AFTER("dropAfter"),
    /** Count: trading calls not carried out in place of whose answer the connection is closed. */
    DROP_BEFORE("dropBefore"),
    /** Count: answers to private calls that are late by {@link #SLOW_ANSWER_MS}; others overtake them. */
    SLOW_ANSWER("slowAnswer"),
    /** Value: milliseconds of a slow answer. */
    SLOW_ANSWER_MS("slowAnswerMs", 1000),
    /** Count: answers to trading calls carried out that stop in the middle of their JSON. */
    TRUNCATED_ANSWER("truncatedAnswer"),
    /** Count: trading calls carried out and answered 200 by a result that is somebody else's (HTTP: a page). */
    WRONG_CONTENT("wrongContent"),
    /** Count: private calls that are no trading calls and are never answered. */
    QUERY_LOST("queryLost"),
    /** Count: trading calls answered by {@link #ERROR_CODE} and not carried out. */
    SERVER_ERROR_BEFORE("serverErrorBefore", "errorBefore"),
    /** Count: trading calls carried out and answered by 11094 internal_server_error. */
    SERVER_ERROR_AFTER("serverErrorAfter", "errorAfter"),
    /** Value: the code of such errors: 10040 retry, 10041 settlement_in_progress, 10047 matching_engine_queue_full. */
    ERROR_CODE("errorCode", 10040),
    /** Count: private calls answered 10028, whatever credits are left. */
    LIMIT_STORM("limitStorm"),
    /** Value: seconds of Retry-After in a 10028 over HTTP; 0 = the edge does not say. */
    RETRY_AFTER_S("retryAfterS"),
    /** Value: credits of the matching engine that vanish with each of its calls, as into another program. */
    WEIGHT_JUMP("weightJump"),
    /** Switch: 10028 is answered and the session goes on. */
    LIMIT_ERROR_ONLY("limitErrorOnly"),
    /** Switch: every private call is answered 11051 system_maintenance. */
    MAINTENANCE("maintenance"),
    /** Count: public/auth answered 13004 invalid_credentials. */
    LOGON_REFUSED("logonRefused", "authRefused"),
    /** Value: milliseconds from acceptance until questions show an order. */
    VISIBILITY_DELAY_MS("visibilityDelayMs"),
    /** Value: milliseconds by which notifications to users come late, so that answers come first. */
    STREAM_LATE_MS("streamLateMs", "notifyLateMs"),
    /** Value: milliseconds that answers of trading calls over a WebSocket wait, so that notifications come first. */
    ANSWER_LATE_MS("answerLateMs"),
    /** Count: notifications to users that are sent twice. */
    DUPLICATE_REPORT("duplicateReport", "duplicateChange"),
    /** Count: notifications to users that are never sent. */
    DROP_REPORT("dropReport", "dropChange"),
    /** Count: cancels of all orders that cancel every second one only. */
    PARTIAL_CANCEL("partialCancel"),
    /** Count: cancels of one order just before which the house takes the least amount from it. */
    FILL_BEFORE_CANCEL("fillBeforeCancel"),
    /** Switch: WebSockets stay open, but nothing is read from or written to them. */
    WS_SILENT("wsSilent"),
    /** Switch: new WebSockets are refused. */
    WS_REFUSED("wsRefused"),
    /** Value: milliseconds by which the venue's clock is ahead. */
    CLOCK_OFFSET_MS("clockOffsetMs");

    private final String key;
    private final String formerKey;
    private final long initialValue;

    DeribitFault(final String key) {
        this(key, key, 0);
    }

    DeribitFault(final String key, final String formerKey) {
        this(key, formerKey, 0);
    }

    DeribitFault(final String key, final long initialValue) {
        this(key, key, initialValue);
    }

    DeribitFault(final String key, final String formerKey, final long initialValue) {
        this.key = key;
        this.formerKey = formerKey;
        this.initialValue = initialValue;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public String formerKey() {
        return formerKey;
    }

    @Override
    public long initialValue() {
        return initialValue;
    }
}
