package weir.fix.text;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import weir.protocol.Scale;

/**
 * FIX decimals (Price, Qty, Amt: the {@code float} family) to and from int64 mantissas with exponent -8 (E8).
 * <p>
 * Text: optional minus, digits, optionally a point and digits; at least one digit. No plus, exponent, blank, NaN.
 * Trailing zeros after the eighth decimal are exact and accepted; any other digit there is {@link #TOO_PRECISE}.
 * Parsing never throws: the three results below {@link #MIN_MANTISSA} are codes, see {@link #isError(long)}.
 * Stateless; any thread.
 */
public final class DecimalText {
    /** Result: not a decimal. Equal to the null of the protocol's decimals. */
    public static final long INVALID = Scale.NULL;
    /** Result: a decimal with more than eight digits after the point. */
    public static final long TOO_PRECISE = Scale.NULL + 1;
    /** Result: a decimal whose mantissa does not fit. */
    public static final long OVERFLOW = Scale.NULL + 2;
    /** Smallest mantissa that is a value. */
    public static final long MIN_MANTISSA = -Long.MAX_VALUE + 2;
    /** Longest text that {@link #format(long)} makes: minus, 11 digits, point, 8 digits. */
    public static final int MAX_LENGTH = 21;

    /** Digits and a point that cannot overflow while they are read. */
    private static final int FAST_LENGTH = 18;
    private static final int FAST_WHOLE_DIGITS = 10;
    private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, Scale.E8};

    private DecimalText() {
    }

    /**
     * Says whether a parse result is one of the codes.
     *
     * @param result of a parse
     * @return true for {@link #INVALID}, {@link #TOO_PRECISE} and {@link #OVERFLOW}
     */
    public static boolean isError(final long result) {
        return result < MIN_MANTISSA;
    }

    /**
     * Parses FIX text; leading zeros are allowed, as FIX allows them.
     *
     * @param text value of a tag; null is {@link #INVALID}
     * @return mantissa with exponent -8, or a code
     */
    public static long parse(final CharSequence text) {
        return parse(text, false);
    }

    /**
     * Parses FIX text.
     *
     * @param text               value of a tag; null is {@link #INVALID}
     * @param rejectLeadingZeros true where the counterparty forbids forms like {@code 01.5}; {@code 0.5} stays valid
     * @return mantissa with exponent -8, or a code
     */
    public static long parse(final CharSequence text, final boolean rejectLeadingZeros) {
        if (text == null || text.length() == 0) {
            return INVALID;
        }
        final int end = text.length();
        final boolean negative = text.charAt(0) == '-';
        final int start = negative ? 1 : 0;
        if (rejectLeadingZeros && end - start > 1 && text.charAt(start) == '0' && text.charAt(start + 1) != '.') {
            return INVALID;
        }
        long mantissa = 0;
        int decimals = -1;
        int digits = 0;
        boolean tooPrecise = false;
        boolean overflow = false;
        for (int i = start; i < end; i++) {
            final char c = text.charAt(i);
            if (c == '.') {
                if (decimals >= 0) {
                    return INVALID;
                }
                decimals = 0;
                continue;
            }
            if (c < '0' || c > '9') {
                return INVALID;
            }
            digits++;
            if (decimals == Scale.E8_DIGITS) {
                tooPrecise |= c != '0';
                continue;
            }
            if (decimals >= 0) {
                decimals++;
            }
            overflow |= overflows(mantissa, c - '0');
            mantissa = overflow ? 0 : mantissa * 10 + (c - '0');
        }
        if (digits == 0) {
            return INVALID;
        }
        if (tooPrecise) {
            return TOO_PRECISE;
        }
        for (int i = Math.max(0, decimals); i < Scale.E8_DIGITS && !overflow; i++) {
            overflow = overflows(mantissa, 0);
            mantissa *= 10;
        }
        if (overflow || mantissa > -MIN_MANTISSA) {
            return OVERFLOW;
        }
        return negative ? -mantissa : mantissa;
    }

    /**
     * Formats exactly, shortest form: no trailing zeros, no point for a whole number, {@code 0.} before a fraction.
     *
     * @param mantissa with exponent -8; {@link Scale#NULL} is no value and is a bug of the caller
     * @return text
     */
    public static String format(final long mantissa) {
        return append(new StringBuilder(MAX_LENGTH), mantissa).toString();
    }

    /**
     * Appends what {@link #format(long)} gives.
     *
     * @param target   appended to
     * @param mantissa with exponent -8
     * @return target
     */
    public static StringBuilder append(final StringBuilder target, final long mantissa) {
        if (mantissa == Scale.NULL) {
            throw new IllegalArgumentException("null mantissa has no text");
        }
        if (mantissa < 0) {
            target.append('-');
        }
        final long magnitude = Math.abs(mantissa);
        target.append(magnitude / Scale.E8);
        long fraction = magnitude % Scale.E8;
        if (fraction != 0) {
            target.append('.');
            for (long unit = Scale.E8 / 10; fraction != 0; unit /= 10) {
                target.append((char)('0' + fraction / unit));
                fraction %= unit;
            }
        }
        return target;
    }

    /**
     * Parses bytes, as {@link #parse(CharSequence)} does text.
     *
     * @param source of the text
     * @param offset of the text
     * @param length bytes; 0 is {@link #INVALID}
     * @return mantissa with exponent -8, or a code
     */
    public static long parse(final DirectBuffer source, final int offset, final int length) {
        final boolean negative = length > 0 && source.getByte(offset) == '-';
        final int limit = offset + length;
        int position = negative ? offset + 1 : offset;
        if (limit - position > FAST_LENGTH || limit == position) {
            return parse(source.getStringWithoutLengthAscii(offset, length));
        }
        final int start = position;
        long mantissa = 0;
        int c = 0;
        for (; position < limit; position++) {
            c = source.getByte(position) - '0';
            if (c < 0 || c > 9) {
                break;
            }
            mantissa = mantissa * 10 + c;
        }
        final int whole = position - start;
        int decimals = 0;
        if (position < limit) {
            if (c != '.' - '0') {
                return INVALID;
            }
            decimals = limit - ++position;
            for (; position < limit; position++) {
                c = source.getByte(position) - '0';
                if (c < 0 || c > 9) {
                    return INVALID;
                }
                mantissa = mantissa * 10 + c;
            }
        }
        if (whole + decimals == 0) {
            return INVALID;
        }
        if (decimals > Scale.E8_DIGITS || whole > FAST_WHOLE_DIGITS) {
            return parse(source.getStringWithoutLengthAscii(offset, length));
        }
        final long scaled = mantissa * POWERS[Scale.E8_DIGITS - decimals];
        return negative ? -scaled : scaled;
    }

    /**
     * Writes what {@link #format(long)} gives. Up to eight bytes after it are overwritten.
     *
     * @param target   written to
     * @param offset   of the first byte
     * @param mantissa with exponent -8
     * @return bytes written, {@link #MAX_LENGTH} at most
     */
    public static int put(final MutableDirectBuffer target, final int offset, final long mantissa) {
        if (mantissa == Scale.NULL) {
            throw new IllegalArgumentException("null mantissa has no text");
        }
        int position = offset;
        if (mantissa < 0) {
            target.putByte(position++, (byte)'-');
        }
        final long magnitude = Math.abs(mantissa);
        final long whole = magnitude / Scale.E8;
        final int fraction = (int)(magnitude - whole * Scale.E8);
        position += AsciiWords.putLong(target, position, whole);
        if (fraction != 0) {
            target.putByte(position++, (byte)'.');
            final long digits = AsciiWords.digits(fraction);
            target.putLong(position, digits | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
            position += Long.BYTES - (Long.numberOfLeadingZeros(digits) >>> 3);
        }
        return position - offset;
    }

    private static boolean overflows(final long mantissa, final int digit) {
        return mantissa > (Long.MAX_VALUE - digit) / 10;
    }
}
