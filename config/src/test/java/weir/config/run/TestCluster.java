package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.model.Desk;
import weir.config.model.WeirConfig;
import weir.protocol.CrashPoint;
import weir.protocol.Venues;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskContext;

/**
 * The whole system for tests that kill: venue and Stripe simulators, router and billing, each a JVM of its own, and
 * desks of two tenants whose sequence numbers are on file and who come back by themselves. Used by one thread.
 */
final class TestCluster implements AutoCloseable {
    static final Map<String, Integer> SESSIONS =
        Map.of("ALPHA1", 101, "ALPHA2", 102, "BETA1", 201, "GAMMA1", 301, "DELTA1", 401, "EPSILON1", 501,
            "EPSILON2", 502);
    static final Map<Integer, Integer> TENANT_OF_SESSION =
        Map.of(101, 1, 102, 1, 201, 2, 301, 3, 401, 4, 501, 5, 502, 5);
    static final Map<String, Integer> TENANT_OF_PROFILE = Map.of("alpha-coinbase", 1, "beta-coinbase", 2,
        "gamma-coinbase", 3, "gamma-kraken", 3, "delta-coinbase", 4, "delta-kraken", 4, "epsilon-binance", 5,
        "epsilon-deribit", 5, "epsilon-intx", 5, "epsilon-cow", 5);
    static final Set<Integer> BOTH = Set.of(Venues.COINBASE, Venues.KRAKEN_FUTURES);
    static final Set<Integer> ALL =
        SimulatedVenue.ALL.stream().map(SimulatedVenue::venueId).collect(Collectors.toUnmodifiableSet());
    static final long BETA_ORDERS_MAX = 60;
    static final long BETA_PERIOD_NS = 20_000_000_000L;
    /** As Coinbase Exchange warns: what it had not acknowledged survives a lost line. */
    private static final String WARNED = "{\"cancelMissesInFlight\":1}";
    private static final long READY_MS = 40_000;
    private static final long DRAIN_S = 60;
    private static final long FINAL_S = 40;
    private static final long FINAL_AT_BOTH_S = 150;
    private static final List<String> SMALL =
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    private static final List<String> ROUTER = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path dir;
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final Map<String, String> fakeTime = new HashMap<>();
    private final List<String> venueTime = new ArrayList<>();
    private final Map<String, DeskClient> desks = new TreeMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private SimulatorAction.Running simulators;
    private WeirConfig config;
    private JavaProcess router;
    private JavaProcess billing;
    private JavaProcess driver;
    private int runs;
    private Set<Integer> venues = Set.of(Venues.COINBASE);

    private TestCluster(final Path dir) {
        this.dir = dir;
    }

    /**
     * The same at Coinbase Exchange and Kraken Futures, with the desks of two more tenants that trade at both, each
     * with accounts of its own: gamma of the demo and delta, which is like it.
     *
     * @param edits as for {@link #launch(String...)}
     */
    static TestCluster launchAtBoth(final String... edits) throws Exception {
        return launch(null, "", BOTH, edits);
    }

    /**
     * The same at all six venues: the demo's four tenants, of which gamma trades at Coinbase Exchange and Kraken
     * Futures and epsilon at Binance, Deribit, INTX and CoW Protocol.
     *
     * @param edits as for {@link #launch(String...)}
     */
    static TestCluster launchAtAll(final String... edits) throws Exception {
        return launch(null, "", ALL, edits);
    }

    /**
     * Starts simulators and desks; router and billing are started by the test.
     *
     * @param edits pairs of text in the demo's files and what replaces it
     */
    static TestCluster launch(final String... edits) throws Exception {
        return launch(null, "", edits);
    }

    /**
     * The same with router and billing on a clock that the test sets by {@link #setClock}; monotonic time stays real,
     * as under a step of NTP. Venue and Stripe are other hosts: a relative clock is not theirs, and the venue forgives
     * a SendingTime(52) that is off by more than the step. An absolute clock is everybody's but this process's.
     *
     * @param library libfaketime, null = the real clock
     * @param clock   {@code +0} or {@code @2028-02-28 23:59:30}, counted from the start of each process
     * @param edits   as above
     */
    static TestCluster launch(final Path library, final String clock, final String... edits) throws Exception {
        return launch(library, clock, Set.of(Venues.COINBASE), edits);
    }

    private static TestCluster launch(final Path library, final String clock, final Set<Integer> venues,
        final String... edits) throws Exception {
        final Path shm = Path.of("/dev/shm");
        final TestCluster cluster = new TestCluster(Files.isWritable(shm)
            ? Files.createTempDirectory(shm, "weir-kill-") : Files.createTempDirectory("weir-kill-"));
        cluster.venues = venues;
        boolean launched = false;
        try {
            if (library != null) {
                cluster.setClock(clock);
                // Its fix for monotonic waits, on by default in Debian's build, makes every wait of a JVM return at
                // once: all threads then spin. No cache: all processes step at the same moment.
                cluster.fakeTime.putAll(Map.of("LD_PRELOAD", library.toString(), "FAKETIME_NO_CACHE", "1",
                    "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                    "FAKETIME_TIMESTAMP_FILE", cluster.dir.resolve("faketime").toString(), "TZ", "UTC",
                    "FAKETIME_DONT_FAKE_MONOTONIC", "1", "DONT_FAKE_MONOTONIC", "1"));
                cluster.environment.putAll(cluster.fakeTime);
                if (clock.startsWith("+")) {
                    cluster.fakeTime.clear();
                    cluster.venueTime.addAll(List.of("--tolerance-ms", "600000"));
                }
            }
            cluster.start(edits);
            launched = true;
            return cluster;
        } finally {
            if (!launched) {
                cluster.close();
            }
        }
    }

    private void start(final String... edits) throws Exception {
        environment.putAll(DemoSource.newSecrets());
        DemoSource.newSecrets().forEach((name, value) -> {
            if (name.contains("GAMMA")) {
                environment.put(name.replace("GAMMA", "DELTA"), value);
            }
        });
        final int deskPort = FreePort.find();
        write(DemoDirectory.Ports.of(1, venues), deskPort, edits);
        final List<String> venueArgs = new ArrayList<>();
        // at several venues no house taker: an order inside the spread rests until a test trades with it
        final String takerMs = venues.size() > 1 ? "0" : "300";
        venueArgs.addAll(List.of("--house-taker-ms", takerMs));
        venueArgs.addAll(venueTime);
        simulators = SimulatorAction.start(dir, config, secrets(), DemoDirectory.Ports.ANY,
            Map.of(Venues.COINBASE, venueArgs, Venues.KRAKEN_FUTURES,
                List.of("--open-orders-max", "4000", "--house-taker-ms", takerMs),
                Venues.COW, List.of("--auction-ms", "1000")), fakeTime);
        write(simulators.ports(), deskPort, edits);
        fault(WARNED);
        for (final String compId : config.tenants().stream().flatMap(tenant -> tenant.desks().stream())
            .map(Desk::compId).sorted().toList()) {
            final String password = environment.get("WEIR_DEMO_" + compId + "_PASSWORD");
            final DeskContext context = new DeskContext().port(deskPort).senderCompId(compId).username(compId)
                .storeDirectory(dir.resolve("desks").resolve(compId)).journalDirectory(dir.resolve("desks"));
            desks.put(compId, DeskClient.launch(
                compId.equals("ALPHA2") ? context.hmacSecret(password) : context.password(password)));
        }
    }

    private void write(final DemoDirectory.Ports ports, final int deskPort, final String... edits)
        throws IOException {
        DemoDirectory.write(configDir(), dir, ports, deskPort);
        if (venues.equals(BOTH)) {
            writeDelta();
        }
        edit("limit: 120", "limit: " + BETA_ORDERS_MAX);
        edit("every: 1h", "every: " + BETA_PERIOD_NS / 1_000_000_000L + "s");
        edit("failures: 5", "failures: 1000"); // a desk that knocks while the router recovers is no intruder
        for (int i = 0; i < edits.length; i += 2) {
            edit(edits[i], edits[i + 1]);
        }
        config = ConfigLoader.load(new DirectorySource(configDir()), environment).orThrow();
    }

    private void writeDelta() throws IOException {
        final String text = Files.readString(configDir().resolve("tenants/gamma.yaml"))
            .replace("gamma", "delta").replace("GAMMA", "DELTA").replace("id: 3001", "id: 4001")
            .replace("session: 301", "session: 401").replace("  - id: 3\n", "  - id: 5\n")
            .replace("  - id: 4\n", "  - id: 6\n").replace("\nid: 3\n", "\nid: 4\n");
        Files.writeString(configDir().resolve("tenants/delta.yaml"), text);
    }

    private void edit(final String from, final String to) throws IOException {
        boolean found = false;
        try (Stream<Path> files = Files.walk(configDir())) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final String text = Files.readString(file);
                if (text.contains(from)) {
                    found = true;
                    Files.writeString(file, text.replace(from, to));
                }
            }
        }
        if (!found) {
            throw new IllegalArgumentException("the demo's files hold no '" + from + "'");
        }
    }

    /** Changes a file of the configuration; takes effect with the next start of a process. */
    void configure(final String file, final String from, final String to) throws IOException {
        final Path path = configDir().resolve(file);
        final String text = Files.readString(path);
        if (!text.contains(from)) {
            throw new IllegalArgumentException(file + " holds no '" + from + "'");
        }
        Files.writeString(path, text.replace(from, to));
    }

    /** Steps the clock of a cluster that was launched on a fake one. */
    void setClock(final String offset) throws IOException {
        final Path next = Files.writeString(dir.resolve("faketime.next"), offset + '\n');
        Files.move(next, dir.resolve("faketime"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Starts the router and waits until desks can log on. */
    void startRouter() throws IOException {
        spawnRouter();
        router.awaitLine("READY", READY_MS);
    }

    /** Starts the router and does not wait. */
    void spawnRouterUnready() throws IOException {
        spawnRouter();
    }

    /** Starts the router with a crash point, and does not wait: it may die while it recovers. */
    void armRouter(final String point, final int passes) throws IOException {
        spawnRouter("-D" + CrashPoint.PROPERTY + '=' + point + ':' + passes);
    }

    private void spawnRouter(final String... further) throws IOException {
        if (router != null && router.isAlive()) {
            throw new IllegalStateException("a router runs");
        }
        router = spawn("router", ROUTER, List.of("router", "--config", configDir().toString()), further);
    }

    /** Starts a media driver of its own process; needs {@code embeddedDriver: false}. */
    void startDriver() throws IOException {
        driver = spawn("driver", SMALL, List.of("driver", "--config", configDir().toString()));
        driver.awaitLine("READY", READY_MS);
    }

    void killDriver() {
        driver.kill();
    }

    /** Waits until the router that was started last takes desks for the first time. */
    void awaitRouter() throws IOException {
        router.awaitLine("READY", READY_MS);
    }

    /** Waits until the router has met one more loss of its media driver. */
    void awaitRecovered() throws IOException {
        router.awaitLine("RECOVERED", READY_MS);
    }

    Path driverDir() {
        return config.router().resolve(config.router().aeron().dir());
    }

    /** Starts billing, with a crash point when one is named. */
    void startBilling(final String... jvmArgs) throws IOException {
        billing = spawn("billing", SMALL, List.of("billing", "--config", configDir().toString()), jvmArgs);
    }

    void armBilling(final String point, final int passes) throws IOException {
        startBilling("-D" + CrashPoint.PROPERTY + '=' + point + ':' + passes);
    }

    private JavaProcess spawn(final String name, final List<String> heap, final List<String> args,
        final String... further) throws IOException {
        final List<String> jvmArgs = new ArrayList<>(heap);
        jvmArgs.addAll(List.of(further));
        return JavaProcess.start(name + '-' + runs++, dir, jvmArgs, "weir.cli.WeirMain", args, environment);
    }

    /** Starts a command of {@code weir} and leaves it to the test, which ends it. */
    JavaProcess begin(final String command, final String... args) throws IOException {
        final List<String> line = new ArrayList<>(List.of(command, "--config", configDir().toString()));
        line.addAll(List.of(args));
        return spawn(command, SMALL, line);
    }

    /** Runs a command of {@code weir} to its end, with the configuration of this cluster. */
    JavaProcess weir(final String command, final String... args) throws IOException {
        final List<String> line = new ArrayList<>(List.of(command, "--config", configDir().toString()));
        line.addAll(List.of(args));
        final JavaProcess process = spawn(command, SMALL, line);
        if (!process.awaitEnd(READY_MS / 1_000)) {
            process.kill();
            throw new AssertionError(line + " did not end" + process.tail());
        }
        return process;
    }

    /** Waits for the death that an armed crash point brings: by SIGKILL, not by an exit. */
    void awaitRouterKilled(final long timeoutS) {
        awaitKilled(router, timeoutS);
    }

    void awaitBillingKilled(final long timeoutS) {
        awaitKilled(billing, timeoutS);
    }

    private static void awaitKilled(final JavaProcess process, final long timeoutS) {
        if (!process.awaitEnd(timeoutS)) {
            throw new AssertionError("the crash point was not reached within " + timeoutS + " s" + process.tail());
        }
        if (process.exitCode() != 128 + 9) {
            throw new AssertionError("ended with " + process.exitCode() + ", not by SIGKILL" + process.tail());
        }
    }

    void killRouter() {
        router.kill();
    }

    /** Sends the router a signal of another name: STOP, CONT. */
    void signalRouter(final String name) throws IOException, InterruptedException {
        final int code = new ProcessBuilder("kill", "-" + name, Long.toString(router.pid())).start().waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " ended with " + code);
        }
    }

    void killBilling() {
        billing.kill();
    }

    boolean billingRuns() {
        return billing != null && billing.isAlive();
    }

    void ensureBilling() throws IOException {
        if (!billingRuns()) {
            startBilling();
        }
    }

    /** Starts what does not run, and waits for every desk. */
    void ensureRunning() throws IOException {
        ensureBilling();
        if (router == null || !router.isAlive()) {
            startRouter();
        }
        awaitDesks();
    }

    /** Stops the router as an operator would. */
    void stopRouter() throws IOException {
        router.terminate();
        router.awaitLine("STOPPED", READY_MS);
    }

    /** Ends billing, then runs it once more to the last record and the last delivery. */
    void drainBilling() throws IOException {
        if (billingRuns()) {
            billing.terminate();
        }
        final JavaProcess drain =
            spawn("drain", SMALL, List.of("billing", "--config", configDir().toString(), "--once"));
        if (!drain.awaitEnd(DRAIN_S) || drain.exitCode() != 0) {
            final String tail = drain.tail();
            drain.close();
            throw new AssertionError("billing did not drain" + tail);
        }
    }

    /** Sets faults of the venue, as JSON. */
    JsonNode fault(final String json) throws IOException {
        return control("POST", "/faults", json);
    }

    /** A call of the venue's control API. */
    JsonNode control(final String method, final String path, final String body) throws IOException {
        return control(simulators.control(Venues.COINBASE), method, path, body);
    }

    /** A call of Kraken's control API. */
    JsonNode krakenControl(final String method, final String path, final String body) throws IOException {
        return control(simulators.control(Venues.KRAKEN_FUTURES), method, path, body);
    }

    /** Ends every fault of every venue; what rests goes on resting. */
    void calm() throws IOException {
        for (final int venueId : venues) {
            control(simulators.control(venueId), "POST", "/calm", "");
        }
        fault(WARNED);
    }

    /** Open orders by account, of every venue. */
    Map<String, List<JsonNode>> openAtVenues() throws IOException {
        final Map<String, List<JsonNode>> open = new TreeMap<>();
        for (final int venueId : venues) {
            control(simulators.control(venueId), "GET", "/orders", "").properties()
                .forEach(account -> add(open, account));
        }
        return open;
    }

    private static void add(final Map<String, List<JsonNode>> open, final Map.Entry<String, JsonNode> account) {
        final List<JsonNode> orders = new ArrayList<>();
        account.getValue().forEach(orders::add);
        open.put(account.getKey(), orders);
    }

    private JsonNode control(final int port, final String method, final String path, final String body)
        throws IOException {
        try {
            final HttpResponse<String> response = http.send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(method + ' ' + path + ": " + response.statusCode() + ' ' + response.body());
            }
            return mapper.readTree(response.body());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException(ex);
        }
    }

    /** The house trades with whatever rests near the market, as happens while a router is away. */
    void sweep() throws IOException {
        for (final String[] product : new String[][] {{"BTC-USD", "59300", "60700", "0.4"},
            {"ETH-USD", "2960", "3040", "4"}}) {
            control("POST", "/quotes", quote(product[0], "sell", product[1], product[3]));
            control("POST", "/quotes", quote(product[0], "buy", product[2], product[3]));
        }
    }

    private static String quote(final String product, final String side, final String price, final String qty) {
        return "{\"product\":\"" + product + "\",\"side\":\"" + side + "\",\"tif\":\"IOC\",\"levels\":[{\"price\":\""
            + price + "\",\"qty\":\"" + qty + "\"}]}";
    }

    /** Waits for a condition, bounded; the failure shows the state of desks and router. */
    void await(final String what, final long timeoutS, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + Duration.ofSeconds(timeoutS).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("waited " + timeoutS + " s for " + what + '\n' + dump());
            }
            try {
                Thread.sleep(20);
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", ex);
            }
        }
    }

    void awaitDesks() {
        await("every desk's logon", READY_MS / 1_000, () -> desks.values().stream().allMatch(DeskClient::isLoggedOn));
    }

    /** Waits until the venue acknowledges a further order of any desk: the way there and back is open. */
    void awaitAcknowledged() {
        final long before = acknowledged();
        await("an order acknowledged by the venue", READY_MS / 1_000, () -> acknowledged() > before);
    }

    /** Waits until the venue of each of these symbols acknowledged an order of it, of any desk. */
    void awaitAcknowledged(final Set<String> symbols) {
        await("an order of each of " + symbols + " acknowledged by its venue", READY_MS / 1_000, () ->
            desks.values().stream().flatMap(desk -> desk.reports().matching(report -> report.execType() == '0')
                .stream()).map(report -> report.get(55)).collect(Collectors.toSet()).containsAll(symbols));
    }

    /** How often each fault struck, by venue id. */
    Map<Integer, JsonNode> struck() throws IOException {
        final Map<Integer, JsonNode> struck = new TreeMap<>();
        for (final int venueId : venues) {
            struck.put(venueId, control(simulators.control(venueId), "GET", "/struck", ""));
        }
        return struck;
    }

    private long acknowledged() {
        return desks.values().stream().mapToLong(desk ->
            desk.reports().matching(report -> report.execType() == '0').size()).sum();
    }

    /** Waits until each message of each desk is answered and nothing is in doubt or pending; orders may rest. */
    void settleResting() {
        awaitDesks();
        await("answers to every message", 30,
            () -> desks.values().stream().allMatch(desk -> desk.ledger().unansweredCount() == 0));
        // an order that REST sent counts as absent once its signature is dead, 45 s, and not before; the question after
        // that may come a minute later
        await("every order working or final", 200, () -> desks.values().stream().allMatch(desk ->
            desk.ledger().openOrders().stream().allMatch(order ->
                !order.unknown() && (order.ordStatus() == '0' || order.ordStatus() == '1'))));
    }

    /** Cancels what rests, waits for the end of every order, stops the router and drains billing. */
    void settle() throws IOException {
        settleResting();
        int number = runs * 10;
        for (final DeskClient desk : desks.values()) {
            desk.massCancel("mass-" + number++, '7', null);
        }
        final long finalS = venues.size() > 1 ? FINAL_AT_BOTH_S : FINAL_S;
        await("every order final", finalS, () -> desks.values().stream().allMatch(desk ->
            desk.ledger().openOrders().isEmpty() && desk.ledger().unansweredCount() == 0));
        stopRouter();
        drainBilling();
    }

    Map<String, DeskClient> desks() {
        return desks;
    }

    WeirConfig config() {
        return config;
    }

    SimulatorAction.Running simulators() {
        return simulators;
    }

    Path dir() {
        return dir;
    }

    Path journalDir() {
        return config.router().resolve(config.router().journal().dir());
    }

    Path configDir() {
        return dir.resolve("config");
    }

    private SecretResolver secrets() {
        return new SecretResolver(environment, configDir());
    }

    String dump() {
        final StringBuilder text = new StringBuilder();
        desks.values().forEach(desk -> {
            text.append(desk.dump());
            final List<String> unanswered = desk.ledger().unanswered();
            text.append("  unanswered ").append(unanswered.subList(0, Math.min(20, unanswered.size()))).append('\n');
        });
        if (router != null) {
            text.append("router").append(router.tail());
        }
        return text.toString();
    }

    /** Ends every process and removes the files, unless {@code -Dweir.kill.keep=true} asks for them. */
    @Override
    public void close() throws IOException {
        desks.values().forEach(DeskClient::close);
        for (final JavaProcess process : new JavaProcess[] {router, billing, driver}) {
            if (process != null && process.isAlive()) {
                process.kill();
            }
        }
        if (simulators != null) {
            simulators.processes().forEach(JavaProcess::kill);
        }
        if (!Boolean.getBoolean("weir.kill.keep")) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
