package weir.venue;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * UUIDs between their text (lower-case hex with hyphens, RFC 9562 section 4) and two longs, without a
 * {@link java.util.UUID} in between. Allocates nothing. Stateless but for {@link Reader}.
 */
public final class UuidText {
    /** Characters of the text. */
    public static final int LENGTH = 36;
    /** Characters that the upper half makes, its last hyphen included. */
    public static final int UPPER_LENGTH = 19;

    /** The bit that a letter of lower case has and one of upper case has not. */
    private static final long CASE = 0x2020_2020_2020_2020L;
    private static final long LOWER = 0xFFFF_FFFFL;
    private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;

    private UuidText() {
    }

    /**
     * Writes the text.
     *
     * @param target written to
     * @param offset of the first of {@link #LENGTH} bytes
     * @param high   most significant bits
     * @param low    least significant bits
     * @return bytes written
     */
    public static int put(final MutableDirectBuffer target, final int offset, final long high, final long low) {
        putUpper(target, offset, high);
        putLower(target, offset, low);
        return LENGTH;
    }

    /**
     * Writes the first {@link #UPPER_LENGTH} characters: three groups, each with its hyphen.
     *
     * @param target written to
     * @param offset of the text's first byte
     * @param high   most significant bits
     * @return sum of the bytes written
     */
    public static int putUpper(final MutableDirectBuffer target, final int offset, final long high) {
        final long first = hex((int)(high >>> 32));
        final long second = hex((int)high);
        target.putLong(offset, first, ByteOrder.LITTLE_ENDIAN);
        target.putLong(offset + 8, '-' | second << 8, ByteOrder.LITTLE_ENDIAN);
        target.putLong(offset + 11, second >>> 16 & 0xFFFF | (long)'-' << 16 | second >>> 32 << 24 | (long)'-' << 56,
            ByteOrder.LITTLE_ENDIAN);
        return sum(first + second) + 3 * '-';
    }

    /**
     * Writes what follows the first {@link #UPPER_LENGTH} characters: two groups and the hyphen between them.
     *
     * @param target written to
     * @param offset of the text's first byte
     * @param low    least significant bits
     * @return sum of the bytes written
     */
    public static int putLower(final MutableDirectBuffer target, final int offset, final long low) {
        final long third = hex((int)(low >>> 32));
        final long fourth = hex((int)low);
        target.putInt(offset + 19, (int)third, ByteOrder.LITTLE_ENDIAN);
        target.putByte(offset + 23, (byte)'-');
        target.putInt(offset + 24, (int)(third >>> 32), ByteOrder.LITTLE_ENDIAN);
        target.putLong(offset + 28, fourth, ByteOrder.LITTLE_ENDIAN);
        return sum(third + fourth) + '-';
    }

    /** Of the bytes of a word. */
    private static int sum(final long word) {
        final long pairs = (word & EVEN_BYTES) + (word >>> 8 & EVEN_BYTES);
        return (int)(pairs * 0x0001_0001_0001_0001L >>> 48);
    }

    /** Eight digits, the first lowest. */
    private static long hex(final int value) {
        // Each nibble to a byte of its own, the uppermost to the lowest byte.
        long nibbles = Integer.reverseBytes(value) & 0xFFFF_FFFFL;
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFFL;
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FFL;
        nibbles = (nibbles >>> 4 | nibbles << 8) & 0x0F0F_0F0F_0F0F_0F0FL;
        // Ten and more reach bit 4 with six: letters.
        final long letters = nibbles + 0x0606_0606_0606_0606L >>> 4 & 0x0101_0101_0101_0101L;
        return nibbles + 0x3030_3030_3030_3030L + letters * ('a' - '9' - 1);
    }

    /** Reads texts; holds the last one read. One owner. */
    public static final class Reader {
        private long high;
        private long low;

        /** Makes one that has read nothing. */
        public Reader() {
            // both halves are zero
        }

        /**
         * Reads a text.
         *
         * @param source read from
         * @param offset of the first byte
         * @param length of the text
         * @return false when it is none of the form 8-4-4-4-12; then the halves are zero
         */
        public boolean read(final DirectBuffer source, final int offset, final int length) {
            high = 0;
            low = 0;
            if (length != LENGTH || source.getByte(offset + 8) != '-' || source.getByte(offset + 13) != '-'
                || source.getByte(offset + 18) != '-' || source.getByte(offset + 23) != '-') {
                return false;
            }
            final long first = source.getLong(offset, ByteOrder.LITTLE_ENDIAN);
            final long second = source.getInt(offset + 9, ByteOrder.LITTLE_ENDIAN) & LOWER
                | (long)source.getInt(offset + 14, ByteOrder.LITTLE_ENDIAN) << 32;
            final long third = source.getInt(offset + 19, ByteOrder.LITTLE_ENDIAN) & LOWER
                | (long)source.getInt(offset + 24, ByteOrder.LITTLE_ENDIAN) << 32;
            final long fourth = source.getLong(offset + 28, ByteOrder.LITTLE_ENDIAN);
            final int a = value(first);
            final int b = value(second);
            final int c = value(third);
            final int d = value(fourth);
            if (!isHex(first, a) || !isHex(second, b) || !isHex(third, c) || !isHex(fourth, d)) {
                return false;
            }
            high = (long)a << 32 | b & LOWER;
            low = (long)c << 32 | d & LOWER;
            return true;
        }

        /** What eight digits stand for, of either case; anything for what is none. */
        private static int value(final long digits) {
            long nibbles = (digits & 0x0F0F_0F0F_0F0F_0F0FL) + (digits >>> 6 & 0x0101_0101_0101_0101L) * 9;
            nibbles = (nibbles << 4 | nibbles >>> 8) & 0x00FF_00FF_00FF_00FFL;
            nibbles = (nibbles | nibbles >>> 8) & 0x0000_FFFF_0000_FFFFL;
            return Integer.reverseBytes((int)(nibbles | nibbles >>> 16));
        }

        /** Digits are what their value is written as; no byte below a blank becomes one by its case. */
        private static boolean isHex(final long digits, final int value) {
            return hex(value) == (digits | CASE) && ((digits & CASE) << 1 | digits & CASE << 1) == CASE << 1;
        }

        /**
         * Upper half.
         *
         * @return most significant bits
         */
        public long high() {
            return high;
        }

        /**
         * Lower half.
         *
         * @return least significant bits
         */
        public long low() {
            return low;
        }
    }
}
