package weir.sim.coinbase;

import java.math.BigDecimal;

/**
 * One thing that happened to one order, as ExecutionReport(8) tells it. Read at once, inside the engine's monitor: the
 * order goes on changing.
 *
 * @param execType    ExecType(150).
 * @param ordStatus   OrdStatus(39).
 * @param clOrdId     ClOrdID(11) of the report.
 * @param origClOrdId OrigClOrdID(41), null if none.
 * @param fill        the trade, null unless execType is 'F'.
 * @param restatement ExecRestatementReason(378), 0 if none.
 * @param silent      recorded but not reported, because a batch reject answers for it.
 */
record ExecutionEvent(
    long nowNs, String execId, char execType, char ordStatus, VenueOrder order, String clOrdId, String origClOrdId,
    String text, Fill fill, int restatement, boolean silent) {

    /**
     * One side of a trade.
     *
     * @param tradeId increasing per product.
     * @param otherOrderId the order on the other side.
     * @param taker   whether this side took liquidity.
     * @param fee     in quote currency.
     */
    record Fill(
        long tradeId, String orderId, String otherOrderId, String apiKey, String profileId, VenueProduct product,
        boolean buy, boolean taker, BigDecimal qty, BigDecimal price, BigDecimal fee, long tradedNs) {
    }
}
