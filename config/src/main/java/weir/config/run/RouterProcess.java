package weir.config.run;

import io.aeron.exceptions.AeronException;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.cli.ExitCodes;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;
import weir.engine.JournalDivergedException;
import weir.journal.JournalException;

/**
 * The router in one JVM: launches a {@link RouterRuntime} and watches it. When its media driver is lost, the engine is
 * stopped first (fail closed), the rest is closed within a bounded time, and a new runtime recovers from the journal as
 * after a kill; desks come back to the same port. Whatever else ends a runtime ends the process.
 */
public final class RouterProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterProcess.class);
    private static final long CLOSE_MS = 30_000;
    private static final long BACK_OFF_MIN_MS = 100;
    private static final long BACK_OFF_MAX_MS = 5_000;
    /** A runtime that lived this long was well: the next loss is met without delay. */
    private static final long WELL_NS = TimeUnit.SECONDS.toNanos(60);
    private static final String SPACE = "AERON_SPACE";

    private final WeirConfig config;
    private final SecretResolver secrets;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread supervisor = new Thread(this::supervise, "weir-supervisor");
    private volatile RouterRuntime runtime;
    private volatile int fixPort;
    private volatile int losses;
    private volatile Throwable failure;
    private volatile Runnable onRecovered = () -> { };

    private RouterProcess(final WeirConfig config, final SecretResolver secrets) {
        this.config = config;
        this.secrets = secrets;
    }

    /**
     * Starts a router.
     *
     * @param config  what to run
     * @param secrets resolves its references
     * @return the running router; desks can log on
     * @throws Exception when a part does not start; what had started is closed again
     */
    public static RouterProcess launch(final WeirConfig config, final SecretResolver secrets) throws Exception {
        final RouterProcess process = new RouterProcess(config, secrets);
        if (config.router().aeron().embeddedDriver()) {
            process.runtime = RouterRuntime.launch(config, secrets, 0, () -> false);
        } else {
            process.relaunch(0);
        }
        process.fixPort = process.runtime.fixPort();
        process.supervisor.start();
        return process;
    }

    /** Runs until SIGTERM or a failure; prints READY, RECOVERED and STOPPED lines. */
    static int runUntilStopped(final WeirConfig config, final SecretResolver secrets, final PrintStream out)
        throws Exception {
        final RouterProcess process;
        try {
            process = launch(config, secrets);
        } catch (final JournalException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        } catch (final JournalDivergedException ex) {
            throw new CommandFailure("JOURNAL_DIVERGED", ex.getMessage());
        } catch (final AeronException ex) {
            throw new CommandFailure("AERON_FAILED", ex.getMessage());
        }
        final Thread hook = new Thread(() -> {
            process.close();
            Actions.ready(out, "STOPPED router");
        }, "router-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        process.onRecovered = () -> Actions.ready(out,
            "RECOVERED router fix=" + process.fixPort() + " losses=" + process.losses());
        Actions.ready(out, "READY router fix=" + process.fixPort());
        process.ended.await();
        final Throwable cause = process.failure;
        if (cause instanceof CommandFailure) {
            throw (CommandFailure)cause;
        }
        if (cause != null) {
            throw new CommandFailure("ROUTER_FAILED", cause.toString());
        }
        return ExitCodes.OK;
    }

    /**
     * Port at which desks connect; it stays the same after a loss.
     *
     * @return TCP port
     */
    public int fixPort() {
        return fixPort;
    }

    /**
     * Snapshot that the present run began with.
     *
     * @return last record in it, 0 = the journal was replayed from its beginning
     */
    public long recoveredSnapshot() {
        return runtime.recoveredSnapshot();
    }

    /**
     * Losses of the media driver after which the router is trading again.
     *
     * @return count
     */
    public int losses() {
        return losses;
    }

    private void supervise() {
        try {
            long backOffMs = 0;
            while (stop.getCount() > 0) {
                final long launchedNs = System.nanoTime();
                runtime.awaitEnd();
                final Throwable cause = runtime.failure();
                if (stop.getCount() == 0 || cause == null) {
                    break;
                }
                final boolean lost = runtime.isLost();
                closeRuntime(true);
                if (!lost) {
                    failure = cause;
                    break;
                }
                backOffMs = System.nanoTime() - launchedNs > WELL_NS ? 0 : next(backOffMs);
                if (stop.await(backOffMs, TimeUnit.MILLISECONDS)) {
                    break;
                }
                relaunch(backOffMs);
                if (runtime == null) {
                    break;
                }
                losses++;
                LOG.info("trading again after loss {} of the media driver", losses);
                onRecovered.run();
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (final Exception | Error ex) {
            LOG.error("the router does not recover", ex);
            failure = ex;
        } finally {
            ended.countDown();
        }
    }

    /** Launches a new runtime, again and again while only the media driver stands in the way. */
    private void relaunch(final long firstBackOffMs) throws Exception {
        final long deadlineNs =
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.router().aeron().driver().waitMs());
        long backOffMs = firstBackOffMs;
        while (runtime == null) {
            try {
                runtime = RouterRuntime.launch(config, secrets, fixPort, () -> stop.getCount() == 0);
            } catch (final AeronException | CommandFailure ex) {
                // Files of the client that was lost may fill the memory until the driver has given it up.
                final boolean passes = ex instanceof AeronException || SPACE.equals(((CommandFailure)ex).code());
                if (!passes || System.nanoTime() - deadlineNs > 0) {
                    throw ex;
                }
                LOG.warn("not with this media driver yet: {}", ex.toString());
                backOffMs = next(backOffMs);
                if (stop.await(backOffMs, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        }
    }

    private static long next(final long backOffMs) {
        return Math.min(BACK_OFF_MAX_MS, Math.max(BACK_OFF_MIN_MS, backOffMs * 2));
    }

    /** Closes what runs within a bounded time; past it the process must end, since parts of two runtimes never meet. */
    private void closeRuntime(final boolean engineFirst) throws InterruptedException {
        final RouterRuntime closing = runtime;
        runtime = null;
        if (closing == null) {
            return;
        }
        final Thread closer = new Thread(() -> {
            if (engineFirst) {
                closing.stopEngine();
            }
            closing.close();
        }, "weir-close");
        closer.setDaemon(true);
        closer.start();
        closer.join(CLOSE_MS);
        if (closer.isAlive()) {
            for (final StackTraceElement element : closer.getStackTrace()) {
                LOG.error("closing hangs at {}", element);
            }
            throw new CommandFailure("ROUTER_STUCK", "the router's parts did not close within " + CLOSE_MS
                + " ms; the process ends, the journal has everything");
        }
    }

    /** Stops the router in order: desks are logged out, venues too, the engine last. Idempotent; any thread. */
    @Override
    public synchronized void close() {
        stop.countDown();
        try {
            final RouterRuntime running = runtime;
            if (running != null) {
                running.endWait();
            }
            supervisor.join();
            closeRuntime(false);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (final CommandFailure ex) {
            LOG.error(ex.getMessage());
        } finally {
            ended.countDown();
        }
    }
}
