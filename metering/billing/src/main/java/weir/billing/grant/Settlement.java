package weir.billing.grant;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * What a grant was paid in, or paid out in: an amount of an asset, and the rate that makes it micro-units of the plan's
 * currency. {@code amountMicros = atoms x 10^-decimals x rateMantissa x 10^rateExponent x 10^6}, exact or rounded as
 * stated.
 *
 * @param asset        such as {@code USDC} or {@code USD}: 1 to 16 of A-Z, 0-9, dot and dash
 * @param decimals     atoms of one whole unit = 10^decimals, 0 to 36
 * @param atoms        of the asset, above 0
 * @param rateMantissa plan currency per whole unit, above 0
 * @param rateExponent power of ten of the mantissa, -36 to 36
 * @param rateSource   who says so, 1 to 64 characters
 * @param rateMs       of when, wall clock
 * @param rounding     how a part of a micro-unit was treated
 * @param reference    hash of the chain's transaction, id of the payment; 1 to 128 characters
 */
public record Settlement(String asset, int decimals, BigInteger atoms, long rateMantissa, int rateExponent,
                         String rateSource, long rateMs, Rounding rounding, String reference) {
    private static final int SCALE_MAX = 36;
    private static final int MICROS = 6;

    /** What happens to a part of a micro-unit. */
    public enum Rounding {
        /** There must be none. */
        EXACT,
        /** It is dropped. */
        DOWN,
        /** To the nearest micro-unit, from the middle to the even one. */
        HALF_EVEN
    }

    /** Checks every part. */
    public Settlement {
        expect(asset.matches("[A-Z0-9.-]{1,16}"), "asset must be 1 to 16 of A-Z, 0-9, dot and dash");
        expect(decimals >= 0 && decimals <= SCALE_MAX, "decimals must be 0 to 36");
        expect(atoms.signum() > 0 && atoms.bitLength() <= 256, "atoms must be above 0 and below 2^256");
        expect(rateMantissa > 0, "the rate must be above 0");
        expect(Math.abs(rateExponent) <= SCALE_MAX, "the rate's exponent must be -36 to 36");
        expect(isText(rateSource, 64), "the rate's source must have 1 to 64 printable ASCII characters");
        expect(isText(reference, 128), "the reference must have 1 to 128 printable ASCII characters");
    }

    private static boolean isText(final String text, final int max) {
        return !text.isBlank() && text.length() <= max && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    private static void expect(final boolean holds, final String message) {
        if (!holds) {
            throw new BillingException(BillingError.GRANT_INVALID, message);
        }
    }

    /**
     * The rate as a number.
     *
     * @return plan currency per whole unit
     */
    public BigDecimal rate() {
        return BigDecimal.valueOf(rateMantissa).scaleByPowerOfTen(rateExponent);
    }

    /**
     * What it comes to.
     *
     * @return micro-units of the plan's currency
     * @throws BillingException SETTLEMENT_MISMATCH when it is no whole number and must be, or too large
     */
    public long amountMicros() {
        final BigDecimal exact = new BigDecimal(atoms).movePointLeft(decimals).multiply(rate()).movePointRight(MICROS);
        try {
            return exact.setScale(0, switch (rounding) {
                case EXACT -> RoundingMode.UNNECESSARY;
                case DOWN -> RoundingMode.DOWN;
                case HALF_EVEN -> RoundingMode.HALF_EVEN;
            }).longValueExact();
        } catch (final ArithmeticException ex) {
            throw new BillingException(BillingError.SETTLEMENT_MISMATCH, atoms + " atoms of " + asset + " at "
                + rate().toPlainString() + " come to " + exact.stripTrailingZeros().toPlainString()
                + " micro-units, which is no amount without a rounding", ex);
        }
    }

    /**
     * Checks that a grant is what it was settled in.
     *
     * @param grantMicros amount of the grant, of either sign
     * @throws BillingException SETTLEMENT_MISMATCH
     */
    public void check(final long grantMicros) {
        final long settled = amountMicros();
        if (settled != Math.abs(grantMicros) || settled == 0) {
            throw new BillingException(BillingError.SETTLEMENT_MISMATCH, "the grant is of " + grantMicros
                + " micro-units, " + atoms + " atoms of " + asset + " at " + rate().toPlainString() + " come to "
                + settled);
        }
    }
}
