package weir.billing.stripe;

import com.stripe.exception.StripeException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.CrashPoint;

/**
 * Calls to Stripe beside those of {@link Delivery}: few, each under a key of which one is in flight at a time. They run
 * on sender threads of their own; what they came to is taken by the billing thread. While Stripe is down or busy one
 * call at a time is tried, after the same back-off. A call that failed has a back-off of its own besides, and then lets
 * the others of a look go first, so that one that fails for ever stops none of them. All methods: billing thread.
 */
final class StripeCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StripeCalls.class);

    /** Point at which a fault test dies, with what is called: Stripe answered, and that is not stored. */
    private static final String CRASH_POINT = "after-stripe-";
    private static final long FORGET_MS = 3_600_000L;

    private final RetryPolicy policy;
    private final CallGovernor governor;
    private final RandomGenerator random;
    private final ExecutorService senders;
    private final int inFlightMax;
    private final Queue<Runnable> finished = new ConcurrentLinkedQueue<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Map<String, Pause> pauses = new HashMap<>();
    private int failuresInRow;
    private long holdUntilMs;
    private long nowMs;

    /** A call that failed, when it may go again, and whether it let others go first since. */
    private record Pause(int failures, long untilMs, boolean yielded) {
    }

    /** A call. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws StripeException;
    }

    StripeCalls(final RetryPolicy policy, final CallGovernor governor, final RandomGenerator random,
        final int senders) {
        this.policy = policy;
        this.governor = governor;
        this.random = random;
        this.inFlightMax = senders;
        this.senders = Executors.newFixedThreadPool(senders, task -> {
            final Thread thread = new Thread(task, "billing-stripe");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether a call under a key may begin now; takes leave of the governor when it says yes. */
    boolean tryBegin(final String key, final long now) {
        nowMs = now;
        return now >= holdUntilMs && !inFlight.contains(key)
            && inFlight.size() < (failuresInRow > 0 ? 1 : inFlightMax) && isTurnOf(key)
            && governor.tryAcquire(System.nanoTime());
    }

    private boolean isTurnOf(final String key) {
        final Pause pause = pauses.get(key);
        if (pause == null) {
            return true;
        }
        final boolean over = nowMs >= pause.untilMs;
        if (over && failuresInRow > 0 && !pause.yielded) {
            pauses.put(key, new Pause(pause.failures, pause.untilMs, true));
            return false;
        }
        return over;
    }

    /**
     * Begins a call that {@link #tryBegin} allowed; what must be on disk before is committed.
     *
     * @param key      of the call
     * @param call     runs on a sender thread
     * @param onAnswer takes the result, on the billing thread
     * @param onFailed takes a failure, on the billing thread; a refusal is for good, any other is tried
     *                 again by the caller
     */
    <T> void begin(final String key, final Call<T> call, final Consumer<T> onAnswer,
        final Consumer<StripeAnswer> onFailed) {
        inFlight.add(key);
        senders.execute(() -> {
            Runnable outcome;
            try {
                final T result = call.make();
                CrashPoint.hit(CRASH_POINT + key.substring(0, key.indexOf('/')));
                outcome = () -> {
                    failuresInRow = 0;
                    pauses.remove(key);
                    onAnswer.accept(result);
                };
            } catch (final StripeException ex) {
                final StripeAnswer answer = StripeGateway.classify(ex);
                outcome = () -> failed(key, answer, onFailed);
            } catch (final RuntimeException ex) {
                final StripeAnswer answer = StripeGateway.unreadable(ex);
                outcome = () -> failed(key, answer, onFailed);
            }
            final Runnable last = outcome;
            finished.add(() -> {
                inFlight.remove(key);
                last.run();
            });
        });
    }

    private void failed(final String key, final StripeAnswer answer, final Consumer<StripeAnswer> onFailed) {
        final Pause before = pauses.get(key);
        final int failures = before == null ? 1 : before.failures + 1;
        final long pauseMs = Math.max(answer.afterMs(), policy.delayMs(failures, random));
        // what is not asked for any more is forgotten
        pauses.values().removeIf(pause -> pause.untilMs < nowMs - FORGET_MS);
        pauses.put(key, new Pause(failures, nowMs + pauseMs, false));
        switch (answer.outcome()) {
            case REFUSED -> {
                failuresInRow = 0;
                pauses.remove(key);
                LOG.error("STRIPE_REFUSED {} code={} {}", key, answer.code(), answer.detail());
            }
            case DENIED -> {
                failuresInRow = 0;
                LOG.error("STRIPE_DENIED {} code={} {}; again in {} ms", key, answer.code(), answer.detail(), pauseMs);
            }
            case KEY_REFUSED -> {
                failuresInRow++;
                holdUntilMs = nowMs + policy.keyRefusedMs();
                LOG.error("STRIPE_KEY_REFUSED {} {}", key, answer.code());
            }
            default -> {
                failuresInRow++;
                holdUntilMs = nowMs + Math.max(answer.afterMs(), policy.delayMs(failuresInRow, random));
                LOG.warn("Stripe: {} {} {}; next call in {} ms", key, answer.outcome(), answer.code(),
                    holdUntilMs - nowMs);
            }
        }
        onFailed.accept(answer);
    }

    /** Hands on what came. The caller commits. @return calls that ended */
    int poll(final long now) {
        nowMs = now;
        int count = 0;
        for (Runnable one = finished.poll(); one != null; one = finished.poll()) {
            one.run();
            count++;
        }
        return count;
    }

    int inFlight() {
        return inFlight.size();
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
