package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CallGovernorTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldNeverPassMoreThanRateAndBurstInAnySecond() {
        final Random random = new Random(4);
        final CallGovernor governor = new CallGovernor(20, 5);
        final long[] passed = new long[100_000];
        int count = 0;
        long nowNs = -3 * SECOND;
        for (int i = 0; i < 200_000; i++) {
            nowNs += random.nextInt(4_000_000);
            if (governor.tryAcquire(nowNs)) {
                passed[count++] = nowNs;
            }
        }
        for (int i = 24; i < count; i++) {
            assertTrue(passed[i] - passed[i - 24] > 900_000_000L, "25 calls within 0.9 s at " + i);
        }
        assertTrue(count > 19 * (nowNs + 3 * SECOND) / SECOND, "it uses its rate: " + count);
    }

    @Test
    void shouldDoubleDelaysUpToTheCapWithJitter() {
        final RetryPolicy policy = new RetryPolicy(500, 60_000, 60_000, 1);
        final SplittableRandom random = new SplittableRandom(1);
        for (int failures = 1; failures < 80; failures++) {
            final long full = Math.min(60_000, failures > 20 ? 60_000 : 500L << failures - 1);
            final long delay = policy.delayMs(failures, random);
            assertTrue(delay >= full * 3 / 4 && delay <= full, failures + " failures: " + delay);
        }
        assertEquals(60_000, policy.capMs());
    }
}
