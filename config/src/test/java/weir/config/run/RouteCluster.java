package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskContext;
import weir.sim.desk.DeskReport;

/**
 * Deribit and CoW Protocol by their deployed contracts, beside what the demo trades: simulators and router, each a
 * process of its own, and the desks of a tenant at each venue. Used by one thread.
 */
final class RouteCluster implements AutoCloseable {
    static final String COW_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final long READY_MS = 40_000;
    private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path dir;
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final Map<String, DeskClient> desks = new HashMap<>();
    private final List<JavaProcess> others = new ArrayList<>();
    private final StringBuilder said = new StringBuilder();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private SimulatorAction.Running simulators;
    private WeirConfig config;
    private JavaProcess router;
    private int runs;

    private RouteCluster(final Path dir) {
        this.dir = dir;
    }

    /**
     * Starts everything and waits for the desks' logons.
     *
     * @param arguments further ones of the simulators, by venue
     * @param edits     triples: file of the configuration, a text in it, what replaces it
     */
    static RouteCluster start(final Path dir, final Map<Integer, List<String>> arguments, final String... edits)
        throws Exception {
        final RouteCluster cluster = new RouteCluster(dir);
        boolean started = false;
        try {
            cluster.launch(arguments, edits);
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    private void launch(final Map<Integer, List<String>> arguments, final String... edits) throws Exception {
        environment.putAll(DemoSource.newSecrets());
        environment.putAll(DeribitRouteTest.SECRETS);
        environment.putAll(CowRouteTest.SECRETS);
        final int deskPort = FreePort.find();
        write(DemoDirectory.Ports.coinbase(1, 1, 1), 1, 1, deskPort, edits);
        simulators = SimulatorAction.start(dir, config, secrets(), DemoDirectory.Ports.ANY, arguments, Map.of());
        write(simulators.ports(), simulators.ports().at(16580), simulators.ports().at(16780), deskPort, edits);
        startRouter();
        for (final String compId : List.of("EPSILON1", "ZETA1")) {
            desks.put(compId, DeskClient.launch(new DeskContext().port(deskPort).senderCompId(compId).username(compId)
                .password(environment.get("WEIR_DEMO_" + compId + "_PASSWORD"))
                .storeDirectory(dir.resolve("desk").resolve(compId)).journalDirectory(dir.resolve("desks"))));
        }
        desks.values().forEach(desk -> desk.awaitLogon(WAIT));
    }

    private void write(final DemoDirectory.Ports ports, final int deribit, final int cow, final int deskPort,
        final String... edits) throws IOException {
        DemoDirectory.write(configDir(), dir, ports, deskPort);
        DeribitRouteTest.addDeribit(configDir(), deribit);
        CowRouteTest.addCow(configDir(), cow);
        for (int i = 0; i < edits.length; i += 3) {
            configure(edits[i], edits[i + 1], edits[i + 2]);
        }
        config = ConfigLoader.load(new DirectorySource(configDir()), environment).orThrow();
    }

    /** Changes a file of the configuration, all places; for the next start of the router. */
    void configure(final String file, final String from, final String to) throws IOException {
        final Path path = configDir().resolve(file);
        final String text = Files.readString(path);
        if (!text.contains(from)) {
            throw new IllegalArgumentException(file + " holds no '" + from + "'");
        }
        Files.writeString(path, text.replace(from, to));
    }

    /** Returns when the desks that there are have logged on again. */
    void startRouter() throws IOException {
        router = JavaProcess.start("router-" + runs++, dir, JVM, "weir.cli.WeirMain",
            List.of("router", "--config", configDir().toString()), environment);
        router.awaitLine("READY", READY_MS);
        desks.values().forEach(desk -> desk.awaitThat(desk::isLoggedOn, "logon", WAIT));
    }

    /** As an operator would. */
    void stopRouter() throws IOException {
        said.append(router.tail());
        router.terminate();
        router.awaitLine("STOPPED", READY_MS);
    }

    /** By SIGKILL. */
    void killRouter() {
        said.append(router.tail());
        router.kill();
    }

    /** The ends of what the routers printed. */
    String routerSaid() {
        return said.toString();
    }

    /** Bills to the last record and delivery. */
    void drainBilling() throws IOException {
        final JavaProcess billing = command("billing", "--once");
        assertEquals(0, billing.exitCode(), billing.tail());
    }

    /** {@code weir reconcile} over everything that this run wrote. */
    JavaProcess reconcile() throws IOException {
        final List<String> args = new ArrayList<>(List.of("--journal",
            config.router().resolve(config.router().journal().dir()).toString(), "--fix-log",
            config.router().resolve(config.acceptor().logDir()).toString(), "--stripe-log", stripeLog().toString(),
            "--database", BillingWiring.jdbcUrl(config)));
        venueLogs().forEach(log -> args.addAll(List.of("--venue-log", log.toString())));
        return command("reconcile", args.toArray(String[]::new));
    }

    private JavaProcess command(final String name, final String... args) throws IOException {
        final List<String> line = new ArrayList<>(List.of(name, "--config", configDir().toString()));
        line.addAll(List.of(args));
        final JavaProcess process = JavaProcess.start(name + '-' + runs++, dir, JVM, "weir.cli.WeirMain", line,
            environment);
        others.add(process);
        if (!process.awaitEnd(60)) {
            throw new AssertionError(line + " did not end" + process.tail());
        }
        return process;
    }

    /** Waits until the venue takes an order, which is then cancelled: the adapter is up and there is a price. */
    void awaitTaken(final DeskClient desk, final String symbol, final String qty, final String price)
        throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            final String id = "probe" + System.nanoTime();
            desk.newOrder(id, symbol, '1', '2', '1', qty, price);
            final DeskReport first = desk.await(report -> id.equals(report.clOrdId())
                && (report.ordStatus() == '0' || report.ordStatus() == '8'), WAIT);
            if (first.ordStatus() == '0') {
                desk.cancel(id + 'x', id, symbol, '1');
                desk.awaitThat(() -> desk.ledger().order(id).closed(), "the probe's end", WAIT);
                return;
            }
            Thread.sleep(250);
        }
        throw new AssertionError("no order is taken\n" + desk.dump() + router.tail());
    }

    /** The house sells perpetuals at once to what rests. */
    void deribitTakes(final String price, final String amount) throws IOException {
        control(Venues.DERIBIT, "POST", "/quotes", "{\"symbol\":\"BTC-PERPETUAL\",\"side\":\"sell\",\"immediate\":true,"
            + "\"levels\":[{\"price\":\"" + price + "\",\"qty\":\"" + amount + "\"}]}");
    }

    Set<String> openAtDeribit() throws IOException {
        final Set<String> open = new TreeSet<>();
        control(Venues.DERIBIT, "GET", "/orders", "").path("epsilon-deribit")
            .forEach(order -> open.add(order.path("orderId").asText()));
        return open;
    }

    Set<String> openAtCow() throws IOException {
        final Set<String> open = new TreeSet<>();
        control(Venues.COW, "GET", "/orders", "").path("open").forEach(order -> open.add(order.path("uid").asText()));
        return open;
    }

    /** A call of a simulator's control interface. */
    JsonNode control(final int venueId, final String method, final String path, final String body) throws IOException {
        try {
            final HttpResponse<String> response = http.send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + simulators.control(venueId) + path)).timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode(), path + ' ' + response.body());
            return mapper.readTree(response.body());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException(ex);
        }
    }

    DeskClient desk(final String compId) {
        return desks.get(compId);
    }

    WeirConfig config() {
        return config;
    }

    List<Path> venueLogs() {
        return simulators.venueLogs();
    }

    /** The log of one venue, which is found by the folder that its simulator has. */
    Path venueLog(final int venueId) {
        return simulators.dir().resolve(simulators.venues().get(venueId).kind().folder()).resolve("venue.jsonl");
    }

    Path stripeLog() {
        return simulators.stripeLog();
    }

    private Path configDir() {
        return dir.resolve("config");
    }

    private SecretResolver secrets() {
        return new SecretResolver(environment, configDir());
    }

    @Override
    public void close() {
        desks.values().forEach(DeskClient::close);
        others.forEach(JavaProcess::close);
        if (router != null && router.isAlive()) {
            router.kill();
        }
        if (simulators != null) {
            simulators.processes().forEach(JavaProcess::kill);
        }
    }
}
