package weir.billing.stripe;

import weir.billing.store.InvoiceStore;
import weir.billing.store.SubscriptionStore;

/**
 * Whether usage of a time can still come onto the invoice of its period. Stripe makes the invoice when the period ends
 * and leaves it a draft for about an hour; usage of before the end that is told later is taken and billed by nothing.
 * The end is that of an invoice that Stripe stated, and where Stripe bills by our plans that of the tenant's month too.
 * Billing thread.
 */
final class ClosedPeriods {
    /** The hour of the draft, less what a call on its way may take and our clock be off. */
    static final long DRAFT_MS = 55 * 60_000L;

    private static final long NS_PER_MS = 1_000_000L;
    private static final long MS_PER_SECOND = 1_000L;

    private final StripeSettings settings;
    private final InvoiceStore invoices;
    private final SubscriptionStore subscriptions;

    ClosedPeriods(final StripeSettings settings, final InvoiceStore invoices, final SubscriptionStore subscriptions) {
        this.settings = settings;
        this.invoices = invoices;
        this.subscriptions = subscriptions;
    }

    boolean isClosed(final int tenantId, final long toldNs, final long nowMs) {
        final long endedMs = nowMs - DRAFT_MS;
        final long toldMs = toldNs / NS_PER_MS;
        if (toldMs >= endedMs) {
            return false;
        }
        return invoices.isClosed(tenantId, toldNs, endedMs) || settings.subscriptions()
            && BillingCycle.anchor(toldMs, settings.zone(tenantId)).seconds() * MS_PER_SECOND <= endedMs
            && subscriptions.subscriptions().containsKey(tenantId);
    }
}
