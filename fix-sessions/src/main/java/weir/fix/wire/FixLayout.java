package weir.fix.wire;

import org.agrona.DirectBuffer;
import weir.fix.text.AsciiWords;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the fields of a message lie, learned from one that was indexed whole, to be recognised in the next: a desk
 * sends the same tags in the same places again and again. Known are the bytes of the last one and which of them make
 * the form (tags, equal signs, separators); a message of the same length that has these, and no separator elsewhere,
 * has the same fields, and needs no tag read. Only words that differ from the last message's are looked at, and which
 * fields they touch is told: what is not touched has the value that it had. Not thread safe.
 */
public final class FixLayout {
    /** Longest message that is learned. */
    static final int MAX_BYTES = 512;
    /** Most fields of one. */
    static final int MAX_FIELDS = 64;
    /** Result of {@link #recognise} for a message of another form. */
    static final int OTHER = -1;

    private static final int WORDS = MAX_BYTES / Long.BYTES;
    private static final int MAX_TRUST = 8;
    /** Of a new one: of two that alternate the first stays. */
    private static final int FIRST_TRUST = 2;

    /** Tags, first bytes and ends of values from the message's first byte on. */
    final int[] tags = new int[MAX_FIELDS];
    final int[] starts = new int[MAX_FIELDS];
    final int[] ends = new int[MAX_FIELDS];
    int count;
    private final int place;
    /** The last message, eight bytes each. */
    private final long[] last = new long[WORDS];
    /** All bits of the bytes that belong to the form. */
    private final long[] form = new long[WORDS];
    /** The upper bit of each separator. */
    private final long[] separators = new long[WORDS];
    /** A bit for each field whose value has bytes in the word. */
    private final long[] fieldsOf = new long[WORDS];
    /** Sums of them, for {@link FixFrame#sum(long, long)}. */
    private long words;
    private long evens;
    private long changedFields;
    private int length;
    private int trust;
    private int use;

    FixLayout(final int place) {
        this.place = place;
    }

    /**
     * Its place among those of its frame.
     *
     * @return 0 to {@link FixFrame#MAX_FORMS} - 1
     */
    public int place() {
        return place;
    }

    /**
     * Counts messages: the next one of the same form has the next number, and the first of another skips one.
     *
     * @return number of the last message, which wraps
     */
    public int use() {
        return use;
    }

    /**
     * Was there no other message of the form since?
     *
     * @param before a number of {@link #use()}
     * @return true when the last message has the next one
     */
    public boolean follows(final int before) {
        return use == before + 1;
    }

    /**
     * Fields whose values may differ from those of the message with the number before. The others are the same bytes.
     *
     * @return a bit for each index
     */
    public long changedFields() {
        return changedFields;
    }

    /**
     * Recognises a message, which is remembered in favour of what is known.
     *
     * @param source where it lies
     * @param at     of its first byte
     * @param size   its bytes
     * @return sum of its bytes, modulo 256, or {@link #OTHER}
     */
    int recognise(final DirectBuffer source, final int at, final int size) {
        if (size != length) {
            return OTHER;
        }
        final int limit = at + size;
        final int whole = size >>> 3;
        final int all = size + 7 >>> 3;
        long wordSum = words;
        long evenSum = evens;
        long changed = 0;
        long fields = 0;
        for (int i = 0; i < all; i++) {
            final long word = i < whole ? source.getLong(at + 8 * i, ByteOrder.LITTLE_ENDIAN)
                : FixFrame.wordAt(source, at + 8 * i, limit);
            final long before = last[i];
            if (word != before) {
                if (((word ^ before) & form[i]) != 0 || AsciiWords.matches(word, FixFrame.ONES) != separators[i]) {
                    return OTHER;
                }
                wordSum += word - before;
                evenSum += (word & FixFrame.EVEN_BYTES) - (before & FixFrame.EVEN_BYTES);
                changed |= 1L << i;
                fields |= fieldsOf[i];
            }
        }
        for (long left = changed; left != 0; left &= left - 1) {
            final int i = Long.numberOfTrailingZeros(left);
            last[i] = FixFrame.wordAt(source, at + 8 * i, limit);
        }
        words = wordSum;
        evens = evenSum;
        changedFields = fields;
        use++;
        trust = Math.min(MAX_TRUST, trust + 1);
        return FixFrame.sum(wordSum, evenSum);
    }

    /**
     * Learns the form of a message that was not recognised, once what is known was missed more often than met of late.
     *
     * @param source    where it lies
     * @param at        of its first byte
     * @param size      its bytes, at most {@link #MAX_BYTES}
     * @param fields    how many it has, at most {@link #MAX_FIELDS}
     * @param itsTags   their tags
     * @param itsStarts first bytes of their values, from the message's first on
     * @param itsEnds   ends of them
     */
    void learn(final DirectBuffer source, final int at, final int size, final int fields, final int[] itsTags,
        final int[] itsStarts, final int[] itsEnds) {
        if (--trust >= 0) {
            return;
        }
        trust = FIRST_TRUST;
        use += 2;
        length = size;
        count = fields;
        System.arraycopy(itsTags, 0, tags, 0, fields);
        System.arraycopy(itsStarts, 0, starts, 0, fields);
        System.arraycopy(itsEnds, 0, ends, 0, fields);
        Arrays.fill(form, 0);
        Arrays.fill(separators, 0);
        Arrays.fill(fieldsOf, 0);
        words = 0;
        evens = 0;
        for (int i = 0; i < size; i += Long.BYTES) {
            final long word = FixFrame.wordAt(source, at + i, at + size);
            last[i >>> 3] = word;
            words += word;
            evens += word & FixFrame.EVEN_BYTES;
        }
        int first = 0;
        for (int field = 0; field < fields; field++) {
            for (int i = first; i < starts[field]; i++) {
                form[i >>> 3] |= 0xFFL << 8 * (i & 7);
            }
            for (int i = starts[field]; i < ends[field]; i++) {
                fieldsOf[i >>> 3] |= 1L << field;
            }
            final int end = ends[field];
            form[end >>> 3] |= 0xFFL << 8 * (end & 7);
            separators[end >>> 3] |= 0x80L << 8 * (end & 7);
            first = end + 1;
        }
    }
}
