package weir.fix.text;

import weir.protocol.Scale;

import java.time.LocalDate;
import java.time.DateTimeException;

/**
 * FIX UTCTimestamp ({@code YYYYMMDD-HH:MM:SS[.f to .fffffffff]}) to and from epoch nanoseconds. Stateless; any thread.
 */
public final class UtcTimestampText {
    /** Result: no timestamp. */
    public static final long INVALID = Scale.NULL;
    private static final int SECONDS_LENGTH = 17;
    private static final long NANOS = 1_000_000_000L;

    private UtcTimestampText() {
    }

    /**
     * Parses a timestamp with no to nine digits of fraction. Second 60, a leap second, is the first of the next minute.
     *
     * @param text value of a tag; null is {@link #INVALID}
     * @return epoch nanoseconds, or {@link #INVALID}
     */
    public static long parse(final CharSequence text) {
        if (text == null || text.length() < SECONDS_LENGTH || text.charAt(8) != '-' || text.charAt(11) != ':' ||
            text.charAt(14) != ':') {
            return INVALID;
        }
        final int year = digits(text, 0, 4);
        final int month = digits(text, 4, 6);
        final int day = digits(text, 6, 8);
        final int hour = digits(text, 9, 11);
        final int minute = digits(text, 12, 14);
        final int second = digits(text, 15, SECONDS_LENGTH);
        final long fraction = fraction(text);
        if (year < 1970 || year > 2200 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
            second < 0 || second > 60 || fraction < 0) {
            return INVALID;
        }
        try {
            final long days = LocalDate.of(year, month, day).toEpochDay();
            return (((days * 24 + hour) * 60 + minute) * 60 + second) * NANOS + fraction;
        } catch (final DateTimeException ex) {
            return INVALID;
        }
    }

    /**
     * Formats with nine digits of fraction.
     *
     * @param epochNs not negative
     * @return text
     */
    public static String format(final long epochNs) {
        final long seconds = epochNs / NANOS;
        final LocalDate date = LocalDate.ofEpochDay(seconds / 86_400);
        final long ofDay = seconds % 86_400;
        final StringBuilder out = new StringBuilder(27);
        pad(out, date.getYear(), 4);
        pad(out, date.getMonthValue(), 2);
        pad(out, date.getDayOfMonth(), 2);
        pad(out.append('-'), ofDay / 3600, 2);
        pad(out.append(':'), ofDay / 60 % 60, 2);
        pad(out.append(':'), ofDay % 60, 2);
        pad(out.append('.'), epochNs % NANOS, 9);
        return out.toString();
    }

    private static long fraction(final CharSequence text) {
        final int length = text.length() - SECONDS_LENGTH;
        if (length == 0) {
            return 0;
        }
        if (length < 2 || length > 10 || text.charAt(SECONDS_LENGTH) != '.') {
            return -1;
        }
        long value = digits(text, SECONDS_LENGTH + 1, text.length());
        for (int i = length - 1; i < 9 && value >= 0; i++) {
            value *= 10;
        }
        return value;
    }

    private static int digits(final CharSequence text, final int start, final int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            final char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static void pad(final StringBuilder out, final long value, final int width) {
        final String text = Long.toString(value);
        for (int i = text.length(); i < width; i++) {
            out.append('0');
        }
        out.append(text);
    }
}
