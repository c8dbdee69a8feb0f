package weir.venue.cow;

import weir.chain.Address;

/**
 * An ERC-20 token.
 *
 * @param symbol   for people and fees
 * @param address  of its contract
 * @param decimals of its atoms
 */
public record CowToken(String symbol, Address address, int decimals) {
}
