package weir.sim.kraken;

import java.math.BigDecimal;
import java.util.UUID;

/**
 * One side of a trade.
 *
 * @param fillId    uuid of the trade: fill_id, executionId; both sides have the same.
 * @param remaining size the order had left after it.
 * @param takerType type of the order that took.
 */
record KrakenFill(
    String fillId, KrakenOrder order, boolean taker, BigDecimal size, BigDecimal price, BigDecimal fee,
    String feeCurrency, BigDecimal remaining, OrderType takerType, long tradedNs) {

    /** The fill id as a positive number: high 64 bits xor low 64 bits, sign bit cleared. */
    long tradeId() {
        final UUID uuid = UUID.fromString(fillId);
        return (uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits()) & Long.MAX_VALUE;
    }
}
