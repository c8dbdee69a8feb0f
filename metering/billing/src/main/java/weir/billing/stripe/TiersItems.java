package weir.billing.stripe;

import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.store.Database;
import weir.billing.store.InvoiceStore;
import weir.billing.store.SubscriptionStore;

/**
 * Makes Stripe's invoice equal to what was rated where a plan version whose tiers continue took over within the period:
 * Stripe begins each price in its first tier, so the invoice gets one item of the difference while it is a draft, which
 * it is for about an hour. The item is what was rated, rounded half up to the minor unit, less the invoice's lines of
 * usage as Stripe has rounded them; it is made when all usage of the span is rated, sealed and delivered and those
 * lines hold exactly its units, and never otherwise. As long as the invoice is a draft it is looked at again, and the
 * item follows what a correction changes. An invoice that became final before is judged {@code TIERS_CONTINUE}. Billing
 * thread.
 */
final class TiersItems {
    private static final Logger LOG = LoggerFactory.getLogger(TiersItems.class);
    private static final long AGAIN_MS = 60_000;

    private final InvoiceStore invoices;
    private final SubscriptionStore objects;
    private final StripeObjectCalls calls;
    private final StripeCalls senders;
    private final Database database;
    private final String journalId;

    /** What became of a draft. */
    enum Outcome {
        /** An item is on it. */
        ITEM,
        /** It says what was rated. */
        EVEN,
        /** It is no draft any more. */
        CLOSED,
        /** Stripe has not counted everything yet. */
        LATER
    }

    /**
     * An answer.
     *
     * @param outcome what became of the draft
     * @param minor   amount of the item, minor units
     */
    record Answer(Outcome outcome, long minor) {
    }

    TiersItems(final InvoiceStore invoices, final SubscriptionStore objects, final StripeObjectCalls calls,
        final StripeCalls senders, final Database database, final String journalId) {
        this.invoices = invoices;
        this.objects = objects;
        this.calls = calls;
        this.senders = senders;
        this.database = database;
        this.journalId = journalId;
    }

    /** Begins what is due. The caller commits. @return calls begun */
    int doWork(final long nowMs) {
        int count = 0;
        for (final InvoiceStore.TiersDraft draft : invoices.tiersDrafts(nowMs)) {
            final String key = name(draft);
            if (senders.tryBegin(key, nowMs)) {
                objects.begun(key, nowMs);
                final int attempt = objects.named(key).attempt();
                database.commit();
                final Set<String> prices = objects.objectIds(Subscriptions.PRICE);
                senders.begin(key, () -> calls.evenOut(draft, prices, PriceTerms.roundedMinor(draft.ratedMicros(),
                    draft.currency()), "weir-tiers-" + journalId + '-' + draft.invoiceId() + '-' + attempt),
                    answer -> settled(draft, answer, nowMs), failed -> failed(draft, key, failed, nowMs));
                count++;
            }
        }
        return count;
    }

    /**
     * What is refused is not final for that: the next look reads the invoice's status first. What was made in spite of
     * a 5xx is found on the draft by its metadata before another is made.
     */
    private void failed(final InvoiceStore.TiersDraft draft, final String key, final StripeAnswer answer,
        final long nowMs) {
        objects.failed(key, answer.code(), answer.replayed());
        if (answer.outcome() == StripeAnswer.Outcome.REFUSED) {
            invoices.tiersPostponed(draft.invoiceId(), nowMs + AGAIN_MS);
        }
    }

    private static String name(final InvoiceStore.TiersDraft draft) {
        return "tiers/" + draft.invoiceId();
    }

    private void settled(final InvoiceStore.TiersDraft draft, final Answer answer, final long nowMs) {
        switch (answer.outcome()) {
            case LATER -> invoices.tiersPostponed(draft.invoiceId(), nowMs + AGAIN_MS);
            case CLOSED -> invoices.tiersClosed(draft.invoiceId());
            default -> {
                objects.created(name(draft), draft.invoiceId());
                if (invoices.tiersSettled(draft.invoiceId(), answer.outcome().name(), answer.minor(),
                    nowMs + AGAIN_MS)) {
                    LOG.info("tiers that continued: invoice={} {} minor={}", draft.invoiceId(), answer.outcome(),
                        answer.minor());
                }
            }
        }
    }
}
