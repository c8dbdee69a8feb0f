package weir.fix.desk;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

class WallClockTest {
    @Test
    void shouldShowTheHostsMillisecondAndSomethingBelowIt() {
        final WallClock clock = new WallClock();
        int below = 0;
        for (int i = 0; i < 200_000; i++) {
            final long beforeMs = System.currentTimeMillis();
            final long nowNs = clock.nanoTime();
            final long afterMs = System.currentTimeMillis();
            assertTrue(nowNs / 1_000_000 >= beforeMs && nowNs / 1_000_000 <= afterMs,
                beforeMs + " " + nowNs + " " + afterMs);
            below += nowNs % 1_000_000 == 0 ? 0 : 1;
        }
        assertTrue(below > 1_000, "with nanoseconds: " + below);
    }
}
