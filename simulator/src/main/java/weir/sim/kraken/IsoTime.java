package weir.sim.kraken;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** ISO 8601 text with milliseconds, as the venue prints times. Epoch nanoseconds on our side. */
final class IsoTime {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DRIFT_STEP_NS = 100_000_000L;
    private static final DateTimeFormatter MILLIS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private IsoTime() {
    }

    /** The time now in epoch nanoseconds, from the wall clock. */
    static long wallClockNs() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * SECOND_NS + now.getNano();
    }

    /**
     * Epoch nanoseconds that began at wall time and run with the monotonic clock: what the venue counts by must not
     * stretch or shrink when somebody sets the host's clock.
     */
    static LongSupplier countingClock() {
        final long offsetNs = wallClockNs() - System.nanoTime();
        return () -> offsetNs + System.nanoTime();
    }

    /** How far the wall clock is ahead of the counted time, in whole steps of 100 ms, so that it does not flicker. */
    static long driftNs(final long wallNs, final long countedNs) {
        return Math.floorDiv(wallNs - countedNs + DRIFT_STEP_NS / 2, DRIFT_STEP_NS) * DRIFT_STEP_NS;
    }

    static String format(final long epochNs) {
        return MILLIS.format(Instant.ofEpochSecond(Math.floorDiv(epochNs, SECOND_NS), Math.floorMod(epochNs,
            SECOND_NS)));
    }

    /** Epoch nanoseconds. @throws IllegalArgumentException if the text is not ISO 8601. */
    static long parse(final String text) {
        try {
            final Instant instant = Instant.parse(text);
            return instant.getEpochSecond() * SECOND_NS + instant.getNano();
        } catch (final DateTimeException e) {
            throw new IllegalArgumentException("not a time: " + text, e);
        }
    }
}
