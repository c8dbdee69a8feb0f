package weir.venue.cow;

import java.math.BigInteger;

/**
 * What the owner signs, but for tokens and app data. Amounts are atoms.
 *
 * @param sell              true to sell the base: the amount sold is fixed, else the amount bought
 * @param sellAmount        at most, or exactly, of the token sold
 * @param buyAmount         at least, or exactly, of the token bought
 * @param validTo           epoch seconds
 * @param partiallyFillable whether several settlements may fill it
 */
record OrderTerms(boolean sell, BigInteger sellAmount, BigInteger buyAmount, long validTo,
    boolean partiallyFillable) {

    /** Fixed amount: of the base. */
    BigInteger base() {
        return sell ? sellAmount : buyAmount;
    }
}
