package weir.fix.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Eight bytes at a time as one by one. */
class AsciiWordsTest {
    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16]);

    @Test
    void shouldReadAndWriteEveryNumberOfEightDigits() {
        for (int value = 0; value < AsciiWords.EIGHT_DIGITS; value += 1 + random.nextInt(100)) {
            final long digits = AsciiWords.digits(value);
            assertEquals(value, AsciiWords.value(digits | AsciiWords.ZEROS));
            buffer.putLong(0, digits | AsciiWords.ZEROS, ByteOrder.LITTLE_ENDIAN);
            assertEquals(value, buffer.parseNaturalIntAscii(0, 8));
        }
        assertEquals(99_999_999, AsciiWords.value(AsciiWords.digits(99_999_999) | AsciiWords.ZEROS));
    }

    @Test
    void shouldWriteNumbersWithoutLeadingZeros() {
        for (int i = 0; i < 1_000_000; i++) {
            final int value = random.nextInt(AsciiWords.EIGHT_DIGITS) >> random.nextInt(28);
            final int length = AsciiWords.put(buffer, 3, value);
            assertEquals(Integer.toString(value), buffer.getStringWithoutLengthAscii(3, length));
        }
    }

    @Test
    void shouldTellBytesApart() {
        for (int i = 0; i < 2_000_000; i++) {
            final byte[] bytes = "12345678".getBytes(StandardCharsets.US_ASCII);
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                bytes[random.nextInt(8)] = (byte)random.nextInt(256);
            }
            buffer.putBytes(0, bytes);
            final long word = buffer.getLong(0, ByteOrder.LITTLE_ENDIAN);
            boolean areDigits = true;
            boolean arePrintable = true;
            long ones = 0;
            for (int n = 0; n < 8; n++) {
                areDigits &= bytes[n] >= '0' && bytes[n] <= '9';
                arePrintable &= bytes[n] >= ' ' && bytes[n] <= '~';
                ones |= bytes[n] == '1' ? 0x80L << 8 * n : 0;
            }
            assertEquals(areDigits, AsciiWords.areDigits(word), () -> "seed " + seed + " " + Long.toHexString(word));
            assertEquals(arePrintable, AsciiWords.arePrintable(word),
                () -> "seed " + seed + " " + Long.toHexString(word));
            assertEquals(ones, AsciiWords.matches(word, 0x3131_3131_3131_3131L));
        }
    }

    @Test
    void shouldKeepTheFirstAndTheLastBytes() {
        final long word = 0x3837_3635_3433_3231L;
        for (int count = 1; count <= 8; count++) {
            assertEquals(Integer.parseInt("12345678".substring(8 - count)),
                AsciiWords.value(AsciiWords.last(word, count)));
            buffer.putLong(0, AsciiWords.first(word, count), ByteOrder.LITTLE_ENDIAN);
            assertEquals("12345678".substring(0, count) + " ".repeat(8 - count),
                buffer.getStringWithoutLengthAscii(0, 8));
        }
    }

    @Test
    void shouldSumBytesOfAnyNumber() {
        final byte[] bytes = new byte[64];
        final UnsafeBuffer some = new UnsafeBuffer(bytes);
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(bytes);
            final int to = 8 + random.nextInt(57);
            final int from = random.nextInt(to + 1);
            int sum = 0;
            for (int n = from; n < to; n++) {
                sum += bytes[n];
            }
            assertEquals(sum & 0xFF, AsciiWords.sum(some, from, to) & 0xFF, () -> "seed " + seed);
        }
    }
}
