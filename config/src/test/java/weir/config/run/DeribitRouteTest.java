package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
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
 * A desk's orders through the router process to Deribit and back: instruments, prices, fill, replace, cancel; and its
 * credits under demand above them, with a router that is stopped for two seconds. (A pool that was spent is full again
 * before another router could start.)
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeribitRouteTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String TENANT = """
        tenant: epsilon
        id: 14
        credit: prepaid
        plan: demo
        budget: 1000.00
        stripeCustomer: cus_epsilon
        rate: { burst: 1000, refill: 500/s }
        risk:
          maxOrderQty: 100000
          maxNotional: 1000000
          maxOpenOrders: 1000
          priceCollar: 50%
        instruments: [BTC-PERPETUAL]
        accounts:
          - id: 14
            name: epsilon-deribit
            venue: deribit
            environment: simulator
            selfTradePrevention: cancel-newest
            apiKey: env:WEIR_DEMO_EPSILON_KEY
            apiSecret: env:WEIR_DEMO_EPSILON_SECRET
        desks:
          - session: 1401
            compId: EPSILON1
            logon: { password: "env:WEIR_DEMO_EPSILON1_PASSWORD" }
            allow: [127.0.0.1]
        grants:
          - { id: 14001, amount: 100.00, reference: opening-balance-epsilon }
        """;

    /** What the tenant's references name. */
    static final Map<String, String> SECRETS = Map.of("WEIR_DEMO_EPSILON_KEY", "eps12345", "WEIR_DEMO_EPSILON_SECRET",
        "W0H6FJW4IRPZ1MOQ8FP6KMC5RZDUUKXS", "WEIR_DEMO_EPSILON1_PASSWORD", "epsilon-password");

    private static final int FLOOD = 24;
    private static final long STEP_MS = 166;

    @TempDir
    private static Path dir;
    private SimulatorAction.Running simulators;
    private JavaProcess router;
    private DeskClient desk;
    private int number;
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    private WeirConfig write(final DemoDirectory.Ports ports, final int port, final int deskPort)
        throws IOException {
        final Path configDir = dir.resolve("config");
        DemoDirectory.write(configDir, dir, ports, deskPort);
        addDeribit(configDir, port);
        return ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
    }

    /** Adds the deployed contract and instruments, at a port, and a tenant that trades there, to the demo's files. */
    static void addDeribit(final Path configDir, final int port) throws IOException {
        for (final String name : List.of("venues/deribit.yaml", "instruments/deribit.yaml")) {
            try (InputStream in = DemoDirectory.class.getResourceAsStream("/weir/deploy/" + name)) {
                Files.writeString(configDir.resolve(name), new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("127.0.0.1:16580", "127.0.0.1:" + port));
            }
        }
        Files.writeString(configDir.resolve("tenants/epsilon.yaml"), TENANT);
    }

    private JsonNode control(final int port, final String method, final String path, final String body)
        throws IOException, InterruptedException {
        final HttpResponse<String> response = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return mapper.readTree(response.body());
    }

    @BeforeAll
    void launch() throws Exception {
        environment.putAll(DemoSource.newSecrets());
        environment.putAll(SECRETS);
        final int deskPort = FreePort.find();
        final WeirConfig before = write(DemoDirectory.Ports.coinbase(1, 1, 1), 1, deskPort);
        simulators = SimulatorAction.start(dir, before, new SecretResolver(environment, dir.resolve("config")),
            DemoDirectory.Ports.ANY, Map.of(), Map.of());
        write(simulators.ports(), simulators.ports().at(16580), deskPort);
        router = JavaProcess.start("router", dir,
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), "weir.cli.WeirMain",
            List.of("router", "--config", dir.resolve("config").toString()), environment);
        router.awaitLine("READY", 40_000);
        desk = DeskClient.launch(new DeskContext().port(deskPort).senderCompId("EPSILON1").username("EPSILON1")
            .password("epsilon-password").storeDirectory(dir.resolve("desk")).journalDirectory(dir.resolve("desks")));
        desk.awaitLogon(WAIT);
    }

    @AfterAll
    void close() throws Exception {
        desk.close();
        router.close();
        simulators.close();
    }

    private void seen(final Steps steps) throws Exception {
        try {
            steps.run();
        } catch (final AssertionError | RuntimeException failure) {
            throw new AssertionError(failure.getMessage() + router.tail(), failure);
        }
    }

    /** What a test does with desk and router. */
    private interface Steps {
        void run() throws Exception;
    }

    @Test
    @Order(1)
    void shouldBringADesksOrderToDeribitAndBack() throws Exception {
        seen(() -> trade(simulators.control(Venues.DERIBIT)));
        assertFalse(router.tail().contains("W0H6FJW4IRPZ1MOQ8FP6KMC5RZDUUKXS"), "a secret in the log");
    }

    /** 120 % of the five credits a second that come back; a credit too many would cost the session. */
    @Test
    @Order(2)
    void shouldSpendNoCreditTooManyWhenStoppedForTwoSecondsAtOneHundredAndTwentyPercent() throws Exception {
        seen(() -> {
            for (int i = 0; i < FLOOD; i++) {
                send();
            }
            demand(500);
            signal("STOP");
            demand(2_000);
            signal("CONT");
            demand(1_000);
            desk.awaitThat(() -> desk.ledger().unansweredCount() == 0, "an answer to each order", WAIT);
            assertNoBreach("stopped for 2 s at 120 %");
        });
    }

    /** An order that costs a credit and does not stay. */
    private void send() {
        desk.newOrder("s" + ++number, "BTC-PERPETUAL", '1', '2', '3', "10", "50000");
    }

    private void demand(final long forMs) throws InterruptedException {
        for (long ms = 0; ms < forMs; ms += STEP_MS) {
            send();
            Thread.sleep(STEP_MS);
        }
    }

    private void signal(final String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(router.pid())).start().waitFor());
    }

    private void assertNoBreach(final String what) throws Exception {
        final JsonNode account = control(simulators.control(Venues.DERIBIT), "GET", "/stats", "").path("accounts")
            .path("epsilon-deribit");
        final int peak = account.path("pools").path("matching_engine").path("peak").asInt();
        System.out.println("DeribitRouteTest " + what + ": at most " + peak + " credits of "
            + account.path("pools").path("matching_engine").path("capacity") + " were spent at once; none refused");
        assertEquals(0, account.path("refused").asInt(-1), what + ' ' + account);
        assertTrue(peak >= 10, what + ": the pool was used: " + account);
    }

    private void trade(final int control) throws Exception {
        // the adapter is up when an order passes: until then the router says so
        int tries = 0;
        DeskReport first;
        do {
            final String id = "d" + ++tries;
            desk.newOrder(id, "BTC-PERPETUAL", '1', '2', '1', "300", "59000");
            first = desk.await(report -> id.equals(report.clOrdId()) && (report.ordStatus() == '0'
                || report.ordStatus() == '8'), WAIT);
            Thread.sleep(first.ordStatus() == '8' ? 250 : 0);
        } while (first.ordStatus() == '8' && tries < 60);
        assertEquals('0', first.ordStatus(), desk.dump());
        final String id = first.clOrdId();
        desk.awaitThat(() -> isOpen(control), "the order at the venue", WAIT);
        desk.replace("r1", id, "BTC-PERPETUAL", '1', '2', '1', "300", "59970");
        desk.await(report -> "r1".equals(report.clOrdId()) && report.execType() == '5', WAIT);
        control(control, "POST", "/quotes", "{\"symbol\":\"BTC-PERPETUAL\",\"side\":\"sell\",\"immediate\":true,"
            + "\"levels\":[{\"price\":\"59970\",\"qty\":\"100000\"}]}");
        final DeskReport fill = desk.await(report -> report.execType() == 'F', WAIT);
        assertEquals('2', fill.ordStatus(), desk.dump());
        desk.newOrder("c1", "BTC-PERPETUAL", '1', '2', '1', "100", "50000");
        desk.awaitStatus("c1", '0', WAIT);
        desk.cancel("x1", "c1", "BTC-PERPETUAL", '1');
        desk.await(report -> report.execType() == '4', WAIT);
        final JsonNode stats = control(control, "GET", "/stats", "").path("accounts").path("epsilon-deribit");
        assertEquals(0, stats.path("refused").asInt(), stats.toString());
        assertTrue(stats.path("requests").path("private/buy").asInt() >= 2, stats.toString());
    }

    private boolean isOpen(final int control) {
        try {
            return control(control, "GET", "/orders", "").path("epsilon-deribit").size() == 1;
        } catch (final IOException failure) {
            throw new AssertionError(failure);
        } catch (final InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new AssertionError(failure);
        }
    }
}
