package weir.venue.coinbase;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.fix.text.AsciiWords;
import weir.fix.text.DecimalText;
import weir.protocol.Scale;

/**
 * Decimals of the venue, as bytes, to E8 mantissas: what {@link Decimals} gives, for the forms that a venue sends.
 * Finer ones are rounded half up at 1e-8, and it says so. Allocates nothing. One thread.
 */
final class ByteDecimal {
    /** Any other form: the text path decides. */
    static final long ODD = DecimalText.INVALID;

    private static final int WHOLE_DIGITS_MAX = 10;
    private static final int LENGTH_MAX = 40;
    private static final int DECIMALS = 8;
    private static final long POINTS = 0x2E2E_2E2E_2E2E_2E2EL;

    private boolean rounded;

    /** The mantissa, or {@link #ODD}. */
    long parse(final DirectBuffer source, final int offset, final int length) {
        rounded = false;
        final int limit = offset + length;
        if (length > DECIMALS + 2 && length <= LENGTH_MAX) {
            final long mantissa = fine(source, offset, limit);
            if (mantissa != ODD) {
                return mantissa;
            }
            rounded = false;
        }
        int position = offset;
        final boolean negative = length > 0 && source.getByte(position) == '-';
        position += negative ? 1 : 0;
        if (position == limit || length > LENGTH_MAX) {
            return ODD;
        }
        long mantissa = 0;
        int whole = 0;
        for (; position < limit && source.getByte(position) != '.'; position++) {
            final int digit = source.getByte(position) - '0';
            if (digit < 0 || digit > 9 || ++whole > WHOLE_DIGITS_MAX) {
                return ODD;
            }
            mantissa = mantissa * 10 + digit;
        }
        position++;
        int decimals = 0;
        boolean up = false;
        for (; position < limit; position++) {
            final int digit = source.getByte(position) - '0';
            if (digit < 0 || digit > 9) {
                return ODD;
            }
            if (decimals < DECIMALS) {
                mantissa = mantissa * 10 + digit;
            } else {
                rounded |= digit != 0;
                up |= decimals == DECIMALS && digit >= 5;
            }
            decimals++;
        }
        if (whole + decimals == 0) {
            return ODD;
        }
        for (; decimals < DECIMALS; decimals++) {
            mantissa *= 10;
        }
        mantissa += up ? 1 : 0;
        return negative ? -mantissa : mantissa;
    }

    /** One to seven digits, a point and more than eight: by words. {@link #ODD} for any other form. */
    private long fine(final DirectBuffer source, final int offset, final int limit) {
        final long first = source.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        final int whole = Long.numberOfTrailingZeros(AsciiWords.matches(first, POINTS)) >>> 3;
        final int rest = offset + whole + 1 + DECIMALS;
        if (whole == 0 || whole == Long.BYTES || rest >= limit) {
            return ODD;
        }
        final long digits = AsciiWords.last(first << Long.SIZE - Byte.SIZE * whole, whole);
        final long decimals = source.getLong(offset + whole + 1, ByteOrder.LITTLE_ENDIAN);
        if (!AsciiWords.areDigits(digits) || !AsciiWords.areDigits(decimals)) {
            return ODD;
        }
        for (int position = rest; position < limit; position++) {
            final int digit = source.getByte(position) - '0';
            if (digit < 0 || digit > 9) {
                return ODD;
            }
            rounded |= digit != 0;
        }
        return AsciiWords.value(digits) * Scale.E8 + AsciiWords.value(decimals)
            + (source.getByte(rest) >= '5' ? 1 : 0);
    }

    /** Whether the last one had digits other than 0 beyond the eighth decimal. */
    boolean wasRounded() {
        return rounded;
    }
}
