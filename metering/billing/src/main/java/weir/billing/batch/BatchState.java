package weir.billing.batch;

/** Where a batch stands; the number is what the database holds. */
public enum BatchState {
    /** Cut; no call was made. */
    SEALED,
    /** A call was begun and its answer is not stored: it may have been accepted. */
    SENT,
    /** Stripe has it. */
    ACKED,
    /** Stripe refused it for good; a person must look. */
    QUARANTINED,
    /** It costs nothing here, and Stripe has a price for it: never sent. */
    FREE
}
