package weir.fix.wire;

import org.agrona.DirectBuffer;
import weir.fix.text.DecimalText;
import weir.fix.text.UtcTimestampText;

import java.nio.ByteOrder;

/**
 * Index of the fields of one whole message, in place: no byte is copied and nothing is allocated. It holds while the
 * bytes stay where they are. A data field (one that may hold SOH) is not understood: its length field is a tag like any
 * other, and a caller that meets one takes another way. Not thread safe.
 */
public final class FixFrame {
    /** Separator of fields. */
    public static final byte SOH = 1;
    /** Most fields that are indexed. */
    public static final int MAX_FIELDS = 512;
    /** Result of {@link #intAt(int)} for text that is no int. */
    public static final int NO_INT = Integer.MIN_VALUE;

    private static final int TRAILER_LENGTH = 7;
    private static final int MAX_TAG = 99_999_999;
    private static final int MAX_INT_DIGITS = 9;
    private static final int MAX_LONG_DIGITS = 18;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;
    private static final int WORDS_PER_SUM = 128;

    private final int[] tags = new int[MAX_FIELDS];
    private final int[] starts = new int[MAX_FIELDS];
    private final int[] ends = new int[MAX_FIELDS];
    private DirectBuffer buffer;
    private int offset;
    private int length;
    private int count;

    /**
     * Indexes a message.
     *
     * @param source where it lies
     * @param at     of its first byte
     * @param size   its bytes, CheckSum(10) included
     * @return false when it is not {@code tag=value SOH} throughout, a value is empty, or it has too many fields
     */
    public boolean wrap(final DirectBuffer source, final int at, final int size) {
        buffer = source;
        offset = at;
        length = size;
        count = 0;
        final int limit = at + size;
        int position = at;
        int fields = 0;
        while (position < limit) {
            if (fields == MAX_FIELDS) {
                return false;
            }
            int tag = 0;
            byte digit = source.getByte(position++);
            if (digit == '0') {
                return false;
            }
            while (digit >= '0' && digit <= '9' && tag <= MAX_TAG && position < limit) {
                tag = tag * 10 + (digit - '0');
                digit = source.getByte(position++);
            }
            if (digit != '=' || tag == 0 || tag > MAX_TAG) {
                return false;
            }
            final int end = indexOfSoh(source, position, limit);
            if (end <= position) {
                return false;
            }
            tags[fields] = tag;
            starts[fields] = position;
            ends[fields] = end;
            fields++;
            position = end + 1;
        }
        count = fields;
        return fields > 0;
    }

    /**
     * Verifies CheckSum(10), the last field.
     *
     * @return true when it is the sum of all bytes before it, modulo 256, as three digits
     */
    public boolean isChecksumValid() {
        final int trailer = offset + length - TRAILER_LENGTH;
        if (count == 0 || tags[count - 1] != 10 || starts[count - 1] != trailer + 3) {
            return false;
        }
        final int stated = digit(trailer + 3) * 100 + digit(trailer + 4) * 10 + digit(trailer + 5);
        return stated == sum(buffer, offset, trailer);
    }

    /**
     * Sum of bytes.
     *
     * @param source of the bytes
     * @param from   first
     * @param to     after the last
     * @return modulo 256
     */
    public static int sum(final DirectBuffer source, final int from, final int to) {
        int position = from;
        int total = 0;
        while (position + Long.BYTES <= to) {
            // Four lanes of 16 bits hold 128 times two bytes each.
            final int stop = Math.min(to - Long.BYTES, position + WORDS_PER_SUM * Long.BYTES - 1);
            long lanes = 0;
            while (position <= stop) {
                final long word = source.getLong(position);
                lanes += (word & EVEN_BYTES) + (word >>> 8 & EVEN_BYTES);
                position += Long.BYTES;
            }
            total += (int)(lanes & 0xFFFF) + (int)(lanes >>> 16 & 0xFFFF) + (int)(lanes >>> 32 & 0xFFFF)
                + (int)(lanes >>> 48);
        }
        while (position < to) {
            total += source.getByte(position++) & 0xFF;
        }
        return total & 0xFF;
    }

    /**
     * Finds the end of a field.
     *
     * @param source of the bytes
     * @param from   first byte looked at
     * @param limit  after the last
     * @return position of the next SOH, -1 when there is none
     */
    public static int indexOfSoh(final DirectBuffer source, final int from, final int limit) {
        int position = from;
        while (position + Long.BYTES <= limit) {
            final long difference = source.getLong(position, ByteOrder.LITTLE_ENDIAN) ^ ONES;
            final long found = difference - ONES & ~difference & HIGHS;
            if (found != 0) {
                return position + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            position += Long.BYTES;
        }
        while (position < limit) {
            if (source.getByte(position) == SOH) {
                return position;
            }
            position++;
        }
        return -1;
    }

    /**
     * Counts fields.
     *
     * @return fields, 0 after a failed {@link #wrap}
     */
    public int count() {
        return count;
    }

    /**
     * Where the message lies.
     *
     * @return buffer
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * First byte of the message.
     *
     * @return offset in {@link #buffer()}
     */
    public int offset() {
        return offset;
    }

    /**
     * Size of the message.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }

    /**
     * Tag of a field.
     *
     * @param index 0 to {@link #count()} - 1
     * @return tag
     */
    public int tagAt(final int index) {
        return tags[index];
    }

    /**
     * Finds a field.
     *
     * @param tag  to find
     * @param from index to begin with
     * @return its index, -1 when there is none
     */
    public int indexOf(final int tag, final int from) {
        for (int i = from; i < count; i++) {
            if (tags[i] == tag) {
                return i;
            }
        }
        return -1;
    }

    /**
     * First byte of a value.
     *
     * @param index of the field
     * @return offset in {@link #buffer()}
     */
    public int startAt(final int index) {
        return starts[index];
    }

    /**
     * Size of a value.
     *
     * @param index of the field
     * @return bytes, at least 1
     */
    public int lengthAt(final int index) {
        return ends[index] - starts[index];
    }

    /**
     * A value of one character.
     *
     * @param index of the field
     * @return the byte, 0 when the value is longer
     */
    public byte charAt(final int index) {
        return ends[index] - starts[index] == 1 ? buffer.getByte(starts[index]) : 0;
    }

    /**
     * Compares a value.
     *
     * @param index    of the field
     * @param expected bytes
     * @return true when equal
     */
    public boolean equalsAt(final int index, final byte[] expected) {
        final int start = starts[index];
        if (ends[index] - start != expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (buffer.getByte(start + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * A value of one to nine digits.
     *
     * @param index of the field
     * @return value, {@link #NO_INT} for any other form
     */
    public int intAt(final int index) {
        return lengthAt(index) > MAX_INT_DIGITS ? NO_INT : (int)digitsAt(index, NO_INT);
    }

    /**
     * A value of one to 18 digits.
     *
     * @param index of the field
     * @return value, {@link Long#MIN_VALUE} for any other form
     */
    public long longAt(final int index) {
        return lengthAt(index) > MAX_LONG_DIGITS ? Long.MIN_VALUE : digitsAt(index, Long.MIN_VALUE);
    }

    /**
     * A decimal value.
     *
     * @param index of the field
     * @return mantissa with exponent -8, or a code of {@link DecimalText}
     */
    public long decimalAt(final int index) {
        return DecimalText.parse(buffer, starts[index], ends[index] - starts[index]);
    }

    /**
     * A UTCTimestamp value.
     *
     * @param index of the field
     * @return epoch nanoseconds, or {@link UtcTimestampText#INVALID}
     */
    public long timestampAt(final int index) {
        return UtcTimestampText.parse(buffer, starts[index], ends[index] - starts[index]);
    }

    /**
     * A value as text, one character per byte; allocates.
     *
     * @param index of the field
     * @return text
     */
    public String textAt(final int index) {
        final char[] text = new char[ends[index] - starts[index]];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char)(buffer.getByte(starts[index] + i) & 0xFF);
        }
        return new String(text);
    }

    private long digitsAt(final int index, final long otherwise) {
        long value = 0;
        for (int i = starts[index]; i < ends[index]; i++) {
            final byte digit = buffer.getByte(i);
            if (digit < '0' || digit > '9') {
                return otherwise;
            }
            value = value * 10 + (digit - '0');
        }
        return value;
    }

    /** A digit, or so much that no sum is reached. */
    private int digit(final int position) {
        final int value = buffer.getByte(position) - '0';
        return value >= 0 && value <= 9 ? value : 1000;
    }
}
