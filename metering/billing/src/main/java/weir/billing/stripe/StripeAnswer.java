package weir.billing.stripe;

/**
 * What one call came to.
 *
 * @param outcome class
 * @param code    Stripe's error code or type, or ours; never null
 * @param detail  for people; may be null
 * @param afterMs what Retry-After asked for, milliseconds; 0 without
 * @param status  of HTTP; 0 when there was no answer, or none that can be read
 */
public record StripeAnswer(Outcome outcome, String code, String detail, long afterMs, int status) {
    private static final int SERVER_ERROR = 500;

    /**
     * An answer that asks for no pause.
     *
     * @param outcome class
     * @param code    Stripe's error code or type, or ours; never null
     * @param detail  for people; may be null
     */
    public StripeAnswer(final Outcome outcome, final String code, final String detail) {
        this(outcome, code, detail, 0, 0);
    }

    /**
     * Whether the next attempt needs another idempotency key: Stripe answered, and would answer the same for a day.
     * After no answer the same key goes again, since the call may have been taken.
     *
     * @return true for a 5xx and for what was refused or denied
     */
    boolean replayed() {
        return status >= SERVER_ERROR || outcome == Outcome.REFUSED || outcome == Outcome.DENIED;
    }

    /** Classes of answers. */
    public enum Outcome {
        /** 200. */
        ACCEPTED,
        /** 400: an event of this identifier exists already, so it is delivered. */
        DUPLICATE,
        /** 429 or 409: not taken; later. */
        BUSY,
        /** 5xx, timeout, connection lost, an answer that is not Stripe's: it may have been taken; again, the same. */
        UNKNOWN,
        /** 401: nothing will pass until the key is right. */
        KEY_REFUSED,
        /** 403 that Stripe states: the key may not make this call; not taken. Other calls may pass; this one later. */
        DENIED,
        /** Any other 4xx that Stripe states: it will never pass. */
        REFUSED
    }
}
