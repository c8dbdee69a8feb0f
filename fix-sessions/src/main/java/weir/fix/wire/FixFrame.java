package weir.fix.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import weir.fix.text.AsciiWords;
import weir.fix.text.DecimalText;
import weir.fix.text.UtcTimestampText;
import weir.protocol.NativeBuffer;
import weir.protocol.Scale;

import java.nio.ByteOrder;
import java.util.Arrays;

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
    /** Most forms that are remembered. */
    public static final int MAX_FORMS = 64;
    /** Result of {@link #intAt(int)} for text that is no int. */
    public static final int NO_INT = Integer.MIN_VALUE;

    private static final int TRAILER_LENGTH = 7;
    /** {@code 10=000 SOH}. */
    private static final int TRAILER_SUM = '1' + '0' + '=' + 3 * '0' + SOH;
    /** {@code 000 SOH}. */
    private static final int DIGITS_END = 0x0130_3030;
    private static final int MAX_INT_DIGITS = 9;
    private static final int MAX_LONG_DIGITS = 18;
    /** Eight separators. */
    static final long ONES = 0x0101_0101_0101_0101L;
    private static final long POINTS = 0x2E2E_2E2E_2E2E_2E2EL;
    private static final int[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};
    static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;
    /** Their bytes in pairs, added up in four lanes of 16 bits, do not overflow. */
    private static final int WORDS_PER_SUM = 128;

    /** What was indexed whole; places are from the message's first byte on. */
    private final int[] ownTags = new int[MAX_FIELDS];
    private final int[] ownStarts = new int[MAX_FIELDS];
    /** One word may have eight more before they are counted. */
    private final int[] ownEnds = new int[MAX_FIELDS + Long.BYTES];
    /** By the lowest bits of their length. */
    private final FixLayout[] layouts;
    private final UtcTimestampText.Reader timestamps = new UtcTimestampText.Reader();
    private int[] tags = ownTags;
    private int[] starts = ownStarts;
    private int[] ends = ownEnds;
    private FixLayout form;
    private DirectBuffer buffer;
    private int offset;
    private int length;
    private int count;
    private int sum;

    /** Nothing indexed; for the messages of many peers, 260 KB. */
    public FixFrame() {
        this(MAX_FORMS);
    }

    /**
     * Nothing indexed.
     *
     * @param forms how many are remembered, 4 KB each; a power of two, at most {@link #MAX_FORMS}
     */
    public FixFrame(final int forms) {
        if (Integer.bitCount(forms) != 1 || forms > MAX_FORMS) {
            throw new IllegalArgumentException("no number of forms: " + forms);
        }
        layouts = new FixLayout[forms];
        Arrays.setAll(layouts, FixLayout::new);
    }

    /**
     * Indexes a message. Fields are found, and bytes summed, a word at a time; one that has its fields where a message
     * of the same length had them is only compared with that.
     *
     * @param source where it lies
     * @param at     of its first byte
     * @param size   its bytes, CheckSum(10) included
     * @return false when it is not {@code tag=value SOH} throughout, a value is empty, it has too many fields or fewer
     *     than eight bytes
     */
    public boolean wrap(final DirectBuffer source, final int at, final int size) {
        buffer = source;
        offset = at;
        length = size;
        count = 0;
        form = null;
        if (size < Long.BYTES) {
            return false;
        }
        final FixLayout layout = layouts[size & layouts.length - 1];
        final int total = layout.recognise(source, at, size);
        if (total != FixLayout.OTHER) {
            form = layout;
            tags = layout.tags;
            starts = layout.starts;
            ends = layout.ends;
            sum = total;
            count = layout.count;
            return true;
        }
        tags = ownTags;
        starts = ownStarts;
        ends = ownEnds;
        if (!index(source, at, at + size)) {
            return false;
        }
        if (size <= FixLayout.MAX_BYTES && count <= FixLayout.MAX_FIELDS) {
            layout.learn(source, at, size, count, tags, starts, ends);
        }
        return true;
    }

    private boolean index(final DirectBuffer source, final int at, final int limit) {
        final int fields = separate(source, at, limit);
        int start = at;
        for (int i = 0; i < fields; i++) {
            final long text = wordAt(source, start, limit);
            final int tens = (int)(text & 0xFF) - '0';
            final int ones = (int)(text >>> 8 & 0xFF) - '0';
            int tag = tens * 10 + ones;
            int value = start + 2;
            if ((int)(text >>> 16 & 0xFF) != '=' || tens < 1 || tens > 9 || ones < 0 || ones > 9) {
                value = start + digitsOf(text);
                tag = tag(text, value - start);
                if (tag == 0 || source.getByte(value) != '=') {
                    return false;
                }
            }
            if (++value >= at + ends[i]) {
                return false;
            }
            tags[i] = tag;
            starts[i] = value - at;
            start = at + ends[i] + 1;
        }
        count = start == limit ? fields : 0;
        return count > 0;
    }

    /** How many of eight bytes, from the first on, are digits. */
    private static int digitsOf(final long text) {
        int digits = 0;
        for (long left = text; (int)(left & 0xFF) - '0' >= 0 && (int)(left & 0xFF) - '0' <= 9; left >>>= 8) {
            digits++;
        }
        return digits;
    }

    /** The number of so many first digits; 0 when there are none or the first of them is 0. */
    private static int tag(final long text, final int digits) {
        return digits == 0 || (text & 0xFF) == '0' ? 0
            : AsciiWords.value(AsciiWords.last(text << 64 - 8 * digits, digits));
    }

    /** Notes the separators of a word; answers how many fields there are now. */
    private static int mark(final long separators, final int position, final int[] ends, final int before) {
        int fields = before;
        for (long left = separators; left != 0; left &= left - 1) {
            ends[fields++] = position + (Long.numberOfTrailingZeros(left) >>> 3);
        }
        return fields;
    }

    /** Finds the ends of fields and sums the bytes; answers how many fields there are. */
    private int separate(final DirectBuffer source, final int at, final int limit) {
        final int lastWord = limit - Long.BYTES;
        int fields = 0;
        long words = 0;
        long evens = 0;
        int next = at;
        for (; next <= lastWord && fields <= MAX_FIELDS; next += Long.BYTES) {
            final long word = source.getLong(next, ByteOrder.LITTLE_ENDIAN);
            words += word;
            evens += word & EVEN_BYTES;
            final long found = AsciiWords.matches(word, ONES);
            if (found != 0) {
                fields = mark(found, next - at, ends, fields);
            }
        }
        if (next < limit && fields <= MAX_FIELDS) {
            final long word = wordAt(source, next, limit);
            words += word;
            evens += word & EVEN_BYTES;
            fields = mark(AsciiWords.matches(word, ONES), next - at, ends, fields);
        }
        if (fields > MAX_FIELDS) {
            return 0;
        }
        sum = limit - at <= WORDS_PER_SUM * Long.BYTES ? sum(words, evens)
            : AsciiWords.sum(source, at, limit) & 0xFF;
        return fields;
    }

    /**
     * Verifies CheckSum(10), the last field.
     *
     * @return true when it is the sum of all bytes before it, modulo 256, as three digits
     */
    public boolean isChecksumValid() {
        final int field = count - 1;
        if (field < 0 || tags[field] != 10 || starts[field] != length - TRAILER_LENGTH + 3) {
            return false;
        }
        // It ends with the three digits and a separator.
        final int digits = buffer.getInt(offset + length - Integer.BYTES, ByteOrder.LITTLE_ENDIAN) ^ DIGITS_END;
        final int hundreds = digits & 0xFF;
        final int tens = digits >>> 8 & 0xFF;
        final int ones = digits >>> 16 & 0xFF;
        return (AsciiWords.noDigits(digits) & AsciiWords.HIGHS) == 0
            && hundreds * 100 + tens * 10 + ones == (sum - TRAILER_SUM - hundreds - tens - ones & 0xFF);
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
            final long found = AsciiWords.matches(source.getLong(position, ByteOrder.LITTLE_ENDIAN), ONES);
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
     * What the message was recognised as.
     *
     * @return its form until the next {@link #wrap}, null when it was indexed
     */
    public FixLayout form() {
        return form;
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
        return offset + starts[index];
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
        return ends[index] - starts[index] == 1 ? buffer.getByte(startAt(index)) : 0;
    }

    /**
     * Compares a value.
     *
     * @param index    of the field
     * @param expected bytes
     * @return true when equal
     */
    public boolean equalsAt(final int index, final byte[] expected) {
        return ends[index] - starts[index] == expected.length
            && AsciiWords.equal(buffer, startAt(index), expected, expected.length);
    }

    /**
     * Checks a value.
     *
     * @param index of the field
     * @return true when each byte is ASCII
     */
    public boolean isAsciiAt(final int index) {
        long bits = 0;
        final int end = offset + ends[index];
        for (int at = startAt(index); at < end; at += Long.BYTES) {
            bits |= AsciiWords.first(wordAt(buffer, at, offset + length), Math.min(Long.BYTES, end - at));
        }
        return (bits & AsciiWords.HIGHS) == 0;
    }

    /**
     * Copies a value, zeros after it.
     *
     * @param index  of the field; below 0 for zeros alone
     * @param target written to
     * @param at     of the first byte
     * @param width  bytes written, at least those of the value
     */
    public void copyAt(final int index, final MutableDirectBuffer target, final int at, final int width) {
        final int start = index < 0 ? 0 : startAt(index);
        final int size = index < 0 ? 0 : lengthAt(index);
        final int lastWord = width - Long.BYTES;
        int i = 0;
        for (; i <= lastWord; i += Long.BYTES) {
            target.putLong(at + i, wordOf(start + i, size - i), ByteOrder.LITTLE_ENDIAN);
        }
        if (i < width && lastWord >= 0) {
            target.putLong(at + lastWord, wordOf(start + lastWord, size - lastWord), ByteOrder.LITTLE_ENDIAN);
        } else if (i < width) {
            for (long word = wordOf(start, size); i < width; i++, word >>>= 8) {
                target.putByte(at + i, (byte)word);
            }
        }
    }

    /**
     * Checks a value and copies it, zeros after it.
     *
     * @param index  of the field
     * @param target written to, also when it is not taken
     * @param at     of the first byte
     * @param width  bytes written
     * @return true when it has at most so many bytes, and each is a blank to a tilde
     */
    public boolean copyPrintableAt(final int index, final MutableDirectBuffer target, final int at, final int width) {
        final int start = startAt(index);
        final int size = lengthAt(index);
        if (size > width) {
            return false;
        }
        long odd = 0;
        int i = 0;
        for (; i <= size - Long.BYTES; i += Long.BYTES) {
            final long word = buffer.getLong(start + i, ByteOrder.LITTLE_ENDIAN);
            odd |= AsciiWords.unprintable(word);
            target.putLong(at + i, word, ByteOrder.LITTLE_ENDIAN);
        }
        long rest = 0;
        if (i < size) {
            final int count = size - i;
            rest = wordAt(buffer, start + i, offset + length) & -1L >>> -8 * count;
            odd |= AsciiWords.unprintable(rest | AsciiWords.BLANKS << 8 * count);
        }
        for (; i <= width - Long.BYTES; i += Long.BYTES) {
            target.putLong(at + i, rest, ByteOrder.LITTLE_ENDIAN);
            rest = 0;
        }
        if (i <= width - Integer.BYTES) {
            target.putInt(at + i, (int)rest, ByteOrder.LITTLE_ENDIAN);
            rest >>>= Integer.SIZE;
            i += Integer.BYTES;
        }
        for (; i < width; i++) {
            target.putByte(at + i, (byte)rest);
            rest >>>= 8;
        }
        return (odd & AsciiWords.HIGHS) == 0;
    }

    /** The next eight bytes of a value that has so many left, zeros after its last one. */
    private long wordOf(final int position, final int left) {
        if (left <= 0) {
            return 0;
        }
        final long word = wordAt(buffer, position, offset + length);
        return left < Long.BYTES ? word & ~(-1L << 8 * left) : word;
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
        final long plain = plainDecimalAt(index);
        return plain != Scale.NULL ? plain : DecimalText.parse(buffer, startAt(index), lengthAt(index));
    }

    /**
     * A decimal value of the plain form: digits, seven before a point and one to eight after it at most, or eight
     * alone.
     *
     * @param index of the field
     * @return mantissa with exponent -8, or {@link Scale#NULL} for any other form
     */
    public long plainDecimalAt(final int index) {
        final int start = startAt(index);
        final int size = lengthAt(index);
        final int limit = offset + length;
        final long first = wordAt(buffer, start, limit);
        final int point = Long.numberOfTrailingZeros(AsciiWords.zeros(first ^ POINTS)) >>> 3;
        if (size <= point) {
            final long digits = AsciiWords.whole(first, size);
            return (AsciiWords.noDigits(digits) & AsciiWords.HIGHS) != 0 ? Scale.NULL
                : AsciiWords.value(digits) * Scale.E8;
        }
        final int places = size - point - 1;
        if (point == 0 || point == Long.BYTES || places == 0 || places > Scale.E8_DIGITS) {
            return Scale.NULL;
        }
        final long digits = AsciiWords.whole(first, point);
        final long fraction = AsciiWords.fraction(wordAt(buffer, start + point + 1, limit), places);
        return ((AsciiWords.noDigits(digits) | AsciiWords.noDigits(fraction)) & AsciiWords.HIGHS) != 0 ? Scale.NULL
            : AsciiWords.value(digits) * Scale.E8 + AsciiWords.value(fraction);
    }

    /**
     * A UTCTimestamp value.
     *
     * @param index of the field
     * @return epoch nanoseconds, or {@link UtcTimestampText#INVALID}
     */
    public long timestampAt(final int index) {
        return timestamps.parse(buffer, startAt(index), lengthAt(index));
    }

    /**
     * A value as text, one character per byte; allocates.
     *
     * @param index of the field
     * @return text
     */
    public String textAt(final int index) {
        final char[] text = new char[lengthAt(index)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char)(buffer.getByte(startAt(index) + i) & 0xFF);
        }
        return new String(text);
    }

    private long digitsAt(final int index, final long otherwise) {
        final int start = startAt(index);
        final int size = lengthAt(index);
        final int limit = offset + length;
        long word = wordAt(buffer, start, limit);
        if (size <= Long.BYTES) {
            final long digits = AsciiWords.whole(word, size);
            return (AsciiWords.noDigits(digits) & AsciiWords.HIGHS) == 0 ? AsciiWords.value(digits) : otherwise;
        }
        long value = 0;
        long odd = 0;
        int at = start;
        int left = size;
        while (left > Long.BYTES) {
            final long digits = word ^ AsciiWords.ZEROS;
            odd |= AsciiWords.noDigits(digits);
            value = value * AsciiWords.EIGHT_DIGITS + AsciiWords.value(digits);
            at += Long.BYTES;
            left -= Long.BYTES;
            word = wordAt(buffer, at, limit);
        }
        final long digits = AsciiWords.whole(word, left);
        return ((odd | AsciiWords.noDigits(digits)) & AsciiWords.HIGHS) == 0
            ? value * POWERS[left] + AsciiWords.value(digits) : otherwise;
    }

    /** One of the words from a place on; {@code direct} is the source if it is that, else null. */
    static long word(final DirectBuffer source, final NativeBuffer direct, final int from, final int number) {
        return direct != null ? direct.getWord(from, number)
            : source.getLong(from + Long.BYTES * number, ByteOrder.LITTLE_ENDIAN);
    }

    /** Eight bytes of a message of at least as many, zeros after its last one. */
    static long wordAt(final DirectBuffer source, final int position, final int limit) {
        final int missing = position + Long.BYTES - limit;
        return missing <= 0 ? source.getLong(position, ByteOrder.LITTLE_ENDIAN)
            : source.getLong(limit - Long.BYTES, ByteOrder.LITTLE_ENDIAN) >>> 8 * missing;
    }

    /**
     * Sum of the bytes of {@link #WORDS_PER_SUM} words at most, modulo 256.
     *
     * @param words sum of the words, modulo 2^64
     * @param evens sum of every second byte of them, from the lowest on, each in 16 bits
     */
    static int sum(final long words, final long evens) {
        final long odds = words - evens >>> 8; // the highest lane keeps its low eight bits only, enough modulo 256
        final long both = evens + odds;
        return (int)(both + (both >>> 16) + (both >>> 32) + (both >>> 48)) & 0xFF;
    }
}
