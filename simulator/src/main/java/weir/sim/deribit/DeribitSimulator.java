package weir.sim.deribit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.PathHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
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
 * A running Deribit: JSON-RPC over WebSocket ({@code /ws/api/v2}) and HTTP ({@code /api/v2}) on one loopback port, the
 * control API on another.
 *
 * <p>Launch with {@link #launch(Context)}, then read the ports. Closing drops every connection and closes the log;
 * killing the process loses nothing that a client was told.
 */
public final class DeribitSimulator implements AutoCloseable {
    private static final long TICK_MS = 20;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"),
        Logger.getLogger("org.jboss.threads"));

    private final VenueLog log;
    private final Undertow server;
    private final ControlDoor control;
    private final DeribitEngine engine;
    private final AccountBook accounts;
    private final WsDoor wsDoor;
    private final ChannelHub hub;
    private final MarketMaker<DeribitOrder> marketMaker;
    private final LongSupplier clock;
    private final ScheduledThreadPoolExecutor housekeeping;

    private DeribitSimulator(final Context context) throws IOException {
        LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
        clock = context.clock;
        log = new VenueLog(context.logDir);
        final FaultPlan<DeribitFault> faults = new FaultPlan<>(DeribitFault.class, context.seed);
        faults.apply(context.faults);
        final LongSupplier offsetNs = () -> faults.value(DeribitFault.CLOCK_OFFSET_MS, null) * 1_000_000L;
        housekeeping = new ScheduledThreadPoolExecutor(1, task -> {
            final Thread thread = new Thread(task, "deribit-housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        accounts = new AccountBook();
        context.accounts.forEach(each -> accounts.add(each.name(), each.volumeUsd(), clock.getAsLong()));
        final VenueRecorder recorder = new VenueRecorder(log, accounts);
        hub = new ChannelHub(faults, log, clock, offsetNs, housekeeping);
        recorder.channels(hub);
        // ids of a later run are higher than those of an earlier one
        engine = new DeribitEngine(context.instruments, new OrderTable(context.orderRetentionNs),
            context.openOrdersMax, clock.getAsLong() / 1_000_000L, recorder,
            () -> faults.value(DeribitFault.VISIBILITY_DELAY_MS, null) * 1_000_000L);
        final MarketCalls market = new MarketCalls(engine, clock, offsetNs);
        hub.market(market);
        final Grants grants = new Grants(context.accounts, new UuidSource(context.seed), context.toleranceMs,
            context.tokenExpiryS);
        final SessionCalls session = new SessionCalls(grants, market, engine, faults, log, clock, offsetNs,
            context.heartbeatMinS);
        final Rpc rpc = new Rpc(new Rpc.Calls(session, market, new TradingCalls(engine, faults, offsetNs),
            new AccountCalls(engine, accounts, offsetNs)), engine, grants, accounts, faults, log, clock, offsetNs);
        wsDoor = new WsDoor(rpc, session, hub, grants, engine, faults, log, clock, housekeeping, context.idleNs,
            context.connectionsMax);
        server = Undertow.builder().addHttpListener(context.port, "127.0.0.1").setIoThreads(2)
            .setWorkerThreads(16).setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, true)
            .setHandler(new PathHandler(new HttpDoor(rpc, grants, faults, clock, offsetNs))
                .addExactPath("/ws/api/v2", wsDoor)).build();
        marketMaker = new MarketMaker<>(new DeribitHouse(engine), context.marketMaker, context.houseTakerIntervalNs,
            context.seed);
        control = new ControlDoor(context.controlPort, "deribit-control",
            new DeribitControl(engine, faults, accounts, hub, wsDoor, clock, log)::call);
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
    public static DeribitSimulator launch(final Context context) throws IOException {
        context.conclude();
        return new DeribitSimulator(context);
    }

    /** The port of HTTP and WebSocket. */
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
        hub.connections().forEach(WsConnection::drop);
        server.stop();
        log.close();
    }

    private void onTick() {
        try {
            final long nowNs = clock.getAsLong();
            engine.onTick(nowNs);
            accounts.onTick(nowNs);
            marketMaker.onTick(nowNs);
            wsDoor.onTick(nowNs);
        } catch (final RuntimeException e) {
            // One bad tick must not end the heartbeats; the next one tries again.
            System.err.println("deribit simulator: housekeeping: " + e);
        }
    }

    /** Epoch nanoseconds that began at wall time and never step. */
    private static LongSupplier countingClock() {
        final Instant now = Instant.now();
        final long beganNs = now.getEpochSecond() * SECOND_NS + now.getNano() - System.nanoTime();
        return () -> beganNs + System.nanoTime();
    }

    /** What a venue is launched with. Setters return the context; not thread safe. */
    public static final class Context {
        private int port;
        private int controlPort;
        private Path logDir;
        private List<DeribitAccount> accounts = List.of();
        private List<DeribitInstrument> instruments = DeribitInstrument.defaults();
        private Map<String, BigDecimal> marketMaker = new LinkedHashMap<>();
        private long houseTakerIntervalNs;
        private int openOrdersMax = 10_000;
        private long orderRetentionNs = 1_800_000_000_000L;
        private int heartbeatMinS = 10;
        private long toleranceMs = 60_000;
        private long tokenExpiryS = 900;
        private long idleNs = 600_000_000_000L;
        private int connectionsMax = 32;
        private ObjectNode faults = Json.object();
        private long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 40;
        private LongSupplier clock = countingClock();

        /** Port of HTTP and WebSocket, 0 for any. */
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
        public Context accounts(final List<DeribitAccount> value) {
            accounts = List.copyOf(value);
            return this;
        }

        /** What is listed. */
        public Context instruments(final List<DeribitInstrument> value) {
            instruments = List.copyOf(value);
            return this;
        }

        /** Mid prices by instrument around which the house quotes. */
        public Context marketMaker(final Map<String, BigDecimal> value) {
            marketMaker = new LinkedHashMap<>(value);
            return this;
        }

        /** Pause between house takers, 0 for none. */
        public Context houseTakerIntervalNs(final long value) {
            houseTakerIntervalNs = value;
            return this;
        }

        /** Open orders per sub-account. */
        public Context openOrdersMax(final int value) {
            openOrdersMax = value;
            return this;
        }

        /** How long an order that ended without a fill is spoken of. */
        public Context orderRetentionNs(final long value) {
            orderRetentionNs = value;
            return this;
        }

        /** Least interval of public/set_heartbeat; the venue's is 10. */
        public Context heartbeatMinS(final int value) {
            heartbeatMinS = value;
            return this;
        }

        /** How far a signed timestamp may be off. */
        public Context toleranceMs(final long value) {
            toleranceMs = value;
            return this;
        }

        /** Life of an access token. */
        public Context tokenExpiryS(final long value) {
            tokenExpiryS = value;
            return this;
        }

        /** A WebSocket that says nothing for so long is closed; the venue's is 10 minutes. */
        public Context idleNs(final long value) {
            idleNs = value;
            return this;
        }

        /** WebSockets open at once; the venue's is 32. */
        public Context connectionsMax(final int value) {
            connectionsMax = value;
            return this;
        }

        /** Faults in force from the start, as the control API takes them. */
        public Context faults(final ObjectNode value) {
            faults = value.deepCopy();
            return this;
        }

        /** The same seed names the same tokens and fails in the same places. */
        public Context seed(final long value) {
            seed = value;
            return this;
        }

        /** Epoch nanoseconds; by default a clock that never steps. */
        public Context clock(final LongSupplier value) {
            clock = value;
            return this;
        }

        /** Checks that everything fits together. @throws IllegalArgumentException if it does not. */
        void conclude() {
            Objects.requireNonNull(clock, "clock");
            if (logDir == null) {
                throw new IllegalArgumentException("log directory is missing");
            }
            if (openOrdersMax < 1 || connectionsMax < 1 || heartbeatMinS < 1 || tokenExpiryS < 1) {
                throw new IllegalArgumentException("limits must be above 0");
            }
            marketMaker.keySet().forEach(name -> {
                if (instruments.stream().noneMatch(each -> each.name().equals(name))) {
                    throw new IllegalArgumentException("market maker: no instrument named " + name);
                }
            });
        }
    }
}
