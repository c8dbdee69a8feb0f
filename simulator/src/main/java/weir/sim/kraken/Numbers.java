package weir.sim.kraken;

import java.math.BigDecimal;

/** How the venue prints numbers: JSON numbers without exponents. */
final class Numbers {
    private Numbers() {
    }

    /** Without trailing zeros: 9400, 0.001. Null stays null. */
    static BigDecimal plain(final BigDecimal value) {
        if (value == null) {
            return null;
        }
        final BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** As the feeds print it, always with a decimal: 304.0, 0.001. Null is 0.0. */
    static BigDecimal real(final BigDecimal value) {
        final BigDecimal plain = value == null ? BigDecimal.ZERO : plain(value);
        return plain.scale() < 1 ? plain.setScale(1) : plain;
    }

    /** Decimal text for the log. Null stays null. */
    static String text(final BigDecimal value) {
        return value == null ? null : plain(value).toPlainString();
    }
}
