package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import weir.cli.WeirCli;
import weir.config.run.Actions;
import weir.protocol.sbe.RiskLimit;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** {@code weir limits set} against a running router with controls in a tenant's file, from desk to venue. */
class LimitFlowTest {
    private static InProcessCluster cluster;
    private static DeskClient alpha;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.start(edit("tenants/alpha.yaml", "priceCollar: 50%",
            "priceCollar: 50%\n  maxUnexecuted: 100000\n  selfTradePrevention: cancel-newest\n"
            + "  orderTtl: 1h\n  restrictedInstruments: [SOL-USD]"));
        alpha = cluster.desk("ALPHA1");
    }

    @AfterAll
    static void stop() throws Exception {
        try (InProcessCluster ending = cluster) {
            assertEquals(List.of(), ending.settle().reconciliation().differences());
        }
    }

    private static String order(final String symbol, final char side, final String qty, final String price) {
        final String clOrdId = "o" + ++number;
        alpha.newOrder(clOrdId, symbol, side, '2', '1', qty, price);
        final DeskReport report = alpha.await(r -> clOrdId.equals(r.clOrdId())
            && (r.ordStatus() == '0' || r.ordStatus() == '8'), SOON);
        return report.ordStatus() == '0' ? "OK" : report.code();
    }

    private static int weir(final String... args) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        final List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--config", cluster.configDir().toString(), "--tenant", "alpha", "--actor", "risk.desk",
            "--why", "quarter end"));
        final int exit = new WeirCli(new Actions(), stream, stream, false, System.getenv())
            .run(all.toArray(new String[0]));
        System.out.print(out.toString(StandardCharsets.UTF_8));
        return exit;
    }

    @Test
    void shouldActOnTheNextOrderAndJournalWhoOldAndNew() throws Exception {
        assertEquals("INSTRUMENT_RESTRICTED", order("SOL-USD", '1', "1", "100"));
        assertEquals("UNEXECUTED_NOTIONAL", order("BTC-USD", '1', "2.001", "50000"));
        assertEquals("OK", order("BTC-USD", '1', "0.1", "50000"));
        assertEquals("SELF_TRADE", order("BTC-USD", '2', "0.1", "50000"));
        assertEquals(0, weir("limits", "set", "maxUnexecuted=5000", "restrictedInstrument.SOL-USD=false"));
        final JournalLines lines = cluster.journalWhen("the change", l -> l.of("RiskConfig").stream()
            .anyMatch(line -> line.toString().contains("risk.desk")));
        final JsonNode change = lines.of("RiskConfig").stream()
            .filter(line -> line.toString().contains("risk.desk")).findFirst().orElseThrow().path("input");
        assertEquals("quarter end", change.path("why").asText(), change::toString);
        final JsonNode limit = change.path("limits").path(0);
        assertEquals("MAX_UNEXECUTED", limit.path("limit").asText(), change::toString);
        assertEquals(10_000_000_000_000L, limit.path("oldValue").asLong(), change::toString);
        assertEquals(500_000_000_000L, limit.path("newValue").asLong(), change::toString);
        assertEquals(1, change.path("limits").path(1).path("oldValue").asInt(), change::toString);
        assertEquals("UNEXECUTED_NOTIONAL", order("BTC-USD", '1', "0.001", "50000"));
        alpha.await(r -> "B".equals(r.msgType()) && "RISK_LIMIT_CHANGED".equals(r.get(148)), SOON);
        assertEquals(0, weir("limits", "set", "maxUnexecuted=off"));
        cluster.journalWhen("the end of it", l -> l.of("RiskConfig").stream().anyMatch(line ->
            line.path("input").path("limits").path(0).path("limit").asText().equals("MAX_UNEXECUTED")
            && line.path("input").path("limits").path(0).path("newValue").asLong() == 0));
        assertEquals("OK", order("BTC-USD", '1', "0.001", "50000"));
    }

    /** By the engine's own time in the journal; the middle of 21, for the machine has other work too. */
    @Test
    void shouldActInUnderAHundredMillisecondsAndJournalEachChange() throws Exception {
        final long[] sentNs = new long[21];
        for (int i = 0; i < sentNs.length; i++) {
            sentNs[i] = SystemEpochNanoClock.INSTANCE.nanoTime();
            cluster.operator().limit(1, RiskLimit.MAX_OPEN_ORDERS, 900 + i, "timed");
            Thread.sleep(5);
        }
        final List<JsonNode> changes =
            timed(cluster.journalWhen("all changes", l -> timed(l).size() == sentNs.length));
        final long[] tookNs = new long[sentNs.length];
        for (int i = 0; i < sentNs.length; i++) {
            final JsonNode limit = changes.get(i).path("input").path("limits").path(0);
            assertEquals(900 + i, limit.path("newValue").asLong());
            assertTrue(i == 0 || limit.path("oldValue").asLong() == 899 + i, limit::toString);
            tookNs[i] = Math.max(0, changes.get(i).path("epochNs").asLong() - sentNs[i]);
        }
        Arrays.sort(tookNs);
        System.out.println("LimitFlowTest a limit is in force after " + tookNs[sentNs.length / 2] / 1_000
            + " us (median), " + tookNs[sentNs.length - 1] / 1_000 + " us (longest)");
        assertTrue(tookNs[sentNs.length / 2] < 100_000_000L, () -> Arrays.toString(tookNs));
    }

    private static List<JsonNode> timed(final JournalLines lines) {
        return lines.of("RiskConfig").stream().filter(line -> line.toString().contains("timed")).toList();
    }

    @Test
    void shouldConfirmThatAnUnlockIsInForceOrSayThatNothingIsLocked() throws Exception {
        assertEquals(1, weir("unlock", "--session", "101"), "nothing is locked");
        assertEquals(0, weir("limits", "set", "loopRejectsMax=2"));
        assertEquals("PRICE_COLLAR", order("BTC-USD", '1', "0.001", "1000"));
        assertEquals("PRICE_COLLAR", order("BTC-USD", '1', "0.001", "1000"));
        assertEquals("STRATEGY_LOCKED", order("BTC-USD", '1', "0.001", "50000"));
        assertTrue(explained().contains("lock: orders without strategy of ALPHA1"), explained());
        assertEquals(0, weir("unlock", "--session", "101"));
        assertEquals("OK", order("BTC-USD", '1', "0.001", "50000"), "in force when the command ends");
        assertEquals(0, weir("limits", "set", "loopRejectsMax=off"));
    }

    private static String explained() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(0, new WeirCli(new Actions(), stream, stream, false, System.getenv()).run("explain", "--tenant",
            "alpha", "--config", cluster.configDir().toString()));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayWhatIsWrongAndChangeNothing() throws Exception {
        final int before = cluster.journal().of("RiskConfig").size();
        assertEquals(1, weir("limits", "set", "maxUnexecutd=1"));
        assertEquals(1, weir("limits", "set", "orderTtl=3 fortnights"));
        assertEquals(1, weir("limits", "set", "restrictedVenue.nowhere=true"));
        assertEquals(0, weir("limits", "set", "orderTtl=30m", "--dry-run"));
        assertEquals(1, weir("limits", "set", "duplicateWindow=1h")); // the core holds 5 s at most, and says nothing
        assertEquals(2, weir("unlock"));
        assertEquals(before, cluster.journal().of("RiskConfig").size());
    }
}
