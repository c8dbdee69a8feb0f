package weir.billing.stripe;

import com.stripe.exception.StripeException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchState;
import weir.billing.fault.BillingException;
import weir.billing.rating.MeterKind;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.protocol.CrashPoint;

/**
 * Carries sealed batches to Stripe, each exactly once as Stripe counts. A batch is SENT in the database before its call
 * and ACKED or QUARANTINED after; a crash between leaves SENT, and the same identifier is sent again, which Stripe
 * answers with "already exists" when the first was taken. Beyond the age at which Stripe may have forgotten the
 * identifier, its event summaries are asked first. Runs on the billing thread; every call runs on a sender thread,
 * those that look up a customer or the meters too: the batches that need them wait, all others go. A look-up that fails
 * is tried again after a back-off of its own; it holds nothing else, unless Stripe refuses the key or is busy. While
 * one call at a time is tried, it goes after the batches that need none.
 */
public final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final long NS_PER_MINUTE = 60_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    /** After a call Stripe's sums may not hold it yet for so long. */
    private static final long SUMMARY_LAG_MS = 600_000L;
    private static final int DUE_ROWS = 256;
    private static final long GATE_PAUSE_MS = 250;
    /** In flight: the meters' ids are asked for. Keys of batches are above 0, those of customers below. */
    private static final long SET_UP = 0;

    private final StripeGateway gateway;
    private final BatchStore batches;
    private final Database database;
    private final StripeDirectory directory;
    private final RetryPolicy policy;
    private final CallGovernor governor;
    private final EpochClock clock;
    private final RandomGenerator random;
    private final ExecutorService senders;
    private final int inFlightMax;
    private final SubscriptionGate gate;
    private final Queue<Finished> finished = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> looked = new ConcurrentLinkedQueue<>();
    private final Set<Long> inFlight = new HashSet<>();
    private final Map<Long, Hold> holds = new HashMap<>();
    private final int lookUpsMax;
    private int failuresInRow;
    private long holdUntilMs;
    private String trouble;

    private record Finished(BatchStore.Due due, StripeAnswer answer, BigDecimal counted) {
    }

    /** A look-up that failed, and when it is tried again. */
    private record Hold(int failures, long untilMs) {
    }

    /**
     * A delivery.
     *
     * @param gateway   makes the calls
     * @param batches   states
     * @param database  commits them
     * @param directory customers and meters
     * @param policy    when to call again
     * @param governor  rate
     * @param clock     wall clock
     * @param random    jitter
     * @param senders   calls at once
     * @param gate      when a batch may go, and with which time
     */
    public Delivery(final StripeGateway gateway, final BatchStore batches, final Database database,
        final StripeDirectory directory, final RetryPolicy policy, final CallGovernor governor, final EpochClock clock,
        final RandomGenerator random, final int senders, final SubscriptionGate gate) {
        this.gate = gate;
        this.gateway = gateway;
        this.batches = batches;
        this.database = database;
        this.directory = directory;
        this.policy = policy;
        this.governor = governor;
        this.clock = clock;
        this.random = random;
        this.inFlightMax = senders;
        // look-ups that wait for Stripe leave senders to the batches
        this.lookUpsMax = Math.max(1, senders / 2);
        this.senders = Executors.newFixedThreadPool(senders, task -> {
            final Thread thread = new Thread(task, "billing-sender");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * First set-up, which is waited for. When Stripe does not answer, it is tried again with the first batch.
     *
     * @throws weir.billing.fault.BillingException STRIPE_KEY_REFUSED, STRIPE_METER_MISMATCH
     */
    public void begin() {
        try {
            directory.setUp();
            succeeded();
        } catch (final StripeException ex) {
            final StripeAnswer answer = StripeGateway.classify(ex);
            onTrouble(answer, clock.time());
            if (answer.outcome() == StripeAnswer.Outcome.KEY_REFUSED
                || answer.outcome() == StripeAnswer.Outcome.DENIED) {
                throw StripeDirectory.keyRefused(answer);
            }
        } catch (final BillingException ex) {
            throw ex;
        } catch (final RuntimeException ex) {
            onTrouble(StripeGateway.unreadable(ex), clock.time());
        }
    }

    /**
     * Stores answers that came, starts calls that are due.
     *
     * @return work done
     */
    public int doWork() {
        return storeAnswers() + startCalls();
    }

    /**
     * Calls whose answers are not stored yet.
     *
     * @return count
     */
    public int inFlight() {
        return inFlight.size();
    }

    /**
     * Stores the answers that came.
     *
     * @return number stored
     */
    public int storeAnswers() {
        int count = 0;
        for (Finished one = finished.poll(); one != null; one = finished.poll()) {
            inFlight.remove(key(one.due.batch()));
            store(one);
            count++;
        }
        for (Runnable one = looked.poll(); one != null; one = looked.poll()) {
            one.run();
            count++;
        }
        if (count > 0) {
            database.commit();
        }
        return count;
    }

    private int startCalls() {
        final long nowMs = clock.time();
        if (inFlight.size() >= inFlightMax || nowMs < holdUntilMs) {
            return 0;
        }
        final List<BatchStore.Due> due = due(nowMs);
        if (due.isEmpty()) {
            return 0;
        }
        if (!directory.ready()) {
            if (inFlight.contains(SET_UP) || isHeld(SET_UP, nowMs) || !governor.tryAcquire(System.nanoTime())) {
                return 0;
            }
            lookUp(SET_UP, directory::findMeters, directory::rememberMeters);
            return 1;
        }
        int started = 0;
        int held = 0;
        final int mayStart = failuresInRow > 0 ? 1 : inFlightMax;
        final Runnable[] calls = new Runnable[inFlightMax];
        for (final BatchStore.Due one : due) {
            if (inFlight.size() >= mayStart) {
                break;
            }
            final int tenantId = one.batch().tenantId();
            if (inFlight.contains(customerKey(tenantId))
                || directory.known(tenantId) == null && lookUps() >= lookUpsMax) {
                continue;
            }
            final BatchStore.Due timed = timed(one, nowMs);
            if (timed == null) {
                held++;
                continue;
            }
            final Batch batch = timed.batch();
            if (!inFlight.contains(key(batch)) && governor.tryAcquire(System.nanoTime())) {
                final String customer = directory.known(tenantId);
                if (customer == null) {
                    final String name = directory.name(tenantId);
                    lookUp(customerKey(tenantId), () -> directory.find(tenantId, name),
                        found -> directory.remember(tenantId, found));
                    held++;
                } else {
                    holds.remove(customerKey(tenantId));
                    inFlight.add(key(batch));
                    calls[started++] = call(timed, customer, nowMs);
                }
            }
        }
        if (started + held > 0) {
            // the states are on disk before the first byte leaves
            database.commit();
            for (int i = 0; i < started; i++) {
                senders.execute(calls[i]);
            }
        }
        return started + held;
    }

    private List<BatchStore.Due> due(final long nowMs) {
        if (failuresInRow > 0) {
            // the one call that is tried now must not be that of a look-up which fails each time
            final List<BatchStore.Due> others = batches.due(nowMs, DUE_ROWS, waiting(Long.MIN_VALUE));
            if (!others.isEmpty()) {
                return others;
            }
        }
        return batches.due(nowMs, DUE_ROWS, waiting(nowMs));
    }

    private boolean isHeld(final long key, final long nowMs) {
        final Hold hold = holds.get(key);
        return hold != null && nowMs < hold.untilMs;
    }

    private int lookUps() {
        int count = 0;
        for (final long key : inFlight) {
            count += key < 0 ? 1 : 0;
        }
        return count;
    }

    /** Tenants whose customer is looked up, or is to be after a pause: their batches would take the place of others. */
    private Set<Integer> waiting(final long nowMs) {
        final Set<Integer> tenants = new TreeSet<>();
        for (final long key : inFlight) {
            if (key < 0) {
                tenants.add(tenantOf(key));
            }
        }
        for (final Map.Entry<Long, Hold> one : holds.entrySet()) {
            if (one.getKey() < 0 && nowMs < one.getValue().untilMs) {
                tenants.add(tenantOf(one.getKey()));
            }
        }
        return tenants;
    }

    /**
     * The batch with the time that it goes with; null when it does not go now. What was begun goes as it was: its time
     * is part of what Stripe may have taken.
     */
    private BatchStore.Due timed(final BatchStore.Due due, final long nowMs) {
        final Batch batch = due.batch();
        if (due.maybeAccepted()) {
            final long sumsAtMs = due.firstSentMs() + SUMMARY_LAG_MS;
            if (nowMs < sumsAtMs && isClosed(due, nowMs)) {
                batches.postponed(batch.identifier(), "awaits_summary", sumsAtMs);
                return null;
            }
            return due;
        }
        // the time of the usage decides whether it may still be billed, not the one that it is told with
        final ClockRules.Verdict verdict = ClockRules.judge(batch.eventNs(), nowMs);
        if (verdict == ClockRules.Verdict.TOO_OLD || verdict == ClockRules.Verdict.TOO_FAR_AHEAD) {
            refuse(batch, verdict == ClockRules.Verdict.TOO_OLD ? ClockRules.TOO_OLD : ClockRules.TOO_FAR_AHEAD, nowMs);
            return null;
        }
        final long admittedNs = gate.admit(batch);
        if (admittedNs == SubscriptionGate.HOLD) {
            batches.postponed(batch.identifier(), "awaits_price", nowMs + GATE_PAUSE_MS);
            return null;
        }
        if (admittedNs == SubscriptionGate.FREE) {
            batches.free(batch.identifier());
            return null;
        }
        long sentNs = Math.max(admittedNs, due.sentNs());
        if (gate.isClosed(batch.tenantId(), sentNs, nowMs)) {
            if (batch.units() > 0) {
                refuse(batch, ClockRules.PERIOD_FINAL, nowMs);
                return null;
            }
            // a correction is for the next invoice then
            sentNs = nowMs * NS_PER_MS;
        }
        if (ClockRules.judge(sentNs, nowMs) != ClockRules.Verdict.SEND) {
            batches.postponed(batch.identifier(), ClockRules.AHEAD, ClockRules.sendableAtMs(sentNs));
            return null;
        }
        if (sentNs != due.sentNs()) {
            batches.retimed(batch.identifier(), sentNs);
        }
        return new BatchStore.Due(batch, due.attempts(), due.firstSentMs(), sentNs);
    }

    private boolean isClosed(final BatchStore.Due due, final long nowMs) {
        return gate.isClosed(due.batch().tenantId(), due.sentNs(), nowMs);
    }

    private void refuse(final Batch batch, final String code, final long nowMs) {
        LOG.error("STRIPE_CLOCK_RULE batch={} code={} event={} ns, now={} ms", batch.identifier(), code,
            batch.eventNs(), nowMs);
        batches.quarantined(batch.identifier(), code, "not sent: its time is " + batch.eventNs() / 1_000_000_000L);
    }

    /** Asks on a sender thread; nothing of it needs to be on disk before, since each call looks before it creates. */
    private <T> void lookUp(final long key, final StripeCalls.Call<T> call, final Consumer<T> onFound) {
        inFlight.add(key);
        senders.execute(() -> {
            Runnable outcome;
            try {
                final T found = call.make();
                outcome = () -> {
                    holds.remove(key);
                    succeeded();
                    onFound.accept(found);
                };
            } catch (final StripeException ex) {
                final StripeAnswer answer = StripeGateway.classify(ex);
                outcome = () -> lookUpFailed(key, answer);
            } catch (final BillingException ex) {
                outcome = () -> {
                    throw ex; // a meter of another kind: halts, as at the start
                };
            } catch (final RuntimeException ex) {
                final StripeAnswer answer = StripeGateway.unreadable(ex);
                outcome = () -> lookUpFailed(key, answer);
            }
            final Runnable last = outcome;
            looked.add(() -> {
                inFlight.remove(key);
                last.run();
            });
        });
    }

    private void lookUpFailed(final long key, final StripeAnswer answer) {
        final long nowMs = clock.time();
        final Hold before = holds.get(key);
        final int failures = before == null ? 1 : before.failures + 1;
        final long pauseMs = Math.max(answer.afterMs(), policy.delayMs(failures, random));
        holds.put(key, new Hold(failures, nowMs + pauseMs));
        LOG.warn("Stripe: look-up of {} failed {} times: {} {} {}; again in {} ms", key == SET_UP ? "the meters"
            : "tenant " + tenantOf(key), failures, answer.outcome(), answer.code(), answer.detail(), pauseMs);
        if (answer.outcome() == StripeAnswer.Outcome.KEY_REFUSED || answer.outcome() == StripeAnswer.Outcome.BUSY) {
            onTrouble(answer, nowMs);
        }
    }

    private Runnable call(final BatchStore.Due due, final String customer, final long nowMs) {
        final Batch batch = due.told();
        // where it would be billed by nothing, or Stripe may have forgotten it, it is not sent again without a look
        if (due.maybeAccepted() && (nowMs - due.firstSentMs() >= policy.resendLimitMs()
            || ClockRules.judge(batch.eventNs(), nowMs) == ClockRules.Verdict.TOO_OLD || isClosed(due, nowMs))) {
            final long fromNs = batch.eventNs() / NS_PER_MINUTE * NS_PER_MINUTE;
            return () -> finished.add(ask(due, customer, fromNs));
        }
        batches.sent(batch.identifier(), nowMs);
        final String eventName = directory.eventName(batch.meter());
        return () -> {
            StripeAnswer answer;
            try {
                answer = gateway.send(batch, eventName, customer, due.attempts() + 1);
            } catch (final RuntimeException ex) {
                answer = StripeGateway.unreadable(ex);
            }
            CrashPoint.hit(CrashPoint.AFTER_STRIPE_ANSWER);
            finished.add(new Finished(due, answer, null));
        };
    }

    private Finished ask(final BatchStore.Due due, final String customer, final long fromNs) {
        try {
            return new Finished(due, new StripeAnswer(StripeAnswer.Outcome.ACCEPTED, "summary", null),
                gateway.summary(directory.meterId(due.batch().meter()), customer, fromNs / 1_000_000_000L,
                    (fromNs + NS_PER_MINUTE) / 1_000_000_000L));
        } catch (final StripeException ex) {
            return new Finished(due, StripeGateway.classify(ex), null);
        } catch (final RuntimeException ex) {
            return new Finished(due, StripeGateway.unreadable(ex), null);
        }
    }

    private void store(final Finished one) {
        final String identifier = one.due.batch().identifier();
        final StripeAnswer answer = one.answer;
        if (one.counted != null) {
            succeeded();
            judgeSummary(one.due.told(), one.counted);
            return;
        }
        switch (answer.outcome()) {
            case ACCEPTED, DUPLICATE -> {
                succeeded();
                batches.acked(identifier, answer.code());
            }
            case REFUSED -> {
                succeeded();
                LOG.error("STRIPE_REFUSED batch={} code={} {}", identifier, answer.code(), answer.detail());
                batches.quarantined(identifier, answer.code(), answer.detail());
            }
            default -> {
                final long nowMs = clock.time();
                batches.postponed(identifier, answer.code(), nowMs
                    + Math.max(answer.afterMs(), policy.delayMs(one.due.attempts() + 1, random)));
                onTrouble(answer, nowMs);
            }
        }
    }

    /**
     * Stripe's sum of the minute against ours. It is delivered when the unresolved units are in the sum, absent when
     * only the delivered ones are; anything else needs a person.
     */
    private void judgeSummary(final Batch batch, final BigDecimal counted) {
        final long fromNs = batch.eventNs() / NS_PER_MINUTE * NS_PER_MINUTE;
        final Map<BatchState, Long> units = batches.unitsByState(batch.tenantId(), batch.meter(), fromNs,
            fromNs + NS_PER_MINUTE);
        final long acked = units.getOrDefault(BatchState.ACKED, 0L);
        final long open = units.getOrDefault(BatchState.SENT, 0L);
        if (counted.compareTo(BigDecimal.valueOf(acked + open)) == 0) {
            batches.acked(batch.identifier(), "summary");
        } else if (counted.compareTo(BigDecimal.valueOf(acked)) == 0) {
            batches.absent(batch.identifier());
        } else {
            LOG.error("STRIPE_AMBIGUOUS batch={} counted={} acked={} open={}", batch.identifier(), counted, acked,
                open);
            batches.quarantined(batch.identifier(), "summary_ambiguous",
                "Stripe counted " + counted + ", delivered " + acked + ", unresolved " + open);
        }
    }

    private void succeeded() {
        failuresInRow = 0;
        holdUntilMs = 0;
        if (trouble != null) {
            LOG.info("Stripe answers again after {}", trouble);
            trouble = null;
        }
    }

    private void onTrouble(final StripeAnswer answer, final long nowMs) {
        failuresInRow++;
        final boolean key = answer.outcome() == StripeAnswer.Outcome.KEY_REFUSED;
        holdUntilMs = nowMs + (key ? policy.keyRefusedMs()
            : Math.max(answer.afterMs(), policy.delayMs(failuresInRow, random)));
        final String now = key ? "STRIPE_KEY_REFUSED " + answer.code() : answer.outcome() + " " + answer.code();
        if (!now.equals(trouble)) {
            trouble = now;
            LOG.warn("Stripe: {} {}; next call in {} ms", now, answer.detail(), holdUntilMs - nowMs);
        }
    }

    private static long key(final Batch batch) {
        return 1 + (long)batch.tenantId() * MeterKind.COUNT + batch.meter();
    }

    private static long customerKey(final int tenantId) {
        return -1L - tenantId;
    }

    private static int tenantOf(final long customerKey) {
        return (int)(-1L - customerKey);
    }

    @Override
    public void close() {
        senders.shutdown();
        try {
            if (!senders.awaitTermination(1, TimeUnit.SECONDS)) {
                senders.shutdownNow();
            }
        } catch (final InterruptedException ex) {
            senders.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
