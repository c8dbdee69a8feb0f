package weir.venue;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ReconnectBackoffTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldDoubleWithJitterFromMinimumToMaximum() {
        final ReconnectBackoff backoff = new ReconnectBackoff(SECOND, 30 * SECOND, 7);
        long expectedNs = SECOND;
        for (int i = 0; i < 20; i++) {
            final long delayNs = backoff.nextDelayNs();
            assertTrue(delayNs >= expectedNs && delayNs <= Math.min(30 * SECOND, expectedNs + expectedNs / 4 + 1),
                i + ": " + delayNs);
            expectedNs = Math.min(30 * SECOND, expectedNs * 2);
        }
        backoff.reset();
        assertTrue(backoff.nextDelayNs() <= SECOND + SECOND / 4 + 1);
    }

    @Test
    void shouldDifferBetweenSeeds() {
        final long first = new ReconnectBackoff(SECOND, 30 * SECOND, 1).nextDelayNs();
        final long second = new ReconnectBackoff(SECOND, 30 * SECOND, 99).nextDelayNs();
        assertTrue(first != second, "jitter");
    }
}
