package weir.venue;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * UUIDs between their text (lower-case hex with hyphens, RFC 9562 section 4) and two longs, without a
 * {@link java.util.UUID} in between. Allocates nothing. Stateless but for {@link Reader}.
 */
public final class UuidText {
    /** Characters of the text. */
    public static final int LENGTH = 36;

    private static final byte NO_DIGIT = -1;
    private static final short[] BYTES = new short[256];
    private static final byte[] DIGITS = new byte[128];

    static {
        final String hex = "0123456789abcdef";
        for (int i = 0; i < 256; i++) {
            BYTES[i] = (short)(hex.charAt(i >>> 4) | hex.charAt(i & 15) << 8);
        }
        Arrays.fill(DIGITS, NO_DIGIT);
        for (int i = 0; i < 16; i++) {
            DIGITS[hex.charAt(i)] = (byte)i;
            DIGITS[Character.toUpperCase(hex.charAt(i))] = (byte)i;
        }
    }

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
        hex(target, offset, high >>> 32, 4);
        target.putByte(offset + 8, (byte)'-');
        hex(target, offset + 9, high >>> 16, 2);
        target.putByte(offset + 13, (byte)'-');
        hex(target, offset + 14, high, 2);
        target.putByte(offset + 18, (byte)'-');
        hex(target, offset + 19, low >>> 48, 2);
        target.putByte(offset + 23, (byte)'-');
        hex(target, offset + 24, low >>> 16, 4);
        hex(target, offset + 32, low, 2);
        return LENGTH;
    }

    private static void hex(final MutableDirectBuffer target, final int offset, final long value, final int bytes) {
        for (int i = 0; i < bytes; i++) {
            target.putShort(offset + 2 * i, BYTES[(int)(value >>> 8 * (bytes - 1 - i)) & 0xFF],
                ByteOrder.LITTLE_ENDIAN);
        }
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
            final long a = digits(source, offset, 8);
            final long b = digits(source, offset + 9, 4);
            final long c = digits(source, offset + 14, 4);
            final long d = digits(source, offset + 19, 4);
            final long e = digits(source, offset + 24, 12);
            if ((a | b | c | d | e) < 0) {
                return false;
            }
            high = a << 32 | b << 16 | c;
            low = d << 48 | e;
            return true;
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

        private static long digits(final DirectBuffer source, final int offset, final int length) {
            long value = 0;
            int wrong = 0;
            for (int i = offset; i < offset + length; i++) {
                final byte c = source.getByte(i);
                final byte digit = c < 0 ? NO_DIGIT : DIGITS[c];
                wrong |= digit;
                value = value << 4 | digit & 15;
            }
            return wrong < 0 ? -1 : value;
        }
    }
}
