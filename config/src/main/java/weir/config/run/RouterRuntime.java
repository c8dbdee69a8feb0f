package weir.config.run;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
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
import weir.cli.WeirVersion;
import weir.config.boot.BootCommands;
import weir.config.check.SecretResolver;
import weir.config.driver.AeronLink;
import weir.config.driver.DriverLaunch;
import weir.config.driver.DriverSpace;
import weir.config.driver.DriverWait;
import weir.config.driver.InStep;
import weir.config.failure.CommandFailure;
import weir.config.model.RouterSettings;
import weir.config.model.WeirConfig;
import weir.config.recovery.CoreRestore;
import weir.config.recovery.DeskStores;
import weir.config.recovery.LostNumbers;
import weir.config.recovery.ShadowCore;
import weir.config.recovery.StoredReports;
import weir.engine.RouterAgent;
import weir.engine.RouterCore;
import weir.engine.clock.SlewedEpochClock;
import weir.entry.EntryAgent;
import weir.fix.FixGateway;
import weir.fix.FixGatewayContext;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.RegeneratedReports;
import weir.fix.session.SessionTime;
import weir.fix.store.SessionStore;
import weir.journal.Archivist;
import weir.journal.Journal;
import weir.journal.JournalReader;
import weir.journal.SnapshotStore;
import weir.protocol.Streams;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.RouterStartedEncoder;

/**
 * A router from one start to one end: journal, core, client of the media driver, engine agent, venue adapters, and,
 * last, the FIX acceptor. The order of the start is the recovery of architecture.md 3: lock, drain the ring, replay,
 * say that a run begins, apply the configuration, start agents, open the acceptor.
 * <p>
 * It ends by {@link #close()}, by the loss of the media driver, or by a failure; {@link #awaitEnd()} tells which. What
 * was in the driver's memory at a loss is gone in both directions, as after a kill: the next runtime, in this process
 * or in another, recovers from the journal. One thread launches and closes it.
 */
final class RouterRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterRuntime.class);
    private static final long BOOT_TIMEOUT_S = 60;
    /** How much sooner an agent may see its publications closed than the client tells why. */
    private static final long LOSS_GRACE_MS = 1_000;
    /** Of a warm-up: what a journal does seldom is done often enough there to be compiled. */
    private static final int WARM_UP_JOURNAL_PAUSE_MS = 1;
    private static final int WARM_UP_EXCERPT_BYTES = 2_048;
    private static final long SPINS = 100;
    private static final long YIELDS = 10;
    private static final long PARK_MIN_NS = 1_000;
    private static final long PARK_MAX_NS = 100_000;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long ARCHIVIST_PAUSE_MS = 100;
    private static final long STAGES_PAUSE_MS = 10;
    private static final int LOW_SPACE_RESUME_FACTOR = 2;
    private static final int LOW_SPACE_FLOOR_DIVISOR = 16;
    private static final Path TMPFS = Path.of("/dev/shm");

    private final WeirConfig config;
    private final SecretResolver secrets;
    private final RouterSettings settings;
    private final RouterSettings.Threads threads;
    private final boolean scratch;
    private final RouterParts parts = new RouterParts(this::onFatal);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    /** Null where it is another process's. */
    private DriverLaunch driver;
    private Journal journal;
    private RouterCore core;
    private LostNumbers lostNumbers;
    private MarketDataWiring market;
    private WireContracts wires;
    private SlewedEpochClock engineClock;
    private EpochNanoClock clock;
    private long bootNs;
    private long recoveredSnapshot;
    private long lastRunNs;
    private volatile AeronLink link;
    private volatile AeronLink entryLink;
    private Aeron aeron;
    private Subscription deskReports;
    private Subscription clientReports;
    /** Null where gateways and adapters have threads of their own. */
    private OrderCycle cycle;
    private AutoCloseable engineRun;
    private FixGateway gateway;
    /** Null where nothing is measured. */
    private StageReport stages;

    private RouterRuntime(final WeirConfig config, final SecretResolver secrets, final boolean scratch) {
        this.config = config;
        this.secrets = secrets;
        this.scratch = scratch;
        settings = config.router();
        threads = settings.threads();
    }

    /**
     * Starts a router.
     *
     * @param config  what to run
     * @param secrets resolves its references
     * @param fixPort port of the acceptor; 0 = as configured
     * @param stopped ends the wait for a media driver of another process
     * @return the running router; desks can log on
     * @throws AeronException when the media driver is not there or was lost meanwhile
     * @throws Exception      when a part does not start; what had started is closed again
     */
    static RouterRuntime launch(final WeirConfig config, final SecretResolver secrets, final int fixPort,
        final BooleanSupplier stopped) throws Exception {
        return new RouterRuntime(config, secrets, false).launched(fixPort, stopped);
    }

    /**
     * Starts the router of a warm-up.
     *
     * @param config  what to run
     * @param secrets resolves its references
     * @return the running router, on a port of its own
     * @throws Exception as {@link #launch}
     */
    static RouterRuntime launchWarmUp(final WeirConfig config, final SecretResolver secrets) throws Exception {
        return new RouterRuntime(config, secrets, true).launched(0, () -> false);
    }

    private RouterRuntime launched(final int fixPort, final BooleanSupplier stopped) throws Exception {
        boolean launched = false;
        try {
            start(fixPort, stopped);
            launched = true;
            return this;
        } catch (final IOException | RuntimeException ex) {
            // Whatever a part said: it started on a client that was lost.
            throw hasLostLink() ? new AeronException(ex) : ex;
        } finally {
            if (!launched) {
                stopEngine();
                close();
            }
        }
    }

    private void start(final int fixPort, final BooleanSupplier stopped) throws Exception {
        findDriver(stopped);
        final GatewayWiring gatewayWiring = new GatewayWiring(config, secrets);
        final List<DeskConfig> desks = gatewayWiring.desks();
        final Path journalDir = settings.resolve(settings.journal().dir());
        final DeskStores stores = new DeskStores(gatewayWiring.storeDirectory(), journalDir, desks);
        final RegeneratedReports reports = parts.own(
            new RegeneratedReports(stores.lastBound(), journalDir.resolve("regenerated.tmp")));
        final EntryWiring entry = parts.own(new EntryWiring(config, secrets));
        recover(reports, new StoredReports(stores.lastBound(), entry.lastBound()), entry);
        if (fixPort == 0 && !scratch) { // a later runtime of this process finds everything compiled
            WarmUp.run(config, warmUpDirectory());
        }
        SessionTime.install(clock, SystemEpochNanoClock.INSTANCE);
        startStages();
        connect();
        listen(entry);
        startEngine();
        startArchivist();
        startSources();
        startVenues();
        openEntry(entry, stopped);
        openDesks(gatewayWiring, desks, stores, reports, fixPort);
        if (driver != null && cycle != null && !scratch) {
            driver.beTold();
        }
    }

    /** Journal, core, a shadow that snapshots it, and a clock that does not go back behind them. */
    private void recover(final RegeneratedReports reports, final StoredReports stored, final EntryWiring entry)
        throws IOException {
        journal = parts.own(Journal.launch(journalContext()));
        if (journal.recovery().ringLost()) {
            LOG.error("ALARM journal {}: the ring of the run before is gone; how many acknowledged records it held "
                + "after record {} is not known", journal.id(), journal.recovery().lastSequence());
        }
        final Supplier<RouterCore> fresh = () -> new RouterCore(CoreWiring.context(config));
        core = replay(fresh, reports, stored, entry).core();
        lastRunNs = core.lastNs();
        if (settings.snapshot().enabled()) {
            parts.own(ShadowCore.launch(journal.directory(), archiveDir(), journal.id(), settings.snapshot(),
                fresh, ex -> LOG.error("ALARM shadow core: {}", ex.toString())));
        }
        wires = new WireContracts(config);
        market = new MarketDataWiring(config, core.view(), wires);
        engineClock = new SlewedEpochClock(SystemEpochNanoClock.INSTANCE, SystemNanoClock.INSTANCE, core.lastNs(),
            SlewedEpochClock.SLEW_PPM_DEFAULT);
        clock = engineClock.shared();
        bootNs = clock.nanoTime();
    }

    /** A driver of our own, or a live one of another process, with room for all streams. */
    private void findDriver(final BooleanSupplier stopped) throws InterruptedException {
        final RouterSettings.Aeron aeronSettings = settings.aeron();
        final long neededBytes = DriverSpace.neededBytes(config);
        if (aeronSettings.embeddedDriver()) {
            driver = parts.own(
                DriverLaunch.start(aeronSettings, driverDirectory(), neededBytes, parts.errorHandler()));
        } else if (DriverWait.await(driverDirectory(), aeronSettings.driver().waitMs(), stopped)) {
            DriverSpace.check(driverDirectory(), neededBytes);
        } else {
            throw new AeronException("stopped while waiting for a media driver");
        }
    }

    /** Before those who record: it is closed after them. */
    private void startStages() throws IOException {
        if (settings.stageTimes().isOn()) {
            stages = new StageReport(settings.stageTimes(), settings.resolve(settings.stageTimes().dir()),
                System.currentTimeMillis());
            parts.run(stages, new SleepingMillisIdleStrategy(STAGES_PAUSE_MS));
        }
    }

    /** Beside the ring, named after the journal, whose lock is held: what a killed start left there is its own. */
    private Path warmUpDirectory() {
        return settings.resolve(settings.journal().ringDir()).resolve("weir-warm-up-" + journal.id());
    }

    private void connect() {
        link = parts.own(AeronLink.connect(settings.aeron(), driverDirectory(), "weir-router", this::onLost));
        aeron = link.aeron();
    }

    /**
     * Both gateways take the engine's one stream of reports, and open at different times. Each is on it before the
     * engine is: a report that only the first one could take would be missed by the other until the next start.
     */
    private void listen(final EntryWiring entry) {
        deskReports = aeron.addSubscription(settings.aeron().channel(), Streams.CLIENT_EGRESS);
        if (entry.isOn()) {
            clientReports = aeron.addSubscription(settings.aeron().channel(), Streams.CLIENT_EGRESS);
        }
    }

    private Path driverDirectory() {
        return settings.resolve(settings.aeron().dir());
    }

    private void startEngine() throws InterruptedException {
        final CountDownLatch booted = new CountDownLatch(1);
        final RouterAgent engine = new RouterAgent(new RouterAgent.Context()
            .aeron(aeron)
            .channel(settings.aeron().channel())
            .core(core)
            .ring(journal.ring().ringBuffer())
            .clock(engineClock)
            .bootCommands(bootCommands(core.runNumber() + 1, bootNs))
            .lowSpace(journal.agent()::lowSpace)
            .journalFailed(journal.agent()::failed)
            .errorHandler(parts.errorHandler())
            .orderStages(stages == null ? null : stages::onOrder)
            .conclude());
        // Beside the one thread of an order every look of the journal would be a turn taken from it: it sleeps, then
        // takes what came in one go.
        parts.run(Scheduling.pinned(journal.agent(), threads.journalCpu()),
            oneThread() ? journalPause() : new BackoffIdleStrategy());
        cycle = oneThread() ? new OrderCycle(engine, parts.errorHandler(), this::tellDriver) : null;
        engineRun = parts.run(new Signalled(Scheduling.pinned(cycle == null ? engine : cycle, threads.engineCpu()),
            booted), idle());
        if (!booted.await(BOOT_TIMEOUT_S, TimeUnit.SECONDS) || failure.get() != null) {
            throw new CommandFailure("ENGINE_NOT_STARTED",
                "the engine did not take its configuration: " + failure.get());
        }
    }

    /** Files leave on a thread of their own: a copy blocks. */
    private void startArchivist() {
        settings.journal().archive().ifPresent(archive -> parts.run(journal.archivist(new Archivist.Context()
            .archive(archiveDir())
            .retentionMs(archive.retentionMs())
            .bytesPerSecond(archive.bytesPerSecond())
            .consumers(archive.consumers())), new SleepingMillisIdleStrategy(ARCHIVIST_PAUSE_MS)));
    }

    /** What tells the engine things that come from no desk and no venue's order entry. */
    private void startSources() {
        final Periods periods = new Periods(config, clock, bootNs, control());
        parts.run(periods, periods.pause());
        parts.run(new HostClockWatch(clock, SystemEpochNanoClock.INSTANCE, settings.clock().alarmMs(), control()),
            new InStep(HostClockWatch.CHECK_MS, HostClockWatch.CHECK_MS));
        settings.control().killFile().ifPresent(file -> parts.run(
            new KillFileWatch(config, settings.resolve(file), control()),
            new SleepingMillisIdleStrategy(settings.control().pollMs())));
        if (config.tenants().stream().anyMatch(tenant -> !tenant.controls().bursts().isEmpty())) {
            parts.run(new BurstWindows(config.tenants(), clock, control()),
                new SleepingMillisIdleStrategy(BurstWindows.CHECK_MS));
        }
    }

    /** In step with the other helpers, unless what was appended is to be on the device sooner. */
    private IdleStrategy journalPause() {
        if (scratch) {
            return new SleepingMillisIdleStrategy(WARM_UP_JOURNAL_PAUSE_MS);
        }
        final int syncMs = settings.journal().syncIntervalMs();
        return 0 < syncMs && syncMs < InStep.STEP_MS ? new SleepingMillisIdleStrategy(syncMs)
            : new InStep(InStep.STEP_MS, InStep.STEP_MS);
    }

    /** On the thread of orders: the driver moves what limits publishers, and is told when much was published. */
    private void tellDriver() {
        if (driver != null) {
            driver.onPublished(journal.ring().ringBuffer().producerPosition());
        }
    }

    private boolean oneThread() {
        return threads.shape() == RouterSettings.Shape.ONE_THREAD;
    }

    private ExclusivePublication control() {
        return aeron.addExclusivePublication(settings.aeron().channel(), Streams.CONTROL_INGRESS);
    }

    /** The adapters of venues where somebody has an account, then instruments and prices of all. */
    private void startVenues() throws Exception {
        final VenueWiring.Host host = new VenueWiring.Host(config, secrets, aeron, this::idle, cycle != null,
            name -> Scheduling.pinned(name, threads.venueCpu()), stages, wires, lastRunNs);
        for (final VenueWiring wiring : VenueWiring.ALL) {
            final Optional<VenueWiring.Running> running = wiring.launch(host);
            if (running.isPresent()) {
                parts.own(running.get().adapter());
                if (cycle != null) {
                    parts.own(cycle.adapter(running.get().agent()));
                }
            }
        }
        market.launch(aeron, clock, parts.errorHandler()).ifPresent(parts::own);
        market.awaitLoaded();
    }

    /** The door for binary clients, on a media driver of their own. */
    private void openEntry(final EntryWiring entry, final BooleanSupplier stopped) throws Exception {
        if (entry.isOn()) {
            entryLink = parts.own(entry.connect(parts, stopped, this::onLost));
            final Agent agent = new EntryAgent(entry.context(entryLink.aeron(), aeron, core, clock,
                parts.errorHandler()).reports(clientReports));
            if (cycle == null) {
                parts.run(Scheduling.pinned(agent, threads.entryCpu()), idle());
            } else {
                parts.own(agent::onClose);
                parts.own(cycle.gateway(agent));
            }
        }
    }

    /** Doors for clients, last: everything behind them works. */
    private void openDesks(final GatewayWiring wiring, final List<DeskConfig> desks, final DeskStores stores,
        final RegeneratedReports reports, final int fixPort) throws Exception {
        final FixGatewayContext context = wiring.context(aeron, clock, parts.errorHandler());
        for (final DeskConfig desk : desks) {
            context.desk(desk);
            context.recoveredMsgSeqNum(desk.sessionId(), core.lastInboundMsgSeqNum(desk.sessionId()));
        }
        for (final DeskConfig desk : stores.lost()) {
            context.lostStore(desk.sessionId(), SessionStore.inPlaceOf(journal.recovery().lastSequence()));
        }
        if (fixPort != 0) {
            context.bindAddress(new InetSocketAddress(config.acceptor().host(), fixPort));
        }
        if (stages != null) {
            context.stageTimes(stages.desk());
        }
        context.regenerated(reports).egress(deskReports).egressIdleStrategy(idle())
            .invoked(cycle != null || threads.gatewayCpu() != Scheduling.ANY);
        if (threads.background() == RouterSettings.Background.IDLE) {
            context.background(Scheduling::idle);
        }
        gateway = parts.own(FixGateway.launch(context));
        stores.onMade();
        if (cycle != null) {
            parts.own(cycle.gateway(gateway.agent()));
        } else if (context.invoked()) {
            parts.run(Scheduling.pinned(gateway.agent(), threads.gatewayCpu()), idle());
        }
    }

    /** Last record of the snapshot that the run began with, 0 = none. */
    long recoveredSnapshot() {
        return recoveredSnapshot;
    }

    /** Port at which desks connect. */
    int fixPort() {
        return gateway.address().getPort();
    }

    /** Waits until it cannot go on, or {@link #endWait()}. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Ends the wait of another thread in {@link #awaitEnd()}. */
    void endWait() {
        ended.countDown();
    }

    /** Why it cannot go on; null while it can. */
    Throwable failure() {
        return failure.get();
    }

    /**
     * Is the end the loss of the media driver, after which another runtime can go on? An agent may see its publications
     * closed a moment before the client says why: so this waits for that moment.
     *
     * @return true for a loss
     */
    boolean isLost() throws InterruptedException {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOSS_GRACE_MS);
        while (!hasLostLink() && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(1);
        }
        return hasLostLink();
    }

    /** The engine's driver, or the one that binary clients stand on. */
    private boolean hasLostLink() {
        return link != null && link.lost() != null || entryLink != null && entryLink.lost() != null;
    }

    /** Stops the engine before anything else: from here on nothing is admitted. */
    void stopEngine() {
        if (engineRun != null) {
            try {
                engineRun.close();
            } catch (final Exception ex) {
                LOG.error("closing the engine", ex);
            }
        }
    }

    /** Closes all parts in the reverse order of their start. */
    @Override
    public void close() {
        parts.close();
        ended.countDown();
    }

    private Journal.Context journalContext() throws IOException {
        final RouterSettings.Journal file = settings.journal();
        final Journal.Context context = new Journal.Context()
            .directory(settings.resolve(file.dir()))
            .ringCapacity(file.ringCapacityBytes())
            .rollEvery(file.rollEvery())
            .syncIntervalMs(file.syncIntervalMs())
            .spaceMarks(file.lowSpaceReserveBytes() / LOW_SPACE_FLOOR_DIVISOR, file.lowSpaceReserveBytes(),
                file.lowSpaceReserveBytes() * LOW_SPACE_RESUME_FACTOR);
        if (scratch) {
            context.excerptBytes(WARM_UP_EXCERPT_BYTES);
        }
        final Path ringDir = settings.resolve(file.ringDir());
        if (!ringDir.equals(TMPFS)) {
            Files.createDirectories(ringDir);
            context.ringFile(ringDir.resolve("weir-ring"));
        }
        return context;
    }

    /** Null where files are not archived. */
    private Path archiveDir() {
        return settings.journal().archive().map(archive -> settings.resolve(archive.dir())).orElse(null);
    }

    private Recovery replay(final Supplier<RouterCore> fresh, final RegeneratedReports reports,
        final StoredReports stored, final EntryWiring entry) {
        final long startNs = System.nanoTime();
        final long last = journal.recovery().lastSequence();
        final SnapshotStore store = SnapshotStore.open(journal.directory(), journal.id());
        lostNumbers = LostNumbers.find(journal, store, stored);
        CoreRestore.dropBeyond(store, last);
        final CoreRestore.Start start = CoreRestore.begin(journal.directory(), store, fresh, last, stored);
        recoveredSnapshot = start.sequence();
        final Recovery recovery = new Recovery(start.core(), reports, entry);
        recovery.replay(new JournalReader.Context().directory(journal.directory()).archive(archiveDir()),
            start.sequence(), last);
        LOG.info("journal {}: recovered to record {} in {} ms: snapshot {} ({} bytes, {} ms, {} passed over), {} "
            + "records replayed, {} drained from the ring, {} lost", journal.id(), last,
            (System.nanoTime() - startNs) / NS_PER_MS, start.sequence(), start.bytes(),
            start.durationNs() / NS_PER_MS, start.passedOver(), recovery.records(), journal.recovery().drained(),
            lostNumbers.count());
        return recovery;
    }

    private List<DirectBuffer> bootCommands(final long run, final long nowNs) {
        final List<DirectBuffer> boot = new ArrayList<>(lostNumbers.commands());
        final UnsafeBuffer started = new UnsafeBuffer(new byte[256]);
        final RouterStartedEncoder encoder = new RouterStartedEncoder()
            .wrapAndApplyHeader(started, 0, new MessageHeaderEncoder())
            .journalIdHigh(journal.id().high()).journalIdLow(journal.id().low())
            .startedNs(nowNs).runNumber(run).softwareVersion(WeirVersion.number());
        boot.add(new UnsafeBuffer(started, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength()));
        for (final byte[] frame : BootCommands.frames(config, nowNs, market::knows)) {
            boot.add(new UnsafeBuffer(frame));
        }
        boot.addAll(Periods.current(config, nowNs));
        return boot;
    }

    private IdleStrategy idle() {
        switch (settings.engine().idle()) {
            case BUSY_SPIN:
                return new BusySpinIdleStrategy();
            case YIELDING:
                return new YieldingIdleStrategy();
            case SLEEPING:
                return new SleepingMillisIdleStrategy(1);
            default:
                return new BackoffIdleStrategy(SPINS, YIELDS, PARK_MIN_NS, PARK_MAX_NS);
        }
    }

    private void onLost(final Throwable cause) {
        LOG.warn("the media driver is lost: {}", cause.toString());
        failure.compareAndSet(null, cause);
        ended.countDown();
    }

    private void onFatal(final Throwable error) {
        LOG.error("the router cannot go on", error);
        failure.compareAndSet(null, error);
        ended.countDown();
    }

    /** Tells when an agent's {@code onStart} is done, well or not. */
    private final class Signalled implements Agent {
        private final Agent agent;
        private final CountDownLatch started;

        Signalled(final Agent agent, final CountDownLatch started) {
            this.agent = agent;
            this.started = started;
        }

        @Override
        public void onStart() {
            try {
                agent.onStart();
            } catch (final RuntimeException ex) {
                onFatal(ex);
                throw ex;
            } finally {
                started.countDown();
            }
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
