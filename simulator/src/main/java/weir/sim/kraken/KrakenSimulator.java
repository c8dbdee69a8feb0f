package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.PathHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import weir.sim.market.ControlDoor;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.MarketMaker;
import weir.sim.market.UuidSource;
import weir.sim.market.VenueLog;

/**
 * A running Kraken Futures venue: REST and WebSocket on one loopback port, the control API on another.
 *
 * <p>Launch with {@link #launch(Context)}, then read the ports. Closing drops every connection and closes the log;
 * killing the process loses nothing that a client was told.
 */
public final class KrakenSimulator implements AutoCloseable {
    private static final long TICK_MS = 20;
    /** The web server's, which announce nothing but errors. Held, or they would forget their level. */
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"),
        Logger.getLogger("org.jboss.threads"));

    private final VenueLog log;
    private final Undertow server;
    private final ControlDoor control;
    private final KrakenEngine engine;
    private final DeadManSwitch deadMan;
    private final FeedDoor feedDoor;
    private final FeedHub hub;
    private final MarketMaker<KrakenOrder> marketMaker;
    private final LongSupplier clock;
    private final ScheduledThreadPoolExecutor housekeeping;

    private KrakenSimulator(final Context context) throws IOException {
        LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
        clock = context.clock;
        log = new VenueLog(context.logDir);
        final FaultPlan<KrakenFault> faults = new FaultPlan<>(KrakenFault.class, context.seed);
        faults.apply(context.faults);
        final boolean followsWallClock = context.followsWallClock;
        final LongSupplier offsetNs = () -> faults.value(KrakenFault.CLOCK_OFFSET_MS, null) * 1_000_000L
            + (followsWallClock ? IsoTime.driftNs(IsoTime.wallClockNs(), clock.getAsLong()) : 0);
        final UuidSource uuids = new UuidSource(context.seed);
        final VenueRecorder recorder = new VenueRecorder(log);
        hub = new FeedHub(faults, offsetNs, log);
        recorder.feeds(hub);
        engine = new KrakenEngine(context.instruments, new OrderTable(context.orderRetentionNs),
            context.openOrdersMax, context.collar, uuids, recorder,
            () -> faults.value(KrakenFault.VISIBILITY_DELAY_MS, null) * 1_000_000L, offsetNs);
        deadMan = new DeadManSwitch(engine, (account, cancelled, nowNs) -> log.write(
            VenueLog.line("deadMan", nowNs).put("profile", account).put("cancelled", cancelled)));
        final Budgets budgets = new Budgets(context.window, context.costLimit, context.limitPerAddress);
        context.accounts.forEach(account -> budgets.stats(account.name()));
        final CallerCheck callers = new CallerCheck(context.accounts, context.nonceTolerance, context.acceptDecoded);
        final MarketData market = new MarketData(engine, offsetNs);
        final TradingCalls trading = new TradingCalls(engine, deadMan, faults, offsetNs);
        final RestDoor rest = new RestDoor(clock, offsetNs, log, faults, callers, budgets, new RestDoor.Calls(market,
            trading, new BatchCall(engine, trading, offsetNs, context.batchMax, context.seed),
            new AccountCalls(engine, offsetNs), new HistoryCalls(engine, offsetNs)));
        feedDoor = new FeedDoor(hub, engine, market, callers, faults, log, clock, offsetNs,
            new UuidSource(context.seed + 1), new FeedDoor.FeedTimes(context.tickerIntervalNs,
                context.heartbeatIntervalNs, context.idleNs, context.connectionsMax));
        server = Undertow.builder().addHttpListener(context.port, "127.0.0.1").setIoThreads(2)
            .setWorkerThreads(16).setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, true)
            .setHandler(new PathHandler(rest).addExactPath("/ws/v1", feedDoor)).build();
        marketMaker = new MarketMaker<>(new KrakenHouse(engine), context.marketMaker, context.houseTakerIntervalNs,
            context.seed);
        control = new ControlDoor(context.controlPort, "kraken-control",
            new KrakenControl(engine, faults, budgets, hub, feedDoor, deadMan, clock, log)::call);
        marketMaker.onTick(clock.getAsLong());
        try {
            server.start();
        } catch (final RuntimeException e) {
            control.close();
            throw new IOException("port " + context.port + ": " + e.getMessage(), e);
        }
        control.start();
        log.write(VenueLog.line("start", clock.getAsLong()).put("httpPort", httpPort()).put("window",
            context.window.name()).put("seed", context.seed));
        housekeeping = new ScheduledThreadPoolExecutor(1, task -> {
            final Thread thread = new Thread(task, "kraken-housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        housekeeping.scheduleWithFixedDelay(this::onTick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts the venue.
     *
     * @throws IOException              if a port or the log directory cannot be had.
     * @throws IllegalArgumentException if the context does not fit together.
     */
    public static KrakenSimulator launch(final Context context) throws IOException {
        context.conclude();
        return new KrakenSimulator(context);
    }

    /** The port of REST and WebSocket. */
    public int httpPort() {
        return ((InetSocketAddress)server.getListenerInfo().get(0).getAddress()).getPort();
    }

    /** The port of the control API. */
    public int controlPort() {
        return control.port();
    }

    @Override
    public void close() throws IOException {
        housekeeping.shutdownNow();
        control.close();
        hub.connections().forEach(FeedConnection::drop);
        server.stop();
        log.close();
    }

    private void onTick() {
        try {
            final long nowNs = clock.getAsLong();
            deadMan.onTick(nowNs);
            engine.onTick(nowNs);
            marketMaker.onTick(nowNs);
            feedDoor.onTick(nowNs);
        } catch (final RuntimeException e) {
            // One bad tick must not end the dead man's switch; the next one tries again.
            System.err.println("kraken simulator: housekeeping: " + e);
        }
    }

    /** What a venue is launched with. Setters return the context; not thread safe. */
    public static final class Context {
        private int port;
        private int controlPort;
        private Path logDir;
        private List<KrakenAccount> accounts = List.of();
        private List<KrakenInstrument> instruments = KrakenInstrument.defaults();
        private Map<String, BigDecimal> marketMaker = new LinkedHashMap<>();
        private long houseTakerIntervalNs;
        private WindowShape window = WindowShape.SLIDING_10S;
        private int costLimit = 500;
        private boolean limitPerAddress;
        private long nonceTolerance = 1000;
        private boolean acceptDecoded;
        private int batchMax = 50;
        private int openOrdersMax = 500;
        private BigDecimal collar = new BigDecimal("0.2");
        private long orderRetentionNs = 5_000_000_000L;
        private long tickerIntervalNs = 1_000_000_000L;
        private long heartbeatIntervalNs = 1_000_000_000L;
        private long idleNs = 60_000_000_000L;
        private int connectionsMax = 100;
        private ObjectNode faults = Json.object();
        private long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 40;
        private LongSupplier clock = IsoTime.countingClock();
        private boolean followsWallClock = true;

        /** Port of REST and WebSocket, 0 for any. */
        public Context port(final int value) {
            port = value;
            return this;
        }

        /** Port of the control API, 0 for any. */
        public Context controlPort(final int value) {
            controlPort = value;
            return this;
        }

        /** Where {@code venue.jsonl} is appended. */
        public Context logDir(final Path value) {
            logDir = value;
            return this;
        }

        /** Who may trade. */
        public Context accounts(final List<KrakenAccount> value) {
            accounts = List.copyOf(value);
            return this;
        }

        /** What is listed. */
        public Context instruments(final List<KrakenInstrument> value) {
            instruments = List.copyOf(value);
            return this;
        }

        /** Mid prices by symbol around which the house quotes. */
        public Context marketMaker(final Map<String, BigDecimal> value) {
            marketMaker = new LinkedHashMap<>(value);
            return this;
        }

        /** Pause between house takers, 0 for none. */
        public Context houseTakerIntervalNs(final long value) {
            houseTakerIntervalNs = value;
            return this;
        }

        /** How the cost units are counted. */
        public Context window(final WindowShape value) {
            window = value;
            return this;
        }

        /** Cost units per 10 s. */
        public Context costLimit(final int value) {
            costLimit = value;
            return this;
        }

        /** Whether a calling address has one budget, rather than an account. */
        public Context limitPerAddress(final boolean value) {
            limitPerAddress = value;
            return this;
        }

        /** How far below the highest nonce one may be. */
        public Context nonceTolerance(final long value) {
            nonceTolerance = value;
            return this;
        }

        /** Whether signatures of the decoded form pass too. */
        public Context acceptDecoded(final boolean value) {
            acceptDecoded = value;
            return this;
        }

        /** Instructions per batch. */
        public Context batchMax(final int value) {
            batchMax = value;
            return this;
        }

        /** Open orders per account and contract. */
        public Context openOrdersMax(final int value) {
            openOrdersMax = value;
            return this;
        }

        /** Part of the mark price by which a limit may be worse. */
        public Context collar(final BigDecimal value) {
            collar = value;
            return this;
        }

        /** How long a done order is spoken of by orders/status. */
        public Context orderRetentionNs(final long value) {
            orderRetentionNs = value;
            return this;
        }

        /** Pause between tickers of a contract. */
        public Context tickerIntervalNs(final long value) {
            tickerIntervalNs = value;
            return this;
        }

        /** Pause between heartbeats. */
        public Context heartbeatIntervalNs(final long value) {
            heartbeatIntervalNs = value;
            return this;
        }

        /** A WebSocket that says nothing for so long is closed. */
        public Context idleNs(final long value) {
            idleNs = value;
            return this;
        }

        /** WebSockets open at once. */
        public Context connectionsMax(final int value) {
            connectionsMax = value;
            return this;
        }

        /** Faults in force from the start, as the control API takes them. */
        public Context faults(final ObjectNode value) {
            faults = value.deepCopy();
            return this;
        }

        /** The same seed names the same orders and shuffles the same way. */
        public Context seed(final long value) {
            seed = value;
            return this;
        }

        /**
         * Epoch nanoseconds. By default the venue counts by a clock that never steps, and shows and judges stated times
         * by wall time.
         */
        public Context clock(final LongSupplier value) {
            clock = value;
            followsWallClock = false;
            return this;
        }

        /** Checks that everything fits together. @throws IllegalArgumentException if it does not. */
        void conclude() {
            Objects.requireNonNull(clock, "clock");
            if (logDir == null) {
                throw new IllegalArgumentException("log directory is missing");
            }
            if (accounts.isEmpty()) {
                throw new IllegalArgumentException("no accounts");
            }
            if (costLimit < 1 || batchMax < 1 || openOrdersMax < 1 || connectionsMax < 1) {
                throw new IllegalArgumentException("limits must be above 0");
            }
            for (final KrakenAccount account : accounts) {
                if (account.parent() != null
                    && accounts.stream().noneMatch(each -> each.name().equals(account.parent()))) {
                    throw new IllegalArgumentException("account " + account.name() + ": no account named "
                        + account.parent());
                }
            }
            marketMaker.keySet().forEach(symbol -> {
                if (instruments.stream().noneMatch(each -> each.symbol().equals(symbol))) {
                    throw new IllegalArgumentException("market maker: no contract named " + symbol);
                }
            });
        }
    }
}
