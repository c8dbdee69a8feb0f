package weir.billing.stripe;

import java.math.BigInteger;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchIdentifier;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.AdjustmentStore.Kind;
import weir.billing.store.AdjustmentStore.State;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.store.InvoiceStore;

/**
 * Brings ordered corrections to Stripe, each once. A whole batch whose first call is younger than 23 hours is
 * cancelled; Stripe cancels for 24 hours. Anything else is a meter event of its own, with units below zero and an
 * identifier made from the correction's number: it is a batch like any other, so that {@link Delivery} carries it
 * with the same care. It has the time of the batch that it corrects while that can still be billed, else the
 * present. Billing thread.
 */
final class Adjustments {
    private static final Logger LOG = LoggerFactory.getLogger(Adjustments.class);
    private static final long CANCEL_MS = 23L * 3_600_000L;
    private static final long CANCEL_SURE_MS = 24L * 3_600_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private final AdjustmentStore store;
    private final BatchStore batches;
    private final InvoiceStore invoices;
    private final ClosedPeriods closedPeriods;
    private final StripeObjectCalls calls;
    private final StripeCalls senders;
    private final StripeDirectory directory;
    private final Database database;
    private final String journalId;

    Adjustments(final AdjustmentStore store, final BatchStore batches, final InvoiceStore invoices,
        final ClosedPeriods closedPeriods, final StripeObjectCalls calls, final StripeCalls senders,
        final StripeDirectory directory, final Database database, final String journalId) {
        this.store = store;
        this.batches = batches;
        this.invoices = invoices;
        this.closedPeriods = closedPeriods;
        this.calls = calls;
        this.senders = senders;
        this.directory = directory;
        this.database = database;
        this.journalId = journalId;
    }

    /** Takes what was ordered one step on. The caller commits. @return steps */
    int doWork(final long nowMs) {
        int count = 0;
        for (final AdjustmentStore.Row row : store.open()) {
            count += advance(row, nowMs);
        }
        return count;
    }

    private int advance(final AdjustmentStore.Row order, final long nowMs) {
        final BatchStore.Row row = batches.row(order.identifier());
        if (order.state() != State.BEGUN && gone(order, row, nowMs)) {
            return 1;
        }
        final boolean whole = order.kind() == Kind.VOID && order.units() == row.batch().units();
        final boolean young = row.firstSentMs() != 0 && nowMs - row.firstSentMs() < CANCEL_MS;
        if (whole && (young || order.state() == State.BEGUN)) {
            return cancel(order, row, nowMs);
        }
        asEvent(order, row, nowMs);
        return 1;
    }

    /** Ends an order whose batch is no longer what it was when the order was taken. */
    private boolean gone(final AdjustmentStore.Row order, final BatchStore.Row row, final long nowMs) {
        if (row.state() == AdjustmentStore.needed(order.kind())) {
            return false;
        }
        LOG.error("STRIPE_ADJUSTMENT_FAILED adjustment={} batch={} is {}", order.id(), order.identifier(),
            row.state());
        store.ended(order.id(), State.FAILED, null, "batch_" + row.state().name().toLowerCase(Locale.ROOT), nowMs);
        return true;
    }

    private int cancel(final AdjustmentStore.Row order, final BatchStore.Row row, final long nowMs) {
        final String key = "adjustment/" + order.id();
        if (!senders.tryBegin(key, nowMs)) {
            return 0;
        }
        store.begun(order.id(), nowMs);
        database.commit();
        final String eventName = directory.eventName(row.batch().meter());
        final boolean again = order.state() == State.BEGUN;
        senders.begin(key, () -> calls.cancel(eventName, order.identifier(),
            "weir-" + journalId + "-adjustment-" + order.id() + '-' + nowMs), status -> cancelled(order, nowMs),
            answer -> failed(order, row, answer, again, nowMs));
        return 1;
    }

    private void cancelled(final AdjustmentStore.Row order, final long nowMs) {
        batches.rejected(order.identifier(), "cancelled", "adjustment " + order.id() + ": " + order.reason());
        store.ended(order.id(), State.DONE, null, "cancelled", nowMs);
    }

    private void failed(final AdjustmentStore.Row order, final BatchStore.Row row, final StripeAnswer answer,
        final boolean again, final long nowMs) {
        final String detail = String.valueOf(answer.detail());
        if (answer.outcome() == StripeAnswer.Outcome.DENIED && !again) {
            store.notBegun(order.id(), answer.code());
        } else if (answer.outcome() != StripeAnswer.Outcome.REFUSED) {
            store.outcome(order.id(), answer.code());
        } else if (again && detail.contains("already")) {
            // an earlier attempt, whose answer was lost, did it
            cancelled(order, nowMs);
        } else if (again && nowMs - row.firstSentMs() >= CANCEL_SURE_MS) {
            LOG.error("STRIPE_ADJUSTMENT_UNRESOLVED adjustment={} batch={}: whether its cancel was taken is unknown",
                order.id(), order.identifier());
            store.ended(order.id(), State.FAILED, null, "cancel_unresolved", nowMs);
        } else {
            final BatchStore.Row present = batches.row(order.identifier());
            if (!gone(order, present, nowMs)) {
                asEvent(order, present, nowMs);
            }
        }
    }

    private void asEvent(final AdjustmentStore.Row order, final BatchStore.Row row, final long nowMs) {
        final Batch batch = row.batch();
        final boolean carry = order.kind() == Kind.CARRY;
        final boolean present = carry || closedPeriods.isClosed(batch.tenantId(), row.sentNs(), nowMs)
            || invoices.isFinal(batch.tenantId(), row.sentNs())
            || ClockRules.judge(batch.eventNs(), nowMs) != ClockRules.Verdict.SEND;
        final String identifier = BatchIdentifier.of(journalId, batch.tenantId(), "adjustment-" + order.id(),
            batch.firstSequence(), batch.lastSequence());
        final long sign = carry ? 1 : -1;
        batches.add(new Batch(identifier, batch.tenantId(), batch.meter(), batch.firstSequence(),
            batch.lastSequence(), sign * order.units(), sign * share(batch, order.units()),
            present ? nowMs * NS_PER_MS : batch.eventNs()));
        if (!present && row.sentNs() != batch.eventNs()) {
            batches.retimed(identifier, row.sentNs());
        }
        store.ended(order.id(), State.DONE, identifier, "event", nowMs);
    }

    /** A part's share of the amount, to the micro-unit below; the whole is the whole. */
    private static long share(final Batch batch, final long units) {
        return BigInteger.valueOf(batch.amountMicros()).multiply(BigInteger.valueOf(units))
            .divide(BigInteger.valueOf(batch.units())).longValueExact();
    }
}
