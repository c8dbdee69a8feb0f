package weir.billing.reconcile;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import weir.billing.batch.BatchState;
import weir.billing.rating.Discrepancy;

/** Compares journal, ledger and Stripe: units, amounts, batches. */
final class MoneyChecks {
    private final JournalFacts journal;
    private final LedgerFacts ledger;
    private final StripeFacts stripe;
    private final Consumer<Difference> out;

    MoneyChecks(final JournalFacts journal, final LedgerFacts ledger, final StripeFacts stripe,
        final Consumer<Difference> out) {
        this.journal = journal;
        this.ledger = ledger;
        this.stripe = stripe;
        this.out = out;
    }

    void ratings() {
        for (final Discrepancy found : journal.discrepancies) {
            add(Difference.Kind.RECORD_RATING, found.kind() + " tenant " + found.tenantId(), found.expected(),
                found.found(), found.sequence());
        }
    }

    void ledger() {
        if (!ledger.journalId.equals(journal.journalId)) {
            out.accept(new Difference(Difference.Kind.POSITION, "journal id", journal.journalId, ledger.journalId, 0));
        }
        if (ledger.position != journal.lastSequence) {
            add(Difference.Kind.POSITION, "billing database", journal.lastSequence, ledger.position, ledger.position);
        }
        for (final TenantMeter of : union(journal.units.keySet(), journal.rated.keySet(), ledger.usage.keySet())) {
            final long[] rated = journal.rated.getOrDefault(of, new long[2]);
            final long[] used = ledger.usage.getOrDefault(of, new long[2]);
            final long recorded = journal.units.getOrDefault(of, 0L);
            if (used[0] != recorded) {
                add(Difference.Kind.UNITS_LEDGER, of.toString(), recorded, used[0], 0);
            }
            if (used[1] != rated[1]) {
                add(Difference.Kind.AMOUNT_LEDGER, of.toString(), rated[1], used[1], 0);
            }
        }
        final Map<Integer, Long> billed = new TreeMap<>();
        ledger.usage.forEach((of, used) -> billed.merge(of.tenantId(), used[1], Math::addExact));
        final Set<Integer> tenants = new TreeSet<>(journal.debits.keySet());
        tenants.addAll(billed.keySet());
        for (final int tenantId : tenants) {
            final long debited = journal.debits.getOrDefault(tenantId, 0L);
            final long amount = billed.getOrDefault(tenantId, 0L);
            if (debited != amount) {
                add(Difference.Kind.DEBIT_LEDGER, "tenant " + tenantId, debited, amount, 0);
            }
        }
        ledger.balanceSums.forEach((tenantId, sum) -> {
            if (sum != 0) {
                add(Difference.Kind.LEDGER_UNBALANCED, "tenant " + tenantId, 0, sum, 0);
            }
        });
        ledger.open.forEach((of, units) -> add(Difference.Kind.WINDOW_OPEN, of.toString(), 0, units, 0));
    }

    void stripe() {
        for (final StripeFacts.Event event : stripe.twice) {
            add(Difference.Kind.STRIPE_TWICE, event.identifier(), 1, 2, 0);
        }
        for (final LedgerFacts.Batch batch : ledger.batches.values()) {
            batch(batch, stripe.events.get(batch.identifier()));
        }
        for (final StripeFacts.Event event : stripe.events.values()) {
            final LedgerFacts.Batch batch = ledger.batches.get(event.identifier());
            if (batch == null) {
                out.accept(new Difference(Difference.Kind.STRIPE_WITHOUT_BATCH, event.identifier(), "a batch",
                    event.value() + " " + event.eventName() + " of " + event.customer(), 0));
            }
            final LedgerFacts.Correction replaced = ledger.replaced(event.identifier());
            if (event.error() != null && (replaced == null || !replaced.isCarry())) {
                out.accept(new Difference(Difference.Kind.STRIPE_ASYNC_ERROR, event.identifier(), "none",
                    event.error(), batch == null ? 0 : batch.firstSequence()));
            }
        }
        corrections();
        final Map<TenantMeter, Long> accepted = accepted();
        final Map<TenantMeter, Long> corrected = ledger.corrected();
        for (final TenantMeter of : union(accepted.keySet(), ledger.usage.keySet(), corrected.keySet())) {
            final long used = ledger.usage.getOrDefault(of, new long[2])[0] + corrected.getOrDefault(of, 0L)
                - ledger.free.getOrDefault(of, 0L);
            final long counted = accepted.getOrDefault(of, 0L);
            if (used != counted) {
                add(Difference.Kind.UNITS_STRIPE, of.toString(), used, counted, 0);
            }
        }
    }

    /** Corrections that are at their end are at Stripe, and nothing else was cancelled there. */
    private void corrections() {
        final Set<String> ours = new TreeSet<>();
        for (final LedgerFacts.Correction one : ledger.corrections) {
            final String where = "correction " + one.id() + " of " + one.identifier();
            if (!one.isDone()) {
                out.accept(new Difference(Difference.Kind.CORRECTION_OPEN, where, "DONE", one.state().name(), 0));
            } else if (one.isCancel() && !stripe.cancelled.contains(one.identifier())) {
                out.accept(new Difference(Difference.Kind.CORRECTION_NOT_AT_STRIPE, where, "cancelled", "counted", 0));
            }
            ours.add(one.identifier());
        }
        for (final String identifier : stripe.cancelled) {
            if (!ours.contains(identifier)) {
                out.accept(new Difference(Difference.Kind.STRIPE_CANCELLED, identifier, "no correction", "cancelled",
                    0));
            }
        }
    }

    /** @return units that Stripe would count without corrections and with what is free: what the usage alone must be */
    Map<TenantMeter, Long> acceptedAsUsed() {
        final Map<TenantMeter, Long> units = accepted();
        ledger.corrected().forEach((of, taken) -> units.merge(of, -taken, Math::addExact));
        ledger.free.forEach((of, more) -> units.merge(of, more, Math::addExact));
        return units;
    }

    /** @return units that Stripe counts, by whose customer and which event they came as */
    Map<TenantMeter, Long> accepted() {
        final Map<TenantMeter, Long> accepted = new TreeMap<>();
        for (final StripeFacts.Event event : stripe.events.values()) {
            if (event.error() == null && !stripe.cancelled.contains(event.identifier())) {
                accepted.merge(address(event), event.units(), Math::addExact);
            }
        }
        stripe.twice.forEach(event -> accepted.merge(address(event), event.units(), Math::addExact));
        return accepted;
    }

    private void batch(final LedgerFacts.Batch batch, final StripeFacts.Event event) {
        final String where = batch.identifier() + " " + batch.of();
        final LedgerFacts.Correction replaced = ledger.replaced(batch.identifier());
        if (batch.state() == BatchState.QUARANTINED && replaced != null && replaced.isCarry()) {
            // its units came as another event, which is a batch itself
            return;
        }
        if (batch.state() == BatchState.FREE && event == null) {
            return;
        }
        if (batch.state() == BatchState.QUARANTINED && replaced == null) {
            out.accept(new Difference(Difference.Kind.BATCH_QUARANTINED, where, "ACKED", batch.outcome(),
                batch.firstSequence()));
        } else if (batch.state() != BatchState.ACKED && batch.state() != BatchState.QUARANTINED) {
            out.accept(new Difference(Difference.Kind.BATCH_UNDELIVERED, where, "ACKED", batch.state().name(),
                batch.firstSequence()));
        } else if (event == null) {
            add(Difference.Kind.BATCH_NOT_AT_STRIPE, where, batch.units(), 0, batch.firstSequence());
        }
        if (event == null) {
            return;
        }
        if (!event.value().equals(Long.toString(batch.units()))) {
            out.accept(new Difference(Difference.Kind.STRIPE_VALUE, where, Long.toString(batch.units()), event.value(),
                batch.firstSequence()));
        }
        final String customer = ledger.customers.get(batch.of().tenantId());
        final String eventName = ledger.eventNames.get(batch.of().meter());
        if (!event.customer().equals(customer) || !event.eventName().equals(eventName)) {
            out.accept(new Difference(Difference.Kind.STRIPE_ADDRESS, where, customer + " " + eventName,
                event.customer() + " " + event.eventName(), batch.firstSequence()));
        }
    }

    /** Whose units Stripe counts these as: by customer and event name, not by our identifier. */
    private TenantMeter address(final StripeFacts.Event event) {
        int tenantId = 0;
        for (final Map.Entry<Integer, String> entry : ledger.customers.entrySet()) {
            if (entry.getValue().equals(event.customer())) {
                tenantId = entry.getKey();
            }
        }
        int meter = 0;
        for (final Map.Entry<Integer, String> entry : ledger.eventNames.entrySet()) {
            if (entry.getValue().equals(event.eventName())) {
                meter = entry.getKey();
            }
        }
        return new TenantMeter(tenantId, meter);
    }

    private static Set<TenantMeter> union(final Set<TenantMeter> a, final Set<TenantMeter> b,
        final Set<TenantMeter> c) {
        final Set<TenantMeter> all = new TreeSet<>(a);
        all.addAll(b);
        all.addAll(c);
        return all;
    }

    private void add(final Difference.Kind kind, final String where, final long expected, final long found,
        final long sequence) {
        out.accept(new Difference(kind, where, Long.toString(expected), Long.toString(found), sequence));
    }
}
