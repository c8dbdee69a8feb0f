package weir.config.run;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.cli.CommandFailure;
import weir.cli.ExitCodes;
import weir.cli.WeirVersion;
import weir.config.boot.BootCommands;
import weir.config.check.SecretResolver;
import weir.config.model.RouterSettings;
import weir.config.model.WeirConfig;
import weir.engine.JournalDivergedException;
import weir.engine.RouterAgent;
import weir.engine.RouterCore;
import weir.engine.clock.SlewedEpochClock;
import weir.fix.FixGateway;
import weir.fix.FixGatewayContext;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.RegeneratedReports;
import weir.fix.store.StoreDirectory;
import weir.journal.Journal;
import weir.journal.JournalException;
import weir.journal.JournalReader;
import weir.protocol.Streams;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.RouterStartedEncoder;
import weir.venue.coinbase.CoinbaseAdapter;

/**
 * The router in one JVM: journal, core, media driver, engine agent, venue adapters, and, last, the FIX acceptor. The
 * order of the start is the recovery of architecture.md 3: lock, drain the ring, replay, say that a run begins, apply
 * the configuration, start agents, open the acceptor. Whatever ends an agent ends the process.
 */
public final class RouterProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterProcess.class);
    private static final long BOOT_TIMEOUT_S = 60;
    private static final long SPINS = 100;
    private static final long YIELDS = 10;
    private static final long PARK_MIN_NS = 1_000;
    private static final long PARK_MAX_NS = 100_000;
    private static final int REPLAY_BATCH = 1_000;
    private static final int LOW_SPACE_RESUME_FACTOR = 2;
    private static final int LOW_SPACE_FLOOR_DIVISOR = 16;
    private static final Path TMPFS = Path.of("/dev/shm");

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private FixGateway gateway;

    private RouterProcess() {
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
        final RouterProcess process = new RouterProcess();
        boolean launched = false;
        try {
            process.start(config, secrets);
            launched = true;
            return process;
        } finally {
            if (!launched) {
                process.close();
            }
        }
    }

    /** Runs until SIGTERM or a failure; prints READY and STOPPED lines. */
    static int runUntilStopped(final WeirConfig config, final SecretResolver secrets, final PrintStream out)
        throws Exception {
        final RouterProcess process;
        try {
            process = launch(config, secrets);
        } catch (final JournalException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        } catch (final JournalDivergedException ex) {
            throw new CommandFailure("JOURNAL_DIVERGED", ex.getMessage());
        }
        final Thread hook = new Thread(() -> {
            process.close();
            Actions.ready(out, "STOPPED router");
        }, "router-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Actions.ready(out, "READY router fix=" + process.fixPort());
        process.ended.await();
        final Throwable cause = process.failure.get();
        if (cause != null) {
            throw new CommandFailure("ROUTER_FAILED", cause.toString());
        }
        return ExitCodes.OK;
    }

    /**
     * Port at which desks connect.
     *
     * @return TCP port
     */
    public int fixPort() {
        return gateway.address().getPort();
    }

    private void start(final WeirConfig config, final SecretResolver secrets) throws Exception {
        final RouterSettings settings = config.router();
        final Journal journal = own(Journal.launch(journalContext(settings)));
        final RouterCore core = new RouterCore(CoreWiring.context(config));
        final GatewayWiring gatewayWiring = new GatewayWiring(config, secrets);
        final List<DeskConfig> desks = gatewayWiring.desks();
        final RegeneratedReports reports =
            new RegeneratedReports(StoreDirectory.lastBound(gatewayWiring.storeDirectory(), desks));
        final Recovery recovery = replay(journal, core, reports);
        final EpochNanoClock clock =
            new SlewedEpochClock(SystemEpochNanoClock.INSTANCE, SystemNanoClock.INSTANCE, core.lastNs(),
                SlewedEpochClock.SLEW_PPM_DEFAULT);
        final long nowNs = clock.nanoTime();
        LOG.info("journal {}: {} records replayed, {} drained from the ring", journal.id(), recovery.records(),
            journal.recovery().drained());

        final Aeron aeron = aeron(settings.aeron(), settings.resolve(settings.aeron().dir()));
        final List<DirectBuffer> boot = bootCommands(config, journal, recovery.runs() + 1, nowNs);
        final CountDownLatch booted = new CountDownLatch(1);
        final RouterAgent engine = new RouterAgent(new RouterAgent.Context()
            .aeron(aeron)
            .channel(settings.aeron().channel())
            .core(core)
            .ring(journal.ring().ringBuffer())
            .clock(clock)
            .bootCommands(boot)
            .lowSpace(journal.agent()::lowSpace)
            .journalFailed(journal.agent()::failed)
            .errorHandler(this::onError)
            .conclude());
        run(journal.agent(), new BackoffIdleStrategy());
        final FixGatewayContext gatewayContext = gatewayWiring.context(aeron, clock, this::onError);
        for (final DeskConfig desk : desks) {
            gatewayContext.desk(desk);
            gatewayContext.recoveredMsgSeqNum(desk.sessionId(), core.lastInboundMsgSeqNum(desk.sessionId()));
        }
        gatewayContext.regenerated(reports).egressIdleStrategy(idle(settings.engine().idle()));
        run(new Signalled(engine, booted), idle(settings.engine().idle()));
        if (!booted.await(BOOT_TIMEOUT_S, TimeUnit.SECONDS)) {
            throw new CommandFailure("ENGINE_NOT_STARTED",
                "the engine did not take its configuration: " + failure.get());
        }
        run(new Periods(config, clock, aeron.addExclusivePublication(settings.aeron().channel(),
            Streams.CONTROL_INGRESS)), new SleepingMillisIdleStrategy(1));
        final CoinbaseAdapter.Context coinbase = CoinbaseWiring.context(config, secrets, aeron).orElse(null);
        if (coinbase != null) {
            own(CoinbaseAdapter.launch(coinbase.idleStrategy(idle(settings.engine().idle()))));
        }
        gateway = own(FixGateway.launch(gatewayContext));
    }

    private static Journal.Context journalContext(final RouterSettings settings) throws IOException {
        final RouterSettings.Journal journal = settings.journal();
        final Journal.Context context = new Journal.Context()
            .directory(settings.resolve(journal.dir()))
            .ringCapacity(journal.ringCapacityBytes())
            .rollEvery(journal.rollEvery())
            .spaceMarks(journal.lowSpaceReserveBytes() / LOW_SPACE_FLOOR_DIVISOR, journal.lowSpaceReserveBytes(),
                journal.lowSpaceReserveBytes() * LOW_SPACE_RESUME_FACTOR);
        final Path ringDir = settings.resolve(journal.ringDir());
        if (!ringDir.equals(TMPFS)) {
            Files.createDirectories(ringDir);
            context.ringFile(ringDir.resolve("weir-ring"));
        }
        return context;
    }

    private static Recovery replay(final Journal journal, final RouterCore core, final RegeneratedReports reports) {
        final Recovery recovery = new Recovery(core, reports);
        final long last = journal.recovery().lastSequence();
        if (last > 0) {
            try (JournalReader reader = JournalReader.open(journal.directory())) {
                while (recovery.records() < last) {
                    if (reader.poll(recovery::onRecord, REPLAY_BATCH) == 0) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
        return recovery;
    }

    private static List<DirectBuffer> bootCommands(final WeirConfig config, final Journal journal, final long run,
        final long nowNs) {
        final List<DirectBuffer> boot = new ArrayList<>();
        final UnsafeBuffer started = new UnsafeBuffer(new byte[256]);
        final RouterStartedEncoder encoder = new RouterStartedEncoder()
            .wrapAndApplyHeader(started, 0, new MessageHeaderEncoder())
            .journalIdHigh(journal.id().high()).journalIdLow(journal.id().low())
            .startedNs(nowNs).runNumber(run).softwareVersion(WeirVersion.number());
        boot.add(new UnsafeBuffer(started, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength()));
        for (final byte[] frame : BootCommands.frames(config, nowNs)) {
            boot.add(new UnsafeBuffer(frame));
        }
        boot.addAll(Periods.current(config, nowNs));
        return boot;
    }

    private Aeron aeron(final RouterSettings.Aeron settings, final Path directory) {
        final String dir = directory.toString();
        if (settings.embeddedDriver()) {
            own(MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(dir)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .errorHandler(this::onError)));
        }
        return own(Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(dir)
            .driverTimeoutMs(settings.driverTimeoutMs())
            .idleStrategy(new SleepingMillisIdleStrategy(1))
            .errorHandler(this::onFatal)));
    }

    private static IdleStrategy idle(final RouterSettings.Idle idle) {
        switch (idle) {
            case BUSY_SPIN:
                return new BusySpinIdleStrategy();
            case YIELDING:
                return new YieldingIdleStrategy();
            default:
                return new BackoffIdleStrategy(SPINS, YIELDS, PARK_MIN_NS, PARK_MAX_NS);
        }
    }

    private void run(final Agent agent, final IdleStrategy idle) {
        final AgentRunner runner = new AgentRunner(idle, this::onError, null, agent);
        own(runner);
        AgentRunner.startOnThread(runner);
    }

    private void onError(final Throwable error) {
        if (error instanceof Error) {
            onFatal(error);
        } else {
            LOG.error("agent", error);
        }
    }

    private void onFatal(final Throwable error) {
        LOG.error("the router cannot go on", error);
        failure.compareAndSet(null, error);
        ended.countDown();
    }

    private <T extends AutoCloseable> T own(final T part) {
        opened.push(part);
        return part;
    }

    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            final AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (final Exception ex) {
                LOG.error("closing {}", part, ex);
            }
        }
        ended.countDown();
    }

    /** Tells when an agent's {@code onStart} is done. */
    private record Signalled(Agent agent, CountDownLatch started) implements Agent {
        @Override
        public void onStart() {
            agent.onStart();
            started.countDown();
        }

        @Override
        public int doWork() throws Exception {
            return agent.doWork();
        }

        @Override
        public void onClose() {
            agent.onClose();
        }

        @Override
        public String roleName() {
            return agent.roleName();
        }
    }
}
