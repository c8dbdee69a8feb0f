package weir.protocol;

/** Fixed exponents of every amount. */
public final class Scale {
    /** Mantissa of 1.0 for a price or quantity (exponent -8). */
    public static final long E8 = 100_000_000L;
    /** Digits after the point of a price or quantity. */
    public static final int E8_DIGITS = 8;
    /** Micro-units in one unit of a plan's currency. */
    public static final long MICROS = 1_000_000L;
    /** Null of an optional int64 field. */
    public static final long NULL = Long.MIN_VALUE;

    private Scale() {
    }
}
