package weir.billing.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordSource;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Account;
import weir.billing.ledger.Balances;
import weir.billing.ledger.EntryKind;
import weir.billing.ledger.Ledger;
import weir.billing.rating.MapOrderMemory;
import weir.billing.rating.MeterKind;
import weir.billing.rating.Plan;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.rating.TenantAccount;

/** Rates and books a journal from its first record to a given one. One thread. */
final class Replay {
    private static final int POLL_LIMIT = 1_024;

    /** Looks at a record after it was rated and booked. */
    @FunctionalInterface
    interface Visitor {
        void onRecord(RecordView view, Rating rating);
    }

    private final RecordSource source;
    private final RatingState state = new RatingState();
    private final Ledger ledger = new Ledger(found -> {
        // billing keeps these; a trace is of what was billed
    });
    private final Rater rater = new Rater(state, new MapOrderMemory(), found -> {
    });
    private final RecordView view = new RecordView();
    private final Rating rating = new Rating();
    private long taken;

    Replay(final RecordSource source) {
        this.source = source;
    }

    void run(final long last, final Visitor visitor) {
        source.seek(1);
        while (taken < last) {
            final int count = source.poll((buffer, offset, length, sequence) ->
                onRecord(buffer, offset, length, sequence, visitor), (int)Math.min(POLL_LIMIT, last - taken));
            if (count == 0) {
                throw new BillingException(BillingError.JOURNAL_BEHIND,
                    "the journal ends at record " + taken + ", the database is at " + last);
            }
        }
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence,
        final Visitor visitor) {
        view.wrap(buffer, offset, length);
        if (sequence != taken + 1 || view.sequence() != sequence) {
            throw new BillingException(BillingError.JOURNAL_GAP, "expected record " + (taken + 1) + ", found "
                + view.sequence() + "; older files may be in an archive");
        }
        rater.rate(view, rating);
        ledger.post(rating, view);
        taken = sequence;
        visitor.onRecord(view, rating);
    }

    /** Entries that were booked since the last {@link #clearPending()}, by tenant and then "kind/account". */
    Map<Integer, Map<String, Long>> entries() {
        final Map<Integer, Map<String, Long>> entries = new TreeMap<>();
        for (final Balances balances : ledger.all()) {
            final Map<String, Long> own = entries.computeIfAbsent(balances.tenantId(), id -> new TreeMap<>());
            for (final Balances.Span span : balances.pending()) {
                for (final EntryKind kind : EntryKind.values()) {
                    for (final Account account : Account.values()) {
                        if (span.firstSequence(kind, account) != 0) {
                            own.merge(kind + "/" + account, span.amount(kind, account), Long::sum);
                        }
                    }
                }
            }
        }
        return entries;
    }

    void clearPending() {
        for (final Balances balances : ledger.all()) {
            balances.clearPending();
        }
    }

    /** What the record at hand charges. */
    List<Charge> charges() {
        final List<Charge> charges = new ArrayList<>(rating.sliceCount());
        for (int slice = 0; slice < rating.sliceCount(); slice++) {
            final int meter = rating.sliceMeter(slice);
            final long price = rating.slicePriceMicros(slice);
            charges.add(new Charge(rating.sequence(), rating.epochNs(), rating.tenantId(), view.record().orderId(),
                InputNames.of(view.templateId()), MeterKind.of(meter), rating.planId(), rating.planVersion(),
                tier(meter, slice), rating.sliceUnits(slice), price));
        }
        return charges;
    }

    /** Slices of a meter ascend through its tiers; the units that these count, the record's among them, say where. */
    private int tier(final int meter, final int slice) {
        final Plan plan = state.planInForce(state.tenant(rating.tenantId()).planId(), rating.epochNs());
        if (plan == null || plan.upTo()[meter].length == 0) {
            return 0;
        }
        final TenantAccount tenant = state.tenant(rating.tenantId());
        long last = state.restarts(plan) ? tenant.tierUnits(meter) : tenant.units(meter);
        for (int later = slice + 1; later < rating.sliceCount(); later++) {
            last -= rating.sliceMeter(later) == meter ? rating.sliceUnits(later) : 0;
        }
        final long[] bounds = plan.upTo()[meter];
        int tier = 0;
        while (tier < bounds.length - 1 && last > bounds[tier]) {
            tier++;
        }
        return tier + 1;
    }
}
