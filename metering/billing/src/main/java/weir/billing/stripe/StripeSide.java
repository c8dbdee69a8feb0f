package weir.billing.stripe;

import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.EpochClock;
import weir.billing.batch.Batch;
import weir.billing.part.BillingPart;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.store.DriftStore;
import weir.billing.store.InvoiceStore;
import weir.billing.store.StripeEventStore;
import weir.billing.store.SubscriptionStore;
import weir.billing.webhook.in.StripeSignature;
import weir.billing.webhook.in.WebhookDoor;
import weir.billing.webhook.in.WebhookIntake;

/**
 * What goes on with Stripe beside the delivery of batches: prices and subscriptions, events that came from it,
 * corrections, the daily comparison. Each is looked at in turn, with a pause when nothing was due; none waits for
 * another. Billing thread; calls run on sender threads of its own.
 */
public final class StripeSide implements BillingPart, SubscriptionGate {
    private static final int SENDERS = 2;
    private static final int CALLS_PER_SECOND = 10;
    private static final int CALL_BURST = 10;

    private final StripeSettings settings;
    private final StripeDirectory directory;
    private final StripeCalls senders;
    private final Subscriptions subscriptions;
    private final StripeInbox inbox;
    private final Adjustments adjustments;
    private final ClosedPeriods closedPeriods;
    private final DailyDrift drift;
    private final InvoiceRounding rounding;
    private final TiersItems tiers;
    private final String jdbcUrl;
    private final EpochClock clock;
    private WebhookDoor door;
    private long lookAtMs;

    /**
     * Stripe's side.
     *
     * @param settings    what is on
     * @param jdbcUrl     of the database, for the listener's connection
     * @param clock       wall clock
     * @param gateway     makes the calls
     * @param directory   customers and meters
     * @param database    commits before a call
     * @param journalId   scopes the idempotency keys
     * @param tenantNames name of a tenant
     * @param books       where what invoices round is posted
     * @param policy      when to call again
     * @param random      jitter
     */
    public StripeSide(final StripeSettings settings, final String jdbcUrl, final EpochClock clock,
        final StripeGateway gateway, final StripeDirectory directory, final Database database, final String journalId,
        final IntFunction<String> tenantNames, final StripeBooks books, final RetryPolicy policy,
        final RandomGenerator random) {
        this.settings = settings;
        this.jdbcUrl = jdbcUrl;
        this.clock = clock;
        this.directory = directory;
        senders = new StripeCalls(policy, new CallGovernor(CALLS_PER_SECOND, CALL_BURST), random, SENDERS);
        final StripeObjectCalls calls = new StripeObjectCalls(gateway);
        final BatchStore batches = new BatchStore(database);
        final InvoiceStore invoices = new InvoiceStore(database);
        final SubscriptionStore store = new SubscriptionStore(database);
        subscriptions = new Subscriptions(calls, senders, store, database, directory, settings, journalId, tenantNames,
            policy.keyRefusedMs());
        inbox = new StripeInbox(new StripeEventStore(database), batches, invoices, store, calls, senders, database,
            policy);
        closedPeriods = new ClosedPeriods(settings, invoices, store);
        adjustments = new Adjustments(new AdjustmentStore(database), batches, invoices, closedPeriods, calls, senders,
            directory, database, journalId);
        rounding = new InvoiceRounding(invoices, books);
        tiers = new TiersItems(invoices, store, calls, senders, database, journalId);
        drift = new DailyDrift(new DriftStore(database), jdbcUrl, calls, senders);
    }

    @Override
    public void begin(final long nowMs) {
        if (settings.subscriptions()) {
            subscriptions.begin(nowMs);
        }
        if (!settings.webhookSecrets().isEmpty()) {
            door = WebhookDoor.launch(new WebhookIntake(new StripeSignature(settings.webhookSecrets(),
                StripeSignature.TOLERANCE_SECONDS), jdbcUrl, clock, WebhookIntake.BODY_BYTES_MAX),
                settings.webhookPort());
        }
    }

    @Override
    public void save(final long sequence, final long epochNs, final long nowMs) {
        subscriptions.recordsTaken();
    }

    @Override
    public int doWork(final long nowMs) {
        final int ended = senders.poll(nowMs);
        if (ended == 0 && nowMs < lookAtMs) {
            return 0;
        }
        int work = ended + inbox.doWork(nowMs) + (directory.ready()
            ? adjustments.doWork(nowMs) + followPlans(nowMs) + compare(nowMs) : 0);
        // the last: the steps before may commit, and what is posted is to be stored with its verdict
        work += rounding.doWork();
        lookAtMs = work > 0 ? nowMs : nowMs + settings.scanMs();
        return work;
    }

    /** Only where Stripe bills by our plans: an invoice of prices that somebody else made says nothing of our tiers. */
    private int followPlans(final long nowMs) {
        return settings.subscriptions() ? subscriptions.advance(nowMs) + tiers.doWork(nowMs) : 0;
    }

    private int compare(final long nowMs) {
        return settings.driftDaily() ? drift.doWork(nowMs) : 0;
    }

    @Override
    public long admit(final Batch batch) {
        return settings.subscriptions() ? subscriptions.admit(batch) : batch.eventNs();
    }

    @Override
    public boolean isClosed(final int tenantId, final long toldNs, final long now) {
        return closedPeriods.isClosed(tenantId, toldNs, now);
    }

    /**
     * Calls whose answers are not stored yet.
     *
     * @return count
     */
    public int inFlight() {
        return senders.inFlight();
    }

    @Override
    public void close() {
        if (door != null) {
            door.close();
        }
        senders.close();
    }
}
