package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a naive venue that counts every arrival in the window of its own clock. */
final class AlignedWindowTest {
    private static final long PERIOD_MS = 1_000;
    private static final long SKEW_MS = 50;
    private static final int LIMIT = 30;

    /** A request on its way. */
    private record Sent(int cost, long sentMs, long answeredMs) {
    }

    @Test
    void shouldNeverLetAWindowOfTheVenueHoldMoreAndUseNearlyAllOfIt() {
        for (long seed = 1; seed <= 200; seed++) {
            run(seed);
        }
    }

    private static void run(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long skew = random.nextLong(-SKEW_MS + 1, SKEW_MS);
        final AlignedWindow window = new AlignedWindow(PERIOD_MS, SKEW_MS, LIMIT);
        final Map<Long, Integer> venue = new HashMap<>();
        final ArrayDeque<Sent> out = new ArrayDeque<>();
        long total = 0;
        final long fromMs = random.nextLong(1_000_000);
        for (long ms = fromMs; ms < fromMs + 20_000; ms += random.nextLong(0, 12)) {
            while (!out.isEmpty() && out.peekFirst().answeredMs <= ms) {
                final Sent done = out.removeFirst();
                window.close(done.cost, done.sentMs, done.answeredMs);
            }
            final int cost = random.nextInt(1, 4);
            if (window.admits(cost, 0, ms)) {
                window.open(cost, ms);
                // now and then a stall of up to two windows on the way
                final long wayMs = random.nextInt(40) == 0 ? random.nextLong(2 * PERIOD_MS) : random.nextLong(5);
                final long arrivesMs = ms + wayMs;
                final long answeredMs = Math.max(arrivesMs, out.isEmpty() ? 0 : out.peekLast().answeredMs);
                out.addLast(new Sent(cost, ms, answeredMs));
                venue.merge(Math.floorDiv(arrivesMs + skew, PERIOD_MS), cost, Integer::sum);
                total += cost;
            }
        }
        venue.forEach((at, used) -> assertTrue(used <= LIMIT, "window " + at + " holds " + used));
        assertTrue(total > 20 * LIMIT * 6 / 10, "used only " + total);
    }

    @Test
    void shouldGoOnInTheWindowThatIsWhenAClockThatWasAheadIsSetRight() {
        for (final long aheadMs : new long[] {PERIOD_MS + 50, 3 * PERIOD_MS + 700, 3_600_000}) {
            final AlignedWindow window = new AlignedWindow(PERIOD_MS, SKEW_MS, LIMIT);
            final long nowMs = 500_500;
            final long wrongMs = nowMs + aheadMs;
            window.open(LIMIT - 1, wrongMs);
            window.close(LIMIT - 1, wrongMs, wrongMs + 5);
            window.open(1, wrongMs + 6);
            window.close(1, wrongMs + 6, nowMs + 10);
            assertFalse(window.admits(1, 0, nowMs + 20), "what was counted by the wrong clock is of this window");
            assertTrue(window.admits(LIMIT, 0, nowMs + PERIOD_MS), "over with it, ahead by " + aheadMs);
            window.open(1, nowMs + PERIOD_MS);
            assertEquals(1, window.used(nowMs + PERIOD_MS + 1));
            assertEquals(1, window.used(nowMs + 2 * PERIOD_MS), "not answered yet");
        }
    }

    @Test
    void shouldForgetNothingWhenTheClockGoesBackALittleOverAnEdge() {
        final AlignedWindow window = new AlignedWindow(PERIOD_MS, SKEW_MS, LIMIT);
        window.open(LIMIT, 500_010);
        window.close(LIMIT, 500_010, 500_020);
        assertFalse(window.admits(1, 0, 499_900));
        assertFalse(window.admits(1, 0, 500_300));
        assertTrue(window.admits(1, 0, 501_300));
    }
}
