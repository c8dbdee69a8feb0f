package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cost held as long as the venue may count it. */
final class CostWindowTest {
    private static final long S = 1_000_000_000L;

    @Test
    void shouldHoldARequestUntilOneWindowAfterItsAnswer() {
        final CostWindow window = new CostWindow(8, 10 * S, S);
        final int entry = window.open(10, 0);
        assertEquals(10, window.used(100 * S), "unanswered");
        window.answered(entry, 100 * S);
        assertEquals(10, window.used(110 * S - 1));
        assertEquals(0, window.used(110 * S));
    }

    @Test
    void shouldHoldALostRequestForItsGraceToo() {
        final CostWindow window = new CostWindow(8, 10 * S, S);
        final int entry = window.open(10, 0);
        window.lost(entry, 5 * S);
        assertEquals(10, window.used(16 * S - 1));
        assertEquals(0, window.used(16 * S));
    }

    @Test
    void shouldForgetAtOnceWhatNeverLeft() {
        final CostWindow window = new CostWindow(8, 10 * S, S);
        window.withdraw(window.open(10, 0));
        assertEquals(0, window.used(0));
    }

    @Test
    void shouldSayWhenUnitsAreFreeAgain() {
        final CostWindow window = new CostWindow(8, 10 * S, S);
        window.answered(window.open(10, 0), 0);
        window.answered(window.open(20, S), S);
        window.open(30, 2 * S);
        assertEquals(3 * S, window.freeAtNs(70, 10, 3 * S, S));
        assertEquals(10 * S, window.freeAtNs(60, 10, 3 * S, S));
        assertEquals(11 * S, window.freeAtNs(60, 11, 3 * S, S));
        assertEquals(4 * S, window.freeAtNs(35, 10, 3 * S, S), "only an unanswered request is in the way: ask again");
    }

    /**
     * Requests arrive at the venue anywhere between leaving and answer; no window of the venue's may
     * exceed the limit.
     */
    @Test
    void shouldNeverLetTheVenueCountMoreThanTheLimitInAnyWindow() {
        final long seed = 20260527L;
        final Random random = new Random(seed);
        final CostWindow window = new CostWindow(256, 1000, 50);
        final int limit = 100;
        final List<long[]> arrived = new ArrayList<>();
        final List<long[]> open = new ArrayList<>();
        int peak = 0;
        for (long now = 0; now < 60_000; now++) {
            for (int i = open.size() - 1; i >= 0; i--) {
                if (open.get(i)[1] <= now) {
                    if (open.get(i)[2] == 1) {
                        window.lost((int)open.get(i)[0], now);
                    } else {
                        window.answered((int)open.get(i)[0], now);
                    }
                    open.remove(i);
                }
            }
            final int cost = 1 + random.nextInt(19);
            if (window.used(now) + cost <= limit && !window.isFull()) {
                final int entry = window.open(cost, now);
                final long answer = now + random.nextInt(400);
                final boolean lost = random.nextInt(10) == 0;
                open.add(new long[]{entry, answer, lost ? 1 : 0});
                arrived.add(new long[]{now + random.nextInt((int)(answer - now + 1)) + (lost ? random.nextInt(50) : 0),
                    cost});
            }
        }
        for (final long[] end : arrived) {
            long sum = 0;
            for (final long[] request : arrived) {
                sum += request[0] > end[0] - 1000 && request[0] <= end[0] ? request[1] : 0;
            }
            peak = (int)Math.max(peak, sum);
        }
        assertTrue(peak <= limit && peak > limit * 9 / 10, "seed " + seed + ": peak " + peak);
    }
}
