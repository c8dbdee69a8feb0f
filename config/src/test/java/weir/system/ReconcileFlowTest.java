package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.BillingProcess;
import weir.cli.WeirCli;
import weir.config.run.Actions;
import weir.config.run.BillingWiring;
import weir.config.run.FreePort;
import weir.sim.desk.DeskClient;

/**
 * What is read of a settled day: {@code weir reconcile} as a process, silent on a good run, exit code 1 and the
 * difference on each planted fault; {@code weir usage --url} from a running billing process over mutual TLS.
 */
class ReconcileFlowTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path keys;
    private static InProcessCluster cluster;
    private static int port;
    private static PemKeys billing;
    private static PemKeys reader;
    private static PemKeys unlisted;
    private static PemKeys stranger;

    @BeforeAll
    static void trade() throws Exception {
        final List<PemKeys> made = Stream.of("billing", "reader", "unlisted", "stranger").parallel()
            .map(name -> PemKeys.make(keys, name)).toList();
        billing = made.get(0);
        reader = made.get(1);
        unlisted = made.get(2);
        stranger = made.get(3);
        final Path trusted = Files.writeString(keys.resolve("trusted.crt"), Files.readString(reader.certificate())
            + Files.readString(unlisted.certificate()));
        port = FreePort.find();
        cluster = InProcessCluster.start(InProcessCluster.withoutBinaryClient(), InProcessCluster.edit("billing.yaml",
            "meters:\n", "readOuts:\n  enabled: true\n  port: " + port + "\n  key: \"" + billing.key()
                + "\"\n  certificate: \"" + billing.certificate() + "\"\n  trusted: \"" + trusted
                + "\"\n  clients: [\"" + reader.thumbprint() + "\"]\nmeters:\n"));
        final DeskClient alpha = cluster.desk("ALPHA1");
        final DeskClient beta = cluster.desk("BETA1");
        for (int i = 0; i < 5; i++) {
            beta.newOrder("s" + i, "BTC-USD", '2', '2', '1', "0.01", "60000");
            beta.awaitStatus("s" + i, '0', SOON);
            alpha.newOrder("b" + i, "BTC-USD", '1', '2', '1', "0.01", "60000");
            alpha.awaitStatus("b" + i, '2', SOON);
            beta.awaitStatus("s" + i, '2', SOON);
        }
        final Books books = cluster.settle();
        assertEquals("5 request, 5 sent, 5 filled: " + 5 * 7_100, books.bill(1));
        assertEquals("5 request, 5 sent, 5 filled: " + 5 * 7_100, books.bill(2));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    private static ChildCommands.Ended reconcile(final Path venueLog, final Path stripeLog) throws Exception {
        return ChildCommands.run(cluster.root().resolve("children"), cluster.environment(), "reconcile", "--journal",
            cluster.journalDir().toString(), "--fix-log", cluster.fixLogDir().toString(), "--venue-log",
            venueLog.toString(), "--stripe-log", stripeLog.toString(), "--database", cluster.jdbcUrl(), "--config",
            cluster.configDir().toString());
    }

    private static Path written(final String name, final List<String> lines) throws Exception {
        return Files.write(cluster.root().resolve(name), lines);
    }

    private static int lastOf(final List<String> lines, final String kind) throws Exception {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (JSON.readTree(lines.get(i)).path("kind").asText().equals(kind)) {
                return i;
            }
        }
        throw new AssertionError("no " + kind + " in " + lines);
    }

    /** A tenant's plan changed: who reconciles says when. */
    @Test
    void shouldPriceByThePlansThatATenantHadWhenToldSo() throws Exception {
        final Path config = cluster.root().resolve("other-config");
        try (Stream<Path> files = Files.walk(cluster.configDir())) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final Path to = config.resolve(cluster.configDir().relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.writeString(config.resolve("plans/other.yaml"), Files.readString(config.resolve("plans/demo.yaml"))
            .replace("plan: demo", "plan: other").replaceFirst("id: \\d+", "id: 77").replace("0.002 ", "0.003 "));
        assertEquals("0 0", told(config, "alpha=demo@2020-01-01T00:00:00Z"));
        final String wrong = told(config, "alpha=other@2020-01-01T00:00:00Z");
        assertTrue(wrong.startsWith("1 1 ORACLE_AMOUNT tenant 1 meter order_sent"), wrong);
        final String late = told(config, "alpha=other@2020-01-01T00:00:00Z",
            "--tenant-plan", "alpha=demo@2020-01-02T00:00:00Z");
        assertEquals("0 0", late, "what came last holds");
        assertTrue(told(config, "alpha=none@2020-01-01T00:00:00Z").contains("UNKNOWN_PLAN"));
        assertTrue(told(config, "nobody=demo@2020-01-01T00:00:00Z").contains("UNKNOWN_TENANT"));
        assertTrue(told(config, "alpha=demo").startsWith("2 "));
        assertTrue(told(config, "alpha=demo@2020-01-01T00:00:00Z", "--tenant-plan", "alpha=other@2020-01-01T00:00:00Z")
            .contains("TENANT_PLAN_TWICE"));
        final Path applied = Files.move(config.resolve("plans/other.yaml"), cluster.root().resolve("applied.yaml"));
        assertEquals(wrong, told(config, "alpha=other@2020-01-01T00:00:00Z", "--plan", applied.toString()),
            "a plan that was only applied");
        assertTrue(told(config, "alpha=other@2020-01-01T00:00:00Z").contains("UNKNOWN_PLAN"));
    }

    @Test
    void shouldRefuseClientLogsThatNothingIsComparedWith() throws Exception {
        final Path logs = Files.createDirectories(cluster.root().resolve("clients"));
        final List<String> line = new ArrayList<>(List.of("reconcile", "--journal", cluster.journalDir().toString(),
            "--fix-log", cluster.fixLogDir().toString(), "--venue-log", cluster.venueLog().toString(), "--stripe-log",
            cluster.stripeLog().toString(), "--database", cluster.jdbcUrl(), "--client-log", logs.toString()));
        final String alone = run(line);
        assertTrue(alone.startsWith("2 ") && alone.contains("--client-log needs --config"), alone);
        line.addAll(List.of("--config", cluster.configDir().toString()));
        Files.createFile(logs.resolve("nobody.clientlog"));
        final String none = run(line);
        assertTrue(none.startsWith("1 ") && none.contains("NO_CLIENT_LOG"), none);
    }

    /** Exit code, number of differences and the first; else what was printed. */
    private static String told(final Path config, final String... plans) throws Exception {
        final List<String> line = new ArrayList<>(List.of("reconcile", "--journal", cluster.journalDir().toString(),
            "--fix-log", cluster.fixLogDir().toString(), "--venue-log", cluster.venueLog().toString(), "--stripe-log",
            cluster.stripeLog().toString(), "--database", cluster.jdbcUrl(), "--config", config.toString(),
            "--tenant-plan"));
        line.addAll(List.of(plans));
        final String said = run(line);
        String first = "";
        for (final String one : said.substring(2).lines().toList()) {
            final JsonNode node = one.startsWith("{") ? JSON.readTree(one) : JSON.createObjectNode();
            if (first.isEmpty() && node.path("kind").asText().startsWith("ORACLE")) {
                first = " " + node.path("kind").asText() + ' ' + node.path("where").asText();
            } else if ("reconciliation".equals(node.path("kind").asText())) {
                return said.charAt(0) + " " + node.path("differences").asInt() + first;
            }
        }
        return said;
    }

    /** Exit code and what was printed. */
    private static String usage(final String... options) {
        final List<String> line = new ArrayList<>(List.of("usage", "--tenant"));
        line.addAll(List.of(options));
        return run(line);
    }

    private static String run(final List<String> line) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        final int code = new WeirCli(new Actions(), print, print, false, cluster.environment())
            .run(line.toArray(String[]::new));
        return code + " " + out.toString(StandardCharsets.UTF_8);
    }

    private static String asked(final String tenant, final PemKeys as, final PemKeys trusting) {
        return usage(tenant, "--url", "https://127.0.0.1:" + port, "--key", as.key().toString(), "--certificate",
            as.certificate().toString(), "--trusted", trusting.certificate().toString());
    }

    @Test
    void shouldAnswerUsageOverMutualTlsToAListedCertificateAlone() throws Exception {
        final String stored = usage("alpha", "--config", cluster.configDir().toString());
        assertTrue(stored.startsWith("0 ") && stored.contains("\"used\":\"0.035500\""), stored);
        final String closed = asked("alpha", reader, billing);
        assertTrue(closed.startsWith("1 ") && closed.contains("READ_OUT_UNREACHABLE"), closed);
        try (BillingProcess process = BillingProcess.launch(BillingWiring.context(cluster.config(),
            cluster.secrets()))) {
            InProcessCluster.await("the read-outs", SOON, () -> asked("alpha", reader, billing).startsWith("0 "),
                () -> asked("alpha", reader, billing) + process.failure());
            assertEquals(stored, asked("alpha", reader, billing), "the process says what the database holds");
            assertEquals(stored, asked("1", reader, billing), "by number too");
            final String foreign = asked("alpha", unlisted, billing);
            assertTrue(foreign.startsWith("1 ") && foreign.contains("403 client_not_allowed"), foreign);
            for (final String refused : List.of(asked("alpha", stranger, billing), asked("alpha", reader, stranger))) {
                assertTrue(refused.startsWith("1 ") && refused.contains("READ_OUT_UNREACHABLE"), refused);
            }
            final String unknown = asked("nobody", reader, billing);
            assertTrue(unknown.startsWith("1 ") && unknown.contains("READ_OUT_REFUSED")
                && unknown.contains(" 404 "), unknown);
        }
    }

    @Test
    void shouldFindNoDifferenceInAGoodRun() throws Exception {
        final ChildCommands.Ended ended = reconcile(cluster.venueLog(), cluster.stripeLog());
        assertEquals(0, ended.exitCode(), ended.text());
        assertTrue(ended.text().contains("{\"kind\":\"reconciliation\",\"differences\":0}"), ended.text());
        assertTrue(ended.text().contains("\"oracle: micro-units\":" + 2 * 5 * 7_100), ended.text());
    }

    @Test
    void shouldFindAFillThatIsMissingFromTheVenuesLog() throws Exception {
        final List<String> lines = new ArrayList<>(Files.readAllLines(cluster.venueLog()));
        lines.remove(lastOf(lines, "exec"));
        final ChildCommands.Ended ended = reconcile(written("missing.jsonl", lines), cluster.stripeLog());
        assertEquals(1, ended.exitCode(), ended.text());
        assertTrue(ended.text().contains("FILL_NOT_AT_VENUE"), ended.text());
        assertTrue(ended.text().contains("ORACLE_UNITS"), ended.text());
    }

    @Test
    void shouldFindAFillThatTheVenueLoggedTwice() throws Exception {
        final List<String> lines = new ArrayList<>(Files.readAllLines(cluster.venueLog()));
        lines.add(lines.get(lastOf(lines, "exec")));
        final ChildCommands.Ended ended = reconcile(written("double.jsonl", lines), cluster.stripeLog());
        assertEquals(1, ended.exitCode(), ended.text());
        assertTrue(ended.text().contains("FILL_TWICE_AT_VENUE"), ended.text());
    }

    @Test
    void shouldFindAUnitThatStripeHasMore() throws Exception {
        final List<String> lines = new ArrayList<>(Files.readAllLines(cluster.stripeLog()));
        for (int i = 0; i < lines.size(); i++) {
            final JsonNode line = JSON.readTree(lines.get(i));
            if (line.path("kind").asText(line.path("type").asText()).equals("accepted")) {
                final ObjectNode changed = (ObjectNode) line;
                final long value = line.path("value").asLong();
                lines.set(i, lines.get(i).replace("\"value\":\"" + value + "\"", "\"value\":\"" + (value + 1) + "\"")
                    .replace("\"value\":" + value + ',', "\"value\":" + (value + 1) + ','));
                assertTrue(!JSON.readTree(lines.get(i)).path("value").equals(changed.path("value")), lines.get(i));
                break;
            }
        }
        final ChildCommands.Ended ended = reconcile(cluster.venueLog(), written("unit.jsonl", lines));
        assertEquals(1, ended.exitCode(), ended.text());
        assertTrue(ended.text().contains("STRIPE_VALUE"), ended.text());
        assertTrue(ended.text().contains("ORACLE_STRIPE"), ended.text());
    }

    @Test
    void shouldReadOutWhatATenantUsedAndHasLeft() throws Exception {
        final ChildCommands.Ended ended = ChildCommands.run(cluster.root().resolve("children"), cluster.environment(),
            "usage", "--config", cluster.configDir().toString(), "--tenant", "beta");
        assertEquals(0, ended.exitCode(), ended.text());
        assertTrue(ended.text().contains("\"meter\":\"request\",\"units\":5,\"amount\":\"0.000500\","
            + "\"price\":\"0.000100\",\"tier\":\"1 of "), ended.text());
        assertTrue(ended.text().contains("\"granted\":\"50.000000\",\"used\":\"0.035500\",\"reserved\":\"0.000000\","
            + "\"left\":\"49.964500\",\"receivable\":\"0.000000\""), ended.text());
    }
}
