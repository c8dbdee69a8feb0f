package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import weir.billing.reconcile.Difference;
import weir.billing.reconcile.ReconcileReport;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** One order from the desk to the venue and back: the desk's reports, the venue's log, journal records, the bill. */
class OrderFlowTest {
    private static final String NEW = "NewOrder request=1 debit=100 reserved=22000";
    private static final String SENT = "VenueSent sent=1 debit=2000 reserved=-2000";
    private static final String FILL = "VenueExecution filled=1 debit=5000 reserved=-5000";
    private static final String EVENT = "VenueExecution";
    private static final String CANCELLED = "VenueExecution reserved=-20000";

    private static InProcessCluster cluster;
    private static DeskClient desk;
    private static DeskClient second;
    private static DeskClient beta;

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.start();
        desk = cluster.desk("ALPHA1");
        second = cluster.desk("ALPHA2");
        beta = cluster.desk("BETA1");
    }

    @AfterEach
    void tidy() throws Exception {
        cluster.tidy(desk, second, beta);
    }

    /** After all flows: five records agree, and the bill is the sum of what the journal metered. */
    @AfterAll
    static void stop() throws Exception {
        try (InProcessCluster ending = cluster) {
            final Books books = ending.settle();
            final JournalLines journal = ending.journal();
            final ReconcileReport report = books.reconciliation();
            assertEquals(List.<Difference>of(), report.differences());
            for (final int tenant : new int[] {1, 2}) {
                assertEquals(journal.sum("requestUnits", tenant) + " request, " + journal.sum("sentUnits", tenant)
                    + " sent, " + journal.sum("filledUnits", tenant) + " filled: "
                    + journal.sum("debitMicros", tenant), books.bill(tenant));
            }
            assertEquals(Map.of("weir_request", journal.sum("requestUnits", 1) + journal.sum("requestUnits", 2),
                "weir_order_sent", journal.sum("sentUnits", 1) + journal.sum("sentUnits", 2), "weir_order_filled",
                journal.sum("filledUnits", 1) + journal.sum("filledUnits", 2)), books.stripe());
            assertTrue(report.compared().values().stream().allMatch(count -> count > 0), report.compared().toString());
        }
    }

    private static void assertOrder(final DeskClient client, final String clOrdId, final List<String> reports,
        final List<String> venue, final List<String> journal) throws Exception {
        assertEquals(reports, Trail.of(client, clOrdId));
        final long orderId = Trail.orderId(client, clOrdId);
        assertEquals(venue, cluster.venue().trail(orderId));
        final JournalLines lines = cluster.journalWhen(journal.size() + " records of order " + orderId,
            all -> all.trail(orderId).size() >= journal.size());
        assertEquals(journal, lines.trail(orderId));
    }

    @Test
    void shouldRestThenFillLimitOrder() throws Exception {
        desk.newOrder("rest", "BTC-USD", '1', '2', '1', "0.01", "59000");
        desk.awaitStatus("rest", '0', SOON);
        cluster.house("sell", "BTC-USD", "IOC", "59000 0.01");
        desk.awaitStatus("rest", '2', SOON);
        assertOrder(desk, "rest",
            List.of("150=A 39=A 11=rest 14=0 151=0.01 6=0", "150=0 39=0 11=rest 14=0 151=0.01 6=0",
                "150=F 39=2 11=rest 32=0.01 31=59000 14=0.01 151=0 6=59000"),
            List.of("order buy 21 0.01@59000", "ack cum=0 leaves=0.01", "exec 0.01@59000 cum=0.01 leaves=0"),
            List.of(NEW, SENT, EVENT, "VenueExecution filled=1 debit=5000 reserved=-20000"));
    }

    @Test
    void shouldReportCumLeavesAndAverageThroughPartialFills() throws Exception {
        cluster.house("sell", "BTC-USD", "GTC", "59990 0.1", "59995 0.2");
        desk.newOrder("part", "BTC-USD", '1', '2', '1', "1", "60000");
        desk.await(report -> "part".equals(report.clOrdId()) && "0.3".equals(report.get(14)), SOON);
        cluster.house("sell", "BTC-USD", "IOC", "60000 0.7");
        desk.awaitStatus("part", '2', SOON);
        assertOrder(desk, "part",
            List.of("150=A 39=A 11=part 14=0 151=1 6=0", "150=0 39=0 11=part 14=0 151=1 6=0",
                "150=F 39=1 11=part 32=0.1 31=59990 14=0.1 151=0.9 6=59990",
                "150=F 39=1 11=part 32=0.2 31=59995 14=0.3 151=0.7 6=59993.33333333",
                "150=F 39=2 11=part 32=0.7 31=60000 14=1 151=0 6=59998"),
            List.of("order buy 21 1@60000", "ack cum=0 leaves=1", "exec 0.1@59990 cum=0.1 leaves=0.9",
                "exec 0.2@59995 cum=0.3 leaves=0.7", "exec 0.7@60000 cum=1 leaves=0"),
            List.of(NEW, SENT, EVENT, FILL, FILL, "VenueExecution filled=1 debit=5000 reserved=-10000"));
    }

    @Test
    void shouldReplaceUpAndDownAcrossFillAndThenCancel() throws Exception {
        desk.newOrder("r1", "BTC-USD", '1', '2', '1', "0.5", "58000");
        desk.awaitStatus("r1", '0', SOON);
        desk.replace("r2", "r1", "BTC-USD", '1', '2', '1', "0.8", "58100");
        desk.await(report -> report.execType() == '5' && "r2".equals(report.clOrdId()), SOON);
        cluster.house("sell", "BTC-USD", "IOC", "58100 0.3");
        desk.awaitStatus("r2", '1', SOON);
        desk.replace("r3", "r2", "BTC-USD", '1', '2', '1', "0.4", "58100");
        desk.await(report -> report.execType() == '5' && "r3".equals(report.clOrdId()), SOON);
        desk.replace("r4", "r3", "BTC-USD", '1', '2', '1', "0.3", "58100");
        desk.await(report -> "9".equals(report.msgType()) && "r4".equals(report.clOrdId()), SOON);
        desk.cancel("r5", "r3", "BTC-USD", '1');
        desk.awaitStatus("r5", '4', SOON);
        assertOrder(desk, "r1",
            List.of("150=A 39=A 11=r1 14=0 151=0.5 6=0", "150=0 39=0 11=r1 14=0 151=0.5 6=0",
                "150=E 39=E 11=r2 41=r1 14=0 151=0.5 6=0", "150=5 39=0 11=r2 41=r1 14=0 151=0.8 6=0",
                "150=F 39=1 11=r2 32=0.3 31=58100 14=0.3 151=0.5 6=58100",
                "150=E 39=E 11=r3 41=r2 14=0.3 151=0.5 6=58100", "150=5 39=1 11=r3 41=r2 14=0.3 151=0.1 6=58100",
                "9 39=1 11=r4 41=r3 102=99 QTY_BELOW_FILLED", "150=6 39=6 11=r5 41=r3 14=0.3 151=0.1 6=58100",
                "150=4 39=4 11=r5 41=r3 14=0.3 151=0 6=58100"),
            List.of("order buy 21 0.5@58000", "ack cum=0 leaves=0.5", "replace 0.8@58100 cum=0",
                "exec 0.3@58100 cum=0.3 leaves=0.5", "replace 0.4@58100 cum=0.3", "cancel 4 cum=0.3 leaves=0"),
            List.of(NEW, SENT, EVENT, "ReplaceOrder request=1 debit=100", EVENT, FILL,
                "ReplaceOrder request=1 debit=100", EVENT,
                "ReplaceOrder QTY_BELOW_FILLED request=1 debit=100", "CancelOrder", "VenueExecution reserved=-15000"));
    }

    @Test
    void shouldCancelRestingOrderForFree() throws Exception {
        desk.newOrder("c1", "ETH-USD", '2', '2', '1', "2", "3100");
        desk.awaitStatus("c1", '0', SOON);
        desk.cancel("c2", "c1", "ETH-USD", '2');
        desk.awaitStatus("c2", '4', SOON);
        assertOrder(desk, "c1",
            List.of("150=A 39=A 11=c1 14=0 151=2 6=0", "150=0 39=0 11=c1 14=0 151=2 6=0",
                "150=6 39=6 11=c2 41=c1 14=0 151=2 6=0", "150=4 39=4 11=c2 41=c1 14=0 151=0 6=0"),
            List.of("order sell 21 2@3100", "ack cum=0 leaves=2", "cancel 4 cum=0 leaves=0"),
            List.of(NEW, SENT, EVENT, "CancelOrder", CANCELLED));
    }

    @Test
    void shouldFillImmediateOrCancelInPartAndExpireTheRest() throws Exception {
        cluster.house("sell", "BTC-USD", "GTC", "60000 0.2");
        desk.newOrder("ioc", "BTC-USD", '1', '2', '3', "0.5", "60000");
        desk.awaitStatus("ioc", 'C', SOON);
        assertOrder(desk, "ioc",
            List.of("150=A 39=A 11=ioc 14=0 151=0.5 6=0", "150=0 39=0 11=ioc 14=0 151=0.5 6=0",
                "150=F 39=1 11=ioc 32=0.2 31=60000 14=0.2 151=0.3 6=60000",
                "150=C 39=C 11=ioc 14=0.2 151=0 6=60000"),
            List.of("order buy 23 0.5@60000", "ack cum=0 leaves=0.5", "exec 0.2@60000 cum=0.2 leaves=0.3",
                "cancel C cum=0.2 leaves=0"),
            List.of(NEW, SENT, EVENT, FILL, "VenueExecution reserved=-15000"));
    }

    @Test
    void shouldRefuseFillOrKillThatTheBookCannotFill() throws Exception {
        cluster.house("sell", "BTC-USD", "GTC", "60000 0.2");
        desk.newOrder("fok", "BTC-USD", '1', '2', '4', "0.5", "60000");
        final DeskReport refused = desk.awaitStatus("fok", '8', SOON);
        assertEquals("VENUE_REJECTED", refused.code());
        assertTrue(refused.text().contains("FOK order could not be filled in full"), refused.text());
        assertOrder(desk, "fok",
            List.of("150=A 39=A 11=fok 14=0 151=0.5 6=0", "150=8 39=8 11=fok 14=0 151=0 6=0 VENUE_REJECTED"),
            List.of("order buy 24 0.5@60000", "reject FOK order could not be filled in full"),
            List.of(NEW, SENT, CANCELLED));
    }

    @Test
    void shouldFillFillOrKillAcrossLevels() throws Exception {
        cluster.house("sell", "BTC-USD", "GTC", "60000 0.2", "60001 0.4");
        desk.newOrder("fok2", "BTC-USD", '1', '2', '4', "0.5", "60001");
        desk.awaitStatus("fok2", '2', SOON);
        assertOrder(desk, "fok2",
            List.of("150=A 39=A 11=fok2 14=0 151=0.5 6=0", "150=0 39=0 11=fok2 14=0 151=0.5 6=0",
                "150=F 39=1 11=fok2 32=0.2 31=60000 14=0.2 151=0.3 6=60000",
                "150=F 39=2 11=fok2 32=0.3 31=60001 14=0.5 151=0 6=60000.6"),
            List.of("order buy 24 0.5@60001", "ack cum=0 leaves=0.5", "exec 0.2@60000 cum=0.2 leaves=0.3",
                "exec 0.3@60001 cum=0.5 leaves=0"),
            List.of(NEW, SENT, EVENT, FILL, "VenueExecution filled=1 debit=5000 reserved=-15000"));
    }

    @Test
    void shouldFillMarketOrderAtTheBook() throws Exception {
        cluster.house("buy", "ETH-USD", "GTC", "2999 1");
        desk.newOrder("mkt", "ETH-USD", '2', '1', '-', "0.4", null);
        desk.awaitStatus("mkt", '2', SOON);
        assertOrder(desk, "mkt",
            List.of("150=A 39=A 11=mkt 14=0 151=0.4 6=0", "150=0 39=0 11=mkt 14=0 151=0.4 6=0",
                "150=F 39=2 11=mkt 32=0.4 31=2999 14=0.4 151=0 6=2999"),
            List.of("order sell 13 0.4", "ack cum=0 leaves=0.4", "exec 0.4@2999 cum=0.4 leaves=0"),
            List.of(NEW, SENT, EVENT, "VenueExecution filled=1 debit=5000 reserved=-20000"));
    }

    @Test
    void shouldRefusePostOnlyThatWouldTakeAndRestOneThatWouldNot() throws Exception {
        cluster.house("sell", "BTC-USD", "GTC", "60000 0.2");
        desk.newOrder("po1", "BTC-USD", '1', '2', '1', "0.1", "60000", Map.of(18, "6"));
        assertEquals("VENUE_REJECTED text=post only", desk.awaitStatus("po1", '8', SOON).text());
        desk.newOrder("po2", "BTC-USD", '1', '2', '1', "0.1", "59999.99", Map.of(18, "6"));
        desk.awaitStatus("po2", '0', SOON);
        assertOrder(desk, "po1",
            List.of("150=A 39=A 11=po1 14=0 151=0.1 6=0", "150=8 39=8 11=po1 14=0 151=0 6=0 VENUE_REJECTED"),
            List.of("order buy 21 0.1@60000", "reject post only"),
            List.of(NEW, SENT, CANCELLED));
        assertOrder(desk, "po2",
            List.of("150=A 39=A 11=po2 14=0 151=0.1 6=0", "150=0 39=0 11=po2 14=0 151=0.1 6=0"),
            List.of("order buy 21 0.1@59999.99", "ack cum=0 leaves=0.1"), List.of(NEW, SENT, EVENT));
        assertTrue(cluster.venue().of("order").stream().anyMatch(line -> line.path("price").asText().equals("59999.99")
            && line.path("postOnly").asBoolean()));
    }

    @Test
    void shouldAnswerStatusOfOpenAndOfFinalOrder() throws Exception {
        desk.newOrder("st", "BTC-USD", '1', '2', '1', "0.5", "57000");
        desk.awaitStatus("st", '0', SOON);
        cluster.house("sell", "BTC-USD", "IOC", "57000 0.2");
        desk.awaitStatus("st", '1', SOON);
        desk.status("st", "BTC-USD", '1');
        final DeskReport open = desk.await(report -> report.execType() == 'I' && "st".equals(report.clOrdId()), SOON);
        assertEquals("150=I 39=1 11=st 14=0.2 151=0.3 6=57000", Trail.shown(open));
        cluster.house("sell", "BTC-USD", "IOC", "57000 0.3");
        desk.awaitStatus("st", '2', SOON);
        desk.status("st", "BTC-USD", '1');
        final DeskReport closed =
            desk.awaitFrom(open.index() + 1, report -> report.execType() == 'I' && "st".equals(report.clOrdId()), SOON);
        assertEquals("150=I 39=2 11=st 14=0.5 151=0 6=57000", Trail.shown(closed));
        assertEquals(2, cluster.journal().of("OrderStatusRequest").stream()
            .filter(line -> JournalLines.shown(line).equals("OrderStatusRequest request=1 debit=100")
                && line.path("input").path("clOrdId").asText().equals("st")).count());
    }

    @Test
    void shouldCancelOnlyTheSymbolWhenMassCancelNamesOne() throws Exception {
        rest(desk, "ms1", "BTC-USD", "50000");
        rest(desk, "ms2", "ETH-USD", "2500");
        rest(second, "ms3", "BTC-USD", "50000");
        desk.massCancel("ms", '1', "BTC-USD");
        final DeskReport answer = desk.await(report -> "r".equals(report.msgType()) && "ms".equals(report.clOrdId()),
            SOON);
        assertEquals("530=1 531=1 533=1", "530=" + answer.get(530) + " 531=" + answer.get(531) + " 533="
            + answer.get(533));
        desk.awaitStatus("ms1", '4', SOON);
        assertEquals('0', desk.ledger().order("ms2").ordStatus());
        assertEquals('0', second.ledger().order("ms3").ordStatus());
        assertEquals("MassCancel request=1 debit=100", JournalLines.shown(cluster.journal().command("ms")));
    }

    @Test
    void shouldCancelTheSessionAndNoOtherWhenMassCancelIsForAll() throws Exception {
        rest(desk, "mc1", "BTC-USD", "50000");
        rest(desk, "mc2", "ETH-USD", "2500");
        rest(second, "mc3", "BTC-USD", "50000");
        desk.massCancel("mc", '7', null);
        assertEquals("2", desk.await(report -> "r".equals(report.msgType()) && "mc".equals(report.clOrdId()), SOON)
            .get(533));
        desk.awaitStatus("mc1", '4', SOON);
        desk.awaitStatus("mc2", '4', SOON);
        assertEquals('0', second.ledger().order("mc3").ordStatus());
    }

    @Test
    void shouldCancelTheTenantsSessionsAndNoOtherTenantWhenMassCancelIsForTenant() throws Exception {
        rest(desk, "mt1", "BTC-USD", "50000");
        rest(second, "mt2", "SOL-USD", "120");
        rest(beta, "mt3", "BTC-USD", "50000");
        desk.massCancel("mt", '9', null);
        assertEquals("2", desk.await(report -> "r".equals(report.msgType()) && "mt".equals(report.clOrdId()), SOON)
            .get(533));
        desk.awaitStatus("mt1", '4', SOON);
        second.awaitStatus("mt2", '4', SOON);
        assertEquals('0', beta.ledger().order("mt3").ordStatus());
    }

    @Test
    void shouldKeepSessionsOfOneTenantApartAndBillThemTogether() throws Exception {
        final JournalLines before = cluster.journal();
        rest(desk, "same", "BTC-USD", "51000");
        rest(second, "same", "BTC-USD", "51001");
        cluster.house("sell", "BTC-USD", "IOC", "51001 0.1");
        second.awaitStatus("same", '2', SOON);
        assertEquals('0', desk.ledger().order("same").ordStatus());
        desk.cancel("same-x", "same", "BTC-USD", '1');
        desk.awaitStatus("same-x", '4', SOON);
        assertEquals("150=F 39=2 11=same 32=0.1 31=51001 14=0.1 151=0 6=51001", Trail.of(second, "same").get(2));
        final JournalLines after = cluster.journalWhen("both orders final", lines ->
            lines.isFinal(Trail.orderId(desk, "same")) && lines.isFinal(Trail.orderId(second, "same")));
        assertEquals(2, after.sum("requestUnits", 1) - before.sum("requestUnits", 1));
        assertEquals(2, after.sum("sentUnits", 1) - before.sum("sentUnits", 1));
        assertEquals(1, after.sum("filledUnits", 1) - before.sum("filledUnits", 1));
        assertEquals(2 * 100 + 2 * 2_000 + 5_000, after.sum("debitMicros", 1) - before.sum("debitMicros", 1));
    }

    @Test
    void shouldTradeBetweenTenantsWithoutTellingOneOfTheOther() throws Exception {
        beta.newOrder("x1", "BTC-USD", '2', '2', '1', "0.1", "60500");
        beta.awaitStatus("x1", '0', SOON);
        desk.newOrder("x2", "BTC-USD", '1', '2', '1', "0.1", "60500");
        desk.awaitStatus("x2", '2', SOON);
        beta.awaitStatus("x1", '2', SOON);
        assertEquals("150=F 39=2 11=x2 32=0.1 31=60500 14=0.1 151=0 6=60500", Trail.of(desk, "x2").get(2));
        assertEquals("150=F 39=2 11=x1 32=0.1 31=60500 14=0.1 151=0 6=60500", Trail.of(beta, "x1").get(2));
        assertEquals(List.of(), desk.reports().matching(report -> "x1".equals(report.clOrdId())));
    }

    private static void rest(final DeskClient client, final String clOrdId, final String symbol, final String price) {
        client.newOrder(clOrdId, symbol, '1', '2', '1', "0.1", price);
        client.awaitStatus(clOrdId, '0', SOON);
    }
}
