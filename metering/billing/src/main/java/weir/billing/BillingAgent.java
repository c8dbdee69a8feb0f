package weir.billing;

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
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
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
    private final GrantCourier courier;
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
        courier = new GrantCourier(new GrantStore(database), context.grantLine());
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
        delivery.begin();
    }

    int doWork() {
        return takeRecords() + deliver() + grant();
    }

    private int grant() {
        final int work = courier.doWork(context.epochClock().time());
        if (work > 0) {
            database.commit();
        } else {
            database.rest();
        }
        return work;
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
        ledger.post(rating, view.record());
        aggregator.add(rating);
        if (rating.grantId() != 0 || rating.alertPercent() != 0) {
            store.onRated(rating, state.tenant(rating.tenantId()));
        }
        if (rating.periodRolled()) {
            store.forgetClosedBefore(rating.epochNs() - ORDER_MEMORY_NS);
        }
        courier.onRecord(view, context.epochClock().time());
        sequence = view.sequence();
        epochNs = rating.epochNs();
    }

    private void save() {
        store.save(sequence, epochNs, context.epochClock().time(), state, ledger, aggregator);
        database.commit();
        source.committed(sequence, epochNs);
    }

    @Override
    public void close() {
        delivery.close();
        courier.close();
        source.close();
        database.close();
    }
}
