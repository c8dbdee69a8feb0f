package weir.venue.kraken;

import java.util.UUID;
import weir.protocol.sbe.Liquidity;

/**
 * One fill of the venue. Decimals are E8 mantissas or null of the protocol.
 *
 * @param fillId       the venue's, a UUID
 * @param venueOrderId of its order
 * @param clientId     cliOrdId of its order, empty when not said
 * @param quantity     of this fill
 * @param price        of this fill
 * @param remaining    open quantity after it, null where not said (REST)
 * @param fee          paid, null where not said (REST)
 * @param feeCurrency  of the fee
 * @param liquidity    maker or taker
 * @param epochNs      venue's time
 */
record Fill(String fillId, String venueOrderId, String clientId, long quantity, long price, long remaining, long fee,
    String feeCurrency, Liquidity liquidity, long epochNs) {

    /** Id of the trade for the engine: both halves of the UUID folded, sign cleared, never 0. */
    long tradeId() {
        return tradeId(fillId);
    }

    static long tradeId(final String fillId) {
        long folded;
        try {
            final UUID id = UUID.fromString(fillId);
            folded = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
        } catch (final IllegalArgumentException ex) {
            // not a UUID after all: FNV-1a over its text
            folded = 0xcbf29ce484222325L;
            for (int i = 0; i < fillId.length(); i++) {
                folded = (folded ^ fillId.charAt(i)) * 0x100000001b3L;
            }
        }
        return Math.max(1, folded & Long.MAX_VALUE);
    }
}
