package weir.billing.webhook.out;

/**
 * Outcome of one attempt.
 *
 * @param status       HTTP status; 0 when there was none
 * @param retryAfterMs pause that the endpoint asked for; -1 none
 * @param detail       what went wrong, in words; empty when the status says it
 */
record WebhookAnswer(int status, long retryAfterMs, String detail) {
    private static final int OK_FIRST = 200;
    private static final int OK_LAST = 299;
    private static final int GONE = 410;
    private static final int TOO_MANY = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    /** @return true for 2xx alone; a redirect is a failure */
    boolean delivered() {
        return status >= OK_FIRST && status <= OK_LAST;
    }

    /** @return the endpoint wants nothing more */
    boolean gone() {
        return status == GONE;
    }

    /** @return the endpoint is overloaded: nothing is sent there for a while */
    boolean throttled() {
        return status == TOO_MANY || status == BAD_GATEWAY || status == GATEWAY_TIMEOUT;
    }
}
