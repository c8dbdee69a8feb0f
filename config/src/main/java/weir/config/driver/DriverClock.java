package weir.config.driver;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * The clock of signs of life between a media driver and its clients. Aeron writes and judges them by wall time: a step
 * forward of the host's clock makes a live driver, or a live client, look dead to whoever looks first. Weir's own
 * driver counts milliseconds since the host booted, a clock that never steps and that all processes of a host share.
 * Clients of ours see by the driver's start which clock it goes by, and take the same one. Drivers that are not Weir's
 * (aeronmd), and the one that binary clients of any make stand on, go by wall time.
 */
final class DriverClock {
    /** Milliseconds since boot; from {@code CLOCK_MONOTONIC} on Linux. */
    static final EpochClock STEADY = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    /** Wall time before 1980 and more than ten years since boot do not occur. */
    private static final long WALL_MIN_MS = TimeUnit.DAYS.toMillis(3_652);

    private DriverClock() {
    }

    /**
     * The clock that a driver goes by.
     *
     * @param startMs start of the driver, as its {@code cnc.dat} has it
     * @return clock of the same kind
     */
    static EpochClock of(final long startMs) {
        return startMs < WALL_MIN_MS ? STEADY : SystemEpochClock.INSTANCE;
    }

    /**
     * A moment of a driver as wall time, for people.
     *
     * @param driverMs by the driver's clock
     * @return epoch milliseconds
     */
    static long wallMs(final long driverMs) {
        return System.currentTimeMillis() - (of(driverMs).time() - driverMs);
    }
}
