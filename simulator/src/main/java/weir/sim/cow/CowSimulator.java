package weir.sim.cow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import weir.sim.market.ControlDoor;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * A running order book: the API on one loopback port, the control API on another. Launch with {@link
 * #launch(Context)}, then read the ports.
 */
public final class CowSimulator implements AutoCloseable {
    private static final long TICK_MS = 20;
    /** The web server's, which announce nothing but errors. Held, or they would forget their level. */
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"),
        Logger.getLogger("org.jboss.threads"));

    private final VenueLog log;
    private final Undertow server;
    private final ControlDoor control;
    private final CowBook book;
    private final FaultPlan<CowFault> faults;
    private final LongSupplier clock;
    private final ScheduledThreadPoolExecutor housekeeping;

    private CowSimulator(final Context context) throws IOException {
        LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
        clock = context.clock;
        log = new VenueLog(context.logDir);
        faults = new FaultPlan<>(CowFault.class, context.seed);
        faults.apply(context.faults);
        final Tokens tokens = new Tokens(context.tokens, context.spreadBps);
        final EdgeLimit limit = new EdgeLimit(context.requestsPerSecond, context.penaltyNs);
        book = new CowBook(context, tokens, new CowRecorder(log, tokens, context.accounts),
            () -> faults.value(CowFault.CLOCK_OFFSET_MS, null) * 1_000_000L);
        server = Undertow.builder().addHttpListener(context.port, "127.0.0.1").setIoThreads(2).setWorkerThreads(16)
            .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, true)
            .setServerOption(UndertowOptions.ALWAYS_SET_DATE, false)
            .setHandler(new CowDoor(clock, log, faults, book, tokens, limit, context.settlementContract)).build();
        control = new ControlDoor(context.controlPort, "cow-control",
            new CowControl(book, tokens, faults, limit, clock)::call);
        try {
            server.start();
        } catch (final RuntimeException e) {
            control.close();
            throw new IOException("port " + context.port + ": " + e.getMessage(), e);
        }
        control.start();
        log.write(VenueLog.line("start", clock.getAsLong()).put("httpPort", httpPort()).put("chainId",
            context.chainId).put("seed", context.seed));
        housekeeping = new ScheduledThreadPoolExecutor(1, task -> {
            final Thread thread = new Thread(task, "cow-housekeeping");
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
    public static CowSimulator launch(final Context context) throws IOException {
        context.conclude();
        return new CowSimulator(context);
    }

    /** The port of the API; paths begin with {@code /api}, there is no network in them. */
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
        server.stop();
        log.close();
    }

    private void onTick() {
        try {
            book.onTick(clock.getAsLong(), faults.isOn(CowFault.SOLVERS_DOWN, null),
                faults.value(CowFault.FILL_DELAY_MS, null) * 1_000_000L,
                () -> faults.strikes(CowFault.REORG, null));
        } catch (final RuntimeException e) {
            // One bad tick must not end the auctions; the next one tries again.
            System.err.println("cow simulator: housekeeping: " + e);
        }
    }

    /** What a venue is launched with. Setters return the context; not thread safe. */
    public static final class Context {
        private int port;
        private int controlPort;
        private Path logDir;
        private List<CowAccount> accounts = List.of();
        private List<CowToken> tokens = CowToken.defaults();
        private long chainId = 1;
        private String settlementContract = "0x9008d19f58aabd9ed0d60971565aa8510560ab41";
        private long auctionNs = 12_000_000_000L;
        private BigDecimal feeUsd = new BigDecimal("0.50");
        private int spreadBps = 10;
        private int requestsPerSecond = 5;
        private long penaltyNs = 300_000_000_000L;
        private int openOrdersMax = 10;
        private long validityMinS = 60;
        private long validityMaxS = 365L * 86_400;
        private ObjectNode faults = Json.object();
        private long seed = System.nanoTime();
        private LongSupplier clock = countingClock();

        /** Epoch nanoseconds that began at wall time and run with the monotonic clock. */
        private static LongSupplier countingClock() {
            final Instant now = Instant.now();
            final long offsetNs = now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
            return () -> offsetNs + System.nanoTime();
        }

        /** The port of the API, 0 for any. */
        public Context port(final int value) {
            port = value;
            return this;
        }

        /** The port of the control API, 0 for any. */
        public Context controlPort(final int value) {
            controlPort = value;
            return this;
        }

        /** Where {@code venue.jsonl} is appended. */
        public Context logDir(final Path value) {
            logDir = value;
            return this;
        }

        /** Who may trade; everybody else is deny-listed. */
        public Context accounts(final List<CowAccount> value) {
            accounts = List.copyOf(value);
            return this;
        }

        List<CowAccount> accounts() {
            return accounts;
        }

        /** What the solver trades. */
        public Context tokens(final List<CowToken> value) {
            tokens = List.copyOf(value);
            return this;
        }

        /** Of the signing domain. */
        public Context chainId(final long value) {
            chainId = value;
            return this;
        }

        long chainId() {
            return chainId;
        }

        /** Of the signing domain. */
        public Context settlementContract(final String value) {
            settlementContract = value;
            return this;
        }

        String settlementContract() {
            return settlementContract;
        }

        /** From one auction to the next; half of it for solving, half for the transaction. */
        public Context auctionNs(final long value) {
            auctionNs = value;
            return this;
        }

        long auctionNs() {
            return auctionNs;
        }

        /** What a settlement of one order costs. */
        public Context feeUsd(final BigDecimal value) {
            feeUsd = value;
            return this;
        }

        BigDecimal feeUsd() {
            return feeUsd;
        }

        /** What the house keeps of a price. */
        public Context spreadBps(final int value) {
            spreadBps = value;
            return this;
        }

        /** What the edge lets through. */
        public Context requestsPerSecond(final int value) {
            requestsPerSecond = value;
            return this;
        }

        /** How long the edge answers 429 once its rate was passed. */
        public Context penaltyNs(final long value) {
            penaltyNs = value;
            return this;
        }

        /** Open orders of an owner. */
        public Context openOrdersMax(final int value) {
            openOrdersMax = value;
            return this;
        }

        int openOrdersMax() {
            return openOrdersMax;
        }

        /** Least seconds from now to validTo. */
        public Context validityMinS(final long value) {
            validityMinS = value;
            return this;
        }

        long validityMinS() {
            return validityMinS;
        }

        /** Most seconds from now to validTo. */
        public Context validityMaxS(final long value) {
            validityMaxS = value;
            return this;
        }

        long validityMaxS() {
            return validityMaxS;
        }

        /** Faults in force from the start, as the control API takes them. */
        public Context faults(final ObjectNode value) {
            faults = value.deepCopy();
            return this;
        }

        /** The same seed strikes at the same occasions. */
        public Context seed(final long value) {
            seed = value;
            return this;
        }

        /** Epoch nanoseconds. */
        public Context clock(final LongSupplier value) {
            clock = value;
            return this;
        }

        /** Checks that everything fits together. @throws IllegalArgumentException if it does not. */
        void conclude() {
            if (logDir == null) {
                throw new IllegalArgumentException("log directory is missing");
            }
            if (accounts.isEmpty()) {
                throw new IllegalArgumentException("no accounts");
            }
            if (requestsPerSecond < 1 || openOrdersMax < 1 || auctionNs < 2_000_000L || feeUsd.signum() < 0
                || spreadBps < 0 || spreadBps > 5_000 || validityMinS < 0 || validityMaxS < validityMinS) {
                throw new IllegalArgumentException("limits, auction, fee, spread or validity make no sense");
            }
            if (tokens.stream().noneMatch(token -> "WETH".equals(token.symbol()))) {
                throw new IllegalArgumentException("WETH is missing: native prices are counted in it");
            }
            if (!settlementContract.matches("0x[0-9a-fA-F]{40}")) {
                throw new IllegalArgumentException("settlement contract is no address");
            }
        }
    }
}
