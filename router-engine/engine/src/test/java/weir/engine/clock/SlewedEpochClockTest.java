package weir.engine.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.EpochNanoClock;
import org.junit.jupiter.api.Test;

/** The clock under steps of wall time. */
class SlewedEpochClockTest {
    private static final long SECOND = 1_000_000_000L;
    /** Two sides of a step are looked for up to a millisecond late: what is not slewed in that time. */
    private static final long UNSEEN_NS = 11_000;
    private long wall = 1_800_000_000L * SECOND;
    private long monotonic = 5;
    private int wallReads;

    private long readWall() {
        wallReads++;
        return wall;
    }

    private SlewedEpochClock clock(final long notBeforeNs) {
        return new SlewedEpochClock(this::readWall, () -> monotonic, notBeforeNs, SlewedEpochClock.SLEW_PPM_DEFAULT);
    }

    private void pass(final long ns) {
        wall += ns;
        monotonic += ns;
    }

    @Test
    void shouldFollowWallTimeWhenItDoesNotStep() {
        final SlewedEpochClock clock = clock(0);
        for (int i = 0; i < 1_000; i++) {
            pass(997);
            assertEquals(wall, clock.nanoTime());
        }
    }

    @Test
    void shouldStartAtWallTimeWhenItsThreadWaitedBetweenTheTwoReadings() {
        final SlewedEpochClock clock = new SlewedEpochClock(() -> {
            if (wallReads++ < 3) {
                pass(SECOND / 10);
            }
            return wall;
        }, () -> monotonic, 0, SlewedEpochClock.SLEW_PPM_DEFAULT);
        assertEquals(wall, clock.nanoTime());
        pass(SECOND);
        assertEquals(wall, clock.nanoTime());
    }

    @Test
    void shouldSlewAndNeverStepWhenWallTimeStepsByTwoMinutesEitherWay() {
        for (final long step : new long[] {120 * SECOND, -120 * SECOND}) {
            final SlewedEpochClock clock = clock(0);
            long last = clock.nanoTime();
            wall += step;
            final long before = wall - last;
            for (int i = 0; i < 100_000; i++) {
                pass(100_000);
                final long now = clock.nanoTime();
                final long elapsed = now - last;
                assertTrue(elapsed >= 99_500 && elapsed <= 100_500, "elapsed " + elapsed);
                last = now;
            }
            assertEquals(Math.abs(before) - 10 * SECOND / 200, Math.abs(wall - last), UNSEEN_NS);
        }
    }

    @Test
    void shouldSlewAlsoWhenReadEveryFewNanoseconds() {
        final SlewedEpochClock clock = clock(0);
        wall += SECOND;
        final long start = clock.nanoTime();
        for (int i = 0; i < 1_000_000; i++) {
            pass(20);
            clock.nanoTime();
        }
        assertEquals(20_000_000 + 100_000, clock.nanoTime() - start, UNSEEN_NS);
        assertTrue(wallReads <= 22, "20 ms, wall time read " + wallReads + " times");
    }

    @Test
    void shouldStartAtLastJournaledTimeWhenWallTimeIsBehind() {
        final SlewedEpochClock clock = clock(wall + 120 * SECOND);
        final long start = clock.nanoTime();
        assertEquals(wall + 120 * SECOND, start);
        pass(SECOND);
        assertEquals(start + SECOND - SECOND / 200, clock.nanoTime());
    }

    @Test
    void shouldWorkOffTwoMinutesInSixHoursAndFortyMinutes() {
        final SlewedEpochClock clock = clock(0);
        wall += 120 * SECOND;
        for (int i = 0; i < 24_000; i++) {
            assertTrue(clock.skewNs() > 0, "caught up after " + i + " s");
            pass(SECOND);
            clock.nanoTime();
        }
        assertEquals(0, clock.skewNs(), SECOND / 100);
    }

    @Test
    void shouldShowOtherThreadsTheSameTimeThatNeverStepsBackWhenTheOwnerReadsLate() {
        for (final long step : new long[] {120 * SECOND, -120 * SECOND}) {
            final SlewedEpochClock clock = clock(0);
            final EpochNanoClock shared = clock.shared();
            wall += step;
            long last = shared.nanoTime();
            for (int i = 1; i < 10_000; i++) {
                pass(1_000_000);
                final long now = shared.nanoTime();
                assertTrue(now >= last && now - last <= 12_000_000, "elapsed " + (now - last));
                last = now;
                if (i % 1_000 == 0) {
                    assertEquals(clock.nanoTime(), shared.nanoTime(), 6_000_000);
                }
            }
        }
    }

    @Test
    void shouldRepeatNothingWhenALeapSecondIsSteppedOrSmeared() {
        final SlewedEpochClock stepped = clock(0);
        long last = stepped.nanoTime();
        pass(SECOND);
        wall -= SECOND;
        for (int i = 0; i < 1_000; i++) {
            pass(1_000_000);
            final long now = stepped.nanoTime();
            assertTrue(now > last);
            last = now;
        }
        final SlewedEpochClock smeared = clock(0);
        for (int i = 0; i < 100_000; i++) {
            monotonic += SECOND;
            wall += SECOND - 11_574;
            smeared.nanoTime();
        }
        assertEquals(0, smeared.skewNs(), 2);
    }

    @Test
    void shouldStandStillWhenMonotonicClockDoes() {
        final SlewedEpochClock clock = clock(0);
        final long start = clock.nanoTime();
        wall += 500;
        assertEquals(start, clock.nanoTime());
    }
}
