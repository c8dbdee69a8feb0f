package weir.config.yaml;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Decimal text to an integer mantissa, exactly: nothing is rounded. */
public final class ExactDecimal {
    private static final Pattern PLAIN = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");

    private ExactDecimal() {
    }

    /**
     * Whether a text is a plain decimal, of whatever size and precision.
     *
     * @param text the text
     * @return true for {@code -?digits(.digits)?}
     */
    public static boolean isDecimal(final String text) {
        return PLAIN.matcher(text).matches();
    }

    /**
     * Mantissa of a decimal.
     *
     * @param text   {@code -?digits(.digits)?}, no exponent
     * @param digits digits after the point of the result
     * @return empty when the text is no decimal, is finer than that, or does not fit 64 bits
     */
    public static OptionalLong parse(final String text, final int digits) {
        if (!isDecimal(text)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(new BigDecimal(text).movePointRight(digits).longValueExact());
        } catch (final ArithmeticException ex) {
            return OptionalLong.empty();
        }
    }

    /**
     * Text of a mantissa.
     *
     * @param mantissa the value
     * @param digits   digits after the point
     * @return plain decimal without trailing zeros
     */
    public static String format(final long mantissa, final int digits) {
        if (mantissa == 0) {
            return "0";
        }
        return BigDecimal.valueOf(mantissa, digits).stripTrailingZeros().toPlainString();
    }
}
