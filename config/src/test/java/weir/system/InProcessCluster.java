package weir.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Stream;
import weir.billing.BillingProcess;
import weir.billing.reconcile.ReconcileReport;
import weir.billing.reconcile.Reconciler;
import weir.billing.report.UsageReport;
import weir.cli.LogSetup;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.config.run.BillingWiring;
import weir.config.run.DemoDirectory;
import weir.config.run.ReconcileAction;
import weir.config.run.RouterProcess;
import weir.sim.coinbase.CoinbaseSimulator;
import weir.sim.coinbase.VenueAccount;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskContext;
import weir.sim.desk.RawFixPeer;
import weir.sim.stripe.StripeContext;
import weir.sim.stripe.StripeMode;
import weir.sim.stripe.StripeSimulator;

/**
 * Router, billing, venue and Stripe in this JVM, on the demo's configuration with changes, in a directory of its own on
 * tmpfs. Everything between them is real: TCP, HTTP, Aeron, Chronicle Queue, SQLite. One thread.
 */
final class InProcessCluster implements AutoCloseable {
    /** Bound of every wait for something that should come at once. */
    static final Duration SOON = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TMPFS = "/dev/shm";

    private final Path root;
    /** Every system test runs in each deployment shape: {@code -Dweir.test.shape=one-thread}. */
    private static final String SHAPE = System.getProperty("weir.test.shape");

    private final Map<String, String> environment = new TreeMap<>(DemoSource.newSecrets());
    private final List<Edit> edits;
    private final List<Path> applied = new ArrayList<>();
    private final List<DeskClient> desks = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private CoinbaseSimulator venue;
    private StripeSimulator stripe;
    private RouterProcess router;
    private OperatorLink operator;
    private WeirConfig config;
    private int tidied;

    /** A change of one configuration file: the text must be there. */
    record Edit(String file, String from, String to) {
    }

    private InProcessCluster(final Path root, final List<Edit> edits) {
        this.root = root;
        this.edits = edits;
    }

    /** Starts simulators and router. */
    static InProcessCluster start(final Edit... edits) throws Exception {
        final InProcessCluster cluster = prepare(edits);
        boolean started = false;
        try {
            cluster.startRouter();
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    /** Starts the simulators and writes the configuration; the router is left to {@link #startRouter()} or a child. */
    static InProcessCluster prepare(final Edit... edits) throws Exception {
        LogSetup.configure(LogSetup.level(System.getProperty("weir.test.log", "error")).orElse(Level.SEVERE));
        final Path base = Path.of(Files.isWritable(Path.of(TMPFS)) ? TMPFS : System.getProperty("java.io.tmpdir"));
        final InProcessCluster cluster =
            new InProcessCluster(Files.createTempDirectory(base, "weir-system-"), List.of(edits));
        boolean prepared = false;
        try {
            cluster.simulators();
            prepared = true;
            return cluster;
        } finally {
            if (!prepared) {
                cluster.close();
            }
        }
    }

    static Edit edit(final String file, final String from, final String to) {
        return new Edit(file, from, to);
    }

    /** Alpha by FIX alone: the oracle then holds its requests too, which no log outside shows of a binary client. */
    static Edit withoutBinaryClient() {
        return edit("tenants/alpha.yaml", """
            clients:
              - session: 151
                name: ALPHA-BOT
                key: alpha-bot-1
                secret: env:WEIR_DEMO_ALPHA_BOT_SECRET
                cancelOnDisconnect: on-disconnect-or-logout
                cancelGrace: 2s
                heartbeat: 1s
                heartbeatTimeout: 3s
                allow: [ipc, 127.0.0.1]
            """, "");
    }

    private void simulators() throws Exception {
        writeConfig(1, 1, 1);
        final WeirConfig first = ConfigLoader.load(new DirectorySource(configDir()), environment).orThrow();
        final List<VenueAccount> accounts = new ArrayList<>();
        for (final Tenant tenant : first.tenants()) {
            tenant.accounts().forEach(account -> accounts.add(new VenueAccount(
                secrets().resolve(account.apiKey()).reveal(), secrets().resolve(account.apiSecret()).reveal(),
                secrets().resolve(account.passphrase().orElseThrow()).reveal(), account.name())));
        }
        venue = CoinbaseSimulator.launch(new CoinbaseSimulator.Context().logDir(root.resolve("venue"))
            .accounts(accounts));
        stripe = StripeSimulator.launch(new StripeContext().logDir(root.resolve("stripe")).mode(StripeMode.LIVE)
            .summaryLagMs(50).apiKey(environment.get("WEIR_DEMO_STRIPE_KEY")));
        writeConfig(venue.fixPort(), venue.restPort(), stripe.port());
        config = ConfigLoader.load(new DirectorySource(configDir()), environment).orThrow();
    }

    private void writeConfig(final int fixPort, final int restPort, final int stripePort) throws IOException {
        DemoDirectory.write(configDir(), root.resolve("data"),
            DemoDirectory.Ports.coinbase(fixPort, restPort, stripePort), 0);
        if (SHAPE != null) {
            Files.writeString(configDir().resolve("router.yaml"), "threads:\n  shape: " + SHAPE + '\n',
                StandardOpenOption.APPEND);
        }
        for (final Edit edit : edits) {
            change(edit);
        }
    }

    /** Changes a file of the written configuration; takes effect with the next start of a process. */
    void change(final Edit edit) throws IOException {
        final Path file = configDir().resolve(edit.file());
        final String text = Files.readString(file);
        if (!text.contains(edit.from())) {
            throw new IllegalArgumentException("no '" + edit.from() + "' in " + file + ":\n" + text);
        }
        Files.writeString(file, text.replace(edit.from(), edit.to()));
    }

    /** Starts the router on what the directory holds, and waits until its venue sessions are up. */
    void startRouter() throws Exception {
        config = ConfigLoader.load(new DirectorySource(configDir()), environment).orThrow();
        router = RouterProcess.launch(config, secrets());
        operator = new OperatorLink(config.router().resolve(config.router().aeron().dir()));
        awaitVenueUp();
    }

    RouterProcess router() {
        return router;
    }

    /** Stops the router in order, as SIGTERM does. */
    void stopRouter() {
        if (operator != null) {
            operator.close();
            operator = null;
        }
        if (router != null) {
            router.close();
            router = null;
        }
    }

    /** Waits until the engine has journaled that each venue account is up. */
    void awaitVenueUp() throws IOException {
        final long accounts = config.tenants().stream().mapToLong(tenant -> tenant.accounts().size()).sum();
        await("venue sessions up", () -> journal().lastRun("VenueSessionState").stream()
            .filter(record -> "UP".equals(record.path("input").path("state").asText())
                && !"SECOND".equals(record.path("input").path("path").asText())).count() >= accounts,
            () -> journal().lines().toString());
    }

    /** Starts a desk of the configuration, and waits for its logon. */
    DeskClient desk(final String compId) {
        return desk(deskContext(compId)).awaitLogon(SOON);
    }

    /** Starts a desk; it is closed with the cluster. */
    DeskClient desk(final DeskContext context) {
        final DeskClient desk = DeskClient.launch(context);
        desks.add(desk);
        return desk;
    }

    DeskContext deskContext(final String compId) {
        final DeskContext context = new DeskContext().port(router.fixPort()).senderCompId(compId).username(compId);
        return "ALPHA2".equals(compId) ? context.hmacSecret(password(compId)) : context.password(password(compId));
    }

    String password(final String compId) {
        return environment.get("WEIR_DEMO_" + compId + "_PASSWORD");
    }

    /** A desk as bytes, logged on with its password. */
    RawFixPeer rawDesk(final String compId) {
        final RawFixPeer peer = RawFixPeer.connect("127.0.0.1", router.fixPort(), compId, "WEIR");
        peer.sendLogon(30, "553=" + compId + "|554=" + password(compId) + "|141=Y|");
        peer.readUntil("A", SOON);
        return peer;
    }

    int fixPort() {
        return router.fixPort();
    }

    OperatorLink operator() {
        return operator;
    }

    /** House orders of others at the venue; GTC rests, IOC trades with what rests. Levels are {@code price qty}. */
    void house(final String side, final String product, final String tif, final String... levels) throws IOException {
        final StringBuilder text = new StringBuilder();
        for (final String level : levels) {
            final String[] parts = level.split(" ");
            text.append(text.isEmpty() ? "" : ",").append("{\"price\":\"").append(parts[0]).append("\",\"qty\":\"")
                .append(parts[1]).append("\"}");
        }
        control("/quotes", "{\"product\":\"" + product + "\",\"side\":\"" + side + "\",\"tif\":\"" + tif
            + "\",\"levels\":[" + text + "]}");
    }

    /** POST to the venue's control API. */
    JsonNode control(final String path, final String body) throws IOException {
        return call(venue.controlPort(), HttpRequest.BodyPublishers.ofString(body), "POST", path);
    }

    /** The venue's own counts of an account's session. */
    JsonNode venueStats(final String account) throws IOException {
        return call(venue.controlPort(), HttpRequest.BodyPublishers.noBody(), "GET", "/stats").path("sessions")
            .path(environment.get("WEIR_DEMO_" + account + "_VENUE_KEY"));
    }

    private JsonNode call(final int port, final HttpRequest.BodyPublisher body, final String method,
        final String path) throws IOException {
        try {
            final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + path)).timeout(SOON).method(method, body).build(),
                HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(path + ": " + answer.statusCode() + ' ' + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    /** What the journal holds now. */
    JournalLines journal() throws IOException {
        return JournalLines.read(journalDir());
    }

    /** Waits until the journal satisfies a condition, for records may follow their reports by moments. */
    JournalLines journalWhen(final String what, final Predicate<JournalLines> condition) throws IOException {
        await(what, () -> condition.test(journal()), () -> journal().text());
        return journal();
    }

    /** Clears the venue's house orders and waits until a desk has no open order: the end of a test. */
    void tidy(final DeskClient... from) throws IOException {
        for (final String product : new String[] {"BTC-USD", "ETH-USD", "SOL-USD"}) {
            for (final String side : new String[] {"buy", "sell"}) {
                control("/quotes", "{\"product\":\"" + product + "\",\"side\":\"" + side
                    + "\",\"replace\":true,\"levels\":[]}");
            }
        }
        for (final DeskClient desk : from) {
            desk.massCancel("tidy-" + ++tidied, '7', null);
            desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "no open orders", SOON);
            desk.ledger().assertClean();
        }
    }

    /** The venue's own log. */
    VenueLines venue() throws IOException {
        return VenueLines.read(venueLog());
    }

    /**
     * Ends the day: desks out, router down in order, billing to the last record. What is written then does not change.
     */
    Books settle() throws Exception {
        desks.parallelStream().forEach(DeskClient::close);
        desks.clear();
        stopRouter();
        try (BillingProcess billing = BillingProcess.launch(BillingWiring.context(config, secrets()).drain(true))) {
            if (!billing.awaitEnd(SOON.toMillis() * 2)) {
                throw new IllegalStateException("billing did not end; it is at record " + billing.position());
            }
            if (billing.failure() != null) {
                throw billing.failure();
            }
        }
        return new Books(UsageReport.read(jdbcUrl()), reconcile(), stripeTotals());
    }

    /** A plan version that was applied and is not in the configuration directory: the oracle needs its file. */
    void applied(final Path file) {
        applied.add(file);
    }

    ReconcileReport reconcile() {
        final Reconciler reconciler = ReconcileAction.reconciler(config, applied).venueLog(venueLog())
            .stripeLog(stripeLog()).jdbcUrl(jdbcUrl());
        config.tenants().forEach(tenant -> tenant.clients().forEach(client -> {
            if (Files.exists(clientLog(client.keyId()))) {
                reconciler.clientLog(clientLog(client.keyId()), client.sessionId());
            }
        }));
        return reconciler.run();
    }

    /** What a binary client writes of what it sends, where a test lets it. */
    Path clientLog(final String keyId) {
        return root.resolve(keyId + ".clientlog");
    }

    private Map<String, Long> stripeTotals() throws IOException {
        final Map<String, Long> totals = new TreeMap<>();
        for (final JsonNode row : call(stripe.port(), HttpRequest.BodyPublishers.noBody(), "GET", "/_sim/totals")
            .path("totals")) {
            totals.merge(row.path("event_name").asText(), row.path("units").asLong(), Long::sum);
        }
        return totals;
    }

    /** Waits until a condition holds; a time-out fails with the state. */
    static void await(final String what, final Check condition, final State state) throws IOException {
        await(what, SOON, condition, state);
    }

    static void await(final String what, final Duration bound, final Check condition, final State state)
        throws IOException {
        final long deadlineNs = System.nanoTime() + bound.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("waited " + bound + " for " + what + "\n" + state.get());
            }
            try {
                Thread.sleep(5);
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", ex);
            }
        }
    }

    /** A condition that may read files. */
    @FunctionalInterface
    interface Check {
        boolean holds() throws IOException;
    }

    /** State for the message of a time-out; may read files. */
    @FunctionalInterface
    interface State {
        String get() throws IOException;
    }

    WeirConfig config() {
        return config;
    }

    SecretResolver secrets() {
        return new SecretResolver(environment, configDir());
    }

    Map<String, String> environment() {
        return environment;
    }

    Path root() {
        return root;
    }

    Path configDir() {
        return root.resolve("config");
    }

    Path journalDir() {
        return config.router().resolve(config.router().journal().dir());
    }

    Path fixLogDir() {
        return config.router().resolve(config.acceptor().logDir());
    }

    Path venueLog() {
        return root.resolve("venue/venue.jsonl");
    }

    Path stripeLog() {
        return stripe.logFile();
    }

    String jdbcUrl() {
        return BillingWiring.jdbcUrl(config);
    }

    @Override
    public void close() throws IOException {
        desks.parallelStream().forEach(DeskClient::close);
        stopRouter();
        if (venue != null) {
            venue.close();
        }
        if (stripe != null) {
            stripe.close();
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
