package weir.sim.coinbase;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** UTCTimestamp text: {@code YYYYMMDD-HH:MM:SS} with 0 to 9 decimals. Epoch nanoseconds on our side. */
final class FixTime {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuuMMdd-HH:mm:ss", Locale.ROOT);
    private static final Pattern TEXT = Pattern.compile("(\\d{8}-\\d{2}:\\d{2}:\\d{2})(?:\\.(\\d{1,9}))?");

    private FixTime() {
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

    static String format(final long epochNs, final int digits) {
        final long second = Math.floorDiv(epochNs, SECOND_NS);
        final long nanos = Math.floorMod(epochNs, SECOND_NS);
        final String head = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC).format(SECONDS);
        if (digits == 0) {
            return head;
        }
        final String fraction = Long.toString(SECOND_NS + nanos).substring(1);
        return head + '.' + fraction.substring(0, digits);
    }

    /** RFC 3339 text with six decimals, as the REST interface prints it. */
    static String iso(final long epochNs) {
        final String text = format(epochNs, 6);
        return text.substring(0, 4) + '-' + text.substring(4, 6) + '-' + text.substring(6, 8) + 'T'
            + text.substring(9) + 'Z';
    }

    /** Epoch nanoseconds, or {@link Long#MIN_VALUE} if the text is not a UTCTimestamp. */
    static long parse(final String text) {
        final Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Long.MIN_VALUE;
        }
        try {
            final long second = LocalDateTime.parse(matcher.group(1), SECONDS).toEpochSecond(ZoneOffset.UTC);
            final String fraction = matcher.group(2) == null ? "" : matcher.group(2);
            return second * SECOND_NS + Long.parseLong((fraction + "000000000").substring(0, 9));
        } catch (final DateTimeException e) {
            return Long.MIN_VALUE;
        }
    }
}
