package weir.billing;

import java.util.List;
import org.agrona.DirectBuffer;
import weir.billing.batch.Aggregator;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordHandler;
import weir.billing.intake.RecordSource;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Ledger;
import weir.billing.part.BillingPart;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.store.BillingStore;
import weir.billing.store.Database;

/**
 * Records to committed effects: takes a bounded number of records, rates and posts each, adds it to the windows, hands
 * it to the parts, and commits all of it with the journal position. Between two commits a record allocates nothing. A
 * transaction is small while the journal's end is near and grows while billing is behind, since a commit costs a sync
 * of the device and not the records in it. A failure in a transaction is for halting: memory would no longer be what is
 * stored. Billing thread.
 */
public final class RatingCycle {
    private static final long NS_PER_MS = 1_000_000L;
    private static final long ORDER_MEMORY_NS = 35L * 24 * 3_600 * 1_000 * NS_PER_MS;

    private final BillingContext context;
    private final Database database;
    private final RecordSource source;
    private final BillingStore store;
    private final RatingState state = new RatingState();
    private final Ledger ledger;
    private final Aggregator aggregator;
    private final Rater rater;
    private final RecordView view = new RecordView();
    private final Rating rating = new Rating();
    private final RecordHandler handler = this::onRecord;
    private BillingPart[] parts = {};
    private int limit;
    private long nowMs;
    private long sequence;
    private long epochNs;

    /**
     * A cycle that has taken nothing yet.
     *
     * @param context  settings: window, records in a transaction, clock
     * @param database holds the transaction
     * @param source   the journal
     */
    public RatingCycle(final BillingContext context, final Database database, final RecordSource source) {
        this.context = context;
        this.database = database;
        this.source = source;
        store = new BillingStore(database);
        ledger = new Ledger(store::onDiscrepancy);
        aggregator = new Aggregator(source.journalId(), context.windowRecords(), context.windowMs() * NS_PER_MS);
        rater = new Rater(state, store.orders(), store::onDiscrepancy);
        limit = context.recordsPerTransaction();
    }

    /**
     * Restores the state, seeks the journal, lets the parts begin.
     *
     * @param takers take every record, in this order
     */
    public void begin(final List<BillingPart> takers) {
        parts = takers.toArray(new BillingPart[0]);
        nowMs = context.epochClock().time();
        store.bind(source.journalId(), nowMs);
        store.load(state, ledger, aggregator);
        database.commit();
        sequence = store.sequence();
        epochNs = store.epochNs();
        source.seek(sequence + 1);
        source.committed(sequence, epochNs);
        for (final BillingPart part : parts) {
            part.begin(nowMs);
        }
        database.commit();
    }

    /**
     * Takes a bounded number of records and commits their effects with the position.
     *
     * @return records taken
     */
    public int takeRecords() {
        nowMs = context.epochClock().time();
        final int taken = source.poll(handler, limit);
        limit = taken == limit ? Math.min(limit * 2, context.recordsPerTransactionMax())
            : context.recordsPerTransaction();
        if (taken > 0) {
            save();
        }
        return taken;
    }

    /** Seals every open window at the present position. */
    public void sealAll() {
        aggregator.sealAll();
        save();
    }

    /**
     * Last record whose effects are committed.
     *
     * @return sequence; 0 none
     */
    public long position() {
        return store.sequence();
    }

    /**
     * What rating knows of tenants, plans and sessions.
     *
     * @return live, billing thread only
     */
    public RatingState state() {
        return state;
    }

    /**
     * Books of every tenant, in which parts may move what the engine does not hold.
     *
     * @return live, billing thread only
     */
    public Ledger ledger() {
        return ledger;
    }

    /**
     * Stores a difference that a part found; the caller commits.
     *
     * @param found difference
     */
    void report(final Discrepancy found) {
        store.onDiscrepancy(found);
    }

    /** Writes what parts moved in the ledger beside records; the caller commits. */
    void saveBooks() {
        store.saveBooks(ledger);
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long recordSequence) {
        view.wrap(buffer, offset, length);
        final long viewed = view.sequence();
        if (viewed != sequence + 1 || recordSequence != viewed) {
            throw new BillingException(BillingError.JOURNAL_GAP,
                "expected record " + (sequence + 1) + ", found " + viewed);
        }
        rater.rate(view, rating);
        ledger.post(rating, view);
        aggregator.add(rating);
        if (rating.grantId() != 0 || rating.alertPercent() != 0) {
            store.onRated(rating, state.tenant(rating.tenantId()));
        }
        if (rating.periodRolled()) {
            store.forgetClosedBefore(rating.epochNs() - ORDER_MEMORY_NS);
        }
        for (final BillingPart part : parts) {
            part.onRecord(view, rating, nowMs);
        }
        sequence = viewed;
        epochNs = rating.epochNs();
    }

    private void save() {
        nowMs = context.epochClock().time();
        store.save(sequence, epochNs, nowMs, state, ledger, aggregator);
        for (final BillingPart part : parts) {
            part.save(sequence, epochNs, nowMs);
        }
        database.commit();
        source.committed(sequence, epochNs);
    }
}
