package weir.venue.cow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import weir.protocol.Scale;

/** Between E8 mantissas and atoms of tokens. Stateless. */
final class Atoms {
    private Atoms() {
    }

    /** Atoms of a quantity; null when they are not whole. */
    static BigInteger exact(final long e8, final int decimals) {
        return whole(BigDecimal.valueOf(e8, Scale.E8_DIGITS).movePointRight(decimals), null);
    }

    /** Atoms of quantity times price; rounded when a mode is given, else null when they are not whole. */
    static BigInteger product(final BigDecimal quantity, final long priceE8, final int decimals,
        final RoundingMode rounding) {
        return whole(quantity.multiply(BigDecimal.valueOf(priceE8, Scale.E8_DIGITS)).movePointRight(decimals),
            rounding);
    }

    /** E8 mantissa of atoms, rounded; saturated far above what an order can hold. */
    static long e8(final BigInteger atoms, final int decimals, final RoundingMode rounding) {
        final BigInteger e8 =
            new BigDecimal(atoms, decimals).setScale(Scale.E8_DIGITS, rounding).unscaledValue();
        return e8.bitLength() > 62 ? Long.MAX_VALUE / 2 : e8.longValue();
    }

    private static BigInteger whole(final BigDecimal value, final RoundingMode rounding) {
        if (rounding != null) {
            return value.setScale(0, rounding).toBigInteger();
        }
        final BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() > 0 ? null : stripped.toBigIntegerExact();
    }
}
