package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.billing.BillingProcess;
import weir.config.run.BillingWiring;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** Quota, credit and budget: nothing passes beyond them, by even one unit (J5), and what is due is said once. */
class MoneyFlowTest {
    private static final int QUOTA = 40;
    private static final int BURST = 50;

    private InProcessCluster cluster;

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private static DeskReport order(final DeskClient desk, final String clOrdId) {
        desk.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.001", "50000");
        return desk.await(report -> clOrdId.equals(report.clOrdId())
            && (report.ordStatus() == '0' || report.ordStatus() == '8'), SOON);
    }

    /** Ids of the budget's thresholds as a desk got them. */
    private static List<String> newsIds(final DeskClient desk) {
        return desk.reports().matching(report -> "B".equals(report.msgType()) && report.get(1472) != null).stream()
            .map(report -> report.get(1472)).toList();
    }

    private static List<String> news(final DeskClient desk) {
        return desk.reports().matching(report -> "B".equals(report.msgType())).stream()
            .map(report -> report.get(148)).toList();
    }

    @Test
    void shouldAdmitExactlyTheQuotaWhenTwoSessionsBurst() throws Exception {
        cluster = InProcessCluster.start(edit("tenants/alpha.yaml", "period: day, limit: 1000000",
            "period: fixed, every: 24h, limit: " + QUOTA));
        final DeskClient[] desks = {cluster.desk("ALPHA1"), cluster.desk("ALPHA2")};
        final CountDownLatch go = new CountDownLatch(1);
        final Thread[] threads = new Thread[desks.length];
        for (int d = 0; d < desks.length; d++) {
            final DeskClient desk = desks[d];
            threads[d] = new Thread(() -> {
                try {
                    go.await();
                } catch (final InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < BURST; i++) {
                    desk.newOrder("q" + i, "BTC-USD", '1', '2', '1', "0.001", "50000");
                }
            });
            threads[d].start();
        }
        go.countDown();
        for (final Thread thread : threads) {
            thread.join(SOON.toMillis());
        }
        long admitted = 0;
        long refused = 0;
        for (final DeskClient desk : desks) {
            desk.awaitThat(() -> desk.reports().matching(report -> report.ordStatus() == '0'
                || report.ordStatus() == '8').size() == BURST, "an answer to each order", SOON);
            admitted += desk.reports().matching(report -> report.execType() == 'A').size();
            final List<DeskReport> no = desk.reports().matching(report -> report.ordStatus() == '8');
            refused += no.size();
            no.forEach(report -> assertEquals("QUOTA_EXHAUSTED", report.code()));
            no.forEach(report -> assertTrue(report.text().matches("QUOTA_EXHAUSTED limit=40 retryAfterMs=[1-9][0-9]*"),
                report.text()));
            assertEquals(List.of("QUOTA_THRESHOLD percent=70", "QUOTA_THRESHOLD percent=85",
                "QUOTA_THRESHOLD percent=95", "QUOTA_THRESHOLD percent=100"), news(desk));
        }
        assertEquals(QUOTA, admitted);
        assertEquals(2 * BURST - QUOTA, refused);
        assertEquals(QUOTA, cluster.venue().of("order").size());
        desks[0].massCancel("end", '9', null);
        for (final DeskClient desk : desks) {
            desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "all closed", SOON);
        }
        final Books books = cluster.settle();
        assertEquals(List.of(), books.reconciliation().differences());
        assertEquals("101 request, 40 sent, 0 filled: " + (101 * 100 + 40 * 2_000), books.bill(1));
    }

    @Test
    void shouldSpendCreditToTheMicroUnitAndResumeWithAGrant() throws Exception {
        cluster = InProcessCluster.start(edit("tenants/beta.yaml", "amount: 50.00", "amount: 0.05"));
        final DeskClient desk = cluster.desk("BETA1");
        assertEquals('0', order(desk, "m1").ordStatus());
        assertEquals('0', order(desk, "m2").ordStatus());
        assertEquals("CREDIT_EXHAUSTED needed=0.0221 available=0.0058", order(desk, "m3").text());
        cluster.operator().grant(77, 2, 16_299);
        cluster.journalWhen("the grant", lines -> lines.lastRun("Grant").stream()
            .anyMatch(line -> line.path("creditedMicros").asLong() == 16_299));
        assertEquals("CREDIT_EXHAUSTED needed=0.0221 available=0.022099", order(desk, "m4").text());
        cluster.operator().grant(77, 2, 16_299);
        cluster.operator().grant(78, 2, 1);
        cluster.journalWhen("the last micro-unit", lines -> lines.lastRun("Grant").stream()
            .anyMatch(line -> line.path("creditedMicros").asLong() == 1));
        assertEquals('0', order(desk, "m5").ordStatus());
        desk.status("m5", "BTC-USD", '1');
        assertEquals("CREDIT_EXHAUSTED needed=0.0001 available=0",
            desk.await(report -> "j".equals(report.msgType()), SOON).text());
        desk.cancel("m1x", "m1", "BTC-USD", '1');
        desk.awaitStatus("m1x", '4', SOON);
        assertEquals("CREDIT_EXHAUSTED needed=0.0221 available=0.02", order(desk, "m6").text());
        desk.cancel("m2x", "m2", "BTC-USD", '1');
        desk.awaitStatus("m2x", '4', SOON);
        assertEquals('0', order(desk, "m7").ordStatus());
        desk.cancel("m5x", "m5", "BTC-USD", '1');
        desk.awaitStatus("m5x", '4', SOON);
        desk.cancel("m7x", "m7", "BTC-USD", '1');
        desk.awaitStatus("m7x", '4', SOON);
        final Books books = cluster.settle();
        assertEquals(List.of(), books.reconciliation().differences());
        assertEquals("4 request, 4 sent, 0 filled: 8400", books.bill(2));
        final JournalLines journal = cluster.journal();
        assertEquals(50_000 + 16_300 - 8_400,
            journal.lines().stream().filter(line -> line.path("tenantId").asInt() == 2
                && line.path("planId").asInt() == 1).reduce((a, b) -> b).orElseThrow().path("balanceMicros").asLong());
        assertEquals(List.of(2001, 77, 78), journal.of("Grant").stream().filter(line ->
            line.path("tenantId").asInt() == 2).map(line -> line.path("input").path("grantId").asInt()).toList(),
            "the second grant 77 is known and changes nothing");
    }

    @Test
    void shouldAnnounceBudgetThresholdsOnceAndStopAtTheBudget() throws Exception {
        try (HookReceiver hooks = new HookReceiver()) {
            announceBudgetThresholds(hooks);
        }
    }

    private void announceBudgetThresholds(final HookReceiver hooks) throws Exception {
        cluster = InProcessCluster.start(edit("tenants/alpha.yaml", "budget: 10000.00",
            "webhooks: [{ name: main, url: \"http://127.0.0.1:" + hooks.port() + "/\", secret: env:ALPHA_HOOK }]\n"
            + "budget: 0.03"), edit("billing.yaml", "stripe:", "webhooks: { allowLoopback: true }\nstripe:"));
        cluster.environment().put("ALPHA_HOOK", HookReceiver.secret());
        final DeskClient desk = cluster.desk("ALPHA1");
        final DeskClient second = cluster.desk("ALPHA2");
        for (int i = 1; i <= 9; i++) {
            assertEquals('0', order(desk, "b" + i).ordStatus());
        }
        assertEquals(List.of(), news(desk));
        order(desk, "b10");
        second.awaitThat(() -> news(second).size() == 1, "the alert of 70 %", SOON);
        for (int i = 11; i <= 15; i++) {
            assertEquals('0', order(desk, "b" + i).ordStatus());
        }
        final List<String> all = List.of("BUDGET_THRESHOLD percent=70", "BUDGET_THRESHOLD percent=85",
            "BUDGET_THRESHOLD percent=95", "BUDGET_THRESHOLD percent=100");
        desk.awaitThat(() -> news(desk).size() == 4, "four alerts", SOON);
        second.awaitThat(() -> news(second).size() == 4, "four alerts", SOON);
        assertEquals(all, news(desk));
        assertEquals(all, news(second));
        assertEquals("BUDGET_EXHAUSTED budget=0.03 spent=0.0315", order(desk, "b16").text());
        desk.cancel("b1x", "b1", "BTC-USD", '1');
        desk.awaitStatus("b1x", '4', SOON);
        final int port = cluster.fixPort();
        cluster.stopRouter();
        cluster.change(edit("fix/acceptor.yaml", "port: 0", "port: " + port));
        cluster.startRouter();
        desk.awaitLogon(SOON);
        second.awaitLogon(SOON);
        assertEquals("BUDGET_EXHAUSTED budget=0.03 spent=0.0315", order(desk, "b17").text());
        cluster.operator().budget(1, 1_000_000);
        cluster.journalWhen("the new budget", lines -> !lines.lastRun("BudgetConfig").isEmpty());
        assertEquals('0', order(desk, "b18").ordStatus());
        final List<String> told = new ArrayList<>(all);
        told.add("BUDGET_CHANGED");
        for (final DeskClient each : List.of(desk, second)) {
            each.awaitThat(() -> news(each).contains("BUDGET_CHANGED"), "the change", SOON);
            assertEquals(told, news(each).stream().filter(line -> line.startsWith("BUDGET")).toList());
        }
        desk.massCancel("end", '7', null);
        desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "all closed", SOON);
        final List<String> ids = newsIds(desk);
        assertEquals(4, ids.size());
        assertEquals(ids, newsIds(second));
        final Books books = cluster.settle();
        assertEquals(List.of(), books.reconciliation().differences());
        assertEquals("17 request, 16 sent, 0 filled: 33700", books.bill(1));
        final Set<String> all4AndReadonly = new TreeSet<>(ids);
        all4AndReadonly.add(ids.get(3) + "_readonly");
        try (BillingProcess billing = BillingProcess.launch(BillingWiring.context(cluster.config(),
            cluster.secrets()))) {
            InProcessCluster.await("webhooks with the ids of the news", () ->
                hooks.bodies().keySet().equals(all4AndReadonly), () -> hooks.bodies() + " " + billing.failure());
        }
        final String last = hooks.bodies().get(ids.get(3));
        assertTrue(last.contains("\"threshold_pct\":100,\"spent_micro_usd\":31500,\"limit_micro_usd\":30000"), last);
    }
}
