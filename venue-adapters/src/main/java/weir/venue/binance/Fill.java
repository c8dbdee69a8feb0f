package weir.venue.binance;

import weir.protocol.sbe.Liquidity;

/**
 * One fill of the venue. Decimals are E8 mantissas or null of the protocol.
 *
 * @param tradeId      the venue's, of one symbol
 * @param venueOrderId of its order
 * @param quantity     of this fill
 * @param price        of this fill
 * @param fee          paid
 * @param feeCurrency  of the fee
 * @param liquidity    maker or taker
 * @param epochNs      venue's time
 * @param remaining    open of the venue's order after it, null of the protocol where it is not said
 */
record Fill(long tradeId, String venueOrderId, long quantity, long price, long fee, String feeCurrency,
    Liquidity liquidity, long epochNs, long remaining) {
}
