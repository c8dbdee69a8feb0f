package weir.sim.intx;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** UTCTimestamp text: {@code YYYYMMDD-HH:MM:SS} with 0 to 9 decimals. Epoch nanoseconds on our side. */
final class FixTime {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuuMMdd-HH:mm:ss", Locale.ROOT);
    private static final Pattern TEXT = Pattern.compile("(\\d{8}-\\d{2}:\\d{2}:\\d{2})(?:\\.(\\d{1,9}))?");

    private FixTime() {
    }

    static String format(final long epochNs, final int digits) {
        final String head = LocalDateTime.ofEpochSecond(Math.floorDiv(epochNs, SECOND_NS), 0, ZoneOffset.UTC)
            .format(SECONDS);
        final String fraction = Long.toString(SECOND_NS + Math.floorMod(epochNs, SECOND_NS)).substring(1);
        return head + '.' + fraction.substring(0, digits);
    }

    /** Epoch nanoseconds, {@link Long#MIN_VALUE} for any other text. */
    static long parse(final String text) {
        final Matcher matcher = text == null ? null : TEXT.matcher(text);
        if (matcher == null || !matcher.matches()) {
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
