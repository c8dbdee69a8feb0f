package weir.sim.kraken;

import java.math.BigDecimal;

/**
 * What a send instruction asks for, after its fields were read.
 *
 * @param limitPrice    null for a market order or a trigger without one.
 * @param stopPrice     of triggers, else null.
 * @param triggerSignal mark, index or last.
 * @param cliOrdId      null for none.
 * @param orderTag      of batch items, else null.
 * @param channel       rest, batch or house.
 */
record OrderRequest(
    KrakenAccount account, OrderType type, String symbol, boolean buy, BigDecimal size, BigDecimal limitPrice,
    BigDecimal stopPrice, String triggerSignal, boolean reduceOnly, String cliOrdId, String orderTag,
    String channel) {

    /** An order of the house. An immediate one does not rest. */
    static OrderRequest house(
        final String symbol, final boolean buy, final BigDecimal size, final BigDecimal price,
        final boolean immediate) {
        return new OrderRequest(KrakenAccount.HOUSE, immediate ? OrderType.IOC : OrderType.LMT, symbol, buy, size,
            price, null, null, false, null, null, "house");
    }
}
