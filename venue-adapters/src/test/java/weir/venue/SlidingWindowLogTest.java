package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SlidingWindowLogTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long GRACE = 250_000_000L;

    @Test
    void shouldHoldSlotForOneWindowAfterTheAnswer() {
        final SlidingWindowLog log = new SlidingWindowLog(8, SECOND, GRACE);
        final long slot = log.record();
        log.written(100);
        log.confirm(slot, 200);

        assertEquals(1, log.count(199 + SECOND));
        assertEquals(0, log.count(200 + SECOND));
    }

    @Test
    void shouldHoldUnansweredSlotForWindowAndGrace() {
        final SlidingWindowLog log = new SlidingWindowLog(8, SECOND, GRACE);
        log.record();
        log.written(100);

        assertEquals(1, log.count(99 + SECOND + GRACE));
        assertEquals(0, log.count(100 + SECOND + GRACE));
    }

    @Test
    void shouldHoldSlotForeverWhileTheSocketDoesNotTakeTheMessage() {
        final SlidingWindowLog log = new SlidingWindowLog(8, SECOND, GRACE);
        log.record();

        assertEquals(1, log.count(1000 * SECOND));
        log.writtenAll(1000 * SECOND);
        assertEquals(0, log.count(1002 * SECOND));
    }

    @Test
    void shouldConfirmAllBeforeTheAnsweredMessage() {
        final SlidingWindowLog log = new SlidingWindowLog(8, SECOND, GRACE);
        log.record();
        final long second = log.record();
        log.written(10);
        log.written(20);
        log.confirm(second, 30);

        assertEquals(0, log.unanswered());
        assertEquals(2, log.count(29 + SECOND));
        assertEquals(0, log.count(30 + SECOND));
    }

    @Test
    void shouldNotStretchTheSlotWhenTheAnswerIsVeryLate() {
        final SlidingWindowLog log = new SlidingWindowLog(8, SECOND, GRACE);
        final long slot = log.record();
        log.written(0);
        log.confirm(slot, SECOND);

        assertEquals(0, log.count(SECOND + GRACE));
    }

    @Test
    void shouldRefuseRecordWhenFull() {
        final SlidingWindowLog log = new SlidingWindowLog(2, SECOND, GRACE);
        log.record();
        log.record();

        assertTrue(log.isFull());
        assertThrows(IllegalStateException.class, log::record);
    }

    /** The venue receives each message some time between its write and its answer, whatever the socket and it do. */
    @Test
    void shouldNeverLetVenueCountMoreThanTheLimitInAnySecond() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final int limit = 20;
        final SlidingWindowLog log = new SlidingWindowLog(64, SECOND, GRACE);
        final List<long[]> inFlight = new ArrayList<>();
        final List<Long> received = new ArrayList<>();
        long nowNs = 0;
        long lastReceivedNs = 0;
        for (int step = 0; step < 200_000; step++) {
            nowNs += random.nextInt(4_000_000);
            while (!inFlight.isEmpty() && inFlight.get(0)[1] <= nowNs) {
                log.confirm(inFlight.remove(0)[0], nowNs);
            }
            if (log.count(nowNs) < limit) {
                final long slot = log.record();
                log.written(nowNs);
                final long wayNs = random.nextInt(10) == 0 ? random.nextInt((int)GRACE) : random.nextInt(2_000_000);
                lastReceivedNs = Math.max(lastReceivedNs, nowNs + wayNs / 2);
                received.add(lastReceivedNs);
                final long answerNs = Math.max(lastReceivedNs, nowNs + wayNs);
                if (random.nextInt(5) != 0) {
                    inFlight.add(new long[]{slot, answerNs});
                    inFlight.sort((a, b) -> Long.compare(a[1], b[1]));
                }
            }
        }
        for (int i = 0; i + limit < received.size(); i++) {
            final long spanNs = received.get(i + limit) - received.get(i);
            assertTrue(spanNs >= SECOND,
                "seed " + seed + ": " + (limit + 1) + " received in " + spanNs + " ns at " + i);
        }
        assertTrue(received.size() > 4000, "the log lets traffic through: " + received.size());
    }

    @Test
    void shouldRefuseAtTheGuardLimitAndCountThePeak() {
        final SendGuard guard = new SendGuard(3, SECOND);
        for (int i = 0; i < 3; i++) {
            assertTrue(guard.tryWrite(i));
            guard.written(i);
        }

        assertEquals(false, guard.tryWrite(SECOND + 249_999_999));
        assertEquals(true, guard.tryWrite(SECOND + 250_000_000));
        assertEquals(3, guard.peak());
    }
}
