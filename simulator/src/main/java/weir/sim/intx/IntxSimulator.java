package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
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
import weir.sim.market.VenueLog;

/**
 * A running Coinbase International Exchange: REST on one loopback port, FIX order entry on another, the control
 * API on a third.
 *
 * <p>Launch with {@link #launch(Context)}, then read the ports. Closing drops every connection and closes the log;
 * killing the process loses nothing that a client was told.
 */
public final class IntxSimulator implements AutoCloseable {
    private static final long TICK_MS = 20;
    /** The web server's, which announce nothing but errors. Held, or they would forget their level. */
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"),
        Logger.getLogger("org.jboss.threads"));

    private final VenueLog log;
    private final Undertow server;
    private final ControlDoor control;
    private final IntxEngine engine;
    private final RestDoor rest;
    private final FixDoor fix;
    private final MarketMaker<IntxOrder> marketMaker;
    private final LongSupplier clock;
    private final ScheduledThreadPoolExecutor housekeeping;

    private IntxSimulator(final Context context) throws IOException {
        LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
        clock = context.clock;
        log = new VenueLog(context.logDir);
        final FaultPlan<IntxFault> faults = new FaultPlan<>(IntxFault.class, context.seed);
        faults.apply(context.faults);
        final boolean followsWallClock = context.followsWallClock;
        final LongSupplier offsetNs = () -> faults.value(IntxFault.CLOCK_OFFSET_MS, null) * 1_000_000L
            + (followsWallClock ? VenueTime.driftNs(clock.getAsLong()) : 0);
        engine = new IntxEngine(context.instruments, new Ids(clock.getAsLong()), new VenueRecorder(log), faults,
            offsetNs);
        final KeyLimits limits = new KeyLimits(context.accounts, context.restPerSecond);
        final CallerCheck callers = new CallerCheck(context.accounts, context.toleranceNs);
        final MarketCalls market = new MarketCalls(engine);
        rest = new RestDoor(clock, engine, log, faults, callers, limits, market, new OrderCalls(engine, faults),
            new PortfolioCalls(engine, faults, context.seed));
        server = Undertow.builder().addHttpListener(context.port, "127.0.0.1").setIoThreads(2)
            .setWorkerThreads(16).setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, true).setHandler(rest)
            .build();
        marketMaker = new MarketMaker<>(new IntxHouse(engine), context.marketMaker, context.houseTakerIntervalNs,
            context.seed);
        fix = new FixDoor(context.fixPort, clock, engine, log, faults, context.accounts,
            new FixDoor.Limits(context.fixPerSecond, context.fixCutPerSecond, context.fixAccountPerSecond),
            context.fixToleranceNs);
        control = new ControlDoor(context.controlPort, "intx-control",
            new IntxControl(engine, faults, limits, rest::dropAll, fix, clock, log)::call);
        marketMaker.onTick(clock.getAsLong());
        try {
            server.start();
        } catch (final RuntimeException e) {
            control.close();
            fix.close();
            throw new IOException("port " + context.port + ": " + e.getMessage(), e);
        }
        fix.start();
        control.start();
        log.write(VenueLog.line("start", clock.getAsLong()).put("httpPort", httpPort()).put("fixPort", fixPort())
            .put("restPerSecond", context.restPerSecond).put("seed", context.seed));
        housekeeping = new ScheduledThreadPoolExecutor(1, task -> {
            final Thread thread = new Thread(task, "intx-housekeeping");
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
    public static IntxSimulator launch(final Context context) throws IOException {
        context.conclude();
        return new IntxSimulator(context);
    }

    /** The port of REST. */
    public int httpPort() {
        return ((InetSocketAddress)server.getListenerInfo().get(0).getAddress()).getPort();
    }

    /** The port of FIX order entry. */
    public int fixPort() {
        return fix.port();
    }

    /** The port of the control API. */
    public int controlPort() {
        return control.port();
    }

    @Override
    public void close() throws IOException {
        housekeeping.shutdownNow();
        control.close();
        rest.dropAll();
        fix.close();
        server.stop();
        log.close();
    }

    private void onTick() {
        try {
            final long nowNs = clock.getAsLong();
            engine.onTick(nowNs);
            marketMaker.onTick(nowNs);
            fix.onTick(nowNs);
        } catch (final RuntimeException e) {
            // One bad tick must not end the expiries; the next one tries again.
            System.err.println("intx simulator: housekeeping: " + e);
        }
    }

    /** What a venue is launched with. Setters return the context; not thread safe. */
    public static final class Context {
        private int port;
        private int fixPort;
        private int controlPort;
        private Path logDir;
        private List<IntxAccount> accounts = List.of();
        private List<IntxInstrument> instruments = IntxInstrument.defaults();
        private Map<String, BigDecimal> marketMaker = new LinkedHashMap<>();
        private long houseTakerIntervalNs;
        private int restPerSecond = 40;
        private long toleranceNs = 5_000_000_000L;
        private int fixPerSecond = 800;
        private int fixCutPerSecond = 1_000;
        private int fixAccountPerSecond = 4_000;
        private long fixToleranceNs = 1_000_000_000L;
        private ObjectNode faults = Json.object();
        private long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 40;
        private LongSupplier clock = VenueTime.countingClock();
        private boolean followsWallClock = true;

        /** Port of REST, 0 for any. */
        public Context port(final int value) {
            port = value;
            return this;
        }

        /** Port of FIX order entry, 0 for any. */
        public Context fixPort(final int value) {
            fixPort = value;
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
        public Context accounts(final List<IntxAccount> value) {
            accounts = List.copyOf(value);
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

        /** Calls that a key has in any second. */
        public Context restPerSecond(final int value) {
            restPerSecond = value;
            return this;
        }

        /** FIX messages that a key has in any second; above, they are refused. */
        public Context fixPerSecond(final int value) {
            fixPerSecond = value;
            return this;
        }

        /** FIX messages in any second above which the session is cut. */
        public Context fixCutPerSecond(final int value) {
            fixCutPerSecond = value;
            return this;
        }

        /** FIX messages that all keys of a portfolio have in any second. */
        public Context fixAccountPerSecond(final int value) {
            fixAccountPerSecond = value;
            return this;
        }

        /** How far SendingTime(52) may be off. */
        public Context fixToleranceNs(final long value) {
            fixToleranceNs = value;
            return this;
        }

        /** How far a timestamp may be off. */
        public Context toleranceNs(final long value) {
            toleranceNs = value;
            return this;
        }

        /** Faults in force from the start, as the control API takes them. */
        public Context faults(final ObjectNode value) {
            faults = value.deepCopy();
            return this;
        }

        /** The same seed trades and shuffles the same way. */
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
            if (fixPerSecond < 1 || fixCutPerSecond < fixPerSecond || fixAccountPerSecond < 1 || fixToleranceNs < 0) {
                throw new IllegalArgumentException("0 < fixPerSecond <= fixCutPerSecond, fixAccountPerSecond above 0");
            }
            if (restPerSecond < 1 || toleranceNs < 0) {
                throw new IllegalArgumentException("restPerSecond must be above 0, the tolerance not below");
            }
            marketMaker.keySet().forEach(symbol -> {
                if (instruments.stream().noneMatch(each -> each.symbol().equals(symbol))) {
                    throw new IllegalArgumentException("market maker: no instrument named " + symbol);
                }
            });
        }
    }
}
