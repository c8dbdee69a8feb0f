package weir.fix.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quickfix.Message;
import weir.fix.text.AsciiWords;
import weir.fix.text.DecimalText;
import weir.fix.text.FixChecksum;
import weir.fix.text.UtcTimestampText;
import weir.protocol.NativeBuffer;

/** Bytes against text: what is read and written in place is what the text forms and QuickFIX/J say. */
class FixBytesTest {
    private static final int OFFSET = 3;

    private final long seed = Long.getLong("weir.test.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);
    private final UnsafeBuffer buffer =
        random.nextBoolean() ? new NativeBuffer(4096) : new UnsafeBuffer(new byte[4096]);
    private final FixFrame frame = new FixFrame();

    @Test
    void shouldReadDecimalsAsTextDoes() {
        for (int i = 0; i < 500_000; i++) {
            final String text = noise("0123456789.-", "0123456789..-x +", 24);
            final int length = buffer.putStringWithoutLengthAscii(OFFSET, text);
            assertEquals(DecimalText.parse(text), DecimalText.parse(buffer, OFFSET, length),
                () -> "seed " + seed + " text " + text);
        }
    }

    @Test
    void shouldCheckAndCopyValues() {
        for (int i = 0; i < 200_000; i++) {
            final StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(40); n > 0; n--) {
                text.append((char)(random.nextInt(60) == 0 ? 2 + random.nextInt(254) : 'a' + random.nextInt(26)));
            }
            final byte[] bytes = ("8=F\u000158=" + text + "\u000110=000\u0001").getBytes(StandardCharsets.ISO_8859_1);
            buffer.putBytes(OFFSET, bytes);
            assertTrue(frame.wrap(buffer, OFFSET, bytes.length));
            assertEquals(text.chars().allMatch(c -> c < 128), frame.isAsciiAt(1));
            final boolean isPrintable = text.chars().allMatch(c -> c >= ' ' && c <= '~');
            final int width = text.length() + random.nextInt(9);
            final UnsafeBuffer copy = new UnsafeBuffer("x".repeat(1 + width + 1).getBytes(StandardCharsets.US_ASCII));
            frame.copyAt(1, copy, 1, width);
            final String expected = "x" + text + "\0".repeat(width - text.length()) + "x";
            assertEquals(expected, new String(copy.byteArray(), StandardCharsets.ISO_8859_1));
            copy.setMemory(1, width, (byte)'y');
            assertEquals(isPrintable, frame.copyPrintableAt(1, copy, 1, width));
            assertEquals(expected, new String(copy.byteArray(), StandardCharsets.ISO_8859_1));
            assertFalse(frame.copyPrintableAt(1, copy, 1, text.length() - 1));
            frame.copyAt(-1, copy, 1, width);
            assertEquals("x" + "\0".repeat(width) + "x", new String(copy.byteArray(), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void shouldReadDecimalsOfAMessageAsTextDoes() {
        for (int i = 0; i < 500_000; i++) {
            final String text = random.nextBoolean() ? noise("0123456789.-", "0123456789..-x +", 24)
                : noise("0123456789", "0123456789.", 10) + "." + noise("0123456789", "0123456789.", 10);
            if (!text.isEmpty()) {
                final String next = random.nextBoolean() ? "38=1.5\u0001" : "";
                final String message = "8=F\u000144=" + text + "\u0001" + next;
                assertTrue(frame.wrap(buffer, OFFSET, buffer.putStringWithoutLengthAscii(OFFSET, message)));
                assertEquals(DecimalText.parse(text), frame.decimalAt(1), () -> "seed " + seed + " text " + text);
            }
        }
    }

    @Test
    void shouldReadNumbersOfAMessageAsTextDoes() {
        for (int i = 0; i < 300_000; i++) {
            final String text = noise("0123456789", "0123456789:/-. ", 20) + random.nextInt(10);
            final String next = random.nextBoolean() ? "38=1.5\u0001" : "";
            final String message = "8=F\u000134=" + text + "\u0001" + next;
            assertTrue(frame.wrap(buffer, OFFSET, buffer.putStringWithoutLengthAscii(OFFSET, message)));
            final long value = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Long.MIN_VALUE;
            assertEquals(value, frame.longAt(1), () -> "seed " + seed + " text " + text);
            assertEquals(text.length() > 9 || value < 0 ? FixFrame.NO_INT : value, frame.intAt(1),
                () -> "seed " + seed + " text " + text);
        }
    }

    @Test
    void shouldWriteDecimalsAsTextDoes() {
        for (int i = 0; i < 200_000; i++) {
            final long mantissa = Math.max(DecimalText.MIN_MANTISSA, random.nextLong() >> random.nextInt(64));
            final int length = DecimalText.put(buffer, OFFSET, mantissa);
            assertEquals(DecimalText.format(mantissa), buffer.getStringWithoutLengthAscii(OFFSET, length));
        }
    }

    @Test
    void shouldReadTimestampsAsTextDoes() {
        final char[] alphabet = "0123456789-:. ".toCharArray();
        final UtcTimestampText.Reader timestamps = new UtcTimestampText.Reader();
        for (int i = 0; i < 300_000; i++) {
            final long epochNs = (random.nextLong() >>> 1) % 7_258_118_400_000_000_000L;
            final StringBuilder text = new StringBuilder(UtcTimestampText.format(epochNs));
            text.setLength(random.nextInt(4) == 0 ? random.nextInt(28) : 17 + (random.nextBoolean() ? 4 : 10));
            for (int changes = random.nextInt(3); changes > 0 && text.length() > 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), alphabet[random.nextInt(alphabet.length)]);
            }
            final int length = buffer.putStringWithoutLengthAscii(OFFSET, text.toString());
            assertEquals(UtcTimestampText.parse(text), timestamps.parse(buffer, OFFSET, length),
                () -> "seed " + seed + " text " + text);
        }
    }

    @Test
    void shouldWriteTimestampsAsTextDoes() {
        final UtcTimestampText.Writer writer = new UtcTimestampText.Writer();
        for (int i = 0; i < 100_000; i++) {
            final long epochNs = (random.nextLong() >>> 1) % 7_258_118_400_000_000_000L;
            for (final int digits : new int[] {0, 3, 6, 9}) {
                final int length = writer.put(buffer, OFFSET, epochNs, digits);
                assertEquals(UtcTimestampText.format(epochNs).substring(0, digits == 0 ? 17 : 18 + digits),
                    buffer.getStringWithoutLengthAscii(OFFSET, length));
            }
        }
    }

    /** By itself: two profiles of the router run without Agrona's checks. */
    @Test
    void shouldStopAtTheMessageThatDoesNotFit() {
        final FixWriter writer = new FixWriter("FIXT.1.1", 32);
        final UnsafeBuffer source = new UnsafeBuffer(new byte[64]);
        writer.begin().bytes(58, source, 0, 28).finish();
        assertThrows(IndexOutOfBoundsException.class, () -> writer.begin().bytes(58, source, 0, 29));
        assertThrows(IndexOutOfBoundsException.class, () -> writer.begin().text(58, "x".repeat(1_000)));
        assertThrows(IndexOutOfBoundsException.class, () -> writer.begin().raw(new byte[1_000]));
        assertThrows(IndexOutOfBoundsException.class,
            () -> writer.begin().bytes(58, source, 0, 20).number(9_999, Long.MIN_VALUE + 1));
        writer.begin().bytes(58, source, 0, 23).character(54, (byte)'1').finish();
        assertThrows(IndexOutOfBoundsException.class,
            () -> writer.begin().bytes(58, source, 0, 24).character(54, (byte)'1'));
    }

    @Test
    void shouldIndexWhatItWrites() throws Exception {
        final FixWriter writer = new FixWriter("FIXT.1.1", 2048);
        for (int i = 0; i < 20_000; i++) {
            final long number = random.nextInt(1_000_000);
            final long mantissa = random.nextLong() >> 20;
            final String text = noise("abcXYZ-09 =", "abc", 40) + "x";
            writer.begin().raw("35=D\u0001".getBytes(StandardCharsets.US_ASCII)).number(34, number)
                .decimal(44, mantissa).text(11, text).character(54, (byte)'1')
                .timestamp(52, 1_700_000_000_123_456_789L, 6)
                .finish();
            assertTrue(frame.wrap(writer.buffer(), writer.offset(), writer.length()));
            assertTrue(frame.isChecksumValid());
            assertEquals(9, frame.count());
            assertEquals(number, frame.intAt(frame.indexOf(34, 0)));
            assertEquals(number, frame.longAt(frame.indexOf(34, 0)));
            assertEquals(mantissa, frame.decimalAt(frame.indexOf(44, 0)));
            assertEquals(text, frame.textAt(frame.indexOf(11, 0)));
            final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertTrue(frame.equalsAt(frame.indexOf(11, 0), bytes));
            bytes[random.nextInt(bytes.length)] ^= 1;
            assertFalse(frame.equalsAt(frame.indexOf(11, 0), bytes));
            assertEquals('1', frame.charAt(frame.indexOf(54, 0)));
            assertEquals(1_700_000_000_123_456_000L, frame.timestampAt(frame.indexOf(52, 0)));
            final String raw = writer.buffer().getStringWithoutLengthAscii(writer.offset(), writer.length());
            assertTrue(FixChecksum.isValid(raw), raw);
            assertEquals(text, new Message(raw, false).getString(11));
        }
    }

    @Test
    void shouldAgreeOnTheChecksumWithTheTextForm() {
        for (int i = 0; i < 200_000; i++) {
            final StringBuilder text = new StringBuilder("8=FIXT.1.1\u00019=5\u0001");
            for (int n = random.nextInt(400); n > 0; n--) {
                text.append((char)('!' + random.nextInt(90)));
            }
            final String whole = FixChecksum.append(new StringBuilder("8=").append(text.substring(2)).append('\u0001'))
                .toString();
            final int at = random.nextInt(64);
            final byte[] bytes = whole.getBytes(StandardCharsets.ISO_8859_1);
            buffer.putBytes(at, bytes);
            assertEquals(sum(bytes, bytes.length - 7), AsciiWords.sum(buffer, at, at + bytes.length - 7) & 0xFF);
        }
    }

    /** More words than one round of the sum takes, of bytes as large as there are. */
    @Test
    void shouldSumLongMessages() {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[4_096]);
        for (int i = 0; i < 2_000; i++) {
            final byte[] bytes = new byte[i < 1_000 ? 1_010 + random.nextInt(40) : 8 + random.nextInt(4_000)];
            random.nextBytes(bytes);
            for (int n = 0; n < bytes.length; n++) {
                bytes[n] = random.nextInt(8) == 0 ? bytes[n] : (byte)0xFF;
            }
            final int at = random.nextInt(64);
            large.putBytes(at, bytes);
            assertEquals(sum(bytes, bytes.length), AsciiWords.sum(large, at, at + bytes.length) & 0xFF);
        }
        for (int length = 900; length < 1_200; length++) {
            final String text = FixChecksum.append(new StringBuilder("8=FIXT.1.1\u00019=5\u000158=")
                .append("\u00ff".repeat(length)).append('\u0001')).toString();
            final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            large.putBytes(0, bytes);
            assertTrue(frame.wrap(large, 0, bytes.length));
            assertTrue(frame.isChecksumValid(), () -> "of " + bytes.length);
        }
    }

    @Test
    void shouldFindEverySeparator() {
        for (int i = 0; i < 200_000; i++) {
            final int from = random.nextInt(32);
            final int limit = from + random.nextInt(40);
            int first = -1;
            for (int at = 0; at < limit; at++) {
                buffer.putByte(at, (byte)random.nextInt(8));
                first = first < 0 && at >= from && buffer.getByte(at) == 1 ? at : first;
            }
            assertEquals(first, FixFrame.indexOfSoh(buffer, from, limit));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "35", "35=", "35=D", "35=|", "=D|", "35D|", "3x=D|", "035=D|", "0=D|", "-1=D|",
        "123456789=D|", "35=D|55", "35=D||", "35=D|44=|", "35=D|\u000144=1|"})
    void shouldRefuseWhatIsNoFieldAfterField(final String text) {
        final String message = "8=FIXT.1.1|" + (text.isEmpty() ? "x" : text);
        final int length = buffer.putStringWithoutLengthAscii(OFFSET, message.replace('|', '\u0001'));
        assertFalse(frame.wrap(buffer, OFFSET, length));
        assertEquals(0, frame.count());
        assertFalse(frame.isChecksumValid());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10=1x1|", "10=11|", "10=1111|", "10=:11|", "35=D|", "10=999|"})
    void shouldRefuseAWrongTrailer(final String trailer) {
        final int length =
            buffer.putStringWithoutLengthAscii(OFFSET, ("8=FIXT.1.1|9=5|35=0|" + trailer).replace('|', '\u0001'));
        assertTrue(frame.wrap(buffer, OFFSET, length));
        assertFalse(frame.isChecksumValid());
    }

    @Test
    void shouldRefuseFewerThanEightBytes() {
        final int length = buffer.putStringWithoutLengthAscii(OFFSET, "35=D58\u0001");
        assertFalse(frame.wrap(buffer, OFFSET, length));
        assertTrue(frame.wrap(buffer, OFFSET, buffer.putStringWithoutLengthAscii(OFFSET, "35=D589\u0001")));
    }

    /** Bytes of every size: the sum of a long message is no longer the one that a pass over it can hold. */
    @Test
    void shouldVerifyTheChecksumOfEveryLength() {
        for (int size = 1; size < 2_200; size++) {
            final byte[] body = new byte[size];
            Arrays.fill(body, (byte)0xFF);
            final UnsafeBuffer message = new UnsafeBuffer(new byte[size + 32]);
            int length = message.putStringWithoutLengthAscii(0, "8=FIXT.1.1\u000158=");
            message.putBytes(length, body);
            length += size;
            message.putByte(length++, FixFrame.SOH);
            final int sum = sum(message.byteArray(), length);
            length += message.putStringWithoutLengthAscii(length, String.format("10=%03d\u0001", sum));
            assertTrue(frame.wrap(message, 0, length));
            assertTrue(frame.isChecksumValid(), "size " + size);
            message.putStringWithoutLengthAscii(length - 7, String.format("10=%03d\u0001", (sum + 1) % 256));
            assertTrue(frame.wrap(message, 0, length));
            assertFalse(frame.isChecksumValid(), "size " + size);
        }
    }

    @Test
    void shouldWriteTagsOfSixDigits() {
        final FixWriter writer = new FixWriter("FIXT.1.1", 64);
        writer.begin().number(999_999, 5).number(10_000, 6).number(9_999, 7).number(1, 8).finish();
        final String text = writer.buffer().getStringWithoutLengthAscii(writer.offset(), writer.length());
        assertTrue(text.contains("\u0001999999=5\u000110000=6\u00019999=7\u00011=8\u0001"), text);
        assertThrows(IllegalArgumentException.class, () -> writer.begin().number(1_000_000, 5));
        assertThrows(IllegalArgumentException.class, () -> writer.begin().number(-1, 5));
    }

    /** Also as the first that it reads. */
    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\0\0\0\0\0-12:00:00", "19700101-12:00:0x", "19691231-12:00:00", "19700101x12:00:00",
        "\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF-12:00:00"})
    void shouldRefuseWhatIsNoTimestamp(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        buffer.putBytes(OFFSET, bytes);
        assertEquals(UtcTimestampText.INVALID,
            new UtcTimestampText.Reader().parse(buffer, OFFSET, bytes.length));
    }

    @Test
    void shouldRefuseMoreFieldsThanItIndexes() {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[5 * (FixFrame.MAX_FIELDS + 1)]);
        int length = 0;
        for (int i = 0; i < FixFrame.MAX_FIELDS; i++) {
            length += large.putStringWithoutLengthAscii(length, "58=a\u0001");
        }
        assertTrue(frame.wrap(large, 0, length));
        assertEquals(FixFrame.MAX_FIELDS, frame.count());
        length += large.putStringWithoutLengthAscii(length, "58=a\u0001");
        assertFalse(frame.wrap(large, 0, length));
    }

    /** Also at the very end of its memory: nothing after a message is read. */
    @Test
    void shouldIndexAsAScanByteByByteDoes() {
        final String alphabet = "00123456789===\u0001\u0001\u0001ab\u0000\u0002\u00FF8";
        int whole = 0;
        for (int i = 0; i < 400_000; i++) {
            final StringBuilder text = new StringBuilder();
            for (int fields = random.nextInt(8); fields > 0; fields--) {
                text.append(1 + random.nextInt(1 << 1 + random.nextInt(29))).append('=')
                    .append("x".repeat(1 + random.nextInt(12))).append('\u0001');
            }
            for (int changes = random.nextInt(3); changes > 0 && text.length() > 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            final byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            final int at = random.nextInt(9);
            final UnsafeBuffer exact = new UnsafeBuffer(new byte[at + bytes.length]);
            exact.putBytes(at, bytes);
            final List<int[]> expected = scan(bytes);
            assertEquals(expected != null, frame.wrap(exact, at, bytes.length), () -> "seed " + seed + " " + text);
            if (expected == null) {
                assertEquals(0, frame.count());
                continue;
            }
            whole++;
            assertEquals(expected.size(), frame.count());
            for (int n = 0; n < expected.size(); n++) {
                assertEquals(expected.get(n)[0], frame.tagAt(n), () -> "seed " + seed + " " + text);
                assertEquals(at + expected.get(n)[1], frame.startAt(n));
                assertEquals(expected.get(n)[2], frame.lengthAt(n));
            }
        }
        assertTrue(whole > 100_000, "only " + whole + " were messages");
    }

    /** Tag, start and length of each field; null for bytes that are no fields or fewer than eight. */
    private static List<int[]> scan(final byte[] bytes) {
        final List<int[]> fields = new ArrayList<>();
        for (int at = 0; at < bytes.length;) {
            int tag = 0;
            int digits = 0;
            for (; at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9'; at++, digits++) {
                tag = digits == 0 && bytes[at] == '0' ? -1 : tag * 10 + bytes[at] - '0';
                if (tag < 0) {
                    return null;
                }
            }
            if (digits < 1 || digits > 8 || at == bytes.length || bytes[at] != '=') {
                return null;
            }
            final int start = ++at;
            while (at < bytes.length && bytes[at] != 1) {
                at++;
            }
            if (at == bytes.length || at == start) {
                return null;
            }
            fields.add(new int[] {tag, start, at++ - start});
        }
        return bytes.length < Long.BYTES ? null : fields;
    }

    private String noise(final String usual, final String odd, final int maxLength) {
        final String alphabet = random.nextInt(5) == 0 ? odd : usual;
        final StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(maxLength); n > 0; n--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static int sum(final byte[] bytes, final int end) {
        int sum = 0;
        for (int i = 0; i < end; i++) {
            sum += bytes[i] & 0xFF;
        }
        return sum & 0xFF;
    }
}
