package weir.sim.intx;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Times as the venue prints them: ISO 8601 with milliseconds, and the HTTP date. Epoch nanoseconds on our side. */
final class VenueTime {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DRIFT_STEP_NS = 100_000_000L;
    private static final DateTimeFormatter MILLIS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HTTP =
        DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private VenueTime() {
    }

    /**
     * Epoch nanoseconds that began at wall time and run with the monotonic clock: a window must not stretch or shrink
     * when somebody sets the host's clock.
     */
    static LongSupplier countingClock() {
        final long offsetNs = wallClockNs() - System.nanoTime();
        return () -> offsetNs + System.nanoTime();
    }

    /** How far the wall clock is ahead of the counted time, in whole steps of 100 ms. */
    static long driftNs(final long countedNs) {
        return Math.floorDiv(wallClockNs() - countedNs + DRIFT_STEP_NS / 2, DRIFT_STEP_NS) * DRIFT_STEP_NS;
    }

    static String format(final long epochNs) {
        return MILLIS.format(instant(epochNs));
    }

    static String httpDate(final long epochNs) {
        return HTTP.format(instant(epochNs));
    }

    /** Epoch nanoseconds. @throws ApiError if the text is not ISO 8601. */
    static long parse(final String name, final String text) {
        try {
            final Instant instant = Instant.parse(text);
            return instant.getEpochSecond() * SECOND_NS + instant.getNano();
        } catch (final DateTimeException e) {
            throw ApiError.bad("invalid " + name);
        }
    }

    private static long wallClockNs() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * SECOND_NS + now.getNano();
    }

    private static Instant instant(final long epochNs) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, SECOND_NS), Math.floorMod(epochNs, SECOND_NS));
    }
}
