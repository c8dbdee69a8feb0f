package weir.fix.wire;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.fix.text.AsciiWords;
import weir.protocol.NativeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a frame recognises is what it would have found; of what is known, what is recognised most is kept. */
class FixLayoutTest {
    private static final String[] MESSAGES = {
        "8=FIXT.1.1|9=99|35=D|34=17|49=ALPHA1|52=20261127-10:00:00|56=WEIR|11=C-000001|38=1.5|40=2|44=65000.5|10=000|",
        "8=FIXT.1.1|9=99|35=D|34=18|49=ALPHA1|52=20261127-10:00:00|56=WEIR|11=C-00001|38=2.5|40=2|44=65000.75|10=000|",
        "8=FIXT.1.1|9=88|35=F|34=19|49=ALPHA1|52=20261127-10:00:00|56=WEIR|11=C-000003|41=C-000001|54=1|10=000|",
        "8=FIXT.1.1|9=9|35=0|10=000|",
        "8=F|58=" + "x".repeat(600) + "|10=000|",
        "8=F|" + "1=2|".repeat(80) + "10=000|",
    };
    private static final byte[] WORDS = {1, '=', '0', '1', '9', 'A', 0, (byte)0x81, ' '};

    private final long seed = Long.getLong("weir.test.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);
    private final UnsafeBuffer buffer =
        random.nextBoolean() ? new NativeBuffer(2048) : new UnsafeBuffer(new byte[2048]);
    private final FixFrame frame = new FixFrame();

    @Test
    void shouldFindWhatAFrameFindsThatHasSeenNothing() {
        int recognised = 0;
        for (int i = 0; i < 30_000; i++) {
            final byte[] bytes = summed(MESSAGES[random.nextInt(MESSAGES.length)]);
            for (int n = random.nextInt(3); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = WORDS[random.nextInt(WORDS.length)];
            }
            final int at = random.nextInt(20);
            final int size = bytes.length - (random.nextInt(20) == 0 ? random.nextInt(bytes.length) : 0);
            buffer.putBytes(at, bytes);
            final FixFrame fresh = new FixFrame(1);
            final boolean expected = fresh.wrap(buffer, at, size);
            assertEquals(expected, frame.wrap(buffer, at, size), () -> message(bytes));
            assertEquals(fresh.count(), frame.count(), () -> message(bytes));
            assertEquals(fresh.isChecksumValid(), frame.isChecksumValid(), () -> message(bytes));
            for (int field = 0; field < fresh.count(); field++) {
                assertEquals(fresh.tagAt(field), frame.tagAt(field), () -> message(bytes));
                assertEquals(fresh.startAt(field), frame.startAt(field), () -> message(bytes));
                assertEquals(fresh.lengthAt(field), frame.lengthAt(field), () -> message(bytes));
            }
            assertNull(fresh.form());
            recognised += frame.form() != null && frame.isChecksumValid() ? 1 : 0;
        }
        // A third is undamaged, four kinds of six are short enough, two of these have a length in common.
        final int told = recognised;
        assertTrue(told > 3_000, () -> "seed " + seed + " recognised " + told);
    }

    private String message(final byte[] bytes) {
        return "seed " + seed + " " + new String(bytes, StandardCharsets.ISO_8859_1).replace('\1', '|');
    }

    @Test
    void shouldRecogniseOtherValuesInTheSamePlaces() {
        final FixLayout layout = learned(MESSAGES[0]);
        final int size = put(MESSAGES[0].replace("65000.5", "71234.0").replace("C-000001", "SomeName"));
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += buffer.getByte(i);
        }
        assertEquals(sum & 0xFF, layout.recognise(buffer, 0, size));
    }

    @Test
    void shouldTellWhichFieldsAreNotThoseOfTheMessageBefore() {
        final FixLayout layout = learned(MESSAGES[0]);
        final int first = layout.use();
        layout.recognise(buffer, 0, put(MESSAGES[0]));
        assertEquals(0, layout.changedFields());
        layout.recognise(buffer, 0, put(MESSAGES[0].replace("65000.5", "65000.6")));
        final int price = 10;
        final long changed = layout.changedFields();
        assertEquals(1L << price, changed & 1L << price);
        assertEquals(0, changed & (1L << price - 2) - 1, "far before it");
        assertEquals(first + 2, layout.use());
        assertEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[1])));
        assertEquals(first + 2, layout.use(), "it was no message of the form");
        layout.recognise(buffer, 0, put(MESSAGES[0].replace("65000.5", "65000.6")));
        assertEquals(0, layout.changedFields());
        while (layout.recognise(buffer, 0, put(MESSAGES[1])) == FixLayout.OTHER) {
            learn(layout, MESSAGES[1]);
        }
        assertTrue(layout.use() > first + 4, "a form that is new leaves a gap");
    }

    /** Also with the shortest of fields between them, and where a value begins with the message's odd bytes. */
    @Test
    void shouldTellEachFieldThatChanged() {
        final StringBuilder text = new StringBuilder("8=xxxxxxxxxx|9=1|");
        for (int i = 0; i < 30; i++) {
            text.append(1 + random.nextInt(9)).append(random.nextBoolean() ? "=" : "0=")
                .append("x".repeat(1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 3))).append('|');
        }
        final byte[] bytes = summed(text + "10=000|");
        final FixFrame known = new FixFrame();
        buffer.putBytes(0, bytes);
        known.wrap(buffer, 0, bytes.length);
        for (int i = 0; i < 10_000; i++) {
            long changed = 0;
            for (int n = random.nextInt(4); n > 0; n--) {
                final int drawn = random.nextInt(31);
                final int field = drawn == 0 ? 0 : 1 + drawn; // of the first, what lies behind the odd bytes
                final int from = Math.max(known.startAt(field), bytes.length & 7);
                final int at = from + random.nextInt(known.startAt(field) + known.lengthAt(field) - from);
                if ((changed & 1L << field) == 0) {
                    buffer.putByte(at, (byte)(buffer.getByte(at) == 'x' ? 'y' : 'x'));
                }
                changed |= 1L << field;
            }
            assertTrue(known.wrap(buffer, 0, bytes.length));
            assertEquals(changed, known.form().changedFields(), () -> message(bytes));
        }
    }

    @Test
    void shouldNotRecogniseAnotherFormOfTheSameLength() {
        final FixLayout layout = learned(MESSAGES[0]);
        final String[] others = {MESSAGES[1], MESSAGES[0].replace("38=", "39="),
            MESSAGES[0].replace("65000.5", "650|9=5"), MESSAGES[0].replace("|38=1.5|", "|38=1.5 "),
            MESSAGES[0].replace("|40=2", "|40:2")};
        for (final String text : others) {
            final int size = put(text);
            assertEquals(MESSAGES[0].length(), size);
            assertEquals(FixLayout.OTHER, layout.recognise(buffer, 0, size), text);
        }
    }

    @Test
    void shouldKeepWhatIsRecognisedMoreOftenThanNot() {
        final FixLayout layout = learned(MESSAGES[0]);
        assertNotEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[0])));
        for (int i = 0; i < 3; i++) {
            learn(layout, MESSAGES[2]);
            assertNotEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[0])));
        }
        for (int i = 0; i < 4; i++) {
            assertEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[2])));
            learn(layout, MESSAGES[2]);
        }
        assertNotEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[2])));
        assertEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[0])));
    }

    @Test
    void shouldKeepTheFirstOfTwoThatAlternate() {
        final FixLayout layout = learned(MESSAGES[0]);
        for (int i = 0; i < 100; i++) {
            assertEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[1])));
            learn(layout, MESSAGES[1]);
            assertNotEquals(FixLayout.OTHER, layout.recognise(buffer, 0, put(MESSAGES[0])));
        }
    }

    /** With the right CheckSum(10). */
    private static byte[] summed(final String text) {
        final byte[] bytes = text.replace('|', '\1').getBytes(StandardCharsets.US_ASCII);
        final int sum = AsciiWords.sum(new UnsafeBuffer(bytes), 0, bytes.length - 7) & 0xFF;
        for (int i = 0, rest = sum; i < 3; i++, rest /= 10) {
            bytes[bytes.length - 2 - i] = (byte)('0' + rest % 10);
        }
        return bytes;
    }

    private FixLayout learned(final String text) {
        final FixLayout layout = new FixLayout(0);
        learn(layout, text);
        return layout;
    }

    private void learn(final FixLayout layout, final String text) {
        final int size = put(text);
        final FixFrame whole = new FixFrame();
        assertTrue(whole.wrap(buffer, 0, size));
        final int[] tags = new int[whole.count()];
        final int[] starts = new int[whole.count()];
        final int[] ends = new int[whole.count()];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = whole.tagAt(i);
            starts[i] = whole.startAt(i);
            ends[i] = starts[i] + whole.lengthAt(i);
        }
        layout.learn(buffer, 0, size, tags.length, tags, starts, ends);
    }

    private int put(final String text) {
        final byte[] bytes = text.replace('|', '\1').getBytes(StandardCharsets.US_ASCII);
        buffer.putBytes(0, bytes);
        return bytes.length;
    }
}
