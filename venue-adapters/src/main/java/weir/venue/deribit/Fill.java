package weir.venue.deribit;

import weir.protocol.sbe.Liquidity;

/**
 * One fill of the venue. Decimals are E8 mantissas or null of the protocol.
 *
 * @param tradeId      the venue's text, such as {@code USDC-12345}
 * @param venueOrderId of its order
 * @param label        of its order, empty when it has none
 * @param quantity     of this fill
 * @param price        of this fill
 * @param fee          paid, negative for a rebate
 * @param feeCurrency  of the fee
 * @param liquidity    maker or taker
 * @param epochNs      venue's time
 */
record Fill(String tradeId, String venueOrderId, String label, long quantity, long price, long fee, String feeCurrency,
    Liquidity liquidity, long epochNs) {

    /** Id of the trade for the engine: FNV-1a of the venue's text, sign cleared, never 0. */
    long id() {
        long folded = 0xcbf29ce484222325L;
        for (int i = 0; i < tradeId.length(); i++) {
            folded = (folded ^ tradeId.charAt(i)) * 0x100000001b3L;
        }
        return Math.max(1, folded & Long.MAX_VALUE);
    }
}
