package weir.venue.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import weir.protocol.Scale;

/** Decimals of public data, JSON text or number, to mantissas with exponent -8; exactly or not at all. Stateless. */
public final class ExactE8 {
    private static final int DIGITS_MAX = 40;

    private ExactE8() {
    }

    /**
     * A decimal that must be there.
     *
     * @param node  value
     * @param field its name, for the message
     * @return mantissa
     * @throws InexactException when it is missing, no decimal, finer than 1e-8 or too large
     */
    public static long of(final JsonNode node, final String field) throws InexactException {
        final long mantissa = orNull(node, field);
        if (mantissa == Scale.NULL) {
            throw new InexactException(field + " is missing");
        }
        return mantissa;
    }

    /**
     * A decimal that may be missing or null.
     *
     * @param node  value
     * @param field its name, for the message
     * @return mantissa, or the null of the protocol
     * @throws InexactException when it is no decimal, finer than 1e-8 or too large
     */
    public static long orNull(final JsonNode node, final String field) throws InexactException {
        if (node == null || node.isMissingNode() || node.isNull() || node.isTextual() && node.textValue().isEmpty()) {
            return Scale.NULL;
        }
        if (!node.isTextual() && !node.isNumber()) {
            throw new InexactException(field + " is no decimal");
        }
        try {
            final String text = node.isTextual() ? node.textValue() : node.decimalValue().toString();
            if (text.length() > DIGITS_MAX) {
                throw new InexactException(field + " is too long");
            }
            final BigDecimal value = new BigDecimal(text).stripTrailingZeros();
            if (value.scale() > Scale.E8_DIGITS || value.precision() - value.scale() > 12) {
                throw new InexactException(field + ' ' + text + " does not fit");
            }
            return value.movePointRight(Scale.E8_DIGITS).longValueExact();
        } catch (final ArithmeticException | NumberFormatException ex) {
            throw new InexactException(field + " does not fit");
        }
    }

    /** A value that cannot be held exactly; what it belongs to is dropped and counted. */
    public static final class InexactException extends Exception {
        private static final long serialVersionUID = 1L;

        /**
         * Names the value.
         *
         * @param message which and why
         */
        public InexactException(final String message) {
            super(message, null, false, false);
        }
    }
}
