package weir.sim.binance;

import java.time.Instant;
import java.util.function.LongSupplier;

/** Where the venue's time comes from. Stateless. */
final class VenueClock {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long STEP_NS = 100_000_000L;

    private VenueClock() {
    }

    static long wallNs() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * SECOND_NS + now.getNano();
    }

    /** Epoch nanoseconds that began at wall time and run with the monotonic clock: windows must not stretch. */
    static LongSupplier counting() {
        final long startNs = wallNs() - System.nanoTime();
        return () -> startNs + System.nanoTime();
    }

    /** How far the wall clock is ahead of the counted time, in steps of 100 ms, so that it does not flicker. */
    static long driftNs(final long wallNs, final long countedNs) {
        return Math.floorDiv(wallNs - countedNs + STEP_NS / 2, STEP_NS) * STEP_NS;
    }
}
