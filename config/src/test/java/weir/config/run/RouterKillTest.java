package weir.config.run;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * kill -9 of the router at each named point while desks trade: twice at different depths, then on. One cluster sees all
 * of it, so that each kill stands on the recoveries before it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouterKillTest {
    private static final long SEED = 20_261_121L;
    private static final long KILL_S = 40;

    private final AtomicInteger round = new AtomicInteger();
    private TestCluster cluster;

    @BeforeAll
    void launch() throws Exception {
        cluster = TestCluster.launch();
        cluster.startBilling();
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource({
        "after-ring-write, 60, 1",
        "before-aeron-send, 20, 1",
        "after-wire, 1, 30",
        "before-chronicle, 40, 1",
        "after-chronicle, 1, 40"
    })
    void shouldLoseAndDoubleNothingWhenRouterIsKilledAt(final String point, final int first, final int second)
        throws Exception {
        final int number = round.incrementAndGet();
        if (!cluster.billingRuns()) {
            cluster.startBilling();
        }
        cluster.armRouter(point, first);
        try (Trading trading = Trading.start(cluster, "r" + number, SEED + number)) {
            cluster.awaitRouterKilled(KILL_S);
            cluster.sweep();
            cluster.armRouter(point, second);
            cluster.awaitRouterKilled(KILL_S);
            cluster.startRouter();
            trading.stop();
        }
        cluster.settleResting();
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, point + " at " + first + " and " + second);
    }
}
