package weir.fix.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ASCII digits eight at a time. A word holds eight bytes, the first of the text lowest: what a little-endian read of a
 * buffer gives. Stateless; any thread.
 */
public final class AsciiWords {
    /** Eight times the digit 0. */
    public static final long ZEROS = 0x3030_3030_3030_3030L;
    /** Eight blanks. */
    public static final long BLANKS = 0x2020_2020_2020_2020L;
    /** Upper bit of each byte. */
    public static final long HIGHS = 0x8080_8080_8080_8080L;
    /** What {@link #digits(int)} takes is less. */
    public static final int EIGHT_DIGITS = 100_000_000;

    private static final VarHandle WORDS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWS = 0x7F7F_7F7F_7F7F_7F7FL;
    /** More than nine reaches the upper bit. */
    private static final long NO_DIGIT = 0x7676_7676_7676_7676L;
    private static final int ONE_DIGIT_BITS = 56;
    private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;
    /** The sums of so many words' bytes, in pairs, fit 16 bits; of one word more they would not. */
    private static final int BYTES_PER_SUM = 128 * Long.BYTES;

    private AsciiWords() {
    }

    /**
     * Finds a byte.
     *
     * @param word    eight bytes
     * @param pattern the byte eight times
     * @return the upper bit of each byte that equals it, and no other bit
     */
    public static long matches(final long word, final long pattern) {
        final long difference = word ^ pattern;
        return ~((difference & LOWS) + LOWS | difference) & HIGHS;
    }

    /**
     * Finds zeros.
     *
     * @param word eight bytes
     * @return the upper bit of the first byte that is 0 and perhaps of ones after it, and no other bit; 0 without one
     */
    public static long zeros(final long word) {
        return word - 0x0101_0101_0101_0101L & ~word & HIGHS;
    }

    /**
     * Checks bytes.
     *
     * @param word eight bytes
     * @return true when each is a digit
     */
    public static boolean areDigits(final long word) {
        return (noDigits(word ^ ZEROS) & HIGHS) == 0;
    }

    /**
     * The first bytes of a word as values of digits, with zeros before them.
     *
     * @param word  eight bytes
     * @param count how many of its first bytes, 1 to 8
     * @return eight bytes, for {@link #value(long)} if {@link #noDigits(long)} says so
     */
    public static long whole(final long word, final int count) {
        return (word ^ ZEROS) << -8 * count;
    }

    /**
     * The first bytes of a word as values of digits, with zeros after them.
     *
     * @param word  eight bytes
     * @param count how many of its first bytes, 1 to 8
     * @return eight bytes, for {@link #value(long)} if {@link #noDigits(long)} says so
     */
    public static long fraction(final long word, final int count) {
        return (word ^ ZEROS) & -1L >>> -8 * count;
    }

    /**
     * Finds what is no digit.
     *
     * @param values eight bytes
     * @return the upper bit of each byte that is none of 0 to 9, and of bytes above such a one; other bits say nothing
     */
    public static long noDigits(final long values) {
        return values + NO_DIGIT | values;
    }

    /**
     * Finds what is not printable.
     *
     * @param word eight bytes
     * @return no upper bit of a byte when each is a blank to a tilde; other bits say nothing
     */
    public static long unprintable(final long word) {
        // From 0x20 on nothing is borrowed below the bit that is set for it; 0x7F becomes 0x80.
        return word | word + 0x0101_0101_0101_0101L | ~((word | HIGHS) - BLANKS);
    }

    /**
     * Checks characters.
     *
     * @param word eight bytes
     * @return true when each is a blank to a tilde
     */
    public static boolean arePrintable(final long word) {
        return (unprintable(word) & HIGHS) == 0;
    }

    /**
     * The first bytes of a word with blanks after them.
     *
     * @param word  eight bytes
     * @param count how many of its first bytes, 0 to 8
     * @return eight bytes
     */
    public static long first(final long word, final int count) {
        return count == Long.BYTES ? word : word & ~(-1L << 8 * count) | BLANKS << 8 * count;
    }

    /**
     * The last bytes of a word as digits with zeros before them.
     *
     * @param word  eight bytes
     * @param count how many of its last bytes, 1 to 8
     * @return eight bytes
     */
    public static long last(final long word, final int count) {
        return count == Long.BYTES ? word : word & -1L << 64 - 8 * count | ZEROS >>> 8 * count;
    }

    /**
     * Compares bytes.
     *
     * @param source   of the bytes
     * @param offset   of the first
     * @param expected what they are compared with, from its start
     * @param length   bytes, at most the array's
     * @return true when they are equal
     */
    public static boolean equal(final DirectBuffer source, final int offset, final byte[] expected, final int length) {
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                if (source.getByte(offset + i) != expected[i]) {
                    return false;
                }
            }
            return true;
        }
        final int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if (source.getLong(offset + i, ByteOrder.LITTLE_ENDIAN) != (long)WORDS.get(expected, i)) {
                return false;
            }
        }
        return source.getLong(offset + last, ByteOrder.LITTLE_ENDIAN) == (long)WORDS.get(expected, last);
    }

    /**
     * Reads a number.
     *
     * @param word eight digits, or their values
     * @return its value
     */
    public static int value(final long word) {
        long values = word & 0x0F0F_0F0F_0F0F_0F0FL;
        values = values * (10 * 256 + 1) >>> 8 & 0x00FF_00FF_00FF_00FFL;
        values = values * (100L * 65_536 + 1) >>> 16 & 0x0000_FFFF_0000_FFFFL;
        return (int)(values * (10_000L * (1L << 32) + 1) >>> 32);
    }

    /**
     * The digits of a number, as values of 0 to 9: with {@link #ZEROS} they are text.
     *
     * @param value 0 to 99,999,999
     * @return eight bytes, zeros before a shorter number
     */
    public static long digits(final int value) {
        final int upper = value / 10_000;
        final long fours = upper | (long)(value - 10_000 * upper) << 32;
        final long hundreds = fours * 10_486 >>> 20 & 0x0000_007F_0000_007FL;
        final long twos = hundreds | fours - 100 * hundreds << 16;
        final long tens = twos * 103 >>> 10 & 0x000F_000F_000F_000FL;
        return tens | twos - 10 * tens << 8;
    }

    /**
     * How many zeros stand before a number; the last digit is none of them.
     *
     * @param digits as {@link #digits(int)} gives them
     * @return 0 to 7
     */
    public static int leadingZeros(final long digits) {
        return Long.numberOfTrailingZeros(digits | 1L << ONE_DIGIT_BITS) >>> 3;
    }

    /**
     * Writes any number without leading zeros, by words where it has eight digits at most.
     *
     * @param target written to, as by {@link #put(MutableDirectBuffer, int, int)}
     * @param offset of the first byte
     * @param value  of either sign
     * @return bytes written
     */
    public static int putLong(final MutableDirectBuffer target, final int offset, final long value) {
        return value >= 0 && value < EIGHT_DIGITS ? put(target, offset, (int)value)
            : target.putLongAscii(offset, value);
    }

    /**
     * Writes a number without leading zeros. Up to eight bytes from {@code offset} on are overwritten, also where the
     * number is shorter.
     *
     * @param target written to
     * @param offset of the first digit
     * @param value  0 to 99,999,999
     * @return digits written
     */
    public static int put(final MutableDirectBuffer target, final int offset, final int value) {
        if (value < 10) {
            target.putByte(offset, (byte)('0' + value));
            return 1;
        }
        final long digits = digits(value);
        final int leading = leadingZeros(digits);
        target.putLong(offset, (digits | ZEROS) >>> 8 * leading, ByteOrder.LITTLE_ENDIAN);
        return Long.BYTES - leading;
    }

    /**
     * Sums bytes by words.
     *
     * @param source of the bytes; the eight before {@code to} can be read, whether or not they are summed
     * @param from   first
     * @param to     after the last
     * @return sum, at least its lowest eight bits
     */
    public static int sum(final DirectBuffer source, final int from, final int to) {
        int position = from;
        int total = 0;
        for (int rest = to - from; rest > BYTES_PER_SUM; rest -= BYTES_PER_SUM) {
            total += sum(source, position, position + BYTES_PER_SUM);
            position += BYTES_PER_SUM;
        }
        final int last = to - Long.BYTES;
        long words = 0;
        long evens = 0;
        for (; position <= last; position += Long.BYTES) {
            final long word = source.getLong(position, ByteOrder.LITTLE_ENDIAN);
            words += word;
            evens += word & EVEN_BYTES;
        }
        // Of the last word what was not summed: none to seven bytes.
        final long word = source.getLong(last, ByteOrder.LITTLE_ENDIAN) >>> 8 >>> 56 - 8 * (to - position);
        words += word;
        evens += word & EVEN_BYTES;
        final long odds = words - evens >>> 8; // the highest lane keeps its low eight bits only
        final long both = evens + odds;
        return total + (int)(both + (both >>> 16) + (both >>> 32) + (both >>> 48) & 0xFF);
    }
}
