package weir.config.run;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.cli.CommandActions.DemoOptions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.model.Venue;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskContext;
import weir.sim.desk.DeskInstrument;
import weir.sim.desk.DeskRun;
import weir.sim.desk.DeskRunResult;
import weir.sim.desk.DeskScenario;
import weir.sim.desk.StepKind;

/**
 * {@code weir demo}: venue and Stripe simulators, router and billing as processes on loopback, desks of four tenants
 * that trade over real FIX sessions, and a report that proves itself: the exit code is 0 only if every order was
 * answered, no report broke FIX arithmetic, the venue saw no breach of its limit, and five independent records agree.
 */
final class DemoRun {
    private static final long READY_MS = 60_000;
    private static final long SETTLE_MS = 20_000;
    private static final long TMPFS_BYTES_MIN = 2L << 30;
    private static final int QUOTA_BURST = 150;
    private static final int VENUE_BURST = 400;
    /** More than Kraken's budget of ten seconds takes one by one. */
    private static final int KRAKEN_BURST = 150;
    /** Desk that {@code --keep} hands over: the one whose quota the demo does not use up. */
    private static final String OWN_DESK = "ALPHA1";
    private static final DeskInstrument BTC = DeskInstrument.parse("BTC-USD:60000:0.01:0.001");
    private static final DeskInstrument ETH = DeskInstrument.parse("ETH-USD:3000:0.01:0.01");
    private static final DeskInstrument SOL = DeskInstrument.parse("SOL-USD:150:0.01:0.1");
    private static final DeskInstrument BTC_PERP = DeskInstrument.parse("BTC-PERP:60000:1:0.001");
    private static final DeskInstrument BTC_USDT = DeskInstrument.parse("BTC-USDT:60000:0.01:0.001");
    private static final DeskInstrument BTC_USDC = DeskInstrument.parse("BTC_USDC-PERPETUAL:60000:1:0.001");
    private static final DeskInstrument BTC_INTX = DeskInstrument.parse("BTC-PERP-INTX:60000:1:0.001");
    private static final DeskInstrument WETH_USDC = DeskInstrument.parse("WETH-USDC:3000:0.01:0.01");
    private static final DeskInstrument ETH_PERP = DeskInstrument.parse("ETH-PERP:3000:0.1:0.01");

    private final DemoOptions options;
    private final Output output;
    private final List<AutoCloseable> running = new ArrayList<>();
    private final Map<String, DeskClient> desks = new HashMap<>();
    private Path dir;
    private Map<String, String> environment;
    private SimulatorAction.Running simulators;
    private JavaProcess router;
    private JavaProcess billing;
    private WeirConfig config;

    DemoRun(final DemoOptions options, final Output output) {
        this.options = options;
        this.output = output;
    }

    int run() throws Exception {
        dir = options.dir().isPresent() ? options.dir().get().toAbsolutePath() : temporary();
        final long seed = options.seed().orElseGet(System::nanoTime);
        final Thread hook = new Thread(this::stopAll, "demo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            start();
            output.say("trading for " + options.seconds() + " s: six desks of four tenants, seed " + seed);
            final Map<String, DeskRunResult> results = trade(seed);
            if (options.keep()) {
                return keep();
            }
            settle();
            final boolean good = new DemoReport(output, config, dir, simulators, results).print();
            return good ? ExitCodes.OK : ExitCodes.FAILED;
        } finally {
            stopAll();
            removeHook(hook);
            if (options.dir().isEmpty() && !options.keep()) {
                delete(dir);
            }
        }
    }

    private void start() throws IOException {
        environment = new HashMap<>(System.getenv());
        environment.putAll(DemoSource.newSecrets());
        final Path configDir = dir.resolve("config");
        final int deskPort = freePort();
        DemoDirectory.write(configDir, dir, DemoDirectory.Ports.UNKNOWN, deskPort);
        final WeirConfig first = ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
        output.say("starting " + first.venues().stream().map(Venue::name).collect(Collectors.joining(", "))
            + " and Stripe (simulators, each a process)");
        simulators = SimulatorAction.start(dir, first, secrets(), DemoDirectory.Ports.ANY,
            Map.of(Venues.COW, DemoDirectory.COW_ARGUMENTS), Map.of());
        running.add(simulators);
        DemoDirectory.write(configDir, dir, simulators.ports(), deskPort);
        DemoDirectory.loadInstruments(configDir);
        config = ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
        output.say("starting the router and the billing process");
        final List<String> args = List.of("--config", configDir.toString());
        router = JavaProcess.start("router", dir, List.of("-Xmx768m"), "weir.cli.WeirMain", command("router", args),
            environment);
        running.add(router);
        billing = JavaProcess.start("billing", dir, List.of("-Xmx256m", "-XX:+UseSerialGC"), "weir.cli.WeirMain",
            command("billing", args), environment);
        running.add(billing);
        router.awaitLine("READY", READY_MS);
        billing.awaitLine("READY", READY_MS);
        connect("ALPHA1", deskPort, false);
        connect("ALPHA2", deskPort, true);
        connect("BETA1", deskPort, false);
        connect("GAMMA1", deskPort, false);
        connect("EPSILON1", deskPort, false);
        connect("EPSILON2", deskPort, false);
        for (final DeskClient desk : desks.values()) {
            desk.awaitLogon(Duration.ofMillis(READY_MS));
        }
    }

    private void connect(final String compId, final int port, final boolean hmac) {
        final String password = environment.get("WEIR_DEMO_" + compId + "_PASSWORD");
        final DeskContext context = new DeskContext().port(port).senderCompId(compId).username(compId)
            .journalDirectory(dir.resolve("desks"));
        final DeskClient desk = DeskClient.launch(hmac ? context.hmacSecret(password) : context.password(password));
        desks.put(compId, desk);
        running.add(desk);
    }

    private Map<String, DeskRunResult> trade(final long seed) throws Exception {
        final int steps = Math.max(20, options.seconds() * options.orderRate() / 3);
        final int krakenSteps = Math.max(20, options.seconds() * 3);
        final double rate = options.orderRate() / 3.0;
        final long burstAtMs = options.seconds() * 400L;
        final Map<String, DeskScenario> scenarios = new HashMap<>();
        scenarios.put("ALPHA1", new DeskScenario().seed(seed).clOrdIdPrefix("a1").instruments(BTC, ETH, SOL)
            .steps(steps).perSecond(rate).restSide('1').burst(VENUE_BURST, 500, burstAtMs));
        scenarios.put("ALPHA2", new DeskScenario().seed(seed + 1).clOrdIdPrefix("a2").instruments(BTC, ETH, SOL)
            .steps(steps).perSecond(rate).restSide('1').weight(StepKind.MARKET, 12));
        scenarios.put("BETA1", new DeskScenario().seed(seed + 2).clOrdIdPrefix("b1").instruments(BTC, ETH)
            .steps(Math.min(steps, 100)).perSecond(rate).restSide('2').burst(QUOTA_BURST, 500, burstAtMs + 4_000));
        scenarios.put("GAMMA1", new DeskScenario().seed(seed + 3).clOrdIdPrefix("g1")
            .instruments(BTC, BTC_PERP, ETH_PERP).steps(krakenSteps).perSecond(3).restSide('1')
            .weight(StepKind.DUPLICATE, 0).burst(KRAKEN_BURST, 500, burstAtMs / 2));
        scenarios.put("EPSILON1", new DeskScenario().seed(seed + 4).clOrdIdPrefix("e1")
            .instruments(BTC_USDT, BTC_USDC, BTC_INTX).steps(krakenSteps).perSecond(3).restSide('1'));
        scenarios.put("EPSILON2", new DeskScenario().seed(seed + 5).clOrdIdPrefix("e2").instruments(WETH_USDC)
            .steps(Math.max(5, options.seconds() / 5)).perSecond(0.3).restSide('1')
            .only(StepKind.REST, StepKind.CROSS));
        final ExecutorService pool = Executors.newFixedThreadPool(scenarios.size());
        final Map<String, Future<DeskRunResult>> futures = new HashMap<>();
        scenarios.forEach((name, scenario) -> futures.put(name, pool.submit((Callable<DeskRunResult>)() ->
            new DeskRun(desks.get(name), scenario.generate()).warmupSteps(10)
                .patience(Duration.ofMillis(SETTLE_MS)).run())));
        pool.shutdown();
        final DemoProgress progress = new DemoProgress(output, desks.values());
        while (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
            progress.line();
        }
        progress.end();
        final Map<String, DeskRunResult> results = new HashMap<>();
        for (final Map.Entry<String, Future<DeskRunResult>> future : futures.entrySet()) {
            try {
                results.put(future.getKey(), future.getValue().get());
            } catch (final ExecutionException ex) {
                throw new CommandFailure("DEMO_DESK_FAILED", future.getKey() + ": " + ex.getCause().getMessage());
            }
        }
        return results;
    }

    /** Cancels what rests, stops the router, and lets billing deliver to the last record. */
    private void settle() throws Exception {
        output.say("settling: mass cancel, then router down, billing to the last record");
        leave();
        router.terminate();
        router.awaitLine("STOPPED", READY_MS);
        billing.terminate();
        final JavaProcess drain = JavaProcess.start("billing-drain", dir, List.of("-Xmx256m", "-XX:+UseSerialGC"),
            "weir.cli.WeirMain", command("billing", List.of("--config", dir.resolve("config").toString(), "--once")),
            environment);
        running.add(drain);
        if (!drain.awaitEnd(30) || drain.exitCode() != 0) {
            throw new CommandFailure("DEMO_BILLING_FAILED", "billing did not drain" + drain.tail());
        }
    }

    /** The demo's desks cancel what rests and log out. */
    private void leave() {
        int number = 0;
        for (final DeskClient desk : desks.values()) {
            desk.massCancel("mass-" + number++, '7', null);
        }
        for (final DeskClient desk : desks.values()) {
            desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "all orders of " + desk.desk() + " closed",
                Duration.ofMillis(SETTLE_MS));
            desk.logout(Duration.ofSeconds(5));
        }
    }

    private int keep() throws InterruptedException {
        leave();
        output.say("");
        output.say("left running; connect a FIX 5.0 SP2 client of your own:");
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("host", config.acceptor().host());
        fields.put("port", config.acceptor().port());
        fields.put("BeginString(8)", "FIXT.1.1, DefaultApplVerID(1137)=9");
        fields.put("SenderCompID(49)", OWN_DESK);
        fields.put("TargetCompID(56)", config.acceptor().compId());
        fields.put("Username(553)", OWN_DESK);
        fields.put("Password(554)", environment.get("WEIR_DEMO_" + OWN_DESK + "_PASSWORD"));
        fields.put("symbols", "BTC-USD, ETH-USD, SOL-USD");
        fields.put("at both venues", "SenderCompID(49) GAMMA1, password " + environment.get(
            "WEIR_DEMO_GAMMA1_PASSWORD") + ", BTC-USD, BTC-PERP, ETH-PERP");
        fields.put("first Logon", "ResetSeqNumFlag(141)=Y, or go on with the demo's sequence numbers");
        fields.put("binary client", "key alpha-bot-1, AERON_DIR "
            + config.router().resolve(config.router().entry().aeronDir()));
        fields.put("WEIR_CLIENT_SECRET", environment.get("WEIR_DEMO_ALPHA_BOT_SECRET"));
        simulators.venues().forEach((venueId, simulator) -> fields.put(Venues.name(venueId) + " control",
            "http://127.0.0.1:" + simulator.control() + "/stats"));
        fields.put("Stripe totals", "http://127.0.0.1:" + simulators.ports().stripe() + "/_sim/totals");
        fields.put("files", dir);
        output.result("connect", fields);
        output.say("the demo's own desks have logged out; end with Ctrl-C");
        while (router.isAlive() && billing.isAlive()) {
            Thread.sleep(500);
        }
        throw new CommandFailure("DEMO_ENDED", (router.isAlive() ? billing : router).tail());
    }

    private SecretResolver secrets() {
        return new SecretResolver(environment, dir.resolve("config"));
    }

    private static List<String> command(final String name, final List<String> args) {
        final List<String> all = new ArrayList<>();
        all.add(name);
        all.addAll(args);
        return all;
    }

    /** On tmpfs where there is room: a disk's writeback would show in the latencies. */
    private static Path temporary() throws IOException {
        final Path tmpfs = Path.of("/dev/shm");
        final boolean roomy = Files.isWritable(tmpfs) && Files.getFileStore(tmpfs).getUsableSpace() > TMPFS_BYTES_MIN;
        return roomy ? Files.createTempDirectory(tmpfs, "weir-demo-") : Files.createTempDirectory("weir-demo-");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private synchronized void stopAll() {
        for (int i = running.size() - 1; i >= 0; i--) {
            try {
                running.get(i).close();
            } catch (final Exception ex) {
                output.error("DEMO_STOP", ex.toString());
            }
        }
        running.clear();
    }

    private static void removeHook(final Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException ex) {
            // the JVM is stopping already and the hook is what stops the processes
        }
    }

    private static void delete(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
