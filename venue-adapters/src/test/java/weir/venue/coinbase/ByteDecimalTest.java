package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class ByteDecimalTest {
    private final ByteDecimal decimal = new ByteDecimal();

    @Test
    void shouldReadWhatBigDecimalReads() {
        final Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            final int places = random.nextInt(20);
            String text = digits(random, 1 + random.nextInt(10));
            text += places == 0 ? "" : "." + digits(random, places);
            text = random.nextInt(8) == 0 ? "-" + text : text;
            final BigDecimal exact = new BigDecimal(text).movePointRight(8);
            final long expected = exact.setScale(0, RoundingMode.HALF_UP).longValueExact();
            assertEquals(expected, parse(text), text);
            assertEquals(exact.compareTo(exact.setScale(0, RoundingMode.DOWN)) != 0, decimal.wasRounded(), text);
        }
    }

    @Test
    void shouldLeaveOtherFormsToTheTextPath() {
        final String[] forms = {"", "-", ".", "1.2.3", "1e5", "12345678901", "1.234567890x", "1.23456789.", "+1.5",
            "1.23456789012345678901234567890123456789012", "x.123456789", "1.1234567x9", "1 .123456789", "1,123456789"};
        for (final String text : forms) {
            assertEquals(ByteDecimal.ODD, parse(text), text);
        }
    }

    private long parse(final String text) {
        return decimal.parse(new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII)), 0, text.length());
    }

    private static String digits(final Random random, final int count) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char)('0' + (random.nextInt(3) == 0 ? 0 : random.nextInt(10))));
        }
        return text.toString();
    }
}
