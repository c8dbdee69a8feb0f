package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The text of RFC 9562, as {@link UUID} writes it. */
class UuidTextTest {
    private static final Pattern FORM =
        Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[3 + UuidText.LENGTH]);
    private final UuidText.Reader reader = new UuidText.Reader();

    @Test
    void shouldWriteAndReadEach() {
        for (int i = 0; i < 200_000; i++) {
            final UUID id = new UUID(random.nextLong(), random.nextLong());
            assertEquals(UuidText.LENGTH,
                UuidText.put(buffer, 3, id.getMostSignificantBits(), id.getLeastSignificantBits()));
            final String text = buffer.getStringWithoutLengthAscii(3, UuidText.LENGTH);
            assertEquals(id.toString(), text);
            assertEquals(text.chars().sum(), UuidText.putUpper(buffer, 3, id.getMostSignificantBits())
                + UuidText.putLower(buffer, 3, id.getLeastSignificantBits()));
            assertEquals(text, buffer.getStringWithoutLengthAscii(3, UuidText.LENGTH));
            if (random.nextBoolean()) {
                buffer.putStringWithoutLengthAscii(3, text.toUpperCase(Locale.ROOT));
            }
            assertTrue(reader.read(buffer, 3, UuidText.LENGTH), () -> "seed " + seed + " " + text);
            assertEquals(id, new UUID(reader.high(), reader.low()));
        }
    }

    /** Each byte at each place: what is no digit is none in whatever way it differs. */
    @Test
    void shouldRefuseEveryOtherByte() {
        for (int place = 0; place < UuidText.LENGTH; place++) {
            for (int value = 0; value < 256; value++) {
                UuidText.put(buffer, 3, random.nextLong(), random.nextLong());
                buffer.putByte(3 + place, (byte)value);
                final byte[] bytes = new byte[UuidText.LENGTH];
                buffer.getBytes(3, bytes);
                final String text = new String(bytes, StandardCharsets.ISO_8859_1);
                assertEquals(FORM.matcher(text).matches(), reader.read(buffer, 3, UuidText.LENGTH), text);
            }
        }
        assertFalse(reader.read(buffer, 3, UuidText.LENGTH - 1));
    }
}
