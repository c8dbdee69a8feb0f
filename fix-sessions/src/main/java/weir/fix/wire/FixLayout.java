package weir.fix.wire;

import org.agrona.DirectBuffer;
import weir.fix.text.AsciiWords;

import java.util.Arrays;

/**
 * Where the fields of a message lie, learned from one that was indexed whole, to be recognised in the next: a desk
 * sends the same tags in the same places again and again. Known are the bytes that make the form (tags, equal signs,
 * separators), as words with a mask; a message of the same length that has them, and no separator elsewhere, has the
 * same fields, and needs no tag read and nothing written. Not thread safe.
 */
final class FixLayout {
    /** Longest message that is learned. */
    static final int MAX_BYTES = 512;
    /** Most fields of one. */
    static final int MAX_FIELDS = 64;
    /** Result of {@link #recognise} for a message of another form. */
    static final int OTHER = -1;

    private static final int PER_WORD = 3;
    private static final int MAX_TRUST = 8;
    /** Of a new one: of two that alternate the first stays. */
    private static final int FIRST_TRUST = 2;

    /** Tags, first bytes and ends of values from the message's first byte on. */
    final int[] tags = new int[MAX_FIELDS];
    final int[] starts = new int[MAX_FIELDS];
    final int[] ends = new int[MAX_FIELDS];
    int count;
    /** For each eight bytes: which belong to the form, these bytes, and which are separators. */
    private final long[] words = new long[PER_WORD * MAX_BYTES / Long.BYTES];
    private int length;
    private int trust;

    /**
     * Recognises a message, which is remembered in favour of what is known.
     *
     * @param source where it lies
     * @param at     of its first byte
     * @param size   its bytes
     * @return sum of its bytes, or {@link #OTHER}
     */
    int recognise(final DirectBuffer source, final int at, final int size) {
        if (size != length) {
            return OTHER;
        }
        final int limit = at + size;
        long lanes = 0;
        int i = 0;
        for (int next = at; next < limit; next += Long.BYTES) {
            final long word = FixFrame.wordAt(source, next, limit);
            if (((word & words[i]) ^ words[i + 1]) != 0
                || AsciiWords.matches(word, FixFrame.ONES) != words[i + 2]) {
                return OTHER;
            }
            lanes += FixFrame.lanes(word);
            i += PER_WORD;
        }
        trust = Math.min(MAX_TRUST, trust + 1);
        return FixFrame.together(lanes);
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
        length = size;
        count = fields;
        System.arraycopy(itsTags, 0, tags, 0, fields);
        System.arraycopy(itsStarts, 0, starts, 0, fields);
        System.arraycopy(itsEnds, 0, ends, 0, fields);
        Arrays.fill(words, 0);
        int first = 0;
        for (int field = 0; field < fields; field++) {
            for (int i = first; i < starts[field]; i++) {
                form(source, at, i);
            }
            form(source, at, ends[field]);
            words[PER_WORD * (ends[field] >>> 3) + 2] |= 0x80L << 8 * (ends[field] & 7);
            first = ends[field] + 1;
        }
    }

    private void form(final DirectBuffer source, final int at, final int position) {
        final int word = PER_WORD * (position >>> 3);
        final int bit = 8 * (position & 7);
        words[word] |= 0xFFL << bit;
        words[word + 1] |= (source.getByte(at + position) & 0xFFL) << bit;
    }
}
