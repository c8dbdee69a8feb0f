package weir.sim.intx;

import weir.sim.market.FaultMode;

/**
 * The failure modes of this venue. Counts apply to the next n occasions (negative: to all), values hold until changed,
 * switches are 0 or 1. Trading calls are those that send, replace or cancel.
 */
enum IntxFault implements FaultMode {
    /** Count: trading calls carried out, then the connection is closed without an answer. */
    ANSWER_LOST_AFTER("answerLostAfter"),
    /** Count: trading calls read, then the connection is closed and nothing is carried out. */
    ANSWER_LOST_BEFORE("answerLostBefore"),
    /** Count: answers, of any private call, late by {@link #SLOW_ANSWER_MS} after the call was carried out. */
    SLOW_ANSWER("slowAnswer"),
    /** Value: milliseconds of a slow answer. */
    SLOW_ANSWER_MS("slowAnswerMs", 1000),
    /** Count: trading calls carried out that are never answered, on a connection that stays open. */
    HALF_OPEN("halfOpen"),
    /** Count: trading calls carried out whose answer stops in the middle of its JSON. */
    TRUNCATED_ANSWER("truncatedAnswer"),
    /** Count: trading calls carried out and answered 200 with a page that is not JSON. */
    WRONG_CONTENT("wrongContent"),
    /** Count: reading calls whose connection is closed without an answer. */
    QUERY_LOST("queryLost"),
    /** Count: private calls answered by an HTTP error and not carried out. */
    SERVER_ERROR_BEFORE("serverErrorBefore"),
    /** Count: trading calls carried out and answered by an HTTP error. */
    SERVER_ERROR_AFTER("serverErrorAfter"),
    /** Value: the HTTP status of such errors. */
    SERVER_ERROR_STATUS("serverErrorStatus", 503),
    /** Count: private calls answered 429 and not carried out, whatever was used. */
    LIMIT_STORM("limitStorm"),
    /** Count: mass cancels that cancel every second order only. */
    PARTIAL_CANCEL("partialCancel"),
    /** Count: cancels of one order just before which the house takes the least quantity from it. */
    FILL_BEFORE_CANCEL("fillBeforeCancel"),
    /** Count: cancels answered as done, of orders that trade with the house after all. */
    LATE_FILL("lateFill"),
    /** Value: milliseconds until such a fill is listed. */
    LATE_FILL_MS("lateFillMs", 200),
    /** Switch: fills are listed twice. */
    DUPLICATE_FILL("duplicateFill"),
    /** Switch: fills are listed in no order. */
    SHUFFLED_FILLS("shuffledFills"),
    /** Value: milliseconds until a fill is listed. */
    FILL_DELAY_MS("fillDelayMs"),
    /** Value: milliseconds from acceptance until calls show an order. */
    VISIBILITY_DELAY_MS("visibilityDelayMs"),
    /** Switch: every call is answered 503. */
    MAINTENANCE("maintenance"),
    /** Count: FIX order messages carried out, then the connection is closed without a report. */
    FIX_ANSWER_LOST_AFTER("fixAnswerLostAfter"),
    /** Count: FIX order messages read, then the connection is closed and nothing is carried out. */
    FIX_ANSWER_LOST_BEFORE("fixAnswerLostBefore"),
    /** Count: FIX order messages carried out, from when on the connection says nothing and stays. */
    FIX_HALF_OPEN("fixHalfOpen"),
    /** Count: logons refused. */
    FIX_REFUSE_LOGON("fixRefuseLogon"),
    /** Count: FIX requests refused for the rate, whatever was used. */
    FIX_LIMIT_STORM("fixLimitStorm"),
    /** Switch: reports of fills come twice over FIX. */
    FIX_DUPLICATE_FILL("fixDuplicateFill"),
    /** Switch: the session is told of orders that came by REST, too. */
    FIX_REPORTS_ALL("fixReportsAll"),
    /** Value: milliseconds by which reports over FIX are late. */
    FIX_DELAY_MS("fixDelayMs"),
    /** Value: milliseconds by which the venue's clock is ahead. */
    CLOCK_OFFSET_MS("clockOffsetMs");

    private final String key;
    private final long initialValue;

    IntxFault(final String key) {
        this(key, 0);
    }

    IntxFault(final String key, final long initialValue) {
        this.key = key;
        this.initialValue = initialValue;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public long initialValue() {
        return initialValue;
    }
}
