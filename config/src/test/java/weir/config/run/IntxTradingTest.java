package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
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

/** A desk's orders through the router's process to Coinbase International Exchange's and back. */
class IntxTradingTest {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String SYMBOL = "BTC-PERP-INTX";
    private static final String ACCOUNT = """
        accounts:
          - id: 9
            name: alpha-intx
            venue: intx
            environment: simulator
            selfTradePrevention: cancel-newest
            apiKey: env:WEIR_DEMO_BETA_VENUE_KEY
            apiSecret: env:WEIR_DEMO_BETA_VENUE_SECRET
            passphrase: env:WEIR_DEMO_BETA_VENUE_PASSPHRASE
        """;

    @TempDir
    private Path dir;
    private final Map<String, String> environment = new HashMap<>(System.getenv());

    private WeirConfig write(final DemoDirectory.Ports ports, final int deskPort) throws IOException {
        final Path configDir = dir.resolve("config");
        DemoDirectory.write(configDir, dir, DemoDirectory.Ports.coinbase(ports.at(16121), ports.at(16180),
            ports.stripe()), deskPort);
        for (final String name : List.of("venues/coinbase-intx.yaml", "instruments/coinbase-intx.yaml")) {
            Files.writeString(configDir.resolve(name),
                Files.readString(Path.of(name)).replace("127.0.0.1:16680", "127.0.0.1:" + ports.at(16680))
                    .replace("127.0.0.1:16610", "127.0.0.1:" + Math.max(1, ports.at(16610))));
        }
        final Path tenant = configDir.resolve("tenants/alpha.yaml");
        Files.writeString(tenant, Files.readString(tenant).replace("accounts:\n", ACCOUNT)
            .replace("instruments: [", "instruments: [" + SYMBOL + ", "));
        return ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
    }

    @Test
    void shouldPlaceFillReplaceAndCancelADesksOrders() throws Exception {
        environment.putAll(DemoSource.newSecrets());
        final int deskPort = FreePort.find();
        final WeirConfig config = write(DemoDirectory.Ports.coinbase(1, 1, 1), deskPort);
        try (SimulatorAction.Running venues = SimulatorAction.start(dir, config, new SecretResolver(environment, dir),
            DemoDirectory.Ports.ANY, Map.of(), Map.of())) {
            write(venues.ports(), deskPort);
            try (JavaProcess router = JavaProcess.start("router", dir, List.of("-Xmx512m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"), "weir.cli.WeirMain",
                List.of("router", "--config", dir.resolve("config").toString()), environment)) {
                router.awaitLine("READY", SOON.toMillis());
                trade(deskPort, venues.venueLogs().get(1), venues.control(Venues.INTX));
            }
        }
    }

    private static void maintain(final int control, final boolean on) throws Exception {
        final HttpResponse<String> response = HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control + "/faults"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"maintenance\":" + on + "}")).build(),
            HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
    }

    private static Map<String, List<JsonNode>> lines(final Path log) throws IOException {
        final Map<String, List<JsonNode>> lines = new HashMap<>();
        final ObjectMapper mapper = new ObjectMapper();
        for (final String line : Files.readAllLines(log)) {
            final JsonNode node = mapper.readTree(line);
            lines.computeIfAbsent(node.path("kind").asText(), kind -> new ArrayList<>()).add(node);
        }
        return lines;
    }

    private static long refused(final Path log) throws IOException {
        return lines(log).get("rest").stream().filter(call -> call.path("status").asInt() == 503).count();
    }

    /** REST is down for maintenance: the router notices by what it asks, and goes on over FIX. */
    private void goOnByFix(final DeskClient desk, final Path log, final int control) throws Exception {
        maintain(control, true);
        final long deadlineNs = System.nanoTime() + SOON.toNanos();
        while (refused(log) < 4) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "refused by REST: " + refused(log));
            LockSupport.parkNanos(20_000_000L);
        }
        desk.newOrder("by-fix", SYMBOL, '1', '2', '1', "0.002", "59000");
        desk.awaitStatus("by-fix", '0', SOON);
        maintain(control, false);
        desk.cancel("by-fix-x", "by-fix", SYMBOL, '1');
        desk.await(r -> "by-fix-x".equals(r.clOrdId()) && r.execType() == '4', SOON);
    }

    private void trade(final int deskPort, final Path log, final int control) throws Exception {
        try (DeskClient desk = DeskClient.launch(new DeskContext().port(deskPort).senderCompId("ALPHA1")
            .username("ALPHA1").password(environment.get("WEIR_DEMO_ALPHA1_PASSWORD"))
            .storeDirectory(dir.resolve("desk")).journalDirectory(dir.resolve("desk")))) {
            desk.awaitLogon(SOON);
            // until account and price are there the router refuses; each attempt is an order of its own
            String taken = "";
            for (int attempt = 0; taken.isEmpty() && attempt < 40; attempt++) {
                final String id = "take-" + attempt;
                desk.newOrder(id, SYMBOL, '1', '2', '3', "0.001", "60600");
                final DeskReport report = desk.await(r -> id.equals(r.clOrdId())
                    && (r.ordStatus() == '2' || r.ordStatus() == '8'), SOON);
                taken = report.ordStatus() == '2' ? id : "";
                LockSupport.parkNanos(taken.isEmpty() ? 500_000_000L : 0L);
            }
            assertTrue(!taken.isEmpty(), () -> "no fill: " + desk.dump());
            desk.newOrder("rest", SYMBOL, '1', '2', '1', "0.002", "59000");
            desk.awaitStatus("rest", '0', SOON);
            desk.replace("again", "rest", SYMBOL, '1', '2', '1', "0.001", "58900");
            desk.await(r -> "again".equals(r.clOrdId()) && r.execType() == '5', SOON);
            desk.cancel("gone", "again", SYMBOL, '1');
            desk.await(r -> "gone".equals(r.clOrdId()) && r.execType() == '4', SOON);
            assertTrue(lines(log).get("rest").stream().allMatch(call -> call.path("status").asInt() == 200),
                () -> "refused by REST");
            goOnByFix(desk, log, control);
        }
        final Map<String, List<JsonNode>> lines = lines(log);
        assertEquals(List.of("rest", "rest", "fix"), lines.get("order").stream()
            .map(order -> order.path("channel").asText()).toList(), "one taken, one rested, one while REST was down");
        assertEquals(0, new BigDecimal("0.001").compareTo(lines.get("exec").stream()
            .map(exec -> new BigDecimal(exec.path("qty").asText())).reduce(BigDecimal.ZERO, BigDecimal::add)));
        assertEquals(1, lines.get("replace").size());
        assertEquals(2, lines.get("cancel").size());
        assertTrue(lines.get("logon").stream().allMatch(logon -> logon.path("accepted").asBoolean()));
    }
}
