package weir.billing.stripe;

import com.stripe.exception.StripeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.batch.Batch;
import weir.billing.rating.MeterKind;
import weir.billing.store.Database;
import weir.billing.store.SubscriptionStore;
import weir.billing.store.SubscriptionStore.PlanVersion;
import weir.billing.store.SubscriptionStore.Subscription;

/**
 * Makes Stripe follow the journaled plans: per plan version a product and a metered price per meter, per tenant a
 * subscription whose items have the prices in force. What should be is read from the database, what is from Stripe;
 * each call looks first and changes only what differs, so that a kill at any point, or an answer that was lost, ends in
 * the same objects.
 *
 * <p>A change of prices in mid-cycle has an order. Stripe bills usage until the change at the old price and usage from
 * it at the new one, by timestamp. So the batches rated at the old price are delivered first, then the items change,
 * and the batches rated at the new price wait for that; those that carry a time before it go with the time of the
 * change. The same holds at the beginning, since a subscription bills nothing from before its start. Billing thread.
 */
final class Subscriptions implements SubscriptionGate {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final String CANCELED = "canceled";

    private final StripeObjectCalls calls;
    private final StripeCalls senders;
    private final SubscriptionStore store;
    private final Database database;
    private final StripeDirectory directory;
    private final StripeSettings settings;
    private final String journalId;
    private final IntFunction<String> tenantNames;
    private final Map<String, Long> refusedUntilMs = new HashMap<>();
    private final long refusedPauseMs;
    private final Map<PlanVersion, List<PriceTerms>> terms = new HashMap<>();
    private Map<Integer, PlanVersion> wanted = Map.of();
    private Map<Integer, Subscription> current = Map.of();

    Subscriptions(final StripeObjectCalls calls, final StripeCalls senders, final SubscriptionStore store,
        final Database database, final StripeDirectory directory, final StripeSettings settings,
        final String journalId, final IntFunction<String> tenantNames, final long refusedPauseMs) {
        this.calls = calls;
        this.senders = senders;
        this.store = store;
        this.database = database;
        this.directory = directory;
        this.settings = settings;
        this.journalId = journalId;
        this.tenantNames = tenantNames;
        this.refusedPauseMs = refusedPauseMs;
    }

    /** Reads what is and what should be. */
    void refresh() {
        wanted = store.wanted();
        current = store.subscriptions();
    }

    /** Begins the calls that are due. @return calls begun */
    int advance(final long nowMs) throws StripeException {
        refresh();
        int begun = 0;
        for (final Map.Entry<Integer, PlanVersion> one : wanted.entrySet()) {
            begun += advance(one.getKey(), one.getValue(), nowMs);
        }
        return begun;
    }

    private int advance(final int tenantId, final PlanVersion plan, final long nowMs) throws StripeException {
        final Subscription now = current.get(tenantId);
        if (terms(plan).isEmpty() || now != null && (now.prices().equals(plan) || now.status().equals(CANCELED))) {
            return 0;
        }
        final List<String> priceIds = new ArrayList<>();
        final int begun = ensurePrices(plan, priceIds, nowMs);
        if (begun > 0 || priceIds.size() < terms(plan).size()) {
            return begun;
        }
        if (now == null) {
            return create(tenantId, plan, priceIds, nowMs);
        }
        return store.undelivered(tenantId, now.prices()) > 0 ? 0 : change(now, plan, priceIds, nowMs);
    }

    /** Begins what is missing of a plan version's product and prices; lists the prices that exist. */
    private int ensurePrices(final PlanVersion plan, final List<String> priceIds, final long nowMs) {
        final String product = "product/" + plan.planId() + '/' + plan.version();
        final SubscriptionStore.Named known = store.named(product);
        if (known == null || known.objectId() == null) {
            return ensure(product, nowMs, key -> calls.ensureProduct(plan.planId(), plan.version(), key));
        }
        int begun = 0;
        for (final PriceTerms price : terms(plan)) {
            final String name = "price/" + plan.planId() + '/' + plan.version() + '/' + price.label();
            final SubscriptionStore.Named found = store.named(name);
            if (found != null && found.objectId() != null) {
                priceIds.add(found.objectId());
            } else {
                final String meterId = directory.meterId(price.meter());
                begun += ensure(name, nowMs, key -> calls.ensurePrice(price, meterId, known.objectId(), key));
            }
        }
        return begun;
    }

    @FunctionalInterface
    private interface Ensure {
        String call(String requestKey) throws StripeException;
    }

    private int ensure(final String name, final long nowMs, final Ensure call) {
        if (!mayBegin(name, nowMs)) {
            return 0;
        }
        final String key = begin(name, nowMs);
        senders.begin(name, () -> call.call(key), id -> store.created(name, id), failed(name, nowMs));
        return 1;
    }

    private int create(final int tenantId, final PlanVersion plan, final List<String> priceIds, final long nowMs)
        throws StripeException {
        final String name = "subscription/" + tenantId;
        if (!mayBegin(name, nowMs)) {
            return 0;
        }
        final String customerId = directory.customer(tenantId);
        final String tenant = tenantNames.apply(tenantId);
        final long anchor = BillingCycle.nextMonthSeconds(nowMs, settings.zone(tenantId));
        final String key = begin(name, nowMs);
        senders.begin(name, () -> calls.ensureSubscription(customerId, tenant, priceIds, anchor, key),
            found -> {
                store.created(name, found.id());
                final boolean same = found.priceIds().equals(new HashSet<>(priceIds));
                put(tenantId, same ? plan : PlanVersion.NONE, found);
            }, failed(name, nowMs));
        return 1;
    }

    private int change(final Subscription now, final PlanVersion plan, final List<String> priceIds, final long nowMs) {
        // the time of the last change tells one change to a plan version from a later one to the same
        final String name = "switch/" + now.tenantId() + '/' + plan.planId() + '/' + plan.version() + '/'
            + now.switchedNs() / NS_PER_SECOND;
        if (!mayBegin(name, nowMs)) {
            return 0;
        }
        final String key = begin(name, nowMs);
        senders.begin(name, () -> calls.changePrices(now.subscriptionId(), priceIds, key), found -> {
            store.created(name, found.id());
            put(now.tenantId(), plan, found);
            LOG.info("prices of tenant={} are those of plan={} version={} from {}", now.tenantId(), plan.planId(),
                plan.version(), found.sinceSeconds());
        }, failed(name, nowMs));
        return 1;
    }

    private void put(final int tenantId, final PlanVersion prices, final StripeObjectCalls.Found found) {
        store.put(new Subscription(tenantId, found.id(), prices, found.sinceSeconds() * NS_PER_SECOND,
            found.status()));
        current = store.subscriptions();
    }

    private boolean mayBegin(final String name, final long nowMs) {
        return refusedUntilMs.getOrDefault(name, 0L) <= nowMs && senders.tryBegin(name, nowMs);
    }

    /** What is begun is on disk before its first byte leaves. */
    private String begin(final String name, final long nowMs) {
        store.begun(name, nowMs);
        final int attempt = store.named(name).attempt();
        database.commit();
        return "weir-" + journalId + '-' + name.replace('/', '-') + '-' + attempt;
    }

    /**
     * After no answer the same key goes again: Stripe replays what it did. An answer that says no is stored under its
     * key too, so the next attempt has another.
     */
    private Consumer<StripeAnswer> failed(final String name, final long nowMs) {
        return answer -> {
            final boolean answered = answer.outcome() == StripeAnswer.Outcome.REFUSED
                || answer.outcome() == StripeAnswer.Outcome.UNKNOWN && !answer.code().equals("ApiConnectionException");
            store.failed(name, answer.code(), answered);
            if (answer.outcome() == StripeAnswer.Outcome.REFUSED) {
                refusedUntilMs.put(name, nowMs + refusedPauseMs);
            }
        };
    }

    private List<PriceTerms> terms(final PlanVersion plan) {
        return terms.computeIfAbsent(plan, this::readTerms);
    }

    private List<PriceTerms> readTerms(final PlanVersion plan) {
        final SubscriptionStore.Prices prices = store.prices(plan);
        final List<PriceTerms> all = new ArrayList<>();
        for (int meter = 0; meter < MeterKind.COUNT; meter++) {
            if (!prices.upTo().get(meter).isEmpty()) {
                all.add(PriceTerms.of(plan.planId(), plan.version(), meter, MeterKind.of(meter).label(),
                    prices.currency(), prices.upTo().get(meter).stream().mapToLong(Long::longValue).toArray(),
                    prices.priceMicros().get(meter).stream().mapToLong(Long::longValue).toArray()));
            }
        }
        return all;
    }

    @Override
    public long admit(final Batch batch) {
        final PlanVersion ratedAt = store.ratedAt(batch);
        if (ratedAt == null || ratedAt.planId() == 0 || terms(ratedAt).isEmpty()) {
            return batch.eventNs();
        }
        final Subscription now = current.get(batch.tenantId());
        if (now == null) {
            return HOLD;
        }
        if (now.status().equals(CANCELED) || now.prices().equals(ratedAt)) {
            return Math.max(batch.eventNs(), now.switchedNs());
        }
        // rated at a price that is to come: it waits; at one that is gone: nothing is to be won by waiting
        return ratedAt.equals(wanted.get(batch.tenantId())) ? HOLD : batch.eventNs();
    }
}
