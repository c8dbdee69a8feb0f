package weir.fix.text;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
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

    /**
     * Parses bytes, as {@link #parse(CharSequence)} does text.
     *
     * @param source of the text
     * @param offset of the text
     * @param length bytes
     * @return epoch nanoseconds, or {@link #INVALID}
     */
    public static long parse(final DirectBuffer source, final int offset, final int length) {
        if (length < SECONDS_LENGTH || length == SECONDS_LENGTH + 1 || length > SECONDS_LENGTH + 10
            || source.getByte(offset + 8) != '-' || source.getByte(offset + 11) != ':'
            || source.getByte(offset + 14) != ':'
            || length > SECONDS_LENGTH && source.getByte(offset + SECONDS_LENGTH) != '.') {
            return INVALID;
        }
        final int year = digits(source, offset, 4);
        final int month = digits(source, offset + 4, 2);
        final int day = digits(source, offset + 6, 2);
        final int hour = digits(source, offset + 9, 2);
        final int minute = digits(source, offset + 12, 2);
        final int second = digits(source, offset + 15, 2);
        if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour < 0
            || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return INVALID;
        }
        long fraction = 0;
        if (length > SECONDS_LENGTH) {
            final int places = length - SECONDS_LENGTH - 1;
            fraction = digits(source, offset + SECONDS_LENGTH + 1, places);
            if (fraction < 0) {
                return INVALID;
            }
            for (int i = places; i < 9; i++) {
                fraction *= 10;
            }
        }
        return (((epochDay(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * NANOS + fraction;
    }

    /** Writes timestamps; remembers the day of the last one. Not thread safe. */
    public static final class Writer {
        private final byte[] date = new byte[8];
        private long day = Long.MIN_VALUE;

        /**
         * Writes one.
         *
         * @param target  written to, 27 bytes at most
         * @param offset  of the first byte
         * @param epochNs not negative
         * @param digits  of the fraction: 0, 3, 6 or 9; what is below is cut
         * @return bytes written
         */
        public int put(final MutableDirectBuffer target, final int offset, final long epochNs, final int digits) {
            final long seconds = epochNs / NANOS;
            final long epochDay = seconds / 86_400;
            if (epochDay != day) {
                final LocalDate local = LocalDate.ofEpochDay(epochDay);
                decimal(date, 0, 4, local.getYear());
                decimal(date, 4, 2, local.getMonthValue());
                decimal(date, 6, 2, local.getDayOfMonth());
                day = epochDay;
            }
            target.putBytes(offset, date);
            final int ofDay = (int)(seconds - epochDay * 86_400);
            final int minutes = ofDay / 60;
            target.putByte(offset + 8, (byte)'-');
            two(target, offset + 9, minutes / 60);
            target.putByte(offset + 11, (byte)':');
            two(target, offset + 12, minutes % 60);
            target.putByte(offset + 14, (byte)':');
            two(target, offset + 15, ofDay - minutes * 60);
            if (digits == 0) {
                return SECONDS_LENGTH;
            }
            target.putByte(offset + SECONDS_LENGTH, (byte)'.');
            int fraction = (int)(epochNs - seconds * NANOS);
            for (int i = 9; i > digits; i--) {
                fraction /= 10;
            }
            for (int i = offset + SECONDS_LENGTH + digits; i > offset + SECONDS_LENGTH; i--) {
                target.putByte(i, (byte)('0' + fraction % 10));
                fraction /= 10;
            }
            return SECONDS_LENGTH + 1 + digits;
        }

        private static void two(final MutableDirectBuffer target, final int offset, final int value) {
            target.putByte(offset, (byte)('0' + value / 10));
            target.putByte(offset + 1, (byte)('0' + value % 10));
        }

        private static void decimal(final byte[] target, final int offset, final int width, final int value) {
            int left = value;
            for (int i = offset + width - 1; i >= offset; i--) {
                target[i] = (byte)('0' + left % 10);
                left /= 10;
            }
        }
    }

    private static int digits(final DirectBuffer source, final int offset, final int length) {
        int value = 0;
        for (int i = offset; i < offset + length; i++) {
            final byte c = source.getByte(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static int daysOf(final int year, final int month) {
        if (month == 2) {
            return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** Days since 1970 of a civil date (March-based years, so that the leap day is the last of its year). */
    private static long epochDay(final int year, final int month, final int day) {
        final int shifted = month <= 2 ? year - 1 : year;
        final int century = shifted / 100;
        final int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return 365L * shifted + shifted / 4 - century + century / 4 + dayOfYear - 719_468;
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
