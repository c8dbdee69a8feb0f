package weir.billing.stripe;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.ledger.Account;
import weir.billing.ledger.EntryKind;
import weir.billing.rating.Discrepancy;
import weir.billing.store.InvoiceStore;
import weir.billing.store.InvoiceStore.Unjudged;
import weir.billing.store.InvoiceStore.Verdict;
import weir.billing.store.StripeInvoiceCheck;

/**
 * Posts what a final invoice in whole minor units takes more or less than was rated, once per invoice. Stripe rounds
 * each line, so the difference is rounding up to half a minor unit per line; a larger one is reported and never
 * posted. Where tiers continued over a change of prices and the draft could not be evened out, that is the reason and
 * is stated; an invoice that was evened out has no such excuse. The posting and the verdict are one transaction. An
 * invoice that becomes void gives its rounding back. The counterpart is what the tenant owes when it pays
 * afterwards; one that paid before owes nothing, there the difference is money from outside. Billing thread.
 */
final class InvoiceRounding {
    private static final Logger LOG = LoggerFactory.getLogger(InvoiceRounding.class);

    private final InvoiceStore invoices;
    private final StripeBooks books;

    InvoiceRounding(final InvoiceStore invoices, final StripeBooks books) {
        this.invoices = invoices;
        this.books = books;
    }

    /** Judges what is final. The caller stores the books and commits. @return invoices judged */
    int doWork() {
        int count = 0;
        for (final Unjudged one : invoices.unjudged()) {
            judge(one);
            count++;
        }
        return count;
    }

    private void judge(final Unjudged one) {
        final StripeInvoiceCheck check = one.check();
        final long ratedMicros = invoices.ratedMicros(check.tenantId(), check.fromMs(), check.untilMs());
        final long difference = check.stripeMicros() - ratedMicros;
        final long posted = one.roundingMicros();
        final boolean gone = check.status().equals("void") || check.status().equals("deleted");
        if (gone) {
            post(one, -posted);
            invoices.judged(check.invoiceId(), Verdict.VOID, ratedMicros, 0);
        } else if (difference == posted || posted == 0 && isRounding(difference, one)) {
            post(one, difference - posted);
            invoices.judged(check.invoiceId(), difference == 0 ? Verdict.EXACT : Verdict.ROUNDING, ratedMicros,
                difference);
        } else {
            differs(one, ratedMicros);
        }
    }

    private static boolean isRounding(final long difference, final Unjudged one) {
        return 2 * Math.abs(difference) <= PriceTerms.micros(one.lineCount(), one.check().currency());
    }

    private void differs(final Unjudged one, final long ratedMicros) {
        final StripeInvoiceCheck check = one.check();
        final boolean stated = !one.evened()
            && invoices.tiersContinued(check.tenantId(), check.fromMs(), check.untilMs());
        if (stated) {
            LOG.warn("STRIPE_INVOICE_TIERS invoice={} tenant={} stripeMicros={} ratedMicros={}: a plan whose tiers "
                + "continue came into force in mid-period", check.invoiceId(), check.tenantId(), check.stripeMicros(),
                ratedMicros);
        } else {
            LOG.error("STRIPE_INVOICE_DIFFERS invoice={} tenant={} stripeMicros={} ratedMicros={} lines={}",
                check.invoiceId(), check.tenantId(), check.stripeMicros(), ratedMicros, one.lineCount());
            books.reports().accept(new Discrepancy(sequence(), Discrepancy.Kind.INVOICE, check.tenantId(),
                ratedMicros, check.stripeMicros()));
        }
        invoices.judged(check.invoiceId(), stated ? Verdict.TIERS_CONTINUE : Verdict.DIFFERS, ratedMicros,
            one.roundingMicros());
    }

    private void post(final Unjudged one, final long micros) {
        if (micros == 0) {
            return;
        }
        final int tenantId = one.check().tenantId();
        final long owed = -books.ledger().tenant(tenantId).amount(Account.RECEIVABLE);
        final Account counterpart = one.postpaid() && owed + micros >= 0 ? Account.RECEIVABLE : Account.FUNDING;
        books.ledger().move(EntryKind.ROUNDING, tenantId, counterpart, Account.ROUNDING, micros, sequence());
        LOG.info("rounding of invoice={} tenant={} micros={} against {}", one.check().invoiceId(), tenantId, micros,
            counterpart);
    }

    /** Entries belong to a record; before the first there is none to name. */
    private long sequence() {
        return Math.max(1, books.position().getAsLong());
    }
}
