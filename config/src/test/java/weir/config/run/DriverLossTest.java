package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * The media driver dies, is started anew or loses its directory while desks trade. What it held is lost in both
 * directions; the router, which lives on, comes back with the journal, and every invariant holds.
 * {@code -Dweir.kill.rounds=N} kills the driver N times.
 */
class DriverLossTest {
    private static final long SEED = 20_261_125L;
    private static final int ROUNDS = Integer.getInteger("weir.kill.rounds", 1);

    @Test
    void shouldLoseAndDoubleNothingWhenItsOwnDriverProcessIsKilled() throws Exception {
        try (TestCluster cluster = TestCluster.launch("embeddedDriver: true", "embeddedDriver: false",
            "driverTimeout: 10s", "driverTimeout: 4s")) {
            cluster.startBilling();
            cluster.spawnRouterUnready(); // the order of start does not matter
            cluster.startDriver();
            cluster.awaitRouter();
            try (Trading trading = Trading.start(cluster, "d", SEED)) {
                for (int round = 0; round < ROUNDS; round++) {
                    cluster.awaitAcknowledged();
                    cluster.killDriver();
                    if (round % 2 == 0) {
                        cluster.sweep();
                    }
                    cluster.startDriver();
                    cluster.awaitRecovered();
                }
                cluster.awaitAcknowledged();
                trading.stop();
            }
            cluster.settleResting();
            Invariants.checkResting(cluster);
            cluster.settle();
            Invariants.check(cluster, ROUNDS + " kills of the driver");
        }
    }

    @Test
    void shouldStartANewDriverWhenItsOwnOneIsTakenAway() throws Exception {
        try (TestCluster cluster = TestCluster.launch()) {
            cluster.startBilling();
            cluster.startRouter();
            try (Trading trading = Trading.start(cluster, "e", SEED)) {
                cluster.awaitAcknowledged();
                assertTrue(Files.deleteIfExists(cluster.driverDir().resolve("cnc.dat")));
                cluster.awaitRecovered();
                cluster.awaitAcknowledged();
                trading.stop();
            }
            cluster.settleResting();
            cluster.settle();
            Invariants.check(cluster, "the loss of the embedded driver");
        }
    }
}
