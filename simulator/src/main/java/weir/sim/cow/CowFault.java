package weir.sim.cow;

import weir.sim.market.FaultMode;

/**
 * The failure modes of this venue. Counts apply to the next n occasions (negative: to all), values hold until changed,
 * switches are 0 or 1. Trading calls are POST and DELETE of orders.
 */
enum CowFault implements FaultMode {
    /** Count: trading calls carried out, then the connection is closed without an answer. */
    ANSWER_LOST_AFTER("answerLostAfter"),
    /** Count: trading calls read, then the connection is closed and nothing is carried out. */
    ANSWER_LOST_BEFORE("answerLostBefore"),
    /** Count: other calls whose connection is closed without an answer. */
    QUERY_LOST("queryLost"),
    /** Count: answers late by {@link #SLOW_ANSWER_MS} after the call was carried out. */
    SLOW_ANSWER("slowAnswer"),
    /** Value: milliseconds of a slow answer. */
    SLOW_ANSWER_MS("slowAnswerMs", 1000),
    /** Count: trading calls carried out whose answer stops in the middle. */
    TRUNCATED_ANSWER("truncatedAnswer"),
    /** Count: trading calls carried out and answered 200 by somebody else's page. */
    WRONG_CONTENT("wrongContent"),
    /** Count: trading calls carried out that are never answered, on a connection that stays open. */
    HALF_OPEN("halfOpen"),
    /** Count: cancellations of orders that the settlement under way holds already: they trade after all. */
    LATE_FILL("lateFill"),
    /** Count: trading calls answered by an HTTP error and not carried out. */
    SERVER_ERROR_BEFORE("serverErrorBefore"),
    /** Count: trading calls carried out and answered by an HTTP error. */
    SERVER_ERROR_AFTER("serverErrorAfter"),
    /** Value: the HTTP status of such errors. */
    SERVER_ERROR_STATUS("serverErrorStatus", 500),
    /** Count: calls answered 429 whatever the budget. */
    LIMIT_STORM("limitStorm"),
    /** Value: seconds of Retry-After in a 429; 0 = the edge does not say. */
    RETRY_AFTER_S("retryAfterS"),
    /** Value: milliseconds from acceptance until an order is shown. */
    VISIBILITY_DELAY_MS("visibilityDelayMs"),
    /** Value: milliseconds from settlement until its trade is listed; executed amounts show at once. */
    FILL_DELAY_MS("fillDelayMs", "tradeDelayMs"),
    /** Switch: every trade is listed twice. */
    DUPLICATE_FILL("duplicateFill", "duplicateTrades"),
    /** Count: settlements that a reorganisation of the chain takes back one auction later. */
    REORG("reorg"),
    /** Switch: quotes are not verified. */
    UNVERIFIED_QUOTES("unverifiedQuotes"),
    /** Switch: no auction begins. */
    SOLVERS_DOWN("solversDown"),
    /** Value: milliseconds by which the service's clock is ahead. */
    CLOCK_OFFSET_MS("clockOffsetMs");

    private final String key;
    private final String formerKey;
    private final long initialValue;

    CowFault(final String key) {
        this(key, key, 0);
    }

    CowFault(final String key, final String formerKey) {
        this(key, formerKey, 0);
    }

    CowFault(final String key, final long initialValue) {
        this(key, key, initialValue);
    }

    CowFault(final String key, final String formerKey, final long initialValue) {
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
