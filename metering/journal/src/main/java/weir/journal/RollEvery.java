package weir.journal;

import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.rollcycles.TestRollCycles;

/** How often the journal begins a new file. All in UTC. Fixed when a journal is made. */
public enum RollEvery {
    /** A file per hour, {@code yyyyMMdd-HH'F'.cq4}. The default. */
    HOUR(RollCycles.FAST_HOURLY),
    /** A file per day, {@code yyyyMMdd'F'.cq4}. */
    DAY(RollCycles.FAST_DAILY),
    /** A file per second, {@code yyyyMMdd-HHmmss'T'.cq4}: for tests of rolling only. */
    SECOND(TestRollCycles.TEST_SECONDLY);

    private final RollCycle cycle;

    RollEvery(final RollCycle cycle) {
        this.cycle = cycle;
    }

    RollCycle cycle() {
        return cycle;
    }
}
