package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.protocol.Scale;

/**
 * Numbers of the venue to E8 mantissas: exact wherever they have at most eight decimals, else rounded half up and
 * counted. One thread.
 */
final class Decimals {
    private final IntxCounters counters;

    Decimals(final IntxCounters counters) {
        this.counters = counters;
    }

    /** A number or its text; null of the protocol when absent or no number. */
    long e8(final JsonNode node) {
        if (node == null || !node.isNumber() && !node.isTextual()) {
            return Scale.NULL;
        }
        try {
            return e8(node.isNumber() ? node.decimalValue() : new BigDecimal(node.asText()));
        } catch (final NumberFormatException ex) {
            return Scale.NULL;
        }
    }

    /** A number; null of the protocol when it is too great. */
    long e8(final BigDecimal value) {
        final BigDecimal scaled = value.setScale(Scale.E8_DIGITS, RoundingMode.HALF_UP);
        if (scaled.compareTo(value) != 0) {
            counters.increment(IntxCounter.INEXACT_DECIMALS);
        }
        return scaled.unscaledValue().bitLength() > 62 ? Scale.NULL : scaled.unscaledValue().longValue();
    }

    /** As {@link #e8(JsonNode)}, zero when absent. */
    long orZero(final JsonNode node) {
        final long value = e8(node);
        return value == Scale.NULL ? 0 : value;
    }
}
