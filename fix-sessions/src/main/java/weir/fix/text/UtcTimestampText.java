package weir.fix.text;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import weir.protocol.Scale;

import java.nio.ByteOrder;
import java.time.LocalDate;
import java.time.DateTimeException;

/**
 * FIX UTCTimestamp ({@code YYYYMMDD-HH:MM:SS[.f to .fffffffff]}) to and from epoch nanoseconds. Stateless but for
 * {@link Reader} and {@link Writer}.
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

    /** Reads timestamps; remembers the date of the last one. Not thread safe. */
    public static final class Reader {
        /** {@code 00:00:00}. */
        private static final long MIDNIGHT = 0x3030_3A30_303A_3030L;
        /** Reaches the upper bit with more than nine in place of a digit, and with anything in place of a colon. */
        private static final long NO_TIME = 0x7676_7F76_767F_7676L;
        private static final long[] UNITS =
            {NANOS, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};

        /** {@code 19700101}, until another was read. */
        private long date = 0x3130_3130_3037_3931L;
        private long dateSeconds;

        /** Makes one that has read nothing. */
        public Reader() {
            // the first day is remembered
        }

        /**
         * Parses bytes, as {@link UtcTimestampText#parse(CharSequence)} does text.
         *
         * @param source of the text
         * @param offset of the text
         * @param length bytes
         * @return epoch nanoseconds, or {@link #INVALID}
         */
        public long parse(final DirectBuffer source, final int offset, final int length) {
            if (length < SECONDS_LENGTH || length == SECONDS_LENGTH + 1 || length > SECONDS_LENGTH + 10
                || source.getByte(offset + 8) != '-' || !isDate(source.getLong(offset, ByteOrder.LITTLE_ENDIAN))) {
                return INVALID;
            }
            final long time = source.getLong(offset + 9, ByteOrder.LITTLE_ENDIAN) ^ MIDNIGHT;
            final int hour = (int)(time & 0xF) * 10 + (int)(time >>> 8 & 0xF);
            final int minute = (int)(time >>> 24 & 0xF) * 10 + (int)(time >>> 32 & 0xF);
            final int second = (int)(time >>> 48 & 0xF) * 10 + (int)(time >>> 56);
            if (((time + NO_TIME | time) & AsciiWords.HIGHS) != 0 || hour > 23 || minute > 59 || second > 60) {
                return INVALID;
            }
            final long seconds = dateSeconds + hour * 3_600 + minute * 60 + second;
            return length == SECONDS_LENGTH ? seconds * NANOS : withFraction(seconds, source, offset, length);
        }

        private static long withFraction(final long seconds, final DirectBuffer source, final int offset,
            final int length) {
            final int places = length - SECONDS_LENGTH - 1;
            final int whole = Math.min(places, Long.BYTES);
            final long digits =
                AsciiWords.last(source.getLong(offset + length - Long.BYTES, ByteOrder.LITTLE_ENDIAN), whole);
            final int first = places > whole ? source.getByte(offset + SECONDS_LENGTH + 1) - '0' : 0;
            if (source.getByte(offset + SECONDS_LENGTH) != '.' || !AsciiWords.areDigits(digits) || first < 0
                || first > 9) {
                return INVALID;
            }
            return seconds * NANOS + (first * (long)AsciiWords.EIGHT_DIGITS + AsciiWords.value(digits)) * UNITS[places];
        }

        /** Takes eight bytes for the date, if they are one. */
        private boolean isDate(final long word) {
            if (word == date) {
                return true;
            }
            final int value = AsciiWords.areDigits(word) ? AsciiWords.value(word) : 0;
            final int year = value / 10_000;
            final int month = value / 100 % 100;
            final int day = value % 100;
            if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
                return false;
            }
            date = word;
            dateSeconds = epochDay(year, month, day) * 86_400;
            return true;
        }
    }

    /** Writes timestamps; remembers the second of the last one. Not thread safe. */
    public static final class Writer {
        private static final int MICRO = 1_000;
        private static final int MILLI = 1_000_000;

        private long second = Long.MIN_VALUE;
        private long epochDay = Long.MIN_VALUE;
        /** {@code YYYYMMDD}. */
        private long date;
        /** {@code -HH:MM:S}. */
        private long time;
        private byte last;

        /** Makes one that has written nothing. */
        public Writer() {
            // no second is remembered
        }

        /**
         * Writes one. Up to eight bytes after the last digit are overwritten.
         *
         * @param target  written to
         * @param offset  of the first byte
         * @param epochNs not negative
         * @param digits  of the fraction: 0, 3, 6 or 9; what is below is cut
         * @return bytes written, 27 at most
         */
        public int put(final MutableDirectBuffer target, final int offset, final long epochNs, final int digits) {
            final long seconds = epochNs / NANOS;
            if (seconds != second) {
                remember(seconds);
            }
            target.putLong(offset, date, ByteOrder.LITTLE_ENDIAN);
            target.putLong(offset + 8, time, ByteOrder.LITTLE_ENDIAN);
            target.putByte(offset + 16, last);
            if (digits == 0) {
                return SECONDS_LENGTH;
            }
            target.putByte(offset + SECONDS_LENGTH, (byte)'.');
            final int fraction = (int)(epochNs - seconds * NANOS);
            final int at = offset + SECONDS_LENGTH + 1;
            switch (digits) {
                case 3 -> leading(target, at, fraction / MILLI, 3);
                case 6 -> leading(target, at, fraction / MICRO, 6);
                default -> {
                    target.putByte(at, (byte)('0' + fraction / AsciiWords.EIGHT_DIGITS));
                    leading(target, at + 1, fraction % AsciiWords.EIGHT_DIGITS, 8);
                }
            }
            return SECONDS_LENGTH + 1 + digits;
        }

        /** A number with zeros before it, so many digits. */
        private static void leading(final MutableDirectBuffer target, final int at, final int value, final int width) {
            target.putLong(at, (AsciiWords.digits(value) | AsciiWords.ZEROS) >>> 64 - 8 * width,
                ByteOrder.LITTLE_ENDIAN);
        }

        private void remember(final long seconds) {
            final long day = seconds / 86_400;
            if (day != epochDay) {
                final LocalDate local = LocalDate.ofEpochDay(day);
                date = AsciiWords.digits((local.getYear() * 100 + local.getMonthValue()) * 100 + local.getDayOfMonth())
                    | AsciiWords.ZEROS;
                epochDay = day;
            }
            final int ofDay = (int)(seconds - day * 86_400);
            final int minutes = ofDay / 60;
            // HHMMSS in the last six bytes
            final long digits = AsciiWords.ZEROS
                | AsciiWords.digits((minutes / 60 * 100 + minutes % 60) * 100 + ofDay - minutes * 60);
            time = '-' | (digits >>> 16 & 0xFFFF) << 8 | (long)':' << 24 | (digits >>> 32 & 0xFFFF) << 32
                | (long)':' << 48 | (digits >>> 48 & 0xFF) << 56;
            last = (byte)(digits >>> 56);
            second = seconds;
        }
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
