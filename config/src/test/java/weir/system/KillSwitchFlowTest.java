package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import quickfix.Message;
import weir.cli.WeirCli;
import weir.config.run.Actions;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** The kill switch of a running router by each of its triggers, and its report, over real sockets. */
class KillSwitchFlowTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static InProcessCluster cluster;
    private static DeskClient alpha;
    private static DeskClient beta;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.start(
            edit("router.yaml", "entry:\n", "kill:\n  file: kill\n  poll: 20ms\nentry:\n"),
            edit("tenants/beta.yaml", "quotas:\n", "rejectRules:\n"
                + "  - { of: desk, rejects: 3, within: 60s }\ndeadMan: { within: 60s }\nquotas:\n"));
        alpha = cluster.desk("ALPHA1");
        beta = cluster.desk("BETA1");
    }

    @AfterAll
    static void stop() throws Exception {
        try (InProcessCluster ending = cluster) {
            assertEquals(List.of(), ending.settle().reconciliation().differences());
        }
    }

    private static String order(final DeskClient desk, final int strategy) {
        final String clOrdId = "k" + ++number;
        desk.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.001", "50000",
            strategy == 0 ? Map.of() : Map.of(20004, Integer.toString(strategy)));
        final DeskReport report = desk.await(r -> clOrdId.equals(r.clOrdId())
            && (r.ordStatus() == '0' || r.ordStatus() == '8'), SOON);
        return report.ordStatus() == '0' ? "OK" : report.code();
    }

    /** Runs a command as an operator does; its JSON lines. */
    private static List<JsonNode> weir(final int expected, final String... args) throws Exception {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--config", cluster.configDir().toString()));
        final int code = new WeirCli(new Actions(), new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, Map.of()).run(all.toArray(new String[0]));
        assertEquals(expected, code, out + "\n" + err);
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("{")) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    private static List<JsonNode> of(final List<JsonNode> lines, final String kind) {
        return lines.stream().filter(line -> line.path("kind").asText().equals(kind)).toList();
    }

    @Test
    void shouldKillOneStrategyFromTheCommandLineAndReportItsOrders() throws Exception {
        assertEquals("OK", order(alpha, 41));
        final String killed = "k" + number;
        assertEquals("OK", order(alpha, 42));
        final String other = "k" + number;
        assertEquals(1, of(weir(0, "kill", "--strategy", "alpha/41", "--dry-run"), "switch").get(0)
            .path("openBefore").asInt());
        final List<JsonNode> lines = weir(0, "kill", "--strategy", "alpha/41", "--actor", "alice", "--why", "test");
        final List<JsonNode> rows = of(lines, "killed");
        assertEquals(1, rows.size(), lines.toString());
        assertEquals("alpha ALPHA1 41 " + killed + " cancelled", rows.get(0).path("client").asText() + ' '
            + rows.get(0).path("desk").asText() + ' ' + rows.get(0).path("strategy").asText() + ' '
            + rows.get(0).path("ClOrdID").asText() + ' ' + rows.get(0).path("fate").asText());
        alpha.awaitStatus(killed, '4', SOON);
        assertEquals("STRATEGY_HALTED", order(alpha, 41));
        assertEquals('0', alpha.ledger().order(other).ordStatus());
        weir(0, "resume", "--strategy", "alpha/41");
        assertEquals("OK", order(alpha, 41));
        cluster.tidy(alpha);
    }

    @Test
    void shouldTakeAMassActionOfADeskAndAnswerIt() throws Exception {
        assertEquals("OK", order(alpha, 51));
        final String open = "k" + number;
        assertEquals("BZ 1375=1 1373=1", action(alpha, "1", "7", "51"));
        assertEquals("SUSPENDED", order(alpha, 51));
        assertEquals('0', alpha.ledger().order(open).ordStatus(), "suspended, not cancelled");
        assertEquals("BZ 1375=1 1373=3", action(alpha, "3", "7", "51"));
        alpha.awaitStatus(open, '4', SOON);
        assertEquals("BZ 1375=1 1373=2", action(alpha, "2", "7", "51"));
        assertEquals("OK", order(alpha, 51));
        assertEquals("BZ 1375=0 1373=1", action(alpha, "1", "1", null));
        cluster.tidy(alpha);
    }

    private static String action(final DeskClient desk, final String type, final String scope,
        final String strategy) {
        final Message message = new Message();
        message.getHeader().setString(35, "CA");
        final String id = "ca" + ++number;
        message.setString(11, id);
        message.setString(1373, type);
        message.setString(1374, scope);
        if (strategy == null) {
            message.setString(55, "BTC-USD");
        } else {
            message.setString(20004, strategy);
        }
        message.setUtcTimeStamp(60, java.time.LocalDateTime.now(java.time.ZoneOffset.UTC));
        desk.send(message);
        final DeskReport report = desk.await(r -> "BZ".equals(r.msgType()) && id.equals(r.get(11)), SOON);
        return "BZ 1375=" + report.get(1375) + " 1373=" + report.get(1373);
    }

    @Test
    void shouldHaltWhatTheKillFileNamesAndNotResumeWhenItIsRemoved() throws Exception {
        assertEquals("OK", order(alpha, 0));
        final String open = "k" + number;
        final Path file = cluster.config().router().resolve(Path.of("kill"));
        Files.writeString(file, "# incident\nkill desk ALPHA1\n");
        alpha.awaitStatus(open, '4', SOON);
        assertEquals("SESSION_HALTED", order(alpha, 0));
        Files.delete(file);
        Thread.sleep(100);
        assertEquals("SESSION_HALTED", order(alpha, 0));
        weir(0, "resume", "--desk", "ALPHA1");
        assertEquals("OK", order(alpha, 0));
        Files.writeString(file, "kill desk NO-SUCH\n");
        cluster.journalWhen("the router's halt", lines -> lines.of("TradingSwitch").stream()
            .anyMatch(line -> line.toString().contains("GLOBAL")));
        assertEquals("ROUTER_HALTED", order(alpha, 0));
        Files.delete(file);
        weir(0, "resume", "--router");
        assertEquals("OK", order(alpha, 0));
        cluster.tidy(alpha);
    }

    @Test
    void shouldStopADeskByItsRejectsAndExplainIt() throws Exception {
        for (int i = 0; i < 3; i++) {
            final String id = "k" + ++number;
            beta.newOrder(id, "SOL-USD", '1', '2', '1', "0.1", "125");
            assertEquals("INSTRUMENT_NOT_PERMITTED", beta.awaitStatus(id, '8', SOON).code());
        }
        assertEquals("SESSION_CANCEL_ONLY", order(beta, 0));
        weir(0, "heartbeat", "--tenant", "beta", "--once");
        cluster.journalWhen("the heartbeat", lines -> !lines.of("OperatorHeartbeat").isEmpty());
        final List<JsonNode> limits = of(weir(0, "explain", "--tenant", "beta"), "limit");
        final JsonNode held = limits.stream().filter(l -> l.path("limit").asText().equals("switch: desk BETA1"))
            .findFirst().orElseThrow(() -> new AssertionError(limits.toString()));
        assertEquals("cancel-only", held.path("value").asText());
        final JsonNode rule = limits.stream().filter(l -> l.path("limit").asText().startsWith("reject rule"))
            .findFirst().orElseThrow();
        assertTrue(rule.path("set at").asText().matches(".*beta\\.yaml:[0-9]+"), rule.toString());
        final JsonNode quota = limits.stream().filter(l -> l.path("limit").asText().startsWith("quota 1"))
            .findFirst().orElseThrow();
        assertEquals(quota.path("value").asLong(), quota.path("used").asLong() + quota.path("left").asLong());
        assertTrue(limits.stream().anyMatch(l -> l.path("limit").asText().contains("fix-requests")
            && l.path("set at").asText().matches(".*coinbase\\.yaml:[0-9]+")
            && !l.path("used").asText().isEmpty()), limits.toString());
        weir(0, "resume", "--desk", "BETA1");
        assertEquals("OK", order(beta, 0));
        cluster.tidy(beta);
    }

    @Test
    void shouldRaiseAndLowerLimitsOfARunningRouter() throws Exception {
        final JsonNode raised = of(weir(0, "change", "--tenant", "beta", "--budget", "900.50", "--actor", "bob"),
            "change").get(0);
        assertEquals(900_500_000L, raised.path("new").asLong());
        beta.await(r -> "B".equals(r.msgType()) && r.raw().contains("new=900500000 by=bob"), SOON);
        weir(0, "change", "--tenant", "beta", "--quota", "1=123456");
        weir(0, "change", "--tenant", "beta", "--burst", "4321", "--per-second", "500", "--for-s", "60");
        weir(0, "limits", "set", "--tenant", "beta", "--actor", "bob", "--why", "drill", "maxOpenOrders=77",
            "maxUnexecuted=5000000");
        beta.await(r -> "B".equals(r.msgType()) && r.raw().contains("MAX_UNEXECUTED"), SOON);
        assertEquals("OK", order(beta, 0));
        final List<JsonNode> limits = of(weir(0, "explain", "--tenant", "beta"), "limit");
        for (final String wanted : new String[] {"budget per month|900.500000", "quota 1: orders|123456",
            "rate: tenant|burst 4321, 500/s", "risk: maxOpenOrders|77", "risk: maxUnexecuted|5000000"}) {
            final String[] parts = wanted.split("\\|");
            final JsonNode row = limits.stream().filter(l -> l.path("limit").asText().startsWith(parts[0]))
                .findFirst().orElseThrow(() -> new AssertionError(wanted + limits));
            assertTrue(row.path("value").asText().startsWith(parts[1]), row.toString());
            assertEquals("command", row.path("set at").asText());
        }
        weir(1, "change", "--tenant", "beta", "--quota", "99=1");
        weir(2, "change", "--tenant", "beta");
        cluster.tidy(beta);
    }

    @Test
    void shouldSayWhatIsWrongWithACommandsTarget() throws Exception {
        weir(1, "halt", "--tenant", "no-such");
        weir(2, "halt");
        weir(2, "halt", "--tenant", "alpha", "--desk", "ALPHA1");
    }
}
