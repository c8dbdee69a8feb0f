package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;
import weir.sim.desk.RawFixMessage;
import weir.sim.desk.RawFixPeer;

/** Bad FIX gets a coded answer, changes nothing else, and what came with it is not lost. */
class BadInputTest {
    private static final String GOOD = "|38=0.001|40=2|44=50000|54=1|55=BTC-USD|59=1|60=20260101-00:00:00.000|";

    private static InProcessCluster cluster;
    private static DeskClient desk;

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.start();
        desk = cluster.desk("ALPHA2");
    }

    @AfterEach
    void tidy() throws Exception {
        cluster.tidy(desk);
    }

    /** Whatever was sent, the five records agree, and every chargeable message is in the bill. */
    @AfterAll
    static void stop() throws Exception {
        try (InProcessCluster ending = cluster) {
            final Books books = ending.settle();
            assertEquals(List.of(), books.reconciliation().differences());
            final JournalLines journal = ending.journal();
            assertEquals(journal.sum("requestUnits", 1) + " request, " + journal.sum("sentUnits", 1) + " sent, "
                + journal.sum("filledUnits", 1) + " filled: " + journal.sum("debitMicros", 1), books.bill(1));
        }
    }

    private static int venueOrders() throws Exception {
        return cluster.venue().of("order").size();
    }

    private static DeskReport refusal(final String clOrdId) {
        return desk.awaitStatus(clOrdId, '8', SOON);
    }

    @ParameterizedTest
    @CsvSource({
        "n1, NOPE-USD, 0.001, 50000, 1, UNKNOWN_SYMBOL",
        "n2, BTC-USD, -1, 50000, 13, QTY_NOT_POSITIVE",
        "n3, BTC-USD, 0, 50000, 13, QTY_NOT_POSITIVE",
        "n4, BTC-USD, 0.123456789, 50000, 13, QTY_PRECISION",
        "n5, BTC-USD, 0.001, 50000.001, 18, PRICE_PRECISION",
        "n6, BTC-USD, 0.001, -50000, 99, PRICE_NOT_POSITIVE",
        "n7, BTC-USD, 101, 50000, 3, MAX_QTY",
        "n8, BTC-USD, 50, 50000, 3, MAX_NOTIONAL",
        "n9, BTC-USD, 0.001, 20000, 3, PRICE_COLLAR",
        "n10, BTC-USD, 0.00001, 50000, 13, NOTIONAL_BELOW_MINIMUM",
        "n11, BTC-USD, 99999999999999999999, 50000, 13, QTY_NOT_POSITIVE"})
    void shouldRefuseOrderWithItsCodeWhenAValueIsWrong(final String clOrdId, final String symbol, final String qty,
        final String price, final String ordRejReason, final String code) throws Exception {
        final int before = venueOrders();
        desk.newOrder(clOrdId, symbol, '1', '2', '1', qty, price);
        final DeskReport refused = refusal(clOrdId);
        assertEquals(code, refused.code(), refused.text());
        assertEquals("150=8 103=" + ordRejReason + " 14=0 151=0", "150=" + refused.get(150) + " 103="
            + refused.get(103) + " 14=" + refused.get(14) + " 151=" + refused.get(151));
        final JournalLines journal = cluster.journalWhen("the refusal", lines ->
            lines.lines().stream().anyMatch(line -> line.path("input").path("clOrdId").asText().equals(clOrdId)));
        assertEquals("NewOrder " + code + " request=1 debit=100", JournalLines.shown(journal.command(clOrdId)));
        assertEquals(before, venueOrders());
    }

    @Test
    void shouldRefuseDuplicateClOrdIdAndKeepTheFirstOrder() throws Exception {
        desk.newOrder("twice", "BTC-USD", '1', '2', '1', "0.001", "50000");
        desk.awaitStatus("twice", '0', SOON);
        final int before = venueOrders();
        desk.newOrder("twice", "BTC-USD", '2', '2', '1', "0.005", "61000");
        final DeskReport refused = refusal("twice");
        assertEquals("DUPLICATE_CLORDID orderId=" + Trail.orderId(desk, "twice"), refused.text());
        assertEquals("6", refused.get(103));
        desk.status("twice", "BTC-USD", '1');
        assertEquals("150=I 39=0 11=twice 14=0 151=0.001 6=0",
            Trail.shown(desk.await(report -> report.execType() == 'I' && "twice".equals(report.clOrdId()), SOON)));
        assertEquals(before, venueOrders());
    }

    @Test
    void shouldRefuseCancelReplaceAndStatusOfUnknownOrder() {
        desk.cancel("u1", "never", "BTC-USD", '1');
        assertEquals("9 39=8 11=u1 41=never 102=1 UNKNOWN_ORDER", Trail.shown(desk.await(report ->
            "9".equals(report.msgType()) && "u1".equals(report.clOrdId()), SOON)));
        desk.replace("u2", "never", "BTC-USD", '1', '2', '1', "0.001", "50000");
        assertEquals("9 39=8 11=u2 41=never 102=1 UNKNOWN_ORDER", Trail.shown(desk.await(report ->
            "9".equals(report.msgType()) && "u2".equals(report.clOrdId()), SOON)));
        desk.status("never", "BTC-USD", '1');
        final DeskReport refused = desk.await(report -> "j".equals(report.msgType()), SOON);
        assertEquals("UNKNOWN_ORDER H 1", refused.code() + ' ' + refused.get(372) + ' ' + refused.get(380));
    }

    @Test
    void shouldRefuseCancelOfFinalOrder() {
        desk.newOrder("fin", "BTC-USD", '1', '2', '1', "0.001", "50000");
        desk.awaitStatus("fin", '0', SOON);
        desk.cancel("fin-x", "fin", "BTC-USD", '1');
        desk.awaitStatus("fin-x", '4', SOON);
        desk.cancel("fin-y", "fin", "BTC-USD", '1');
        assertEquals("9 39=4 11=fin-y 41=fin 102=0 ORDER_FINAL", Trail.shown(desk.await(report ->
            "9".equals(report.msgType()) && "fin-y".equals(report.clOrdId()), SOON)));
    }

    @Test
    void shouldAnswerTypeItDoesNotTakeWithBusinessReject() {
        try (RawFixPeer peer = cluster.rawDesk("BETA1")) {
            peer.sendBody("E", "66=list|394=3|68=0|");
            final RawFixMessage answer = peer.readUntil("j", SOON);
            assertEquals("372=E 380=3", "372=" + answer.get(372) + " 380=" + answer.get(380));
            assertTrue(answer.get(58).startsWith("UNSUPPORTED_MESSAGE"), answer.toString());
            peer.sendBody("5", "");
            peer.readUntil("5", SOON);
        }
    }

    @Test
    void shouldIgnoreGarbledMessageAndTakeItWhenItIsSentAgain() throws Exception {
        try (RawFixPeer peer = cluster.rawDesk("BETA1")) {
            final int seq = peer.nextSeqNum();
            final int next = seq + 1;
            peer.send(RawFixMessage.withCheckSum(peer.body("D", seq, "11=garbled" + GOOD), "999"));
            peer.nextSeqNum(next);
            peer.sendBody("D", "11=after" + GOOD);
            final RawFixMessage resend = peer.readUntil("2", SOON);
            assertEquals(String.valueOf(seq), resend.get(7), peer.dump());
            peer.send(RawFixMessage.of(peer.body("D", seq, "43=Y|122=" + peer.sendingTime() + "|11=garbled" + GOOD)));
            peer.send(RawFixMessage.of(peer.body("D", next, "43=Y|122=" + peer.sendingTime() + "|11=after" + GOOD)));
            for (final String clOrdId : new String[] {"garbled", "after"}) {
                peer.readUntil(message -> clOrdId.equals(message.get(11)) && "0".equals(message.get(39)), SOON);
            }
            for (final String clOrdId : new String[] {"garbled", "after"}) {
                assertEquals("NewOrder request=1 debit=100 reserved=22000",
                    JournalLines.shown(cluster.journal().command(clOrdId)));
            }
            peer.sendBody("5", "");
            peer.readUntil("5", SOON);
        }
    }

    @Test
    void shouldIgnoreBytesThatAreNoFixAndKeepTheSession() {
        try (RawFixPeer peer = cluster.rawDesk("BETA1")) {
            peer.send("GET / HTTP/1.1\r\nHost: weir\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            peer.sendBody("1", "112=still-here|");
            assertEquals("still-here", peer.readUntil("0", SOON).get(112));
            peer.sendBody("5", "");
            peer.readUntil("5", SOON);
        }
    }

    @Test
    void shouldAskAgainForWhatAWrongBodyLengthSwallowed() throws Exception {
        final int before = cluster.journal().of("NewOrder").size();
        try (RawFixPeer peer = cluster.rawDesk("BETA1")) {
            final int seq = peer.nextSeqNum();
            peer.send(RawFixMessage.withBodyLengthOff(peer.body("D", seq, "11=len" + GOOD), 7));
            peer.sendBody("1", "112=swallowed|");
            peer.sendBody("1", "112=next|");
            final RawFixMessage resend = peer.readUntil("2", SOON);
            assertEquals(String.valueOf(seq), resend.get(7), peer.dump());
            peer.send(RawFixMessage.of(peer.body("4", seq, "43=Y|122=" + peer.sendingTime() + "|123=Y|36="
                + peer.nextSeqNum() + "|")));
            peer.sendBody("1", "112=after|");
            peer.readUntil(message -> "0".equals(message.msgType()) && "after".equals(message.get(112)), SOON);
            peer.sendBody("5", "");
            peer.readUntil("5", SOON);
        }
        assertEquals(before, cluster.journal().of("NewOrder").size());
    }

    @Test
    void shouldAnswerMissingAndMalformedTagsWithSessionReject() throws Exception {
        final int before = cluster.journal().of("NewOrder").size();
        try (RawFixPeer peer = cluster.rawDesk("BETA1")) {
            peer.sendBody("D", "11=nosym|38=0.001|40=2|44=50000|54=1|59=1|60=20260101-00:00:00.000|");
            RawFixMessage reject = peer.readUntil("3", SOON);
            assertEquals("371=55 373=1 372=D", "371=" + reject.get(371) + " 373=" + reject.get(373) + " 372="
                + reject.get(372));
            peer.sendBody("D", "11=nonum" + GOOD.replace("38=0.001", "38=lots"));
            reject = peer.readUntil("3", SOON);
            assertEquals("371=38 373=6", "371=" + reject.get(371) + " 373=" + reject.get(373));
            peer.sendBody("D", "11=" + "x".repeat(37) + GOOD);
            reject = peer.readUntil("3", SOON);
            assertEquals("371=11", "371=" + reject.get(371));
            peer.sendBody("D", GOOD.substring(1));
            reject = peer.readUntil("3", SOON);
            assertEquals("371=11 373=1", "371=" + reject.get(371) + " 373=" + reject.get(373));
            peer.sendBody("5", "");
            peer.readUntil("5", SOON);
        }
        assertEquals(before, cluster.journal().of("NewOrder").size());
    }

    @Test
    void shouldRejectAndLogOutWhenCompIdIsWrong() {
        try (RawFixPeer peer = cluster.rawDesk("BETA1")) {
            final int seq = peer.nextSeqNum();
            peer.send(RawFixMessage.of(peer.body("D", seq, "11=comp" + GOOD).replace("49=BETA1", "49=OTHER")));
            final RawFixMessage reject = peer.readUntil("3", SOON);
            assertEquals("9", reject.get(373), peer.dump());
            peer.readUntil("5", SOON);
            assertTrue(peer.awaitClose(SOON), peer.dump());
        }
    }

    @ParameterizedTest
    @CsvSource({"MALLORY, 553=MALLORY|554=guess|", "BETA1, 553=BETA1|554=guess|"})
    void shouldAnswerEveryRefusedLogonAlike(final String compId, final String proof) {
        try (RawFixPeer peer = RawFixPeer.connect("127.0.0.1", cluster.fixPort(), compId, "WEIR")) {
            peer.sendLogon(30, proof);
            final RawFixMessage refused = peer.read(SOON);
            assertEquals("5", refused.msgType(), peer.dump());
            assertTrue(refused.get(58).startsWith("LOGON_REFUSED"), peer.dump());
            assertTrue(peer.awaitClose(SOON), peer.dump());
        }
    }

    @Test
    void shouldRefuseOptionsThatContradictEachOther() {
        desk.newOrder("opt1", "BTC-USD", '1', '2', '3', "0.001", "50000", Map.of(18, "6"));
        assertEquals("EXEC_INST_UNSUPPORTED", refusal("opt1").code());
        desk.newOrder("opt2", "BTC-USD", '1', '1', '-', "0.001", "50000");
        assertEquals("PRICE_NOT_ALLOWED", refusal("opt2").code());
        desk.newOrder("opt3", "BTC-USD", '1', '2', '1', "0.001", null);
        assertEquals("PRICE_MISSING", refusal("opt3").code());
        assertEquals("NONE", refusal("opt3").get(37));
    }
}
