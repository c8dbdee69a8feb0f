package weir.billing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.agrona.CloseHelper;
import weir.billing.audit.AuditPart;
import weir.billing.courier.GrantCourier;
import weir.billing.intake.RecordSource;
import weir.billing.part.BillingPart;
import weir.billing.readout.ReadOutPart;
import weir.billing.statement.StatementPart;
import weir.billing.store.AuditStore;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.store.GrantStore;
import weir.billing.store.StatementStore;
import weir.billing.store.WebhookStore;
import weir.billing.stripe.CallGovernor;
import weir.billing.stripe.Delivery;
import weir.billing.stripe.StripeBooks;
import weir.billing.stripe.StripeClock;
import weir.billing.stripe.StripeDirectory;
import weir.billing.stripe.StripeGateway;
import weir.billing.stripe.StripeSide;
import weir.billing.webhook.out.JournalEvents;
import weir.billing.webhook.out.WebhookOutbox;

/**
 * The duty cycle: take records in one transaction, store answers of Stripe, start calls. A failure in a transaction
 * halts, since what is in memory would no longer be what is stored; the next start reads it back. Billing thread.
 */
final class BillingAgent implements AutoCloseable {
    private static final long NS_PER_MS = 1_000_000L;
    private static final int CALL_BURST = 5;

    private final BillingContext context;
    private final Database database;
    private final RecordSource source;
    private final BatchStore batches;
    private final RatingCycle cycle;
    private final Delivery delivery;
    private final StripeSide stripe;
    private final List<BillingPart> parts;

    BillingAgent(final BillingContext context, final Database database, final RecordSource source,
        final Map<Integer, String> customers, final Map<Integer, String> names) {
        this.context = context;
        this.database = database;
        this.source = source;
        batches = new BatchStore(database);
        cycle = new RatingCycle(context, database, source);
        final StripeGateway gateway = new StripeGateway(context.stripeApiBase(), context.stripeApiKey(),
            context.connectTimeoutMs(), context.readTimeoutMs(),
            new StripeClock(context.epochClock(), StripeClock.ALARM_MS));
        final IntFunction<String> tenantNames =
            tenantId -> names.getOrDefault(tenantId, cycle.state().tenant(tenantId).name());
        final StripeDirectory directory = new StripeDirectory(gateway, batches, database, source.journalId(),
            context.meterEventNames(), customers, tenantNames);
        stripe = new StripeSide(context.stripe(), context.jdbcUrl(), context.epochClock(), gateway, directory,
            database, source.journalId(), tenantNames,
            new StripeBooks(cycle.ledger(), cycle::position, cycle::report), context.retryPolicy(),
            new SplittableRandom());
        delivery = new Delivery(gateway, batches, database, directory, context.retryPolicy(),
            new CallGovernor(context.callsPerSecond(), CALL_BURST), context.epochClock(), new SplittableRandom(),
            context.senders(), stripe);
        final WebhookOutbox outbox = new WebhookOutbox(context.webhooks(), new WebhookStore(database),
            new JournalEvents(cycle.state(), context.webhooks(), source.journalId()), context.epochClock(),
            new SplittableRandom(), null);
        parts = List.of(
            new GrantCourier(new GrantStore(database), context.grantLine()),
            new AuditPart(new AuditStore(database),
                context.audit().listener(outbox.summaries(context.audit().listener()))),
            new StatementPart(new StatementStore(database)),
            new ReadOutPart(context.readOuts(), context.jdbcUrl(), context.journalDir(), context.epochClock(),
                database, cycle.state()),
            stripe,
            outbox);
    }

    /** Restores the state, seeks the journal, sets Stripe up. */
    void begin() {
        cycle.begin(parts);
        delivery.begin();
    }

    int doWork() {
        return takeRecords() + deliver() + workParts();
    }

    /** Work of the parts beside records; Stripe's is done by {@link #deliver()}, since batches wait for it. */
    int workParts() {
        final long nowMs = context.epochClock().time();
        int sum = 0;
        for (final BillingPart part : parts) {
            sum += part == stripe ? 0 : work(part, nowMs);
        }
        return sum;
    }

    private int work(final BillingPart part, final long nowMs) {
        final int work = part.doWork(nowMs);
        if (work > 0) {
            cycle.saveBooks();
            database.commit();
        } else {
            database.rest();
        }
        return work;
    }

    /** Takes a bounded number of records, commits their effects with the position. @return records taken */
    int takeRecords() {
        return cycle.takeRecords();
    }

    int deliver() {
        return delivery.doWork() + work(stripe, context.epochClock().time());
    }

    /** Seals every open window at the present position. */
    void sealAll() {
        cycle.sealAll();
    }

    long undelivered() {
        return batches.undelivered();
    }

    long position() {
        return cycle.position();
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

    @Override
    public void close() {
        final List<AutoCloseable> all = new ArrayList<>(parts);
        all.add(0, delivery);
        all.add(source);
        all.add(database);
        CloseHelper.closeAll(all);
    }
}
