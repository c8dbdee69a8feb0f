package weir.venue.coinbase;

import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.fix.text.DecimalText;
import weir.protocol.Scale;

/**
 * Decimals of the venue to E8 mantissas. Exact wherever the text has at most eight decimals; finer ones (the venue
 * sends fees and averages with twelve) are rounded half up at 1e-8. One thread.
 */
final class Decimals {
    private final CoinbaseCounters counters;

    Decimals(final CoinbaseCounters counters) {
        this.counters = counters;
    }

    /** A quantity or price: counted when it had to be rounded. */
    long exact(final String text) {
        final long mantissa = DecimalText.parse(text);
        if (!DecimalText.isError(mantissa)) {
            return mantissa;
        }
        if (text != null) {
            counters.increment(CoinbaseCounter.INEXACT_DECIMALS);
        }
        return rounded(text);
    }

    /** A fee or an average. */
    long rounded(final String text) {
        final long mantissa = DecimalText.parse(text);
        if (!DecimalText.isError(mantissa)) {
            return mantissa;
        }
        if (mantissa != DecimalText.TOO_PRECISE) {
            return Scale.NULL;
        }
        return mantissa(new BigDecimal(text));
    }

    static long mantissa(final BigDecimal value) {
        final BigDecimal scaled = value.setScale(Scale.E8_DIGITS, RoundingMode.HALF_UP);
        return scaled.unscaledValue().bitLength() > 62 ? Scale.NULL : scaled.unscaledValue().longValue();
    }

    static BigDecimal value(final long mantissa) {
        return BigDecimal.valueOf(mantissa, Scale.E8_DIGITS);
    }
}
