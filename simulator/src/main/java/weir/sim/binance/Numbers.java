package weir.sim.binance;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How the venue prints decimals: text with eight digits after the point. Stateless. */
final class Numbers {
    static final int DIGITS = 8;

    private Numbers() {
    }

    /** Text with eight decimals; null is zero. */
    static String text(final BigDecimal value) {
        return (value == null ? BigDecimal.ZERO : value).setScale(DIGITS, RoundingMode.DOWN).toPlainString();
    }

    /** Text for the log, without trailing zeros. Null stays null. */
    static String plain(final BigDecimal value) {
        return value == null ? null : value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    static long ms(final long epochNs) {
        return epochNs / 1_000_000L;
    }
}
