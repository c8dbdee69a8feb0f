package weir.engine.book;

/** Exact 128-bit arithmetic for price times quantity; all operands are non-negative. */
public final class Wide {
    /** The result does not fit 63 bits. */
    public static final long OVERFLOW = -1;

    private Wide() {
    }

    /**
     * a * b / d, exact before the division.
     *
     * @param a       factor, not negative
     * @param b       factor, not negative
     * @param d       divisor, positive
     * @param roundUp round up instead of down
     * @return the quotient, or {@link #OVERFLOW}
     */
    public static long mulDiv(final long a, final long b, final long d, final boolean roundUp) {
        final long hi = Math.multiplyHigh(a, b);
        final long lo = a * b;
        if (hi == 0 && lo >= 0) { // most products of a price and a quantity
            final long quotient = lo / d;
            return roundUp && quotient * d != lo ? quotient + 1 : quotient;
        }
        if (hi >= d) {
            return OVERFLOW;
        }
        final long quotient = divide(hi, lo, d);
        if (quotient < 0) {
            return OVERFLOW;
        }
        if (roundUp && lo - quotient * d != 0) {
            return quotient == Long.MAX_VALUE ? OVERFLOW : quotient + 1;
        }
        return quotient;
    }

    /**
     * a * b * c / (d * d), exact before the one rounding; for a quantity, a contract size and a price, each E8.
     *
     * @param a       factor, not negative
     * @param b       factor, not negative
     * @param c       factor, not negative
     * @param d       divisor, applied twice, positive
     * @param roundUp round up instead of down
     * @return the quotient, or {@link #OVERFLOW}
     */
    public static long mulMulDivDiv(final long a, final long b, final long c, final long d, final boolean roundUp) {
        final long hi = Math.multiplyHigh(a, b);
        final long lo = a * b;
        final long x0 = lo * c;
        final long carried = Math.multiplyHigh(lo, c) + (lo < 0 ? c : 0);
        final long middle = hi * c;
        final long x1 = middle + carried;
        final long x2 = Math.multiplyHigh(hi, c) + (Long.compareUnsigned(x1, middle) < 0 ? 1 : 0);
        final long y2 = x2 / d;
        final long r2 = x2 - y2 * d;
        final long y1 = divide(r2, x1, d);
        final long r1 = x1 - y1 * d;
        final long y0 = divide(r1, x0, d);
        final long rest = x0 - y0 * d;
        final long z2 = y2 / d;
        final long s2 = y2 - z2 * d;
        final long z1 = divide(s2, y1, d);
        final long s1 = y1 - z1 * d;
        if (z2 != 0 || z1 != 0) {
            return OVERFLOW;
        }
        final long z0 = divide(s1, y0, d);
        if (z0 < 0) {
            return OVERFLOW;
        }
        final boolean inexact = rest != 0 || y0 - z0 * d != 0;
        if (roundUp && inexact) {
            return z0 == Long.MAX_VALUE ? OVERFLOW : z0 + 1;
        }
        return z0;
    }

    /**
     * (hi:lo) / d rounded half up, unsigned, for hi &lt; d.
     *
     * @param hi high 64 bits
     * @param lo low 64 bits
     * @param d  divisor, positive
     * @return the quotient
     */
    public static long divideHalfUp(final long hi, final long lo, final long d) {
        final long quotient = hi == 0 && lo >= 0 ? lo / d : divide(hi, lo, d);
        final long rest = lo - quotient * d;
        return rest >= d - rest ? quotient + 1 : quotient;
    }

    /**
     * (hi:lo) / d rounded down, unsigned, for hi &lt; d (Knuth's algorithm D for two digits of 32 bits).
     *
     * @param hi high 64 bits
     * @param lo low 64 bits
     * @param d  divisor, positive
     * @return the quotient
     */
    public static long divide(final long hi, final long lo, final long d) {
        if (hi == 0) {
            return Long.divideUnsigned(lo, d);
        }
        final int shift = Long.numberOfLeadingZeros(d);
        final long v = d << shift;
        final long vn1 = v >>> 32;
        final long vn0 = v & 0xFFFF_FFFFL;
        final long un32 = hi << shift | (shift == 0 ? 0 : lo >>> 64 - shift);
        final long un10 = lo << shift;
        final long un1 = un10 >>> 32;
        final long un0 = un10 & 0xFFFF_FFFFL;
        final long q1 = digit(un32, un1, vn1, vn0);
        final long un21 = (un32 << 32) + un1 - q1 * v;
        final long q0 = digit(un21, un0, vn1, vn0);
        return (q1 << 32) + q0;
    }

    private static long digit(final long high, final long next, final long vn1, final long vn0) {
        long q = Long.divideUnsigned(high, vn1);
        long rest = high - q * vn1;
        while (q >>> 32 != 0 || Long.compareUnsigned(q * vn0, (rest << 32) + next) > 0) {
            q--;
            rest += vn1;
            if (rest >>> 32 != 0) {
                break;
            }
        }
        return q;
    }
}
