package weir.sim.kraken;

import weir.sim.market.FaultMode;

/**
 * The failure modes of this venue. Counts apply to the next n occasions (negative: to all), values hold until changed,
 * switches are 0 or 1. Trading calls are those that send, edit or cancel.
 */
enum KrakenFault implements FaultMode {
    /** Count: trading calls carried out, then the connection is closed without an answer. */
    ANSWER_LOST_AFTER("answerLostAfter"),
    /** Count: trading calls read, then the connection is closed and nothing is carried out. */
    ANSWER_LOST_BEFORE("answerLostBefore"),
    /** Count: batches of which {@link #BATCH_CUT_AFTER} instructions are carried out, then the connection is closed. */
    DISCONNECT_MID_BATCH("disconnectMidBatch"),
    /** Value: instructions of a cut batch that are carried out. */
    BATCH_CUT_AFTER("batchCutAfter", 1),
    /** Count: answers, of any private call, late by {@link #SLOW_ANSWER_MS} after the call was carried out. */
    SLOW_ANSWER("slowAnswer"),
    /** Value: milliseconds of a slow answer. */
    SLOW_ANSWER_MS("slowAnswerMs", 1000),
    /** Count: trading calls carried out whose answer stops in the middle of its JSON. */
    TRUNCATED_ANSWER("truncatedAnswer"),
    /** Count: trading calls carried out and answered 200 with a page that is not JSON. */
    WRONG_CONTENT("wrongContent"),
    /** Count: reading calls (GET, orders/status) whose connection is closed without an answer. */
    QUERY_LOST("queryLost"),
    /** Count: private calls answered by an HTTP error and not carried out. */
    SERVER_ERROR_BEFORE("serverErrorBefore"),
    /** Count: trading calls carried out and answered by an HTTP error. */
    SERVER_ERROR_AFTER("serverErrorAfter"),
    /** Value: the HTTP status of such errors. */
    SERVER_ERROR_STATUS("serverErrorStatus", 503),
    /** Count: private calls answered apiLimitExceeded and not carried out, whatever the budget. */
    LIMIT_STORM("limitStorm"),
    /** Count: private calls refused at the edge, before the venue's own door: an HTTP status, no JSON. */
    EDGE_REFUSAL("edgeRefusal"),
    /** Value: the HTTP status of such a refusal. */
    EDGE_STATUS("edgeStatus", 429),
    /** Value: seconds in its Retry-After; 0 = no such header. */
    EDGE_RETRY_AFTER_S("edgeRetryAfterS"),
    /** Count: calls of cancelallorders that cancel every second order only. */
    PARTIAL_CANCEL("partialCancel"),
    /** Count: cancels of one order just before which the house takes the least size from it. */
    FILL_BEFORE_CANCEL("fillBeforeCancel"),
    /** Value: milliseconds from acceptance until openorders and orders/status show an order. */
    VISIBILITY_DELAY_MS("visibilityDelayMs"),
    /** Value: milliseconds that the answer of a send or batch waits, so that the feeds come first. */
    ANSWER_LATE_MS("answerLateMs", "fillFirstMs"),
    /** Count: challenges of WebSockets answered by an error. */
    LOGON_REFUSED("logonRefused"),
    /** Switch: every private call is answered 503, every challenge by an error. */
    MAINTENANCE("maintenance"),
    /** Count: fills messages sent twice. */
    DUPLICATE_FILL("duplicateFill"),
    /** Count: fills messages that are never sent. */
    DROP_FILL("dropFill"),
    /** Count: feed messages to an account in whose place the connection is closed. */
    WS_DROP("wsDrop"),
    /** Switch: WebSockets stay open, but nothing is read from or written to them. */
    WS_SILENT("wsSilent"),
    /** Value: milliseconds by which the venue's clock is ahead. */
    CLOCK_OFFSET_MS("clockOffsetMs"),
    /** Switch: batch answers come in the order of the instructions. */
    BATCH_IN_ORDER("batchInOrder");

    private final String key;
    private final String formerKey;
    private final long initialValue;

    KrakenFault(final String key) {
        this(key, key, 0);
    }

    KrakenFault(final String key, final String formerKey) {
        this(key, formerKey, 0);
    }

    KrakenFault(final String key, final long initialValue) {
        this(key, key, initialValue);
    }

    KrakenFault(final String key, final String formerKey, final long initialValue) {
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
