package weir.sim.deribit;

import java.math.BigDecimal;

/**
 * What private/buy or private/sell asks for.
 *
 * @param account        whose order.
 * @param connectionId   over which it came, 0 for HTTP and the house.
 * @param instrument     name.
 * @param buy            direction.
 * @param type           limit, market, market_limit, stop_limit, stop_market.
 * @param timeInForce    as sent.
 * @param amount         in USD for inverse ones, else in base currency.
 * @param price          null for market.
 * @param label          free text, up to 64 characters, empty for none.
 * @param postOnly       must not take.
 * @param rejectPostOnly refused rather than re-priced if it would.
 * @param reduceOnly     as sent.
 * @param trigger        last_price, mark_price or index_price; null unless a stop.
 * @param triggerPrice   null unless a stop.
 * @param channel        ws or http; house for the house.
 */
record OrderRequest(DeribitAccount account, long connectionId, String instrument, boolean buy, String type,
    String timeInForce, BigDecimal amount, BigDecimal price, String label, boolean postOnly, boolean rejectPostOnly,
    boolean reduceOnly, String trigger, BigDecimal triggerPrice, String channel) {

    static OrderRequest house(
        final String instrument, final boolean buy, final BigDecimal amount, final BigDecimal price,
        final boolean immediate) {
        return new OrderRequest(DeribitAccount.HOUSE, 0, instrument, buy, "limit",
            immediate ? "immediate_or_cancel" : "good_til_cancelled", amount, price, "", false, false, false, null,
            null, "house");
    }

    /** The order that a trigger order becomes. */
    OrderRequest triggered() {
        return new OrderRequest(account, connectionId, instrument, buy, "stop_market".equals(type) ? "market" : "limit",
            timeInForce, amount, price, label, postOnly, rejectPostOnly, reduceOnly, null, null, channel);
    }

    boolean isTrigger() {
        return type.startsWith("stop");
    }

    boolean isMarket() {
        return "market".equals(type) || "market_limit".equals(type);
    }

    boolean isImmediate() {
        return "market".equals(type) || "immediate_or_cancel".equals(timeInForce) || isFillOrKill();
    }

    boolean isFillOrKill() {
        return "fill_or_kill".equals(timeInForce);
    }
}
