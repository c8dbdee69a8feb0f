package weir.sim.binance;

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
 * A running Binance Spot venue: REST, WebSocket API ({@code /ws-api/v3}) and market streams ({@code /ws},
 * {@code /stream}) on one loopback port, the control API on another.
 *
 * <p>Launch with {@link #launch(Context)}, then read the ports. Closing drops every connection and closes the log;
 * killing the process loses nothing that a client was told.
 */
public final class BinanceSimulator implements AutoCloseable {
    private static final long TICK_MS = 20;
    /** The web server's, which announce nothing but errors. Held, or they would forget their level. */
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"),
        Logger.getLogger("org.jboss.threads"));

    private final VenueLog log;
    private final Undertow server;
    private final ControlDoor control;
    private final ApiDoor api;
    private final StreamDoor streams;
    private final MarketMaker<BinanceOrder> marketMaker;
    private final LongSupplier clock;
    private final ScheduledThreadPoolExecutor housekeeping;

    private BinanceSimulator(final Context context) throws IOException {
        LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
        clock = context.clock;
        final Map<String, Long> lastTradeIds = VenueLog.lastTradeIds(context.logDir);
        log = new VenueLog(context.logDir);
        final FaultPlan<BinanceFault> faults = new FaultPlan<>(BinanceFault.class, context.seed);
        faults.apply(context.faults);
        final boolean followsWallClock = context.followsWallClock;
        final LongSupplier offsetNs = () -> faults.value(BinanceFault.CLOCK_OFFSET_MS, null) * 1_000_000L
            + (followsWallClock ? VenueClock.driftNs(VenueClock.wallNs(), clock.getAsLong()) : 0);
        housekeeping = new ScheduledThreadPoolExecutor(1, task -> {
            final Thread thread = new Thread(task, "binance-housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        final VenueLimits limits = new VenueLimits(context.sizes);
        final VenueRecorder recorder = new VenueRecorder(log, limits);
        final BinanceEngine engine = new BinanceEngine(context.symbols, lastTradeIds,
            clock.getAsLong() / 1_000_000L, recorder,
            () -> faults.value(BinanceFault.VISIBILITY_DELAY_MS, null) * 1_000_000L);
        final UserStreams users = new UserStreams(faults, clock, offsetNs, log, housekeeping);
        final UuidSource uuids = new UuidSource(context.seed);
        final CallerCheck callers = new CallerCheck(context.accounts, limits, clock, offsetNs, log);
        final MarketCalls market = new MarketCalls(engine, limits, offsetNs);
        final VenueCalls calls = new VenueCalls(market, new TradingCalls(engine,
            new OrderParser(engine, () -> uuids.next().replace("-", "").substring(0, 22)), limits, faults, offsetNs),
            new AccountCalls(engine, limits, offsetNs), callers, limits, faults, clock, log);
        final SocketHub.Times times = new SocketHub.Times(context.pingNs, context.pongNs, context.connectionLifeNs);
        api = new ApiDoor(calls, callers, users, faults, limits, clock, offsetNs, log, times, housekeeping);
        streams = new StreamDoor(engine, market, faults, limits, clock, offsetNs, log, times);
        recorder.listeners(users::onExecution, streams::onTrade);
        server = Undertow.builder().addHttpListener(context.port, "127.0.0.1").setIoThreads(2)
            .setWorkerThreads(16).setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, true)
            .setHandler(new PathHandler(new RestDoor(calls, callers, limits, faults, clock, log))
                .addExactPath("/ws-api/v3", api).addPrefixPath("/ws", streams).addPrefixPath("/stream", streams))
            .build();
        final BinanceHouse house = new BinanceHouse(engine);
        marketMaker = new MarketMaker<>(house, context.marketMaker, context.houseTakerIntervalNs, context.seed);
        control = new ControlDoor(context.controlPort, "binance-control",
            new BinanceControl(engine, house, faults, limits, api, streams, clock, log)::call);
        marketMaker.onTick(clock.getAsLong());
        try {
            server.start();
        } catch (final RuntimeException e) {
            control.close();
            throw new IOException("port " + context.port + ": " + e.getMessage(), e);
        }
        control.start();
        log.write(VenueLog.line("start", clock.getAsLong()).put("httpPort", httpPort()).put("seed", context.seed));
        housekeeping.scheduleWithFixedDelay(this::onTick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Starts the venue.
     *
     * @throws IOException              if a port or the log directory cannot be had.
     * @throws IllegalArgumentException if the context does not fit together.
     */
    public static BinanceSimulator launch(final Context context) throws IOException {
        context.conclude();
        return new BinanceSimulator(context);
    }

    /** The port of REST and WebSockets. */
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
        api.dropAll();
        streams.dropAll();
        server.stop();
        log.close();
    }

    private void onTick() {
        try {
            final long nowNs = clock.getAsLong();
            marketMaker.onTick(nowNs);
            api.onTick(nowNs);
            streams.onTick(nowNs);
        } catch (final RuntimeException e) {
            // One bad tick must not end the pings; the next one tries again.
            System.err.println("binance simulator: housekeeping: " + e);
        }
    }

    /** What a venue is launched with. Setters return the context; not thread safe. */
    public static final class Context {
        private int port;
        private int controlPort;
        private Path logDir;
        private List<BinanceAccount> accounts = List.of();
        private List<BinanceSymbol> symbols = BinanceSymbol.defaults();
        private Map<String, BigDecimal> marketMaker = new LinkedHashMap<>();
        private long houseTakerIntervalNs;
        private VenueLimits.Sizes sizes = new VenueLimits.Sizes(6000, 61_000, 300, 50, 160_000, 10, 1);
        private long pingNs = TimeUnit.SECONDS.toNanos(20);
        private long pongNs = TimeUnit.MINUTES.toNanos(1);
        private long connectionLifeNs = TimeUnit.HOURS.toNanos(24);
        private ObjectNode faults = Json.object();
        private long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 40;
        private LongSupplier clock = VenueClock.counting();
        private boolean followsWallClock = true;

        /** Port of REST and WebSockets, 0 for any. */
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
        public Context accounts(final List<BinanceAccount> value) {
            accounts = List.copyOf(value);
            return this;
        }

        /** What is listed. */
        public Context symbols(final List<BinanceSymbol> value) {
            symbols = List.copyOf(value);
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

        /** Weight per minute and address. */
        public Context weight(final int value) {
            sizes = new VenueLimits.Sizes(value, sizes.raw(), sizes.connects(), sizes.orders10s(), sizes.orders1d(),
                sizes.refusalsToBan(), sizes.makerBonus());
            return this;
        }

        /** Unfilled orders per ten seconds and per day of an account. */
        public Context orders(final int per10s, final int perDay) {
            sizes = new VenueLimits.Sizes(sizes.weight(), sizes.raw(), sizes.connects(), per10s, perDay,
                sizes.refusalsToBan(), sizes.makerBonus());
            return this;
        }

        /** What a first fill as maker takes off the order count. */
        public Context makerBonus(final int value) {
            sizes = new VenueLimits.Sizes(sizes.weight(), sizes.raw(), sizes.connects(), sizes.orders10s(),
                sizes.orders1d(), sizes.refusalsToBan(), value);
            return this;
        }

        /** Refusals for the weight within a minute after which the address is banned. */
        public Context refusalsToBan(final int value) {
            sizes = new VenueLimits.Sizes(sizes.weight(), sizes.raw(), sizes.connects(), sizes.orders10s(),
                sizes.orders1d(), value, sizes.makerBonus());
            return this;
        }

        /** Pause between pings, and how long a pong may be missing. */
        public Context ping(final long everyNs, final long missingNs) {
            pingNs = everyNs;
            pongNs = missingNs;
            return this;
        }

        /** Longest life of a WebSocket. */
        public Context connectionLifeNs(final long value) {
            connectionLifeNs = value;
            return this;
        }

        /** Faults in force from the start, as the control API takes them. */
        public Context faults(final ObjectNode value) {
            faults = value.deepCopy();
            return this;
        }

        /** The same seed makes up the same ids. */
        public Context seed(final long value) {
            seed = value;
            return this;
        }

        /** Epoch nanoseconds. By default a clock that never steps; stated times are shown and judged by wall time. */
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
            if (sizes.weight() < 1 || sizes.orders10s() < 1 || sizes.orders1d() < 1) {
                throw new IllegalArgumentException("limits must be above 0");
            }
            marketMaker.keySet().forEach(symbol -> {
                if (symbols.stream().noneMatch(each -> each.symbol().equals(symbol))) {
                    throw new IllegalArgumentException("market maker: no pair named " + symbol);
                }
            });
        }
    }
}
