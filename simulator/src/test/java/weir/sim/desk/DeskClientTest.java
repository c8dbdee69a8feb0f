package weir.sim.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quickfix.Message;

class DeskClientTest {
    private static final Duration SOON = Duration.ofSeconds(8);

    @TempDir
    private Path dir;
    private ScriptedRouter router;
    private DeskClient client;

    @BeforeEach
    void setUp() throws Exception {
        router = new ScriptedRouter("ALPHA1", dir.resolve("router"), 0);
    }

    @AfterEach
    void tearDown() {
        router.close();
        if (client != null) {
            client.close();
        }
    }

    private DeskContext context() {
        return new DeskContext().port(router.port).senderCompId("ALPHA1").heartbeatSeconds(5);
    }

    private DeskClient launch(final DeskContext ctx) {
        client = DeskClient.launch(ctx).awaitLogon(SOON);
        return client;
    }

    @Test
    void shouldSendEveryFieldAsGivenWhenOrdering() {
        launch(context()).newOrder("a1", "BTC-USD", '1', '2', '3', "0.0100", "50000.00");
        client.awaitThat(() -> !router.received.isEmpty(), "order at the router", SOON);
        final Message order = router.received.get(0);
        assertEquals("0.0100", ScriptedRouter.get(order, 38));
        assertEquals("50000.00", ScriptedRouter.get(order, 44));
        assertEquals("3", ScriptedRouter.get(order, 59));
        assertEquals("9", ScriptedRouter.get(router.logons.get(0), 1137));
    }

    @Test
    void shouldRecordFillsAndStayCleanWhenReportsAddUp() {
        router.script(order -> {
            router.report("11", "a1", "150", "A", "39", "A", "14", "0", "151", "3", "38", "3");
            router.report("11", "a1", "150", "0", "39", "0", "14", "0", "151", "3", "38", "3");
            router.report("11", "a1", "150", "F", "39", "1", "14", "1", "151", "2", "38", "3", "31", "100", "32", "1",
                "6", "100");
            router.report("11", "a1", "150", "F", "39", "2", "14", "3", "151", "0", "38", "3", "31", "99.5", "32", "2",
                "6", "99.66666667");
        });
        launch(context()).newOrder("a1", "BTC-USD", '1', '2', '1', "3", "100");
        client.awaitStatus("a1", '2', SOON);
        assertEquals(List.of(), client.ledger().violations());
        assertEquals(2, client.ledger().order("a1").fills());
        assertTrue(client.ledger().openOrders().isEmpty());
        assertEquals(List.of(), client.rejectsSent());
    }

    @Test
    void shouldSignLogonWhenHmacSecretIsSet() {
        router.logonCheck(logon -> {
            final String expected = LogonSignature.rawData("s3cret", ScriptedRouter.get(logon, 52),
                ScriptedRouter.get(logon, 34), "ALPHA1", "WEIR");
            if (!expected.equals(ScriptedRouter.get(logon, 96)) || !"44".equals(ScriptedRouter.get(logon, 95))
                || !"key-1".equals(ScriptedRouter.get(logon, 553))) {
                throw new SecurityException("wrong signature");
            }
        });
        launch(context().username("key-1").hmacSecret("s3cret").resetMode(ResetMode.FIRST_LOGON));
        assertEquals("Y", ScriptedRouter.get(router.logons.get(0), 141));
        assertEquals(2, client.nextSenderSeqNum());
    }

    @Test
    void shouldShowRefusalWhenLogonIsRejected() {
        router.logonCheck(logon -> {
            throw new SecurityException("no entry");
        });
        client = DeskClient.launch(context().username("u").password("hunter2"));
        final DeskReport logout = client.await(report -> "5".equals(report.msgType()), SOON);
        assertTrue(logout.text().contains("no entry"), logout.raw());
        assertFalse(client.dump().contains("hunter2"));
        assertThrows(IllegalStateException.class, () -> client.cancel("c", "a", "BTC-USD", '1'));
    }

    @Test
    void shouldReceiveMissedReportsOnceWhenRouterWasKilled() throws Exception {
        launch(context().storeDirectory(dir.resolve("client")));
        router.report("11", "x", "150", "I", "39", "0", "14", "0", "151", "1");
        client.await(report -> "E1".equals(report.execId()), SOON);
        final int port = router.port;
        router.kill();
        client.awaitThat(() -> !client.isLoggedOn(), "loss of the session", SOON);
        router = new ScriptedRouter("ALPHA1", dir.resolve("router"), port);
        // stored while the desk may still be away: the FIX session owes it
        final Message missed = new Message();
        missed.getHeader().setString(35, "8");
        router.send(missed, "37", "O1", "17", "MISSED", "54", "1", "11", "x", "150", "I", "39", "0", "14", "0", "151",
            "1");
        final DeskReport report = client.await(r -> "MISSED".equals(r.execId()), SOON);
        assertEquals(2, client.logons(), client.dump());
        assertTrue(report.msgSeqNum() > 2, report.raw());
    }

    @Test
    void shouldKeepSequenceNumbersWhenClientProcessRestarts() {
        launch(context().storeDirectory(dir.resolve("client"))).newOrder("a1", "BTC-USD", '1', '2', '1', "1", "5");
        client.awaitThat(() -> router.received.size() == 1, "order", SOON);
        client.close();
        final int before = Integer.parseInt(ScriptedRouter.get(router.received.get(0), 34));
        launch(context().storeDirectory(dir.resolve("client"))).newOrder("a2", "BTC-USD", '1', '2', '1', "1", "5");
        client.awaitThat(() -> router.received.size() == 2, "second order", SOON);
        assertTrue(Integer.parseInt(ScriptedRouter.get(router.received.get(1), 34)) > before + 1);
    }

    @Test
    void shouldMarkDuplicateWhenExecIdComesTwice() {
        launch(context());
        router.report("11", "x", "17", "SAME", "150", "I", "39", "0", "14", "0", "151", "1");
        router.report("11", "x", "17", "SAME", "150", "I", "39", "0", "14", "0", "151", "1");
        client.awaitThat(() -> client.reports().size() == 2, "two reports", SOON);
        assertFalse(client.reports().all().get(0).duplicate());
        assertTrue(client.reports().all().get(1).duplicate());
        assertEquals(1, client.ledger().duplicateReports());
    }

    @Test
    void shouldAnswerRejectWhenReportBreaksTheDictionary() {
        launch(context());
        final Message bad = new Message();
        bad.getHeader().setString(35, "8");
        router.send(bad, "37", "O1", "17", "E9", "150", "?", "39", "0", "54", "1", "14", "0", "151", "0");
        client.awaitThat(() -> !client.rejectsSent().isEmpty(), "reject sent", SOON);
        assertTrue(client.rejectsSent().get(0).contains("371=150"), client.rejectsSent().toString());
    }

    @Test
    void shouldWriteLinesForBothDirectionsWhenJournalIsSet() throws Exception {
        router.script(order -> router.report("11", "a1", "150", "8", "39", "8", "14", "0", "151", "0", "58",
            "UNKNOWN_SYMBOL symbol=NOPE"));
        launch(context().journalDirectory(dir.resolve("log")).username("u").password("p"));
        client.newOrder("a1", "NOPE", '1', '2', '1', "1", "5");
        client.awaitStatus("a1", '8', SOON);
        final List<String> lines = Files.readAllLines(dir.resolve("log/client-ALPHA1.jsonl"));
        final ObjectMapper json = new ObjectMapper();
        final JsonNode out = json.readTree(lines.get(0));
        final JsonNode in = json.readTree(lines.get(1));
        assertEquals("out", out.get("dir").asText());
        assertEquals("a1", out.get("fields").get("11").asText());
        assertEquals("in", in.get("dir").asText());
        assertEquals("UNKNOWN_SYMBOL symbol=NOPE", in.get("fields").get("58").asText());
        assertEquals(1L, client.ledger().countsByCode().get("UNKNOWN_SYMBOL"));
    }

    @Test
    void shouldComeBackOnlyWhenResumedAfterDroppingTheConnection() throws Exception {
        launch(context());
        client.dropConnection();
        client.awaitThat(() -> !client.isLoggedOn(), "drop", SOON);
        Thread.sleep(2_500);
        assertFalse(client.isLoggedOn());
        client.resume();
        client.awaitLogon(SOON);
        assertEquals(2, client.logons());
    }

    @Test
    void shouldFillGapByResendWhenSentWhileLoggedOff() {
        launch(context().sendWhileLoggedOff(true));
        client.logout(SOON);
        final SentMessage sent = client.newOrder("late", "BTC-USD", '1', '2', '1', "1", "5");
        assertFalse(sent.onWire());
        client.resume();
        client.awaitThat(() -> router.received.size() == 1, "resent order", SOON);
        assertEquals("Y", ScriptedRouter.get(router.received.get(0), 43));
    }

    @Test
    void shouldDumpStateWhenWaitEndsInVain() {
        launch(context()).newOrder("a1", "BTC-USD", '1', '2', '1', "1", "5");
        final DeskTimeoutException e = assertThrows(DeskTimeoutException.class,
            () -> client.awaitStatus("a1", '2', Duration.ofMillis(200)));
        assertTrue(e.getMessage().contains("open a1"), e.getMessage());
        assertTrue(e.getMessage().contains("35=D"), e.getMessage());
    }

    @Test
    void shouldRefuseContextWhenIncomplete() {
        assertThrows(IllegalArgumentException.class, () -> DeskClient.launch(new DeskContext().port(1)));
        assertThrows(IllegalArgumentException.class,
            () -> DeskClient.launch(new DeskContext().port(1).senderCompId("A").hmacSecret("s")));
    }
}
