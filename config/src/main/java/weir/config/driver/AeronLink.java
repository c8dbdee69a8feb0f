package weir.config.driver;

import io.aeron.Aeron;
import io.aeron.Counter;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.model.RouterSettings;

/**
 * One client of a media driver, from its connection to its loss. Aeron's conductor, left to itself, unmaps the shared
 * memory soon after it has given the driver up, while agents may still write counters there: the process would die of
 * it. Here the conductor runs on a thread that stops at the loss; everything stays mapped until {@link #close()}, which
 * the owner calls when no agent uses the client any more.
 * <p>
 * {@code onLost} is told once, on any thread, and must not block.
 */
public final class AeronLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AeronLink.class);
    private static final int COUNTER_TYPE_ID = 1_190;
    private static final long WATCH_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int CONDUCTOR_PAUSE_MIN_MS = 10;
    private static final int CONDUCTOR_PAUSE_MAX_MS = 120;
    private static final long STEP_MAX_MS = TimeUnit.MINUTES.toMillis(10);

    private final ReentrantLock clientLock = new ReentrantLock();
    private final AtomicReference<Throwable> lost = new AtomicReference<>();
    private final Consumer<Throwable> onLost;
    private final DriverSign driver;
    private final Aeron aeron;
    private final Counter sentinel;
    private final AgentRunner conductor;

    private AeronLink(final RouterSettings.Aeron settings, final Path directory, final String name,
        final EpochClock clock, final long driverTimeoutMs, final Consumer<Throwable> onLost) {
        this.onLost = onLost;
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(directory.toString())
            .clientName(name)
            .epochClock(clock)
            .driverTimeoutMs(driverTimeoutMs)
            .preTouchMappedMemory(settings.driver().preTouch())
            .useConductorAgentInvoker(true)
            .clientLock(clientLock)
            .errorHandler(this::onError)
            .subscriberErrorHandler(error -> LOG.error("frame handler of {}", name, error)));
        boolean complete = false;
        try {
            driver = DriverSign.of(directory);
            sentinel = aeron.addCounter(COUNTER_TYPE_ID, name + " pid=" + ProcessHandle.current().pid());
            conductor = new AgentRunner(new InStep(CONDUCTOR_PAUSE_MIN_MS, CONDUCTOR_PAUSE_MAX_MS), this::lose, null,
                new Conductor());
            AgentRunner.startOnThread(conductor);
            complete = true;
        } finally {
            if (!complete) {
                aeron.close();
            }
        }
    }

    /**
     * Connects to a live driver.
     *
     * @param settings  the {@code aeron} section
     * @param directory its directory, resolved
     * @param name      of the client, for the driver's counters
     * @param onLost    told once why the client is lost
     * @return the link
     * @throws AeronException when there is no driver or it does not answer
     */
    public static AeronLink connect(final RouterSettings.Aeron settings, final Path directory, final String name,
        final Consumer<Throwable> onLost) {
        final DriverSign before = DriverSign.of(directory);
        final AeronLink link = new AeronLink(settings, directory, name, DriverClock.of(before.startMs()),
            settings.driverTimeoutMs(), onLost);
        if (link.driver.startMs() != before.startMs()) {
            link.close();
            throw new AeronException("another media driver has just taken " + directory);
        }
        return link;
    }

    /**
     * Connects to a driver of this process that goes by wall time, as clients of any make need it. The two cannot die
     * apart, so neither judges the other by age: this client's signs of life are dated ahead, and a driver's may be
     * old, by more than any step of the host's clock that is worked off ({@code docs/decisions/0012-two-clocks.md}).
     *
     * @param settings  the {@code aeron} section
     * @param directory its directory, resolved
     * @param name      of the client, for the driver's counters
     * @param onLost    told once why the client is lost
     * @return the link
     */
    public static AeronLink connectWithin(final RouterSettings.Aeron settings, final Path directory,
        final String name, final Consumer<Throwable> onLost) {
        return new AeronLink(settings, directory, name, () -> System.currentTimeMillis() + STEP_MAX_MS,
            settings.driverTimeoutMs() + 2 * STEP_MAX_MS, onLost);
    }

    /**
     * The client.
     *
     * @return open until {@link #close()}; after a loss its publications are closed
     */
    public Aeron aeron() {
        return aeron;
    }

    /**
     * Why the client is lost.
     *
     * @return null while it is not
     */
    public Throwable lost() {
        return lost.get();
    }

    /** Ends the conductor and unmaps everything. The agents that used the client must have ended. */
    @Override
    public void close() {
        CloseHelper.quietClose(conductor);
        lost.compareAndSet(null, new AeronException("closed", AeronException.Category.WARN));
        aeron.close();
    }

    /** A warning and a refused registration, which its caller gets, leave the client as it is. */
    private void onError(final Throwable error) {
        if (error instanceof AeronException && ((AeronException)error).category() == AeronException.Category.WARN
            || error instanceof RegistrationException && sentinel != null && !sentinel.isClosed()) {
            LOG.warn("Aeron client", error);
        } else {
            lose(error);
        }
    }

    private void lose(final Throwable cause) {
        if (lost.compareAndSet(null, cause)) {
            onLost.accept(cause);
        }
    }

    /** Invokes Aeron's conductor, and never again once the client's resources are closed. */
    private final class Conductor implements Agent {
        private final AgentInvoker invoker = aeron.conductorAgentInvoker();
        private long nextWatchNs = System.nanoTime();

        @Override
        public int doWork() {
            if (lost.get() != null || !clientLock.tryLock()) {
                return 0;
            }
            try {
                // A call of another thread may have found the loss: asked under the lock that it held.
                if (sentinel.isClosed()) {
                    lose(new AeronException("the client was closed by the driver or by an interrupt"));
                    return 0;
                }
                return invoker.invoke() + watch(System.nanoTime());
            } finally {
                clientLock.unlock();
            }
        }

        /** A driver that died or was started anew is noticed before its silence is. */
        private int watch(final long nowNs) {
            if (nowNs - nextWatchNs < 0) {
                return 0;
            }
            nextWatchNs = nowNs + WATCH_NS;
            final String change = driver.change();
            if (change != null) {
                lose(new AeronException(change));
            }
            return 0;
        }

        @Override
        public String roleName() {
            return "aeron-client-conductor";
        }
    }
}
