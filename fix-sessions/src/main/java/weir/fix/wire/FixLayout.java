package weir.fix.wire;

import org.agrona.DirectBuffer;
import weir.fix.text.AsciiWords;
import weir.protocol.NativeBuffer;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the fields of a message lie, learned from one that was indexed whole, to be recognised in the next: a desk
 * sends the same tags in the same places again and again. Known are the bytes of the last one and which of them make
 * the form (tags, equal signs, separators); a message of the same length that has these, and no separator elsewhere,
 * has the same fields, and needs no tag read. Only words that differ from the last message's are looked at, and which
 * fields differ is told: the others have the values that they had. Not thread safe.
 */
public final class FixLayout {
    /** Longest message that is learned. */
    static final int MAX_BYTES = 512;
    /** Most fields of one. */
    static final int MAX_FIELDS = 64;
    /** Result of {@link #recognise} for a message of another form. */
    static final int OTHER = -1;

    private static final int WORDS = MAX_BYTES / Long.BYTES;
    /** Of {@link #rules}: all bits of the bytes of a word that belong to the form. */
    private static final int FORM = 0;
    /** All bits of its bytes that belong to the first field with a value in it; there are two at most. */
    private static final int FIRST = 1;
    /** The bit of this field. */
    private static final int FIRST_FIELD = 2;
    /** The bit of the other one. */
    private static final int SECOND_FIELD = 3;
    private static final int RULES = 4;
    private static final int MAX_TRUST = 8;
    /** Of a new one: of two that alternate the first stays. */
    private static final int FIRST_TRUST = 2;

    /** Tags, first bytes and ends of values from the message's first byte on. */
    final int[] tags = new int[MAX_FIELDS];
    final int[] starts = new int[MAX_FIELDS];
    final int[] ends = new int[MAX_FIELDS];
    int count;
    private final int place;
    /** The last message, eight bytes each up to its end, and room for the next: they take turns. */
    private final long[] last = new long[2 * WORDS];
    private int lastAt;
    /** Of each of its words. */
    private final long[] rules = new long[RULES * WORDS];
    /** First bytes, which are no whole word: they do not change. */
    private long head;
    private long headMask;
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
        final NativeBuffer direct = source instanceof NativeBuffer memory ? memory : null;
        if (((FixFrame.word(source, direct, at, 0) ^ head) & headMask) != 0) {
            return OTHER;
        }
        final int first = at + (size & 7);
        final int wholeWords = size >>> 3;
        final int lastOne = lastAt;
        final int thisOne = lastOne ^ WORDS;
        long wordSum = words;
        long evenSum = evens;
        long fields = 0;
        for (int i = 0; i < wholeWords; i++) {
            final long word = FixFrame.word(source, direct, first, i);
            final long before = last[lastOne + i];
            last[thisOne + i] = word;
            if (word != before) {
                final long difference = word ^ before;
                final int rule = RULES * i;
                final long known = rules[rule + FORM];
                if ((difference & known | AsciiWords.zeros((word | known) ^ FixFrame.ONES)) != 0) {
                    return OTHER;
                }
                wordSum += word - before;
                evenSum += (word & FixFrame.EVEN_BYTES) - (before & FixFrame.EVEN_BYTES);
                final long ofFirst = rules[rule + FIRST];
                if ((difference & ofFirst) != 0) {
                    fields |= rules[rule + FIRST_FIELD];
                }
                if ((difference & ~ofFirst) != 0) {
                    fields |= rules[rule + SECOND_FIELD];
                }
            }
        }
        lastAt = thisOne;
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
        final int skipped = size & 7;
        head = FixFrame.wordAt(source, at, at + size);
        headMask = ~(-1L << 8 * skipped);
        words = head & headMask;
        evens = words & FixFrame.EVEN_BYTES;
        for (int i = skipped; i < size; i += Long.BYTES) {
            final long word = source.getLong(at + i, ByteOrder.LITTLE_ENDIAN);
            last[lastAt + (i >>> 3)] = word;
            words += word;
            evens += word & FixFrame.EVEN_BYTES;
        }
        Arrays.fill(rules, 0);
        int form = skipped;
        for (int field = 0; field < fields; field++) {
            for (; form < starts[field]; form++) {
                rules[RULES * (form - skipped >>> 3) + FORM] |= byteOf(form - skipped);
            }
            for (int i = form; i < ends[field]; i++) {
                learnValue(i - skipped, 1L << field);
            }
            form = Math.max(form, ends[field]);
        }
        rules[RULES * (form - skipped >>> 3) + FORM] |= byteOf(form - skipped);
    }

    private void learnValue(final int position, final long field) {
        final int rule = RULES * (position >>> 3);
        if (rules[rule + FIRST_FIELD] == 0 || rules[rule + FIRST_FIELD] == field) {
            rules[rule + FIRST_FIELD] = field;
            rules[rule + FIRST] |= byteOf(position);
        } else {
            rules[rule + SECOND_FIELD] |= field;
        }
    }

    /** All bits of a byte in its word. */
    private static long byteOf(final int position) {
        return 0xFFL << 8 * (position & 7);
    }
}
