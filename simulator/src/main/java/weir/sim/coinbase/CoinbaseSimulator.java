package weir.sim.coinbase;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.MarketMaker;
import weir.sim.market.UuidSource;
import weir.sim.market.VenueLog;

/**
 * A running Coinbase Exchange venue: FIX order entry, REST with the WebSocket feed, and control API, on loopback.
 *
 * <p>Launch with {@link #launch(Context)}, then read the ports. Closing drops every session and closes the log; killing
 * the process loses nothing that a client was told.
 */
public final class CoinbaseSimulator implements AutoCloseable {
    private static final long TICK_MS = 50;

    private final VenueLog log;
    private final FixInLog fixIn;
    private final FixGateway fix;
    private final RestGateway rest;
    private final MarketFeed feed;
    private final ControlServer control;
    private final MatchingEngine engine;
    private final MarketMaker<VenueOrder> marketMaker;
    private final LongSupplier clock;
    private final boolean scheduledLogouts;
    private final ScheduledExecutorService housekeeping;
    private long previousTickNs;

    private CoinbaseSimulator(final Context context) throws IOException {
        clock = context.clock;
        scheduledLogouts = context.scheduledLogouts;
        final Map<String, Long> lastTradeIds = VenueLog.lastTradeIds(context.logDir);
        log = new VenueLog(context.logDir);
        fixIn = new FixInLog(context.logDir);
        final VenueLimits limits = VenueLimits.documented(context.windowAlignment, context.queuedPerProductMax);
        final FaultPlan<Fault> faults = new FaultPlan<>(Fault.class, context.seed);
        final SessionDirectory sessions = new SessionDirectory(context.accounts, context.resendRetentionNs);
        final UuidSource uuids = new UuidSource(context.seed);
        final VenueRecorder recorder = new VenueRecorder(log, faults);
        recorder.sessions(sessions);
        engine = new MatchingEngine(context.products, context.accounts, lastTradeIds,
            new OrderIndex(context.orderRetentionNs), uuids, recorder,
            () -> faults.value(Fault.VISIBILITY_DELAY_MS, null) * 1_000_000L, limits.openOrders());
        fix = new FixGateway(context.fixPort, clock, context.peerClock, limits, log, fixIn, faults, sessions,
            new LogonCheck(sessions, context.toleranceNs), engine,
            new OrderEntry(engine, log, faults, uuids, clock, limits.batchOrders()));
        final RestAuth auth = new RestAuth(sessions, context.toleranceNs, context.legacy400, context.acceptPathOnly);
        feed = new MarketFeed(clock, context.peerClock, context.heartbeatIntervalNs, context.statusIntervalNs, faults,
            engine, auth);
        recorder.users(new UserMessages(feed, faults));
        rest = new RestGateway(context.restPort, clock, context.peerClock, log, faults, auth,
            new RestOrders(engine), engine, feed.handler());
        control = new ControlServer(context.controlPort, fix, rest, feed, engine);
        marketMaker = new MarketMaker<>(
            new CoinbaseHouse(engine), context.marketMaker, context.houseTakerIntervalNs, context.seed);
        previousTickNs = clock.getAsLong();
        rest.start();
        log.write(VenueLog.line("start", previousTickNs).put("fixPort", fix.port()).put("restPort", rest.port())
            .put("alignment", limits.alignment().name()).put("seed", context.seed));
        marketMaker.onTick(previousTickNs);
        fix.start();
        control.start();
        final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            final Thread thread = new Thread(task, "coinbase-housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        housekeeping = executor;
        executor.scheduleWithFixedDelay(this::onTick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts the venue.
     *
     * @throws IOException              if a port or the log directory cannot be had.
     * @throws IllegalArgumentException if the context does not fit together.
     */
    public static CoinbaseSimulator launch(final Context context) throws IOException {
        context.conclude();
        return new CoinbaseSimulator(context);
    }

    /** The port of FIX order entry. */
    public int fixPort() {
        return fix.port();
    }

    /** The port of the REST interface. */
    public int restPort() {
        return rest.port();
    }

    /** The port of the WebSocket feed: that of the REST interface. */
    public int wsPort() {
        return rest.port();
    }

    /** The port of the control API. */
    public int controlPort() {
        return control.port();
    }

    @Override
    public void close() throws IOException {
        housekeeping.shutdownNow();
        control.close();
        feed.close();
        rest.close();
        fix.close();
        log.close();
        fixIn.close();
    }

    private void onTick() {
        try {
            final long nowNs = clock.getAsLong();
            fix.onTick(nowNs);
            engine.expire(nowNs);
            marketMaker.onTick(nowNs);
            feed.onTick(nowNs);
            if (scheduledLogouts && LogoutSchedule.isCrossed(previousTickNs, nowNs)) {
                fix.connections().forEach(session -> session.logout("server terminated", "scheduled"));
            }
            previousTickNs = nowNs;
        } catch (final RuntimeException e) {
            // One bad tick must not end heartbeats; the next one tries again.
            System.err.println("coinbase simulator: housekeeping: " + e);
        }
    }

    /** What a venue is launched with. Every setting has a getter and a setter of the same name; not thread safe. */
    public static final class Context {
        private int fixPort;
        private int restPort;
        private int controlPort;
        private Path logDir;
        private List<VenueAccount> accounts = List.of();
        private List<VenueProduct> products = VenueProduct.defaults();
        private WindowAlignment windowAlignment = WindowAlignment.SESSION_START;
        private long toleranceNs = 30_000_000_000L;
        private long orderRetentionNs = 3_600_000_000_000L;
        private long resendRetentionNs = 3_600_000_000_000L;
        private int queuedPerProductMax = 50;
        private Map<String, BigDecimal> marketMaker = new LinkedHashMap<>();
        private long houseTakerIntervalNs;
        private long heartbeatIntervalNs = 1_000_000_000L;
        private long statusIntervalNs = 5_000_000_000L;
        private boolean scheduledLogouts;
        private boolean legacy400;
        private boolean acceptPathOnly;
        private long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 40;
        private LongSupplier clock = FixTime.countingClock();
        private LongSupplier peerClock = FixTime::wallClockNs;

        /** Checks the settings. @throws IllegalArgumentException naming the first that does not fit. */
        public void conclude() {
            if (logDir == null) {
                throw new IllegalArgumentException("logDir is missing");
            }
            if (accounts.isEmpty()) {
                throw new IllegalArgumentException("accounts are missing");
            }
            if (products.isEmpty()) {
                throw new IllegalArgumentException("products are missing");
            }
            if (toleranceNs <= 0 || orderRetentionNs < 0 || resendRetentionNs < 0 || queuedPerProductMax < 0
                || houseTakerIntervalNs < 0 || heartbeatIntervalNs <= 0 || statusIntervalNs <= 0) {
                throw new IllegalArgumentException("times and bounds must not be negative");
            }
        }

        /** Port of FIX order entry, 0 for an ephemeral one. Default 0. */
        public Context fixPort(final int port) {
            fixPort = port;
            return this;
        }

        /** See {@link #fixPort(int)}. */
        public int fixPort() {
            return fixPort;
        }

        /** Port of the REST interface, 0 for an ephemeral one. Default 0. */
        public Context restPort(final int port) {
            restPort = port;
            return this;
        }

        /** See {@link #restPort(int)}. */
        public int restPort() {
            return restPort;
        }

        /** Port of the control API, 0 for an ephemeral one. Default 0. */
        public Context controlPort(final int port) {
            controlPort = port;
            return this;
        }

        /** See {@link #controlPort(int)}. */
        public int controlPort() {
            return controlPort;
        }

        /** Directory of {@code venue.jsonl} and {@code fix-in.log}; created if missing. Required. */
        public Context logDir(final Path dir) {
            logDir = dir;
            return this;
        }

        /** See {@link #logDir(Path)}. */
        public Path logDir() {
            return logDir;
        }

        /** The API keys the venue knows. Required. */
        public Context accounts(final List<VenueAccount> list) {
            accounts = List.copyOf(list);
            return this;
        }

        /** See {@link #accounts(List)}. */
        public List<VenueAccount> accounts() {
            return accounts;
        }

        /** The product table. Default {@link VenueProduct#defaults()}. */
        public Context products(final List<VenueProduct> list) {
            products = List.copyOf(list);
            return this;
        }

        /** See {@link #products(List)}. */
        public List<VenueProduct> products() {
            return products;
        }

        /** Where the one second windows of the FIX limit begin. Default SESSION_START. */
        public Context windowAlignment(final WindowAlignment alignment) {
            windowAlignment = alignment;
            return this;
        }

        /** See {@link #windowAlignment(WindowAlignment)}. */
        public WindowAlignment windowAlignment() {
            return windowAlignment;
        }

        /** How far SendingTime(52) and CB-ACCESS-TIMESTAMP may be off, nanoseconds. Default 30 s. */
        public Context toleranceNs(final long ns) {
            toleranceNs = ns;
            return this;
        }

        /** See {@link #toleranceNs(long)}. */
        public long toleranceNs() {
            return toleranceNs;
        }

        /** How long a done order is remembered for status requests, nanoseconds. Default 1 h. */
        public Context orderRetentionNs(final long ns) {
            orderRetentionNs = ns;
            return this;
        }

        /** See {@link #orderRetentionNs(long)}. */
        public long orderRetentionNs() {
            return orderRetentionNs;
        }

        /** How long sent messages are kept for resend, nanoseconds. Default 1 h. */
        public Context resendRetentionNs(final long ns) {
            resendRetentionNs = ns;
            return this;
        }

        /** See {@link #resendRetentionNs(long)}. */
        public long resendRetentionNs() {
            return resendRetentionNs;
        }

        /** Requests that may wait per session and product, 0 for no bound. Default 50, as documented. */
        public Context queuedPerProductMax(final int max) {
            queuedPerProductMax = max;
            return this;
        }

        /** See {@link #queuedPerProductMax(int)}. */
        public int queuedPerProductMax() {
            return queuedPerProductMax;
        }

        /** Mid prices by product around which the house quotes. Default none. */
        public Context marketMaker(final Map<String, BigDecimal> mids) {
            marketMaker = new LinkedHashMap<>(mids);
            return this;
        }

        /** See {@link #marketMaker(Map)}. */
        public Map<String, BigDecimal> marketMaker() {
            return marketMaker;
        }

        /** Pause between house orders that trade with what rests inside the spread, nanoseconds. Default 0: none. */
        public Context houseTakerIntervalNs(final long ns) {
            houseTakerIntervalNs = ns;
            return this;
        }

        /** See {@link #houseTakerIntervalNs(long)}. */
        public long houseTakerIntervalNs() {
            return houseTakerIntervalNs;
        }

        /** Pause between messages of the channel heartbeat. Default a second, as the venue's. */
        public Context heartbeatIntervalNs(final long intervalNs) {
            heartbeatIntervalNs = intervalNs;
            return this;
        }

        /** See {@link #heartbeatIntervalNs(long)}. */
        public long heartbeatIntervalNs() {
            return heartbeatIntervalNs;
        }

        /** Pause between messages of the channels status and ticker_batch. Default five seconds, as the venue's. */
        public Context statusIntervalNs(final long intervalNs) {
            statusIntervalNs = intervalNs;
            return this;
        }

        /** See {@link #statusIntervalNs(long)}. */
        public long statusIntervalNs() {
            return statusIntervalNs;
        }

        /** Whether everyone is logged out at the venue's deploy and reset times. Default false. */
        public Context scheduledLogouts(final boolean on) {
            scheduledLogouts = on;
            return this;
        }

        /** See {@link #scheduledLogouts(boolean)}. */
        public boolean scheduledLogouts() {
            return scheduledLogouts;
        }

        /** Whether REST authentication failures are 400, as they were until 2018. Default false: 401. */
        public Context legacy400(final boolean on) {
            legacy400 = on;
            return this;
        }

        /** See {@link #legacy400(boolean)}. */
        public boolean legacy400() {
            return legacy400;
        }

        /** Whether a REST signature without the query is accepted too. Default false. */
        public Context acceptPathOnly(final boolean on) {
            acceptPathOnly = on;
            return this;
        }

        /** See {@link #acceptPathOnly(boolean)}. */
        public boolean acceptPathOnly() {
            return acceptPathOnly;
        }

        /** Seed of ids, market maker and shuffling. Default differs per run, so that ids do. */
        public Context seed(final long value) {
            seed = value;
            return this;
        }

        /** See {@link #seed(long)}. */
        public long seed() {
            return seed;
        }

        /**
         * The venue's clock, epoch nanoseconds. By default it counts by a clock that never steps and judges the time
         * that clients state, and tells its own, by wall time.
         */
        public Context clock(final LongSupplier epochNs) {
            clock = epochNs;
            peerClock = epochNs;
            return this;
        }

        /** See {@link #clock(LongSupplier)}. */
        public LongSupplier clock() {
            return clock;
        }
    }
}
