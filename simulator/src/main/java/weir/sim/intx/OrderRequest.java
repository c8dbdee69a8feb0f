package weir.sim.intx;

import java.math.BigDecimal;

/**
 * A new order as it came. Source: "Create order".
 *
 * @param clientOrderId null only of the house.
 * @param type          LIMIT, MARKET, STOP, STOP_LIMIT.
 * @param tif           GTC, GTT, IOC, FOK.
 * @param price         null for MARKET and STOP.
 * @param expireNs      of a GTT order, 0 otherwise.
 * @param stpMode       NONE, AGGRESSING, RESTING, BOTH, DECREMENT.
 * @param fixConnection of the FIX session that it came by, 0 for REST.
 */
record OrderRequest(IntxAccount account, String clientOrderId, boolean buy, BigDecimal size, String tif,
    String instrument, String type, BigDecimal price, BigDecimal stopPrice, long expireNs, String stpMode,
    boolean postOnly, boolean closeOnly, long fixConnection) {

    static OrderRequest house(final String instrument, final boolean buy, final BigDecimal size,
        final BigDecimal price, final boolean immediate) {
        return new OrderRequest(IntxAccount.HOUSE, null, buy, size, immediate ? "IOC" : "GTC", instrument, "LIMIT",
            price, null, 0, "NONE", false, false, 0);
    }

    String channel() {
        return fixConnection == 0 ? "rest" : "fix";
    }

    boolean isImmediate() {
        return "IOC".equals(tif) || "FOK".equals(tif) || "MARKET".equals(type);
    }

    boolean isStop() {
        return "STOP".equals(type) || "STOP_LIMIT".equals(type);
    }
}
