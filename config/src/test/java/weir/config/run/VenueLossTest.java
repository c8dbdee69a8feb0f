package weir.config.run;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** The line to the venue fails under trading, or its answers do: orders are in doubt, then known, and counted once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VenueLossTest {
    private static final long SEED = 4_004L;
    private static final long DOUBT_S = 30;

    private TestCluster cluster;

    @BeforeAll
    void launch() throws Exception {
        cluster = TestCluster.launch("heartbeat: 30s", "heartbeat: 1s");
    }

    @BeforeEach
    void start() throws Exception {
        cluster.ensureRunning();
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    @Test
    void shouldResolveEveryOrderWhenTheVenueDropsTheLineInABurst() throws Exception {
        final long doubts = doubts();
        cluster.fault("{\"ackDelayMs\":150}"); // so that some answers are still to come
        try (Trading trading = Trading.start(cluster, "d", SEED)) {
            Thread.sleep(700); // the burst has begun
            cluster.control("POST", "/disconnect", "");
            cluster.fault("{\"ackDelayMs\":0}");
            cluster.await("orders in doubt", DOUBT_S, () -> doubts() > doubts);
            cluster.sweep();
            Thread.sleep(2_000);
            cluster.control("POST", "/disconnect?text=maintenance", "");
            trading.stop();
        }
        finish("connections lost in a burst");
    }

    @Test
    void shouldResolveEveryOrderWhenTheLineIsHalfOpen() throws Exception {
        final long doubts = doubts();
        try (Trading trading = Trading.calm(cluster, "h", SEED + 1, 10)) {
            Thread.sleep(700);
            cluster.control("POST", "/halfopen", "");
            cluster.await("orders in doubt", DOUBT_S, () -> doubts() > doubts);
            trading.stop();
        }
        finish("half-open connections");
    }

    @Test
    void shouldTellDoubtThenTruthWhenAnswersAreLost() throws Exception {
        final long doubts = doubts();
        cluster.fault("{\"dropAck\":4,\"duplicateReport\":6,\"visibilityDelayMs\":400}");
        try (Trading trading = Trading.start(cluster, "l", SEED + 2)) {
            Thread.sleep(1_000);
            cluster.fault("{\"dropAfterReceive\":2}");
            cluster.await("orders in doubt", DOUBT_S, () -> doubts() > doubts);
            trading.stop();
        }
        cluster.fault("{\"visibilityDelayMs\":0}");
        finish("lost answers");
    }

    private void finish(final String what) throws IOException {
        cluster.settleResting();
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, what);
    }

    /** Reports that said 150=I with an unknown state. */
    private long doubts() {
        long count = 0;
        for (final DeskClient desk : cluster.desks().values()) {
            for (final DeskReport report : desk.reports().all()) {
                count += report.execType() == 'I' && report.code().equals("ORDER_UNKNOWN_STATE") ? 1 : 0;
            }
        }
        return count;
    }
}
