package weir.sim.binance;

import weir.sim.market.FaultMode;

/**
 * The failure modes of this venue. Counts apply to the next n occasions (negative: to all), values hold until changed,
 * switches are 0 or 1. Trading calls are those that place, change or end orders, over REST or WebSocket.
 */
enum BinanceFault implements FaultMode {
    /** Count: trading calls carried out and never answered (REST: the connection is closed). */
    ANSWER_LOST_AFTER("answerLostAfter"),
    /** Count: trading calls read, not carried out and never answered. */
    ANSWER_LOST_BEFORE("answerLostBefore"),
    /** Count: trading calls carried out and answered -1007. */
    TIMEOUT_AFTER("timeoutAfter"),
    /** Count: trading calls not carried out and answered -1007. */
    TIMEOUT_BEFORE("timeoutBefore"),
    /** Count: trading calls carried out and answered with an HTML page of status 502 (WebSocket: -1000, status 500). */
    SERVER_ERROR_AFTER("serverErrorAfter"),
    /** Count: signed calls not carried out and answered so. */
    SERVER_ERROR_BEFORE("serverErrorBefore"),
    /** Count: trading calls carried out whose answer stops in the middle. */
    TRUNCATED_ANSWER("truncatedAnswer"),
    /** Count: trading calls carried out and answered 200 with something that is no answer. */
    WRONG_CONTENT("wrongContent", "wrongAnswer"),
    /** Count: reading calls that are never answered. */
    QUERY_LOST("queryLost"),
    /** Count: signed calls answered late by {@link #SLOW_ANSWER_MS}. */
    SLOW_ANSWER("slowAnswer"),
    /** Value: milliseconds of a slow answer. */
    SLOW_ANSWER_MS("slowAnswerMs", 1000),
    /** Value: milliseconds that events of the user data stream wait, so that answers come first. */
    STREAM_LATE_MS("streamLateMs"),
    /** Value: milliseconds that answers of trading calls wait, so that the stream comes first. */
    ANSWER_LATE_MS("answerLateMs"),
    /** Count: execution reports sent twice. */
    DUPLICATE_REPORT("duplicateReport"),
    /** Count: execution reports never sent. */
    DROP_REPORT("dropReport"),
    /** Count: execution reports that are sent after the next one. */
    REORDER_REPORT("reorderReport"),
    /** Value: milliseconds from acceptance until questions show an order (-2013 before). */
    VISIBILITY_DELAY_MS("visibilityDelayMs"),
    /** Count: calls answered 429 and not carried out, whatever the weight. */
    LIMIT_STORM("limitStorm"),
    /** Value: seconds that such an answer asks to wait. */
    RETRY_AFTER_S("retryAfterS", 1),
    /** Value: weight that appears with every call, as from another program behind the address. */
    WEIGHT_JUMP("weightJump"),
    /** Count: cancelReplace calls whose new order is refused after the cancel went through. */
    PARTIAL_CANCEL_REPLACE("partialCancelReplace"),
    /** Count: cancels of one order just before which the house takes the least quantity from it. */
    FILL_BEFORE_CANCEL("fillBeforeCancel"),
    /** Value: milliseconds between the first look at a timestamp and the engine. */
    ENGINE_DELAY_MS("engineDelayMs"),
    /** Count: WebSocket connections refused with 503 (negative: all). */
    WS_REFUSE("wsRefuse"),
    /** Count: logons and subscriptions refused -2015. */
    LOGON_REFUSED("logonRefused"),
    /** Count: messages to WebSocket API connections in whose place the connection is closed. */
    WS_DROP("wsDrop"),
    /** Switch: WebSockets stay open, but nothing is read from or written to them. */
    WS_SILENT("wsSilent"),
    /** Switch: REST closes connections without an answer. */
    REST_DOWN("restDown"),
    /** Value: milliseconds by which the venue's clock is ahead. */
    CLOCK_OFFSET_MS("clockOffsetMs");

    private final String key;
    private final String formerKey;
    private final long initialValue;

    BinanceFault(final String key) {
        this(key, key, 0);
    }

    BinanceFault(final String key, final String formerKey) {
        this(key, formerKey, 0);
    }

    BinanceFault(final String key, final long initialValue) {
        this(key, key, initialValue);
    }

    BinanceFault(final String key, final String formerKey, final long initialValue) {
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
