package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.protocol.Scale;

/**
 * Numbers of the venue to E8 mantissas: exact wherever they have at most eight decimals, else rounded half up and
 * counted. The price of a market order is the text {@code market_price}, which is no number. One thread.
 */
final class Decimals {
    private static final int BITS_MAX = 62;

    private final DeribitCounters counters;

    Decimals(final DeribitCounters counters) {
        this.counters = counters;
    }

    /** A number; null of the protocol when absent or no number. */
    long e8(final JsonNode node) {
        if (node == null || !node.isNumber()) {
            return Scale.NULL;
        }
        final BigDecimal value = node.decimalValue();
        if (value.precision() - value.scale() > 12) {
            return Scale.NULL;
        }
        final BigDecimal scaled = value.setScale(Scale.E8_DIGITS, RoundingMode.HALF_UP);
        if (scaled.compareTo(value) != 0) {
            counters.increment(DeribitCounter.INEXACT_DECIMALS);
        }
        return scaled.unscaledValue().bitLength() > BITS_MAX ? Scale.NULL : scaled.unscaledValue().longValue();
    }

    /** As {@link #e8(JsonNode)}, zero when absent: {@code filled_amount} lacks on trigger orders. */
    long orZero(final JsonNode node) {
        final long value = e8(node);
        return value == Scale.NULL ? 0 : value;
    }
}
