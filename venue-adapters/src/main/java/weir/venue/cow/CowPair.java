package weir.venue.cow;

/**
 * An instrument at this venue, which lists none itself: two tokens. Amounts are mantissas with exponent -8. Lot
 * and tick are such that a quantity is whole atoms of the base, and any price times any quantity whole atoms of the
 * quote.
 *
 * @param venueSymbol what the engine calls it
 * @param base        bought and sold
 * @param quote       paid
 * @param tickE8      price step, a power of ten
 * @param lotE8       quantity step, a power of ten
 * @param minQtyE8    least quantity
 */
public record CowPair(String venueSymbol, CowToken base, CowToken quote, long tickE8, long lotE8, long minQtyE8) {

    /**
     * What is wrong with it.
     *
     * @return empty when nothing is
     */
    public String error() {
        if (base.address().equals(quote.address())) {
            return "base and quote are one token";
        }
        if (decimals(tickE8) < 0 || decimals(lotE8) < 0) {
            return "tick and lot are powers of ten from 0.00000001 on";
        }
        if (decimals(lotE8) > base.decimals()) {
            return "lot is finer than the atoms of " + base.symbol() + " (" + base.decimals() + " decimals)";
        }
        if (decimals(lotE8) + decimals(tickE8) > quote.decimals()) {
            return "tick times lot is finer than the atoms of " + quote.symbol() + " (" + quote.decimals()
                + " decimals)";
        }
        return minQtyE8 < 0 ? "minimum is negative" : "";
    }

    /** Decimals of a power of ten, 0 for one and more; -1 when it is none. */
    private static int decimals(final long stepE8) {
        long power = 1;
        for (int decimals = 8; decimals > -10; decimals--) {
            if (power == stepE8) {
                return Math.max(0, decimals);
            }
            power *= 10;
        }
        return -1;
    }
}
