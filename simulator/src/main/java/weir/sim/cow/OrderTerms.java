package weir.sim.cow;

import java.math.BigInteger;

/** The twelve signed fields of an order. Addresses and hashes are lower case; a receiver of zero is the owner. */
record OrderTerms(String sellToken, String buyToken, String receiver, BigInteger sellAmount, BigInteger buyAmount,
    long validTo, String appDataHash, BigInteger feeAmount, String kind, boolean partiallyFillable,
    String sellTokenBalance, String buyTokenBalance) {

    boolean isSell() {
        return "sell".equals(kind);
    }
}
