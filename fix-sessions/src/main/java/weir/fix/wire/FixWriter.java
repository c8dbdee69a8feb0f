package weir.fix.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.fix.text.AsciiWords;
import weir.fix.text.DecimalText;
import weir.fix.text.UtcTimestampText;
import weir.protocol.NativeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message after another into a buffer of its own: fields in the order of the calls, then BeginString(8),
 * BodyLength(9) and CheckSum(10) around them. Allocates nothing. A message that does not fit stops with
 * {@link IndexOutOfBoundsException}, whether or not Agrona checks bounds: the capacity is for the largest that the
 * caller makes. Not thread safe.
 */
public final class FixWriter {
    private static final int PREFIX_MAX = 32;
    private static final int TRAILER_LENGTH = 7;
    /** More than a tag and any value that is no text: such a field is checked once it is written. */
    private static final int SPARE = 64;
    /** Tags that are written from a table. */
    private static final int TAGS = 10_000;
    private static final int MAX_TAG = 999_999;
    /** {@code tag=}, its length in the last byte. */
    private static final long[] TAG_WORDS = new long[TAGS];
    private static final int LENGTH_SHIFT = 56;
    private static final long TAG_MASK = (1L << LENGTH_SHIFT) - 1;
    /** After a value of one character. */
    private static final int SOH_BEHIND = FixFrame.SOH << 8;
    private static final long TRAILER = 0x01_3030_303D_3031L;

    static {
        for (int tag = 0; tag < TAGS; tag++) {
            TAG_WORDS[tag] = tagWord(tag);
        }
    }

    private final NativeBuffer buffer;
    private final int limit;
    /** BeginString(8) and the tag of BodyLength(9), the last 16 bytes before its value. */
    private final long beginHigh;
    private final long beginLow;
    private final int beginLength;
    private final UtcTimestampText.Writer timestamps = new UtcTimestampText.Writer();
    private int position;
    private int start;
    private int end;

    /**
     * @param beginString BeginString(8)
     * @param capacity    bytes of the largest message
     */
    public FixWriter(final String beginString, final int capacity) {
        limit = PREFIX_MAX + capacity;
        buffer = new NativeBuffer(limit + SPARE + TRAILER_LENGTH);
        final byte[] begin = ("8=" + beginString + "\u00019=").getBytes(StandardCharsets.US_ASCII);
        if (begin.length > 2 * Long.BYTES) {
            throw new IllegalArgumentException("BeginString(8) is too long: " + beginString);
        }
        beginLength = begin.length;
        final UnsafeBuffer words = new UnsafeBuffer(new byte[2 * Long.BYTES]);
        words.putBytes(2 * Long.BYTES - beginLength, begin);
        beginHigh = words.getLong(0);
        beginLow = words.getLong(Long.BYTES);
    }

    /**
     * Starts a message.
     *
     * @return this
     */
    public FixWriter begin() {
        position = PREFIX_MAX;
        return this;
    }

    /**
     * Appends a prepared piece: {@code tag=value SOH}, or several.
     *
     * @param field bytes
     * @return this
     */
    public FixWriter raw(final byte[] field) {
        need(field.length);
        buffer.putBytes(position, field);
        position += field.length;
        return this;
    }

    /**
     * Appends a field of one character.
     *
     * @param tag   of the field, at most 9999
     * @param value character
     * @return this
     */
    public FixWriter character(final int tag, final byte value) {
        final long word = TAG_WORDS[tag];
        final int length = (int)(word >>> LENGTH_SHIFT);
        buffer.putLong(position, word & TAG_MASK | (value & 0xFFL | SOH_BEHIND) << 8 * length, ByteOrder.LITTLE_ENDIAN);
        position += length + 2;
        need(0);
        return this;
    }

    /**
     * Appends a number.
     *
     * @param tag   of the field
     * @param value number
     * @return this
     */
    public FixWriter number(final int tag, final long value) {
        tag(tag);
        position += AsciiWords.putLong(buffer, position, value);
        return soh();
    }

    /**
     * Appends a decimal, shortest form.
     *
     * @param tag      of the field
     * @param mantissa exponent -8
     * @return this
     */
    public FixWriter decimal(final int tag, final long mantissa) {
        tag(tag);
        position += DecimalText.put(buffer, position, mantissa);
        return soh();
    }

    /**
     * Appends a UTCTimestamp.
     *
     * @param tag     of the field
     * @param epochNs epoch nanoseconds
     * @param digits  of the fraction: 3, 6 or 9
     * @return this
     */
    public FixWriter timestamp(final int tag, final long epochNs, final int digits) {
        tag(tag);
        position += timestamps.put(buffer, position, epochNs, digits);
        return soh();
    }

    /**
     * Appends bytes of another buffer.
     *
     * @param tag    of the field
     * @param source of the value
     * @param offset of the value
     * @param length of the value
     * @return this
     */
    public FixWriter bytes(final int tag, final DirectBuffer source, final int offset, final int length) {
        tag(tag);
        need(length);
        buffer.putBytes(position, source, offset, length);
        position += length;
        return soh();
    }

    /**
     * Appends text, one byte per character.
     *
     * @param tag  of the field
     * @param text ASCII
     * @return this
     */
    public FixWriter text(final int tag, final CharSequence text) {
        tag(tag);
        need(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer.putByte(position++, (byte)text.charAt(i));
        }
        return soh();
    }

    /**
     * Begins a field whose value the caller writes at {@link #position()} of {@link #target()}.
     *
     * @param tag of the field, six digits at most
     * @return this
     */
    public FixWriter tag(final int tag) {
        final long word = tag >= 0 && tag < TAGS ? TAG_WORDS[tag] : tagWord(tag);
        buffer.putLong(position, word, ByteOrder.LITTLE_ENDIAN);
        position += (int)(word >>> LENGTH_SHIFT);
        return this;
    }

    /**
     * Stops a message that has no room for a value, before the caller writes it.
     *
     * @param length bytes that the caller writes at most
     * @return this
     */
    public FixWriter room(final int length) {
        need(length);
        return this;
    }

    /**
     * Where the caller writes a value.
     *
     * @return buffer
     */
    public MutableDirectBuffer target() {
        return buffer;
    }

    /**
     * Where the next byte goes.
     *
     * @return offset in {@link #target()}
     */
    public int position() {
        return position;
    }

    /**
     * Takes bytes that the caller wrote, and ends the field.
     *
     * @param length bytes written at {@link #position()}
     * @return this
     */
    public FixWriter written(final int length) {
        position += length;
        return soh();
    }

    /** Puts 8, 9 and 10 around what was written. */
    public void finish() {
        final long digits = AsciiWords.digits(position - PREFIX_MAX);
        final int at = PREFIX_MAX - 1 - Long.BYTES + AsciiWords.leadingZeros(digits);
        buffer.putLong(PREFIX_MAX - 1 - Long.BYTES, digits | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(PREFIX_MAX - 1, FixFrame.SOH);
        buffer.putLong(at - Long.BYTES, beginLow);
        buffer.putLong(at - 2 * Long.BYTES, beginHigh);
        start = at - beginLength;
        final long sum = AsciiWords.digits(AsciiWords.sum(buffer, start, position) & 0xFF);
        buffer.putLong(position, TRAILER | sum >>> 40 << 24, ByteOrder.LITTLE_ENDIAN);
        end = position + TRAILER_LENGTH;
    }

    /**
     * Where a finished message lies, until the next {@link #begin()}.
     *
     * @return buffer
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * First byte of a finished message.
     *
     * @return offset in {@link #buffer()}
     */
    public int offset() {
        return start;
    }

    /**
     * Size of a finished message.
     *
     * @return bytes
     */
    public int length() {
        return end - start;
    }

    private static long tagWord(final int tag) {
        if (tag < 0 || tag > MAX_TAG) {
            throw new IllegalArgumentException("no tag that is written: " + tag);
        }
        final long digits = AsciiWords.digits(tag);
        final int leading = AsciiWords.leadingZeros(digits);
        final int length = Long.BYTES - leading;
        return (digits | AsciiWords.ZEROS) >>> 8 * leading | (long)'=' << 8 * length
            | (long)(length + 1) << LENGTH_SHIFT;
    }

    private FixWriter soh() {
        buffer.putByte(position++, FixFrame.SOH);
        need(0);
        return this;
    }

    private void need(final int length) {
        if (position + length > limit) {
            throw new IndexOutOfBoundsException("no room for " + length + " bytes at " + position + " of " + limit);
        }
    }
}
