package weir.billing.store;

/**
 * An invoice of Stripe beside what was rated here for the same tenant and span. The difference is Stripe's rounding to
 * the minor unit when all is well: below one minor unit per line.
 *
 * @param invoiceId        Stripe's id
 * @param tenantId         tenant
 * @param status           draft, open, paid, void, uncollectible or deleted
 * @param currency         lower case
 * @param fromMs           start of its usage, epoch milliseconds, inclusive
 * @param untilMs          end of its usage, exclusive
 * @param stripeMicros     Stripe's total
 * @param ratedMicros      ours: delivered batches of the span at the journaled plan
 * @param differenceMicros Stripe's less ours
 * @param lateErrors       batches of the span that Stripe rejected after it was final
 */
public record StripeInvoiceCheck(String invoiceId, int tenantId, String status, String currency, long fromMs,
                                 long untilMs, long stripeMicros, long ratedMicros, long differenceMicros,
                                 long lateErrors) {
    /**
     * Whether the invoice can change no more.
     *
     * @return true when it is final
     */
    public boolean isFinal() {
        return !status.equals("draft") && !status.equals("deleted");
    }
}
