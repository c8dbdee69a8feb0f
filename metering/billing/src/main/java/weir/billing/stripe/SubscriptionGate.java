package weir.billing.stripe;

import weir.billing.batch.Batch;

/**
 * Says when a batch may go, so that Stripe counts it to the price it was rated at. Billing thread.
 */
@FunctionalInterface
public interface SubscriptionGate {
    /** Not yet. */
    long HOLD = -1;
    /** Never: it costs nothing here, and Stripe would bill it. */
    long FREE = -2;
    /** Everything goes, as it is. */
    SubscriptionGate OPEN = Batch::eventNs;

    /**
     * Judges a batch that was never sent.
     *
     * @param batch batch
     * @return timestamp to send it with, epoch nanoseconds, {@link #HOLD} or {@link #FREE}
     */
    long admit(Batch batch);

    /**
     * Whether usage of a time can come onto the invoice of its period no more.
     *
     * @param tenantId tenant
     * @param toldNs   time that Stripe is told, epoch nanoseconds
     * @param nowMs    wall clock
     * @return true when Stripe would take it and bill it by nothing
     */
    default boolean isClosed(final int tenantId, final long toldNs, final long nowMs) {
        return false;
    }
}
