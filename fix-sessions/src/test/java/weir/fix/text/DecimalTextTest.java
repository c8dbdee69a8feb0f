package weir.fix.text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DecimalTextTest {
    private static final BigDecimal LOWEST = BigDecimal.valueOf(DecimalText.MIN_MANTISSA);

    @ParameterizedTest
    @CsvSource({
        "0,0", "-0,0", "1,100000000", "0.00000001,1", "-0.00000001,-1", "65000.01,6500001000000",
        "00023.23,2323000000", "23.0000,2300000000", ".5,50000000", "5.,500000000", "1.0000000000000,100000000",
        "92233720368.54775805,9223372036854775805"
    })
    void shouldParseExactly(final String text, final long mantissa) {
        assertEquals(mantissa, DecimalText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "-.", "+1", "1e5", "1E5", " 1", "1 ", "1,5", "1.2.3", "--1", "NaN",
        "Infinity", "0x1", "\u0661"})
    void shouldCallInvalidWhatIsNoFixDecimal(final String text) {
        assertEquals(DecimalText.INVALID, DecimalText.parse(text));
        assertTrue(DecimalText.isError(DecimalText.parse(text)));
    }

    @Test
    void shouldCallNullTextInvalid() {
        assertEquals(DecimalText.INVALID, DecimalText.parse(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.000000001", "1.123456789", "-1.000000001", "99999999999999999999.000000001"})
    void shouldCallTooPreciseWhatIsFinerThanEightDecimals(final String text) {
        assertEquals(DecimalText.TOO_PRECISE, DecimalText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"92233720368.54775806", "92233720369", "-92233720368.54775806", "100000000000000000000",
        "99999999999999999999999999999999999999"})
    void shouldCallOverflowWhatDoesNotFit(final String text) {
        assertEquals(DecimalText.OVERFLOW, DecimalText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "00.5", "-01.5", "00"})
    void shouldRejectLeadingZerosWhereAsked(final String text) {
        assertEquals(DecimalText.INVALID, DecimalText.parse(text, true));
        assertFalse(DecimalText.isError(DecimalText.parse(text, false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.5", "-0.5", "10.05"})
    void shouldAcceptSingleZeroBeforePointWhereLeadingZerosAreRejected(final String text) {
        assertFalse(DecimalText.isError(DecimalText.parse(text, true)));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0", "1,0.00000001", "-1,-0.00000001", "100000000,1", "-150000000,-1.5", "6500001000000,65000.01",
        "9223372036854775807,92233720368.54775807"
    })
    void shouldFormatShortestExactText(final long mantissa, final String text) {
        assertEquals(text, DecimalText.format(mantissa));
    }

    @Test
    void shouldRefuseToFormatNull() {
        assertThrows(IllegalArgumentException.class, () -> DecimalText.format(Long.MIN_VALUE));
    }

    @Test
    void shouldParseWhatItFormatsForAnyMantissa() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            final long mantissa = Math.max(DecimalText.MIN_MANTISSA,
                Math.min(-DecimalText.MIN_MANTISSA, random.nextLong() >> random.nextInt(64)));
            final String text = DecimalText.format(mantissa);
            assertEquals(mantissa, DecimalText.parse(text, true), () -> "seed " + seed + " text " + text);
            assertEquals(0, new BigDecimal(text).compareTo(BigDecimal.valueOf(mantissa, 8)), () -> "seed " + seed);
            assertTrue(text.length() <= DecimalText.MAX_LENGTH, text);
        }
    }

    @Test
    void shouldAgreeWithBigDecimalOnAnyDecimalText() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            final String text = randomDecimal(random);
            assertEquals(expected(text), DecimalText.parse(text), () -> "seed " + seed + " text " + text);
        }
    }

    private static String randomDecimal(final Random random) {
        final StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
        for (int n = 1 + random.nextInt(13); n > 0; n--) {
            text.append((char)('0' + random.nextInt(10)));
        }
        if (random.nextInt(3) != 0) {
            text.append('.');
            for (int n = 1 + random.nextInt(11); n > 0; n--) {
                text.append(random.nextBoolean() ? '0' : (char)('0' + random.nextInt(10)));
            }
        }
        return text.toString();
    }

    private static long expected(final String text) {
        final BigDecimal scaled = new BigDecimal(text).scaleByPowerOfTen(8);
        if (scaled.stripTrailingZeros().scale() > 0) {
            return DecimalText.TOO_PRECISE;
        }
        return scaled.abs().compareTo(LOWEST.abs()) > 0 ? DecimalText.OVERFLOW : scaled.longValueExact();
    }
}
