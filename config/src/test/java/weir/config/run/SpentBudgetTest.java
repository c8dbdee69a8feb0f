package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import weir.sim.desk.DeskClient;

/**
 * Demand above what two venues take, in real time, with a router that is stopped for two seconds and goes on, and one
 * that is killed while the budget is spent and starts anew: no venue refuses a message, by its own count. Batches are
 * off, so that each order is a message.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SpentBudgetTest {
    /** 120 orders a second at Coinbase, of 100; at Kraken six, of five: each costs 10 of 500 in 10 s. */
    private static final long STEP_MS = 25;
    private static final int ALPHAS_A_STEP = 3;
    private static final int STEPS_A_GAMMA = 6;
    private static final int FLOOD = 60;
    private static final int SPENT = 30;
    private static final int NEW_RUN = 20;
    private static final long ANSWERS_S = 40;
    private static final String[] SPOT = {"BTC-USD 50000", "ETH-USD 2500", "SOL-USD 125"};

    private TestCluster cluster;
    private DeskClient alpha;
    private DeskClient gamma;
    private int number;

    @BeforeAll
    void launch() throws Exception {
        cluster = TestCluster.launchAtBoth("  max: 15", "  max: 1", "  cancels: 13", "  cancels: 1",
            "cancelOnDisconnect: on-disconnect-or-logout\n    cancelGrace: 2s", "cancelOnDisconnect: none");
        cluster.startRouter();
        cluster.awaitDesks();
        alpha = cluster.desks().get("ALPHA1");
        gamma = cluster.desks().get("GAMMA1");
        cluster.await("orders that rest at both venues", ANSWERS_S, () -> {
            alphas(1);
            perp();
            return acknowledged(alpha) > 0 && acknowledged(gamma) > 0;
        });
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    @Test
    @Order(1)
    void shouldBreachNothingWhenStoppedForTwoSecondsAtOneHundredAndTwentyPercent() throws Exception {
        demand(2_000);
        cluster.signalRouter("STOP");
        demand(2_000);
        cluster.signalRouter("CONT");
        demand(4_000);
        cluster.await("an answer to each order", ANSWERS_S, this::isAnswered);
        assertNoBreach("stopped for 2 s at 120 %");
    }

    @Test
    @Order(2)
    void shouldBreachNothingWhenKilledAtSpentBudgetAndStartedAnew() throws Exception {
        final long before = acknowledged(gamma);
        flood();
        cluster.await("a budget that is spent", ANSWERS_S, () -> acknowledged(gamma) - before >= SPENT);
        cluster.killRouter();
        cluster.startRouter();
        cluster.awaitDesks();
        final long atStart = acknowledged(gamma);
        flood();
        cluster.await("orders of the new run", ANSWERS_S, () -> acknowledged(gamma) - atStart >= NEW_RUN);
        cluster.await("an answer to each order", ANSWERS_S, this::isAnswered);
        assertNoBreach("killed at a spent budget");
    }

    private void demand(final long forMs) throws InterruptedException {
        final long startNs = System.nanoTime();
        for (long step = 0; step * STEP_MS < forMs; step++) {
            alphas(ALPHAS_A_STEP);
            if (step % STEPS_A_GAMMA == 0) {
                perp();
            }
            Thread.sleep(Math.max(0, (step + 1) * STEP_MS - (System.nanoTime() - startNs) / 1_000_000L));
        }
    }

    private void flood() {
        for (int i = 0; i < FLOOD; i++) {
            alphas(2);
            perp();
        }
    }

    private void alphas(final int count) {
        for (int i = 0; i < count; i++) {
            final String[] spot = SPOT[number % SPOT.length].split(" ");
            alpha.newOrder("a" + number++, spot[0], '1', '2', '3', "0.02", spot[1]); // IOC: it does not stay open
        }
    }

    private void perp() {
        gamma.newOrder("g" + number++, "BTC-PERP", '1', '2', '1', "0.001", "50000");
    }

    /** Of a desk: orders that its venue took. */
    private static long acknowledged(final DeskClient desk) {
        return desk.reports().matching(report -> report.execType() == '0').size();
    }

    private boolean isAnswered() {
        return alpha.ledger().unansweredCount() == 0 && gamma.ledger().unansweredCount() == 0;
    }

    private void assertNoBreach(final String what) throws IOException {
        final JsonNode coinbase = cluster.control("GET", "/stats", "");
        final JsonNode kraken = cluster.krakenControl("GET", "/stats", "");
        int requests = 0;
        for (final JsonNode session : coinbase.path("sessions")) {
            assertEquals(0, session.path("limitRejects").asInt(-1), what + ' ' + session);
            requests = Math.max(requests, session.path("peak").path("requestsPerSlidingSecond").asInt());
        }
        int units = 0;
        for (final JsonNode account : kraken.path("accounts")) {
            assertEquals(0, account.path("refused").asInt(-1), what + ' ' + account);
            units = Math.max(units, account.path("peakOfferedPer10s").asInt());
        }
        System.out.println("SpentBudgetTest " + what + ": Coinbase counted at most " + requests
            + " requests in a second of 100, Kraken " + units + " units in 10 s of 500; none refused");
        assertTrue(requests >= 60 && units >= 300, "the budgets were used: " + requests + ", " + units);
    }
}
