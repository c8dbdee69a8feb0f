package weir.billing.stripe;

import com.stripe.exception.StripeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.batch.Batch;
import weir.billing.rating.MeterKind;
import weir.billing.store.Database;
import weir.billing.store.SubscriptionStore;
import weir.billing.store.SubscriptionStore.PlanVersion;
import weir.billing.store.SubscriptionStore.Subscription;
import weir.billing.store.SubscriptionStore.Usage;

/**
 * Makes Stripe follow the journaled plans: per plan version a product and a metered price per meter, per tenant a
 * subscription whose items have the prices in force. What should be is read from the database, what is from Stripe;
 * each call looks first and changes only what differs, so that a kill at any point, or an answer that was lost, ends in
 * the same objects.
 *
 * <p>A change of prices in mid-cycle has an order. Stripe bills usage until the change at the old price and usage from
 * it at the new one, by timestamp. So the batches rated at the old price are delivered first, then the items change,
 * and the batches rated at the new price wait for that; those that carry a time before it go with the time of the
 * change. The same holds at the beginning, since a subscription bills nothing from before its start. When several
 * changes came while Stripe was away, they are made one after the other: the next prices are always those of the oldest
 * usage that is not delivered, and nothing goes that is rated at others, or that comes after usage at others. Stripe
 * counts in seconds, so that a change never falls in the second of usage at the old price.
 *
 * <p>Usage while no version is in force costs nothing here; the items stay, so that Stripe would bill it at the last
 * prices. It is not sent. Billing thread.
 */
final class Subscriptions implements SubscriptionGate {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long MS_PER_SECOND = 1_000L;
    /** Prefix of the names of prices among our objects. */
    static final String PRICE = "price/";
    private static final String SWITCH = "switch/";
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
    /** Plan versions in a currency that nobody has: journaled, so that no later check can refuse them. */
    private final Set<PlanVersion> noCurrency = new HashSet<>();
    private final Map<Integer, PlanVersion> switching = new HashMap<>();
    private final Map<Integer, Border> borders = new HashMap<>();
    private final Map<Integer, Long> sentNs = new HashMap<>();
    private final Set<Integer> waiting = new HashSet<>();
    private Map<Integer, PlanVersion> wanted = Map.of();
    private Map<Integer, Subscription> current = Map.of();
    private boolean stale = true;
    private long position;
    private long begunMs;

    /** Where usage at other prices than the present ones begins, as far as the journal was looked at. */
    private record Border(PlanVersion prices, long firstSequence, long seenSequence) {
    }

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

    /** Reads what was begun before: whether it took effect is not known until it is asked again. */
    void begin(final long nowMs) {
        begunMs = nowMs;
        refresh();
        for (final String name : store.unresolved(SWITCH)) {
            final String[] part = name.split("/");
            final Subscription now = current.get(Integer.parseInt(part[1]));
            final PlanVersion plan = new PlanVersion(Integer.parseInt(part[2]), Integer.parseInt(part[3]));
            if (now != null && name.equals(switchName(now, plan))) {
                switching.put(now.tenantId(), plan);
            }
        }
    }

    /** Records were taken: what is known of plans and usage is of before them. */
    void recordsTaken() {
        stale = true;
    }

    private void refresh() {
        stale = false;
        wanted = store.wanted();
        current = store.subscriptions();
        position = store.position();
    }

    /** Begins the calls that are due. @return calls begun */
    int advance(final long nowMs) {
        refresh();
        int begun = 0;
        final Set<Integer> tenants = new TreeSet<>(wanted.keySet());
        tenants.addAll(waiting);
        tenants.addAll(switching.keySet());
        for (final int tenantId : tenants) {
            begun += advance(tenantId, wanted.getOrDefault(tenantId, PlanVersion.NONE), nowMs);
        }
        return begun;
    }

    private int advance(final int tenantId, final PlanVersion inForce, final long nowMs) {
        final Subscription now = current.get(tenantId);
        final boolean asked = waiting.remove(tenantId) || switching.containsKey(tenantId);
        if (now != null && (now.status().equals(CANCELED) || now.prices().equals(inForce) && !asked)) {
            return 0;
        }
        final Usage oldest = store.oldest(tenantId);
        final PlanVersion next = oldest == null ? inForce : oldest.ratedAt();
        final PlanVersion plan = switching.getOrDefault(tenantId, next);
        if (terms(plan).isEmpty() || now != null && now.prices().equals(plan)) {
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
        return change(now, plan, priceIds, nowMs);
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
            final String meterId = directory.meterId(price.meter());
            final String name = PRICE + price.lookupKey(meterId);
            final SubscriptionStore.Named found = store.named(name);
            if (found != null && found.objectId() != null) {
                priceIds.add(found.objectId());
            } else {
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

    private int create(final int tenantId, final PlanVersion plan, final List<String> priceIds, final long nowMs) {
        final String customerId = directory.known(tenantId);
        if (customerId == null) {
            return findCustomer(tenantId, nowMs);
        }
        final String name = "subscription/" + tenantId;
        if (!mayBegin(name, nowMs)) {
            return 0;
        }
        final String tenant = tenantNames.apply(tenantId);
        final BillingCycle.Anchor anchor = BillingCycle.anchor(nowMs, settings.zone(tenantId));
        final String key = begin(name, nowMs);
        senders.begin(name, () -> calls.ensureSubscription(customerId, tenant, priceIds, anchor, key),
            found -> {
                store.created(name, found.id());
                final boolean same = found.priceIds().equals(new HashSet<>(priceIds));
                put(tenantId, same ? plan : PlanVersion.NONE, found);
            }, failed(name, nowMs));
        return 1;
    }

    private int findCustomer(final int tenantId, final long nowMs) {
        final String name = "customer/" + tenantId;
        if (!mayBegin(name, nowMs)) {
            return 0;
        }
        final String tenant = tenantNames.apply(tenantId);
        database.commit();
        senders.begin(name, () -> directory.find(tenantId, tenant), id -> directory.remember(tenantId, id),
            answer -> refused(name, answer, nowMs));
        return 1;
    }

    /** The time of the last change tells one change to a plan version from a later one to the same. */
    private static String switchName(final Subscription now, final PlanVersion plan) {
        return SWITCH + now.tenantId() + '/' + plan.planId() + '/' + plan.version() + '/'
            + now.switchedNs() / NS_PER_SECOND;
    }

    private int change(final Subscription now, final PlanVersion plan, final List<String> priceIds, final long nowMs) {
        final long lastNs = Math.max(sentNs.getOrDefault(now.tenantId(), begunMs * NS_PER_MS), now.switchedNs());
        final String name = switchName(now, plan);
        if (nowMs / MS_PER_SECOND <= lastNs / NS_PER_SECOND || !mayBegin(name, nowMs)) {
            return 0;
        }
        switching.put(now.tenantId(), plan);
        final String key = begin(name, nowMs);
        senders.begin(name, () -> calls.changePrices(now.subscriptionId(), priceIds, key), found -> {
            store.created(name, found.id());
            switching.remove(now.tenantId());
            put(now.tenantId(), plan, found);
            LOG.info("prices of tenant={} are those of plan={} version={} from {}", now.tenantId(), plan.planId(),
                plan.version(), found.sinceSeconds());
        }, failed(name, nowMs).andThen(answer -> {
            if (answer.outcome() == StripeAnswer.Outcome.REFUSED) {
                switching.remove(now.tenantId());
            }
        }));
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
            final boolean answered = answer.replayed()
                || answer.outcome() == StripeAnswer.Outcome.UNKNOWN && !answer.code().equals("ApiConnectionException");
            store.failed(name, answer.code(), answered);
            refused(name, answer, nowMs);
        };
    }

    private void refused(final String name, final StripeAnswer answer, final long nowMs) {
        if (answer.outcome() == StripeAnswer.Outcome.REFUSED) {
            refusedUntilMs.put(name, nowMs + refusedPauseMs);
        }
    }

    private List<PriceTerms> terms(final PlanVersion plan) {
        return terms.computeIfAbsent(plan, this::readTerms);
    }

    private List<PriceTerms> readTerms(final PlanVersion plan) {
        final SubscriptionStore.Prices prices = store.prices(plan);
        final List<PriceTerms> all = new ArrayList<>();
        if (!PriceTerms.isCurrency(prices.currency())) {
            noCurrency.add(plan);
            LOG.error("PLAN_CURRENCY plan={} version={} is in '{}', which ISO 4217 does not have: usage at its "
                + "prices is held, and all later usage of its tenants", plan.planId(), plan.version(),
                prices.currency());
            return all;
        }
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
        if (stale) {
            refresh();
        }
        final PlanVersion ratedAt = store.ratedAt(batch);
        if (ratedAt == null) {
            return batch.eventNs();
        }
        final Subscription now = current.get(batch.tenantId());
        if (terms(ratedAt).isEmpty()) {
            return noCurrency.contains(ratedAt) ? HOLD : hasPrice(now, batch.meter()) ? FREE : batch.eventNs();
        }
        if (now == null) {
            waiting.add(batch.tenantId());
            return HOLD;
        }
        final long eventNs = Math.max(batch.eventNs(), now.switchedNs());
        if (now.status().equals(CANCELED)) {
            return eventNs;
        }
        if (!now.prices().equals(ratedAt) || switching.containsKey(now.tenantId())
            || batch.firstSequence() > border(now)) {
            waiting.add(now.tenantId());
            return HOLD;
        }
        sentNs.merge(now.tenantId(), eventNs, Math::max);
        return eventNs;
    }

    /** Whether Stripe bills a meter now, or may before long. What the items are is not always known. */
    private boolean hasPrice(final Subscription now, final int meter) {
        return now != null && !now.status().equals(CANCELED)
            && Stream.of(now.prices(), switching.getOrDefault(now.tenantId(), now.prices())).anyMatch(plan ->
                plan.equals(PlanVersion.NONE) || terms(plan).stream().anyMatch(price -> price.meter() == meter));
    }

    /** First record of the next usage at other prices that the present prices are to be changed for. */
    private long border(final Subscription now) {
        final Border known = borders.get(now.tenantId());
        if (known != null && known.prices.equals(now.prices()) && known.firstSequence == Long.MAX_VALUE) {
            if (known.seenSequence == position) {
                return Long.MAX_VALUE;
            }
            return look(now, known.seenSequence + 1);
        }
        final Usage oldest = store.oldest(now.tenantId());
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        return known != null && known.prices.equals(now.prices()) && oldest.firstSequence() <= known.firstSequence
            ? known.firstSequence : look(now, oldest.firstSequence());
    }

    private long look(final Subscription now, final long fromSequence) {
        final long first = store.firstOther(now.tenantId(), now.prices(), fromSequence);
        borders.put(now.tenantId(), new Border(now.prices(), first, position));
        return first;
    }
}
