package weir.sim.kraken;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** ISO 8601 text with milliseconds, as the venue prints times. Epoch nanoseconds on our side. */
final class IsoTime {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final DateTimeFormatter MILLIS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private IsoTime() {
    }

    /** The time now in epoch nanoseconds, from the wall clock. */
    static long wallClockNs() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * SECOND_NS + now.getNano();
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
