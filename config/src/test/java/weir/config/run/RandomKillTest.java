package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * kill -9 of router and billing at random moments under trading. {@code -Dweir.kill.rounds=N} makes it longer,
 * {@code -Dweir.kill.seed=S} repeats a run; the seed is printed.
 */
class RandomKillTest {
    private static final int ROUNDS = Integer.getInteger("weir.kill.rounds", 2);
    private static final int ROUNDS_PER_CHECK = 10;

    @Test
    void shouldHoldAllInvariantsWhenRouterAndBillingAreKilledAtRandom() throws Exception {
        final long seed = Long.getLong("weir.kill.seed", System.nanoTime());
        System.out.println("random kills: " + ROUNDS + " rounds, -Dweir.kill.seed=" + seed);
        final Random random = new Random(seed);
        try (TestCluster cluster = TestCluster.launch("amount: 50.00", "amount: 0.20")) {
            for (int done = 0; done < ROUNDS; done += ROUNDS_PER_CHECK) {
                cluster.startBilling();
                cluster.startRouter();
                try (Trading trading = Trading.start(cluster, "k" + done, seed + done)) {
                    for (int round = done; round < Math.min(ROUNDS, done + ROUNDS_PER_CHECK); round++) {
                        round(cluster, random);
                    }
                    cluster.awaitAcknowledged();
                    trading.stop();
                }
                cluster.settle();
                assertTrue(cluster.desks().get("BETA1").ledger().countsByCode().containsKey("CREDIT_EXHAUSTED"),
                    "beta's credit was never spent: J5 was not put to the test");
                Invariants.check(cluster, "random kills, seed " + seed + ", to round " + (done + ROUNDS_PER_CHECK));
            }
        }
    }

    private static void round(final TestCluster cluster, final Random random) throws Exception {
        if (random.nextInt(3) > 0) {
            cluster.awaitAcknowledged(); // else it dies while it recovers or before the venue is up
        }
        Thread.sleep(random.nextInt(2_500));
        cluster.killRouter();
        if (random.nextBoolean()) {
            cluster.sweep();
        }
        cluster.killBilling();
        cluster.startBilling();
        if (random.nextInt(3) == 0) {
            cluster.spawnRouterUnready();
            Thread.sleep(500 + random.nextInt(3_000));
            cluster.killRouter(); // while it recovers, or just after
        }
        cluster.startRouter();
        if (random.nextBoolean()) {
            cluster.control("POST", "/disconnect", "");
        }
        Thread.sleep(random.nextInt(1_500));
        cluster.killBilling();
        cluster.startBilling();
    }
}
