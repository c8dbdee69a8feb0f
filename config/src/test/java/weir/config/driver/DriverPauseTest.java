package weir.config.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A driver's pause: as long as it is set, ended by who publishes, never shorter than the least. */
class DriverPauseTest {
    private static final int AN_HOUR_MS = (int)TimeUnit.HOURS.toMillis(1);
    private static final long SOON_MS = 10_000;
    private static final long A_MOMENT_MS = 50;

    private static final long MUCH = 1 << 20;

    private Thread sleeper;

    /** A thread within the pause. */
    private void sleep(final DriverPause pause) throws InterruptedException {
        sleeper = new Thread(() -> pause.idle(0));
        sleeper.start();
        for (int i = 0; i < SOON_MS && sleeper.getState() != Thread.State.TIMED_WAITING; i++) {
            Thread.sleep(1);
        }
        assertEquals(Thread.State.TIMED_WAITING, sleeper.getState());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (sleeper != null) {
            sleeper.interrupt();
            sleeper.join();
        }
    }

    @Test
    void shouldNotBeEndedSoonerThanTheLeast() throws InterruptedException {
        final DriverPause pause = new DriverPause(AN_HOUR_MS, MUCH);
        sleep(pause);
        assertFalse(pause.published(0), "its turn is seen");
        assertFalse(pause.published(MUCH));
        sleeper.join(A_MOMENT_MS);
        assertTrue(sleeper.isAlive(), "asleep for the least, which is an hour");
    }

    @Test
    void shouldSleepAStepAtMostInStep() throws InterruptedException {
        final DriverPause pause = new DriverPause(AN_HOUR_MS, MUCH);
        pause.inStep(true);
        sleeper = new Thread(() -> pause.idle(0));
        sleeper.start();
        sleeper.join(SOON_MS);
        assertFalse(sleeper.isAlive(), "its next turn within the hour");
    }

    /** Over and over: an end may come just when a step is over. */
    @Test
    void shouldBeEndedAfterTheLeast() throws InterruptedException {
        final DriverPause pause = new DriverPause(1, MUCH);
        pause.inStep(true);
        final AtomicBoolean stop = new AtomicBoolean();
        final AtomicInteger turns = new AtomicInteger();
        sleeper = new Thread(() -> {
            while (!stop.get()) {
                turns.incrementAndGet();
                pause.idle(0);
            }
        });
        sleeper.start();
        int ended = 0;
        long published = 0;
        for (int i = 0; i < 100; i++) {
            Thread.sleep(2);
            published += MUCH;
            ended += pause.published(published) ? 1 : 0;
        }
        stop.set(true);
        sleeper.join(SOON_MS);
        assertFalse(sleeper.isAlive());
        assertTrue(ended > 10 && turns.get() > 10, ended + " times ended, " + turns.get() + " turns");
    }

    @Test
    void shouldNotBeEndedForLittleSinceTheLastTurn() throws InterruptedException {
        final DriverPause pause = new DriverPause(0, MUCH);
        assertFalse(pause.published(MUCH), "nobody sleeps");
        sleeper = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                pause.inStep(true);
                pause.idle(0);
            }
        });
        sleeper.start();
        for (int i = 1; i < 100; i++) {
            assertFalse(pause.published(MUCH + i * MUCH / 200), "less than half of much in all");
            Thread.sleep(1);
        }
    }

    @Test
    void shouldNotSleepAfterWorkNorMindBeingEndedBeforeItSleeps() throws InterruptedException {
        final DriverPause pause = new DriverPause(AN_HOUR_MS, MUCH);
        assertFalse(pause.published(MUCH));
        sleeper = new Thread(() -> pause.idle(1));
        sleeper.start();
        sleeper.join(SOON_MS);
        assertFalse(sleeper.isAlive());
    }
}
