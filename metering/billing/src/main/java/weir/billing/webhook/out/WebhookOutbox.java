package weir.billing.webhook.out;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.audit.SummaryListener;
import weir.billing.intake.RecordView;
import weir.billing.part.BillingPart;
import weir.billing.rating.Rating;
import weir.billing.store.WebhookStore;

/**
 * Sends events to the endpoints of tenants, at least once each. A message becomes a row in the transaction of what
 * caused it; its id never changes, so that a receiver recognises what a kill between an answer and its storing brings a
 * second time. One attempt at a time per endpoint; what is due is read from the database, so memory does not grow with
 * what waits. Billing thread, but for the attempts.
 */
public final class WebhookOutbox implements BillingPart {
    /** Tenant of a message for every tenant. */
    public static final int ALL_TENANTS = 0;

    private static final Logger LOG = LoggerFactory.getLogger(WebhookOutbox.class);
    private static final long LOOK_MS = 100;
    private static final long PRUNE_MS = 3_600_000L;
    /** A pause is longer by up to a fifth, so that what failed together does not come back together. */
    private static final double JITTER = 0.2;

    private final WebhookSettings settings;
    private final WebhookStore store;
    private final JournalEvents events;
    private final WebhookSender sender;
    private final ExecutorService threads;
    private final SplittableRandom random;
    private final Map<String, WebhookEndpoint> endpoints = new HashMap<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Map<String, Long> lastStartMs = new HashMap<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private long nextLookMs;
    private long nextPruneMs;

    private record Outcome(WebhookStore.Delivery delivery, WebhookAnswer answer) {
    }

    /**
     * An outbox.
     *
     * @param settings endpoints, times
     * @param store    rows
     * @param events   makes messages of records
     * @param clock    wall clock of timestamps
     * @param random   jitter
     * @param tls      trust; null the system's
     */
    public WebhookOutbox(final WebhookSettings settings, final WebhookStore store, final JournalEvents events,
        final EpochClock clock, final SplittableRandom random, final SSLContext tls) {
        this.settings = settings;
        this.store = store;
        this.events = events;
        this.random = random;
        for (final WebhookEndpoint endpoint : settings.endpoints()) {
            endpoints.put(endpoint.key(), endpoint);
        }
        sender = endpoints.isEmpty() ? null : new WebhookSender(settings, tls, clock);
        final AtomicInteger count = new AtomicInteger();
        threads = endpoints.isEmpty() ? null : Executors.newFixedThreadPool(settings.senders(), task -> {
            final Thread thread = new Thread(task, "billing-webhook-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void begin(final long nowMs) {
        for (final WebhookStore.Endpoint known : store.endpoints()) {
            if (!endpoints.containsKey(known.endpoint())) {
                store.abandon(known.endpoint());
            }
        }
        for (final WebhookEndpoint endpoint : settings.endpoints()) {
            store.configure(endpoint.key(), endpoint.tenantId(), endpoint.url().toString());
        }
    }

    @Override
    public void onRecord(final RecordView view, final Rating rating, final long nowMs) {
        if (!endpoints.isEmpty() && JournalEvents.concerns(view, rating)) {
            events.onRecord(view, rating, (tenantId, type, id, body) ->
                publish(tenantId, type, id, body, view.sequence(), nowMs));
        }
    }

    /**
     * Publishes each daily summary to every tenant that wants it.
     *
     * @param before is told first
     * @return a listener for the audit
     */
    public SummaryListener summaries(final SummaryListener before) {
        return (summary, keyId, signature, nowMs) -> {
            before.onSummary(summary, keyId, signature, nowMs);
            events.onSummary(summary, keyId, signature, (tenantId, type, id, body) ->
                publish(tenantId, type, id, body, summary.lastSequence(), nowMs));
        };
    }

    /**
     * Records an event for the endpoints that want it, in the caller's transaction. The same id again changes nothing.
     *
     * @param tenantId whose endpoints; {@link #ALL_TENANTS} every tenant's
     * @param type     of the event, such as {@code summary.daily}
     * @param id       webhook-id: made of what causes the event, so that it is the same when it is made again; without
     *                 a full stop
     * @param body     JSON with type, timestamp and data; at most 20 kB by advice
     * @param sequence record that caused it; 0 none
     * @param nowMs    wall clock
     * @return endpoints that it goes to now
     */
    public int publish(final int tenantId, final String type, final String id, final String body, final long sequence,
        final long nowMs) {
        int addressed = 0;
        for (final WebhookEndpoint endpoint : settings.endpoints()) {
            if (endpoint.wants(tenantId, type)) {
                if (addressed == 0 && !store.insert(id, tenantId, type, body, sequence, nowMs)) {
                    return 0;
                }
                store.address(endpoint.key(), id, nowMs + pauseMs(0));
                addressed++;
            }
        }
        return addressed;
    }

    @Override
    public int doWork(final long nowMs) {
        if (endpoints.isEmpty()) {
            return 0;
        }
        int work = 0;
        for (Outcome outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            inFlight.remove(outcome.delivery().endpoint());
            store(outcome, nowMs);
            nextLookMs = nowMs;
            work++;
        }
        if (nowMs >= nextLookMs || nextLookMs - nowMs > LOOK_MS) {
            nextLookMs = nowMs + LOOK_MS;
            start(nowMs);
            if (nowMs >= nextPruneMs) {
                nextPruneMs = nowMs + PRUNE_MS;
                store.forgetDeliveredBefore(nowMs - settings.keepMs());
                work++;
            }
        }
        return work;
    }

    private void start(final long nowMs) {
        if (inFlight.size() >= settings.senders()) {
            return;
        }
        final List<String> due = store.dueEndpoints(nowMs);
        // in turns: one that takes its time for each of many messages does not keep the others waiting for all of them
        due.sort(Comparator.comparingLong(name -> lastStartMs.getOrDefault(name, 0L)));
        for (final String name : due) {
            if (inFlight.size() >= settings.senders()) {
                return;
            }
            final WebhookEndpoint endpoint = endpoints.get(name);
            final WebhookStore.Delivery next =
                endpoint == null || inFlight.contains(name) ? null : store.due(name, nowMs);
            if (next != null) {
                inFlight.add(name);
                lastStartMs.put(name, nowMs);
                threads.execute(() -> outcomes.add(new Outcome(next,
                    sender.send(endpoint, next.messageId(), next.body()))));
            }
        }
    }

    private void store(final Outcome outcome, final long nowMs) {
        final WebhookStore.Delivery delivery = outcome.delivery();
        final WebhookAnswer answer = outcome.answer();
        final int attempts = delivery.attempts() + 1;
        final boolean last = attempts >= settings.retryMs().size();
        if (answer.gone() && store.disable(delivery.endpoint(), nowMs, "it answered 410")) {
            LOG.warn("webhook endpoint {} answered 410 and is disabled", delivery.endpoint());
        }
        if (answer.throttled()) {
            store.throttle(delivery.endpoint(),
                nowMs + (answer.retryAfterMs() >= 0 ? answer.retryAfterMs() : jittered(settings.throttleMs())));
        }
        final WebhookStore.State state = answer.delivered() ? WebhookStore.State.DELIVERED
            : last && !answer.gone() ? WebhookStore.State.DEAD : WebhookStore.State.PENDING;
        final long pauseMs = state == WebhookStore.State.PENDING
            ? Math.max(pauseMs(attempts), answer.retryAfterMs()) : 0;
        store.attempted(delivery.endpoint(), delivery.messageId(), state, nowMs + pauseMs, nowMs, answer.status(),
            answer.detail());
        if (state == WebhookStore.State.DEAD) {
            LOG.error("webhook {} to {} is a dead letter after {} attempts: status={} {}", delivery.messageId(),
                delivery.endpoint(), attempts, answer.status(), answer.detail());
        } else if (state == WebhookStore.State.PENDING) {
            LOG.warn("webhook {} to {} failed: attempt={} status={} {}; again in {} ms", delivery.messageId(),
                delivery.endpoint(), attempts, answer.status(), answer.detail(), pauseMs);
        }
    }

    private long pauseMs(final int attempt) {
        return jittered(settings.retryMs().get(Math.min(attempt, settings.retryMs().size() - 1)));
    }

    private long jittered(final long pauseMs) {
        return pauseMs + (long)(pauseMs * JITTER * random.nextDouble());
    }

    /** Ends attempts at hand: they are made again at the next start. */
    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
            sender.close();
        }
    }
}
