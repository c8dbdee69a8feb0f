package weir.sim.binance;

import java.math.BigDecimal;

/**
 * A new order as asked for. Absent values are null.
 *
 * @param type         LIMIT, MARKET, LIMIT_MAKER, STOP_LOSS, STOP_LOSS_LIMIT, TAKE_PROFIT or TAKE_PROFIT_LIMIT.
 * @param tif          GTC, IOC or FOK.
 * @param quoteQty     quoteOrderQty of a market order.
 * @param clientId     newClientOrderId, made up where the caller gave none.
 * @param channel      through which it came: rest or ws.
 */
record OrderRequest(BinanceAccount account, String symbol, boolean buy, String type, String tif, BigDecimal qty,
    BigDecimal quoteQty, BigDecimal price, BigDecimal stopPrice, BigDecimal icebergQty, String clientId,
    SelfTradeMode stp, Long strategyId, Integer strategyType, String channel) {

    /** A limit order of the house. */
    static OrderRequest house(final String symbol, final boolean buy, final BigDecimal qty, final BigDecimal price,
        final boolean immediate, final String clientId) {
        return new OrderRequest(BinanceAccount.HOUSE, symbol, buy, "LIMIT", immediate ? "IOC" : "GTC", qty, null, price,
            null, null, clientId, SelfTradeMode.EXPIRE_TAKER, null, null, "house");
    }

    String side() {
        return buy ? "BUY" : "SELL";
    }

    boolean isMarket() {
        return "MARKET".equals(type) || "STOP_LOSS".equals(type) || "TAKE_PROFIT".equals(type);
    }

    boolean isStop() {
        return type.startsWith("STOP_LOSS") || type.startsWith("TAKE_PROFIT");
    }

    boolean isImmediate() {
        return isMarket() || "IOC".equals(tif) || "FOK".equals(tif);
    }
}
