package weir.billing;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import weir.billing.batch.Aggregator;
import weir.billing.courier.GrantCourier;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordSource;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Ledger;
import weir.billing.part.BillingPart;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.readout.ReadOutPart;
import weir.billing.store.BatchStore;
import weir.billing.store.BillingStore;
import weir.billing.store.Database;
import weir.billing.store.GrantStore;
import weir.billing.stripe.CallGovernor;
import weir.billing.stripe.Delivery;
import weir.billing.stripe.StripeDirectory;
import weir.billing.stripe.StripeGateway;

/**
 * The duty cycle: take records in one transaction, store answers of Stripe, start calls. A failure in a transaction
 * halts, since what is in memory would no longer be what is stored; the next start reads it back. Billing thread.
 */
final class BillingAgent implements AutoCloseable {
    private static final long NS_PER_MS = 1_000_000L;
    private static final long ORDER_MEMORY_NS = 35L * 24 * 3_600 * 1_000 * NS_PER_MS;
    private static final int CALL_BURST = 5;

    private final BillingContext context;
    private final Database database;
    private final RecordSource source;
    private final BillingStore store;
    private final BatchStore batches;
    private final RatingState state = new RatingState();
    private final Ledger ledger;
    private final Aggregator aggregator;
    private final Rater rater;
    private final Delivery delivery;
    private final List<BillingPart> parts;
    private final RecordView view = new RecordView();
    private final Rating rating = new Rating();
    private long sequence;
    private long epochNs;

    BillingAgent(final BillingContext context, final Database database, final RecordSource source,
        final Map<Integer, String> customers, final Map<Integer, String> names) {
        this.context = context;
        this.database = database;
        this.source = source;
        store = new BillingStore(database);
        batches = new BatchStore(database);
        ledger = new Ledger(store::onDiscrepancy);
        aggregator = new Aggregator(source.journalId(), context.windowRecords(), context.windowMs() * NS_PER_MS);
        rater = new Rater(state, store.orders(), store::onDiscrepancy);
        final StripeGateway gateway = new StripeGateway(context.stripeApiBase(), context.stripeApiKey(),
            context.connectTimeoutMs(), context.readTimeoutMs());
        final StripeDirectory directory = new StripeDirectory(gateway, batches, database, source.journalId(),
            context.meterEventNames(), customers,
            tenantId -> names.getOrDefault(tenantId, state.tenant(tenantId).name()));
        delivery = new Delivery(gateway, batches, database, directory, context.retryPolicy(),
            new CallGovernor(context.callsPerSecond(), CALL_BURST), context.epochClock(), new SplittableRandom(),
            context.senders());
        parts = List.of(
            new GrantCourier(new GrantStore(database), context.grantLine()),
            new ReadOutPart(context.readOuts(), context.jdbcUrl(), context.epochClock(), database, state));
    }

    /** Restores the state, seeks the journal, sets Stripe up. */
    void begin() {
        store.bind(source.journalId(), context.epochClock().time());
        store.load(state, ledger, aggregator);
        database.commit();
        sequence = store.sequence();
        epochNs = store.epochNs();
        source.seek(sequence + 1);
        source.committed(sequence, epochNs);
        final long nowMs = context.epochClock().time();
        for (final BillingPart part : parts) {
            part.begin(nowMs);
        }
        database.commit();
        delivery.begin();
    }

    int doWork() {
        return takeRecords() + deliver() + workParts();
    }

    private int workParts() {
        final long nowMs = context.epochClock().time();
        int sum = 0;
        for (final BillingPart part : parts) {
            final int work = part.doWork(nowMs);
            if (work > 0) {
                database.commit();
            } else {
                database.rest();
            }
            sum += work;
        }
        return sum;
    }

    /** Takes a bounded number of records, commits their effects with the position. @return records taken */
    int takeRecords() {
        final int taken = source.poll(this::onRecord, context.recordsPerTransaction());
        if (taken > 0) {
            save();
        }
        return taken;
    }

    int deliver() {
        final int work = delivery.doWork();
        database.rest();
        return work;
    }

    /** Seals every open window at the present position. */
    void sealAll() {
        aggregator.sealAll();
        save();
    }

    long undelivered() {
        return batches.undelivered();
    }

    long position() {
        return store.sequence();
    }

    /** Waits for calls in flight and stores their answers. */
    void settle(final long timeoutMs) {
        final long deadlineNs = System.nanoTime() + timeoutMs * NS_PER_MS;
        while (delivery.inFlight() > 0 && System.nanoTime() < deadlineNs) {
            if (delivery.storeAnswers() == 0) {
                LockSupport.parkNanos(NS_PER_MS);
            }
        }
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long recordSequence) {
        view.wrap(buffer, offset, length);
        if (view.sequence() != sequence + 1 || recordSequence != view.sequence()) {
            throw new BillingException(BillingError.JOURNAL_GAP,
                "expected record " + (sequence + 1) + ", found " + view.sequence());
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
        final long nowMs = context.epochClock().time();
        for (final BillingPart part : parts) {
            part.onRecord(view, rating, nowMs);
        }
        sequence = view.sequence();
        epochNs = rating.epochNs();
    }

    private void save() {
        final long nowMs = context.epochClock().time();
        store.save(sequence, epochNs, nowMs, state, ledger, aggregator);
        for (final BillingPart part : parts) {
            part.save(sequence, epochNs, nowMs);
        }
        database.commit();
        source.committed(sequence, epochNs);
    }

    @Override
    public void close() {
        delivery.close();
        for (final BillingPart part : parts) {
            part.close();
        }
        source.close();
        database.close();
    }
}
