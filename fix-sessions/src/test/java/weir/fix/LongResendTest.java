package weir.fix;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.fix.desk.GatewayCounters.Counter;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.NewOrderDecoder;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A desk that missed more than may wait for it unread gets all of it. */
class LongResendTest {
    private static final int SESSION = GatewayFixture.ALPHA1_SESSION;
    private static final int OTHER = GatewayFixture.ALPHA2_SESSION;
    /** Some 400 bytes each: three times the least room there is. */
    private static final int REPORTS = 1_000;
    /** More than the operating system holds for a peer that does not read. */
    private static final int MANY = 30_000;

    @TempDir
    Path directory;
    private FakeEngine engine;
    private GatewayFixture fixture;

    @BeforeEach
    void start() throws Exception {
        engine = new FakeEngine();
        fixture = new GatewayFixture(engine, directory, DeskTransport.WEIR);
        fixture.launch(context -> context.maxScheduledWrites(1));
    }

    @AfterEach
    void stop() {
        fixture.close();
        engine.close();
    }

    @Test
    void shouldResendMoreThanMayWaitUnread() throws Exception {
        store(1, REPORTS);
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("2", "7=1|16=0|");
            expectResend(desk, 1, REPORTS);
            expectGapFill(desk, REPORTS + 1, REPORTS + 2);
            desk.send("D", OrderFlowTest.newOrder("STILL"));
            engine.next(NewOrderDecoder.TEMPLATE_ID);
        }
    }

    @Test
    void shouldAnswerASecondRequestAndALogoutBehindTheFirst() throws Exception {
        store(1, REPORTS);
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.write(desk.message("2", 2, "7=1|16=" + REPORTS + "|") + desk.message("2", 3, "7=400|16=600|")
                + desk.message("5", 4, ""));
            expectResend(desk, 1, REPORTS);
            expectResend(desk, 400, 600);
            desk.expect("5");
            desk.expectEnd();
        }
    }

    @Test
    void shouldSendNewReportsWhileItResends() throws Exception {
        store(1, REPORTS);
        try (RawDesk desk = fixture.alpha1LoggedOn()) {
            desk.send("2", "7=1|16=" + REPORTS + "|");
            desk.expect("8");
            engine.sendReport(SESSION, 1, REPORTS + 1, 0, "NEW");
            int next = 2;
            boolean isNew = false;
            while (next <= REPORTS || !isNew) {
                final Map<Integer, String> report = desk.expect("8");
                if ("NEW".equals(report.get(11))) {
                    assertEquals(Integer.toString(REPORTS + 2), report.get(34));
                    assertNull(report.get(43));
                    isNew = true;
                } else {
                    assertEquals(Integer.toString(next++), report.get(34));
                }
            }
        }
    }

    @Test
    void shouldSendMoreCarriedReportsThanMayWaitUnread() throws Exception {
        store(1, REPORTS);
        try (RawDesk desk = fixture.connect("ALPHA1")) {
            desk.logon("141=Y|" + GatewayFixture.ALPHA1);
            engine.connected();
            engine.sendReport(SESSION, 1, REPORTS + 1, 0, "R" + (REPORTS + 1));
            for (int i = 1; i <= REPORTS + 1; i++) {
                final Map<Integer, String> report = desk.expect("8");
                assertEquals("R" + i, report.get(11));
                assertEquals(Integer.toString(i + 1), report.get(34));
                assertEquals(i > REPORTS ? null : "Y", report.get(97), report::toString);
                assertNull(report.get(43));
            }
            engine.sendReport(SESSION, 1, REPORTS + 2, 0, "LIVE");
            assertNull(desk.expect("8").get(97));
        }
    }

    @Test
    void shouldServeOthersWhileADeskDoesNotReadItsCarriedReports() throws Exception {
        store(1, MANY);
        try (RawDesk other = fixture.connect("ALPHA2"); RawDesk desk = new RawDesk(slow(), "ALPHA1")) {
            other.logon(GatewayFixture.ALPHA2);
            engine.connected();
            desk.sendLogon("141=Y|" + GatewayFixture.ALPHA1);
            engine.connected();
            for (int i = 1; i <= 200; i++) {
                engine.sendReport(SESSION, 1, MANY + 2 * i, 0, "R" + (MANY + i));
                engine.sendReport(OTHER, 1, MANY + 2 * i + 1, 0, "O" + i);
                assertEquals("O" + i, other.expect("8").get(11));
            }
            assertTrue(fixture.gateway.isLoggedOn("ALPHA1"));
            final long sent = fixture.gateway.counters().get(Counter.POSS_RESENDS);
            assertTrue(sent < MANY, () -> sent + " messages wait for a desk that reads none");
        }
    }

    @Test
    void shouldCutADeskThatSendsButReadsNothingOfWhatItAskedFor() throws Exception {
        assertCut("", "7=1|16=0|");
    }

    @Test
    void shouldCutADeskThatSendsButReadsNothingOfWhatAResetLeftUnproven() throws Exception {
        assertCut("141=Y|", null);
    }

    private void assertCut(final String reset, final String request) throws Exception {
        store(1, MANY);
        try (RawDesk desk = new RawDesk(slow(), "ALPHA1")) {
            desk.send("A", "98=0|108=1|1137=9|" + reset + GatewayFixture.ALPHA1);
            engine.connected();
            if (request != null) {
                desk.send("2", request);
            }
            final long deadline = System.currentTimeMillis() + 60_000;
            while (fixture.gateway.isLoggedOn("ALPHA1") && System.currentTimeMillis() < deadline) {
                Thread.sleep(100);
                try {
                    desk.send("0", "");
                } catch (final IOException ex) {
                    break; // cut between the question and the Heartbeat
                }
            }
            assertEquals(DisconnectCause.CONNECTION_LOST, engine.disconnected().cause());
            assertEquals(1, fixture.gateway.counters().get(Counter.SLOW_CONSUMERS));
        }
    }

    @Test
    void shouldServeOthersWhileADeskDoesNotReadWhatItAskedFor() throws Exception {
        store(1, MANY);
        try (RawDesk other = fixture.connect("ALPHA2"); RawDesk desk = new RawDesk(slow(), "ALPHA1")) {
            other.logon(GatewayFixture.ALPHA2);
            engine.connected();
            desk.logon(GatewayFixture.ALPHA1);
            engine.connected();
            desk.send("2", "7=1|16=0|");
            for (int i = 1; i <= 200; i++) {
                other.send("D", OrderFlowTest.newOrder("O" + i));
                engine.next(NewOrderDecoder.TEMPLATE_ID);
                engine.sendReport(OTHER, 1, MANY + i, 0, "O" + i);
                assertEquals("O" + i, other.expect("8").get(11));
            }
            assertTrue(fixture.gateway.isLoggedOn("ALPHA1"));
            final long resent = fixture.gateway.counters().get(Counter.SLOW_OUT);
            assertTrue(resent < MANY, () -> resent + " messages wait for a desk that reads none");
            expectResend(desk, 1, 100);
        }
    }

    private Socket slow() throws Exception {
        final Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(fixture.gateway.address());
        return socket;
    }

    private void store(final int first, final int count) {
        for (int i = first; i < first + count; i++) {
            engine.sendReport(SESSION, 1, i, 0, "R" + i);
        }
        fixture.await(Counter.REPORTS, count);
    }

    private static void expectResend(final RawDesk desk, final int first, final int last) throws Exception {
        for (int i = first; i <= last; i++) {
            final Map<Integer, String> report = desk.expect("8");
            assertEquals(Integer.toString(i), report.get(34), report::toString);
            assertEquals("R" + i, report.get(11));
            assertEquals("Y", report.get(43));
        }
    }

    private static void expectGapFill(final RawDesk desk, final int from, final int to) throws Exception {
        final Map<Integer, String> fill = desk.expect("4");
        assertEquals(Integer.toString(from), fill.get(34));
        assertEquals(Integer.toString(to), fill.get(36));
        assertEquals("Y", fill.get(123));
    }
}
