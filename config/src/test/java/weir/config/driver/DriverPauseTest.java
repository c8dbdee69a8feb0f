package weir.config.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A driver's pause: as long as it is set, ended by who publishes, never shorter than the least. */
class DriverPauseTest {
    private static final int AN_HOUR_MS = (int)TimeUnit.HOURS.toMillis(1);
    private static final long SOON_MS = 10_000;
    private static final long A_MOMENT_MS = 50;

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
    void shouldSleepUntilItIsEnded() throws InterruptedException {
        final DriverPause pause = new DriverPause(1);
        pause.set(AN_HOUR_MS);
        sleep(pause);
        Thread.sleep(A_MOMENT_MS);
        assertTrue(pause.end());
        sleeper.join(SOON_MS);
        assertFalse(sleeper.isAlive(), "its next turn within the hour");
    }

    @Test
    void shouldNotBeEndedSoonerThanTheLeast() throws InterruptedException {
        final DriverPause pause = new DriverPause(AN_HOUR_MS);
        pause.set(1);
        sleep(pause);
        assertFalse(pause.end());
        sleeper.join(A_MOMENT_MS);
        assertTrue(sleeper.isAlive(), "asleep for the least, which is an hour");
    }

    @Test
    void shouldNotSleepAfterWorkNorMindBeingEndedBeforeItSleeps() throws InterruptedException {
        final DriverPause pause = new DriverPause(AN_HOUR_MS);
        assertFalse(pause.end());
        sleeper = new Thread(() -> pause.idle(1));
        sleeper.start();
        sleeper.join(SOON_MS);
        assertFalse(sleeper.isAlive());
    }
}
