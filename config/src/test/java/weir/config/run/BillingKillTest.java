package weir.config.run;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import weir.protocol.CrashPoint;

/** kill -9 of billing at its named points while desks trade and a journal rolls each second. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BillingKillTest {
    private static final long SEED = 77_001L;
    private static final long KILL_S = 40;

    private TestCluster cluster;

    @BeforeAll
    void launch() throws Exception {
        cluster = TestCluster.launch("ringCapacity: 16MiB", "ringCapacity: 16MiB\n  rollEvery: second");
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    @Test
    void shouldBillEachUnitOnceWhenBillingIsKilledBeforeCommitAndAfterStripesAnswer() throws Exception {
        cluster.armBilling(CrashPoint.BEFORE_SQLITE_COMMIT, 1);
        cluster.startRouter();
        try (Trading trading = Trading.start(cluster, "b", SEED)) {
            cluster.awaitBillingKilled(KILL_S);
            cluster.armBilling(CrashPoint.BEFORE_SQLITE_COMMIT, 9);
            cluster.awaitBillingKilled(KILL_S);
            cluster.armBilling(CrashPoint.AFTER_STRIPE_ANSWER, 1);
            cluster.awaitBillingKilled(KILL_S);
            cluster.armBilling(CrashPoint.AFTER_STRIPE_ANSWER, 3);
            cluster.awaitBillingKilled(KILL_S);
            cluster.startBilling();
            trading.stop();
        }
        cluster.settle();
        Invariants.check(cluster, "billing killed twice at both points");
    }

    @Test
    void shouldLoseNothingWhenRouterIsKilledWhileTheJournalRolls() throws Exception {
        cluster.startBilling();
        cluster.armRouter(CrashPoint.MID_ROLL, 6);
        try (Trading trading = Trading.start(cluster, "m", SEED + 1)) {
            cluster.awaitRouterKilled(KILL_S);
            cluster.sweep();
            cluster.armRouter(CrashPoint.MID_ROLL, 1);
            cluster.awaitRouterKilled(KILL_S);
            cluster.startRouter();
            trading.stop();
        }
        cluster.settle();
        Invariants.check(cluster, "mid-roll at 6 and 1");
    }
}
