package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** Desks that go and come back: cancel on disconnect in its four modes, and the reports they missed. */
class SessionFlowTest {
    private static final long GRACE_MS = 700;
    private static final String BOTH = "ALPHA1";
    private static final String NONE = "ALPHA3";
    private static final String ON_DISCONNECT = "ALPHA4";
    private static final String ON_LOGOUT = "ALPHA5";
    private static final String PATIENT = "ALPHA6";
    private static final long PATIENT_MS = 3_000;

    private static final List<String> MODES = List.of(BOTH, NONE, ON_DISCONNECT, ON_LOGOUT);

    private static InProcessCluster cluster;
    private static final Map<String, DeskClient> DESKS = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.start(
            edit("tenants/alpha.yaml", "cancelGrace: 2s", "cancelGrace: " + GRACE_MS + "ms"),
            edit("tenants/alpha.yaml", "clients:", desk(103, NONE, "none") + desk(104, ON_DISCONNECT, "on-disconnect")
                + desk(105, ON_LOGOUT, "on-logout")
                + desk(106, PATIENT, "on-disconnect").replace(GRACE_MS + "ms", PATIENT_MS + "ms") + "clients:"));
        for (final String name : new String[] {BOTH, NONE, ON_DISCONNECT, ON_LOGOUT, PATIENT}) {
            DESKS.put(name, cluster.desk(cluster.deskContext(name).password(cluster.password("ALPHA1")))
                .awaitLogon(SOON));
        }
    }

    private static String desk(final int session, final String compId, final String mode) {
        return "  - session: " + session + "\n    compId: " + compId + "\n    cancelOnDisconnect: " + mode
            + "\n    cancelGrace: " + GRACE_MS + "ms\n    logon: { password: \"env:WEIR_DEMO_ALPHA1_PASSWORD\" }\n"
            + "    allow: [127.0.0.1]\n";
    }

    @AfterEach
    void tidy() throws Exception {
        cluster.tidy(DESKS.values().toArray(DeskClient[]::new));
    }

    @AfterAll
    static void stop() throws Exception {
        try (InProcessCluster ending = cluster) {
            assertEquals(List.of(), ending.settle().reconciliation().differences());
        }
    }

    private static long rest(final String desk, final String clOrdId) {
        DESKS.get(desk).newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.1", "50000");
        DESKS.get(desk).awaitStatus(clOrdId, '0', SOON);
        return Trail.orderId(DESKS.get(desk), clOrdId);
    }

    private static boolean gone(final long orderId) throws IOException {
        return cluster.venue().trail(orderId).stream().anyMatch(line -> line.startsWith("cancel"));
    }

    /** Orders of the desks that are gone from the venue once the grace is over, and when the first went. */
    private static List<String> goneAfterGrace(final Map<String, Long> orders, final int expected, final long leftNs)
        throws Exception {
        InProcessCluster.await(expected + " cancels at the venue", () -> {
            int count = 0;
            for (final long orderId : orders.values()) {
                count += gone(orderId) ? 1 : 0;
            }
            return count >= expected;
        }, () -> cluster.venue().text());
        Thread.sleep(GRACE_MS / 2);
        final List<String> gone = new ArrayList<>();
        for (final Map.Entry<String, Long> order : orders.entrySet()) {
            if (gone(order.getValue())) {
                gone.add(order.getKey());
            }
        }
        for (final JsonNode cancel : cluster.venue().of("cancel")) {
            final long afterMs = (cancel.path("ts").asLong() - leftNs) / 1_000_000;
            assertTrue(afterMs < 0 || afterMs >= GRACE_MS - 1, "cancelled " + afterMs + " ms after the end");
        }
        gone.sort(null);
        return gone;
    }

    @Test
    void shouldCancelByModeOnceGraceIsOverWhenConnectionIsLost() throws Exception {
        final Map<String, Long> orders = new HashMap<>();
        MODES.forEach(name -> orders.put(name, rest(name, "lost")));
        final long leftNs = System.currentTimeMillis() * 1_000_000;
        MODES.forEach(name -> DESKS.get(name).dropConnection());
        assertEquals(List.of(BOTH, ON_DISCONNECT), goneAfterGrace(orders, 2, leftNs));
        MODES.forEach(name -> DESKS.get(name).resume());
        MODES.forEach(name -> DESKS.get(name).awaitLogon(SOON));
        DESKS.get(BOTH).awaitStatus("lost", '4', SOON);
        DESKS.get(ON_DISCONNECT).awaitStatus("lost", '4', SOON);
        assertEquals('0', DESKS.get(NONE).ledger().order("lost").ordStatus());
        assertEquals('0', DESKS.get(ON_LOGOUT).ledger().order("lost").ordStatus());
    }

    @Test
    void shouldCancelByModeOnceGraceIsOverAfterLogout() throws Exception {
        final Map<String, Long> orders = new HashMap<>();
        MODES.forEach(name -> orders.put(name, rest(name, "out")));
        final long leftNs = System.currentTimeMillis() * 1_000_000;
        MODES.forEach(name -> DESKS.get(name).logout(SOON));
        assertEquals(List.of(BOTH, ON_LOGOUT), goneAfterGrace(orders, 2, leftNs));
        MODES.forEach(name -> DESKS.get(name).resume());
        MODES.forEach(name -> DESKS.get(name).awaitLogon(SOON));
        DESKS.get(BOTH).awaitStatus("out", '4', SOON);
        DESKS.get(ON_LOGOUT).awaitStatus("out", '4', SOON);
        assertEquals('0', DESKS.get(NONE).ledger().order("out").ordStatus());
        assertEquals('0', DESKS.get(ON_DISCONNECT).ledger().order("out").ordStatus());
    }

    @Test
    void shouldKeepOrdersWhenDeskComesBackWithinGrace() throws Exception {
        final long orderId = rest(PATIENT, "back");
        final DeskClient desk = DESKS.get(PATIENT);
        final long startNs = System.nanoTime();
        desk.dropConnection();
        desk.resume();
        desk.awaitLogon(SOON);
        final long tookMs = (System.nanoTime() - startNs) / 1_000_000;
        assertTrue(tookMs < PATIENT_MS, "the machine took " + tookMs + " ms; the grace is " + PATIENT_MS);
        Thread.sleep(PATIENT_MS + 200 - tookMs);
        assertEquals(List.of("order buy 21 0.1@50000", "ack cum=0 leaves=0.1"), cluster.venue().trail(orderId));
        assertEquals('0', desk.ledger().order("back").ordStatus());
    }

    @Test
    void shouldResendMissedReportsWhenDeskLogsOnAgain() throws Exception {
        final DeskClient desk = DESKS.get(NONE);
        rest(NONE, "miss1");
        rest(NONE, "miss2");
        final int expected = desk.nextTargetSeqNum();
        desk.dropConnection();
        cluster.house("sell", "BTC-USD", "IOC", "50000 0.15");
        cluster.journalWhen("two fills", lines -> lines.isFinal(Trail.orderId(desk, "miss1")));
        desk.resume();
        desk.awaitLogon(SOON);
        final DeskReport filled = desk.awaitStatus("miss1", '2', SOON);
        final DeskReport partial = desk.awaitStatus("miss2", '1', SOON);
        assertEquals("150=F 39=2 11=miss1 32=0.1 31=50000 14=0.1 151=0 6=50000", Trail.shown(filled));
        assertEquals("150=F 39=1 11=miss2 32=0.05 31=50000 14=0.05 151=0.05 6=50000", Trail.shown(partial));
        assertTrue(filled.possDup() && partial.possDup(), "sent again by resend: " + filled.raw());
        assertTrue(filled.msgSeqNum() >= expected && partial.msgSeqNum() == filled.msgSeqNum() + 1,
            expected + " was expected next: " + filled.raw());
        assertEquals(1, desk.reports().matching(report -> "miss1".equals(report.clOrdId())
            && report.execType() == 'F').size());
    }

    @Test
    void shouldSendMissedReportsAgainWithPossResendWhenDeskResets() throws Exception {
        final DeskClient desk = DESKS.get(NONE);
        rest(NONE, "reset1");
        desk.dropConnection();
        cluster.house("sell", "BTC-USD", "IOC", "50000 0.1");
        cluster.journalWhen("the fill", lines -> lines.isFinal(Trail.orderId(desk, "reset1")));
        desk.resetAtNextLogon();
        desk.resume();
        desk.awaitLogon(SOON);
        final DeskReport filled = desk.awaitStatus("reset1", '2', SOON);
        assertEquals("150=F 39=2 11=reset1 32=0.1 31=50000 14=0.1 151=0 6=50000", Trail.shown(filled));
        assertTrue(filled.possResend(), "97=Y: " + filled.raw());
        assertTrue(filled.msgSeqNum() < 10, "a new number after 141=Y: " + filled.raw());
        rest(NONE, "reset2");
        assertEquals(1, desk.reports().matching(report -> "reset1".equals(report.clOrdId())
            && report.execType() == 'F' && !report.duplicate()).size());
    }

    @Test
    void shouldKeepOrdersAndNumbersAcrossOrderlyRestartOfTheRouter() throws Exception {
        final DeskClient desk = DESKS.get(NONE);
        final long orderId = rest(NONE, "over");
        final int port = cluster.fixPort();
        cluster.stopRouter();
        cluster.change(edit("fix/acceptor.yaml", "port: 0", "port: " + port));
        cluster.startRouter();
        for (final DeskClient each : DESKS.values()) {
            each.awaitThat(() -> each.isLoggedOn(), "logon after the restart", SOON);
        }
        cluster.house("sell", "BTC-USD", "IOC", "50000 0.1");
        desk.awaitThat(() -> desk.ledger().order("over").closed(), "the order's end", SOON);
        final List<String> venue = cluster.venue().trail(orderId);
        final List<String> reports = Trail.of(desk, "over");
        assertTrue(reports.get(reports.size() - 1).startsWith("150=" + (venue.get(2).startsWith("exec") ? 'F' : '4')),
            reports + " at the venue " + venue);
    }
}
