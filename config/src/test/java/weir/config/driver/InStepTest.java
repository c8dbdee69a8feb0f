package weir.config.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pauses that end together. */
class InStepTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void shouldEndAtAMultipleNoLaterThanAsked() {
        assertEquals(20 * MS, InStep.shortened(20 * MS, 0));
        assertEquals(19 * MS, InStep.shortened(20 * MS, MS));
        assertEquals(MS, InStep.shortened(20 * MS, 19 * MS));
        assertEquals(100 * MS, InStep.shortened(110 * MS, 0));
        assertEquals(99 * MS, InStep.shortened(110 * MS, MS));
        assertEquals(15 * MS, InStep.shortened(20 * MS, -15 * MS), "before the origin of the clock");
    }

    @Test
    void shouldLeaveAPauseThatSpansNoMultiple() {
        assertEquals(4 * MS, InStep.shortened(4 * MS, MS));
        assertEquals(4 * MS, InStep.shortened(4 * MS, 16 * MS), "to the very multiple");
        assertEquals(4 * MS, InStep.shortened(4 * MS, -19 * MS));
    }

    @Test
    void shouldSleepLongerWhileThereIsNothingToDo() {
        final InStep idle = new InStep(1, 4);
        final long startNs = System.nanoTime();
        for (int i = 0; i < 12; i++) {
            idle.idle(0);
        }
        final long sleptNs = System.nanoTime() - startNs;
        assertTrue(sleptNs >= 15 * MS, "twelve pauses of 1, 2 and 4 ms, of which some end at a multiple: " + sleptNs);
    }
}
