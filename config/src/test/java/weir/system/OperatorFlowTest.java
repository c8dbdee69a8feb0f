package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.TradingState;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** Operators' commands through {@code CONTROL_INGRESS}: new orders stop with a code, cancels pass, and it resumes. */
class OperatorFlowTest {
    private static final int VENUE_COINBASE = 1;

    private static InProcessCluster cluster;
    private static DeskClient alpha;
    private static DeskClient beta;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.start();
        alpha = cluster.desk("ALPHA1");
        beta = cluster.desk("BETA1");
    }

    @AfterEach
    void tidy() throws Exception {
        cluster.tidy(alpha, beta);
    }

    @AfterAll
    static void stop() throws Exception {
        try (InProcessCluster ending = cluster) {
            assertEquals(List.of(), ending.settle().reconciliation().differences());
        }
    }

    /** Sends an order; its code, or OK when it rests. */
    private static String order(final DeskClient desk) {
        final String clOrdId = "o" + ++number;
        desk.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.001", "50000");
        final DeskReport report = desk.await(r -> clOrdId.equals(r.clOrdId())
            && (r.ordStatus() == '0' || r.ordStatus() == '8'), SOON);
        return report.ordStatus() == '0' ? "OK" : report.code();
    }

    private static void cancelPasses(final DeskClient desk, final String orig) {
        final String clOrdId = "x" + ++number;
        desk.cancel(clOrdId, orig, "BTC-USD", '1');
        desk.awaitStatus(clOrdId, '4', SOON);
    }

    private static void kill(final KillScope scope, final int target, final TradingState state,
        final boolean cancelOpen) throws Exception {
        final int before = cluster.journal().of("KillSwitch").size();
        cluster.operator().kill(scope, target, state, cancelOpen);
        cluster.journalWhen("the switch", lines -> lines.of("KillSwitch").size() > before);
    }

    @Test
    void shouldStopNewOrdersOfAllAndLetCancelsPassWhenRouterIsCancelOnly() throws Exception {
        assertEquals("OK", order(alpha));
        final String open = "o" + number;
        kill(KillScope.GLOBAL, 0, TradingState.CANCEL_ONLY, false);
        assertEquals("ROUTER_CANCEL_ONLY", order(alpha));
        assertEquals("ROUTER_CANCEL_ONLY", order(beta));
        alpha.replace("g" + number, open, "BTC-USD", '1', '2', '1', "0.002", "50000");
        assertEquals("ROUTER_CANCEL_ONLY", alpha.await(report -> "9".equals(report.msgType())
            && open.equals(report.origClOrdId()), SOON).code());
        cancelPasses(alpha, open);
        kill(KillScope.GLOBAL, 0, TradingState.ACTIVE, false);
        assertEquals("OK", order(alpha));
        assertEquals("OK", order(beta));
        for (final DeskClient desk : new DeskClient[] {alpha, beta}) {
            desk.await(report -> "B".equals(report.msgType()) && "CANCEL_ONLY".equals(report.get(148)), SOON);
            desk.await(report -> "B".equals(report.msgType()) && "RESUMED".equals(report.get(148)), SOON);
        }
    }

    @Test
    void shouldCancelWhatIsOpenOfOneTenantOnlyWhenItIsHalted() throws Exception {
        assertEquals("OK", order(alpha));
        final String open = "o" + number;
        assertEquals("OK", order(beta));
        final String others = "o" + number;
        kill(KillScope.TENANT, 1, TradingState.HALTED, true);
        alpha.awaitStatus(open, '4', SOON);
        assertEquals("TENANT_HALTED", order(alpha));
        assertEquals("OK", order(beta));
        assertEquals('0', beta.ledger().order(others).ordStatus());
        kill(KillScope.TENANT, 1, TradingState.ACTIVE, false);
        assertEquals("OK", order(alpha));
    }

    @Test
    void shouldStopOneSessionAccountOrVenueByItsOwnCode() throws Exception {
        kill(KillScope.SESSION, 201, TradingState.CANCEL_ONLY, false);
        assertEquals("SESSION_CANCEL_ONLY", order(beta));
        assertEquals("OK", order(alpha));
        kill(KillScope.SESSION, 201, TradingState.ACTIVE, false);
        kill(KillScope.ACCOUNT, 2, TradingState.HALTED, false);
        assertEquals("ACCOUNT_HALTED", order(beta));
        assertEquals("OK", order(alpha));
        kill(KillScope.ACCOUNT, 2, TradingState.ACTIVE, false);
        kill(KillScope.VENUE, VENUE_COINBASE, TradingState.CANCEL_ONLY, false);
        assertEquals("VENUE_CANCEL_ONLY", order(alpha));
        cancelPasses(alpha, "o" + (number - 1));
        kill(KillScope.VENUE, VENUE_COINBASE, TradingState.ACTIVE, false);
        assertEquals("OK", order(beta));
    }

    @Test
    void shouldStopNewOrdersAndLetCancelsPassWhenJournalIsLowOnSpace() throws Exception {
        assertEquals("OK", order(alpha));
        final String open = "o" + number;
        final int before = cluster.journal().of("SystemStatus").size();
        cluster.operator().lowSpace(true, 12_345);
        cluster.journalWhen("the condition", lines -> lines.of("SystemStatus").size() > before);
        final String clOrdId = "low";
        alpha.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.001", "50000");
        assertEquals("JOURNAL_LOW_SPACE freeBytes=12345", alpha.awaitStatus(clOrdId, '8', SOON).text());
        cancelPasses(alpha, open);
        cluster.operator().lowSpace(false, 1L << 40);
        cluster.journalWhen("its end", lines -> lines.of("SystemStatus").size() > before + 1);
        assertEquals("OK", order(alpha));
    }

    @Test
    void shouldTellDesksOfAVenuesClockAndTakeTheirOrdersAllTheSame() throws Exception {
        cluster.operator().clockSkew(VENUE_COINBASE, true, -4_200);
        for (final DeskClient desk : new DeskClient[] {alpha, beta}) {
            final DeskReport news =
                desk.await(r -> "B".equals(r.msgType()) && "CLOCK_SKEW".equals(r.get(148)), SOON);
            assertTrue(news.raw().contains("venue=1 skewMs=-4200"), news.raw());
        }
        assertEquals("OK", order(alpha));
        assertEquals("OK", order(beta));
        cluster.operator().clockSkew(VENUE_COINBASE, false, 3);
        alpha.await(r -> "B".equals(r.msgType()) && "CLOCK_OK".equals(r.get(148)), SOON);
        cluster.operator().clockSkew(VENUE_COINBASE, false, 2);
        assertEquals("OK", order(alpha));
        assertEquals(2, cluster.journal().of("SystemStatus").stream()
            .filter(line -> line.toString().contains("CLOCK_SKEW")).count(), "journaled on change only");
    }
}
