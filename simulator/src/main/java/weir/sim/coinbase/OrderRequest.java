package weir.sim.coinbase;

import java.math.BigDecimal;

/**
 * An order as it reaches the engine, from FIX, REST or the house. Absent values are null.
 *
 * @param origin       who sends it.
 * @param clOrdId      ClOrdID(11) or client_oid; null for the house and for REST orders without one.
 * @param side         Side(54): '1' buy, '2' sell.
 * @param type         OrdType(40): '1' market, '2' limit, '4' stop limit, 'O' take-profit/stop-loss.
 * @param tif          TimeInForce(59): '1' GTC, '3' IOC, '4' FOK, '6' GTD.
 * @param qty          OrderQty(38), base units.
 * @param funds        CashOrderQty(152), quote units.
 * @param price        Price(44).
 * @param stopPrice    StopPx(99).
 * @param stopLimit    StopLimitPx(3040).
 * @param trigger      TriggerPriceDirection(1109) 'U' or 'D', 0 if not given.
 * @param postOnly     ExecInst(18)=A.
 * @param selfTrade    self-trade prevention: 'D' decrement, 'O' cancel oldest, 'N' cancel newest, 'B' both.
 * @param selfTradeTag the 7928 value as given, null if it was not; echoed in reports.
 * @param expireNs     ExpireTime(126) in epoch nanoseconds, 0 if none.
 * @param batchId      BatchID(8014), null outside a batch.
 */
record OrderRequest(
    Origin origin, String clOrdId, String product, char side, char type, char tif, BigDecimal qty, BigDecimal funds,
    BigDecimal price, BigDecimal stopPrice, BigDecimal stopLimit, char trigger, boolean postOnly, char selfTrade,
    String selfTradeTag, long expireNs, String batchId) {

    /**
     * Who sent an order.
     *
     * @param apiKey       key of the sender; "house" for the venue's own liquidity.
     * @param profileId    profile it belongs to.
     * @param connectionId FIX connection, 0 for REST and the house.
     * @param channel      "fix", "rest" or "house".
     */
    record Origin(String apiKey, String profileId, long connectionId, String channel) {
        static final Origin HOUSE = new Origin("house", "house", 0, "house");

        boolean isHouse() {
            return "house".equals(channel);
        }
    }

    static OrderRequest house(
        final String product, final char side, final BigDecimal qty, final BigDecimal price, final boolean immediate) {
        return new OrderRequest(Origin.HOUSE, null, product, side, '2', immediate ? '3' : '1', qty, null, price, null,
            null, (char)0, false, immediate ? 'N' : 'O', null, 0, null);
    }
}
