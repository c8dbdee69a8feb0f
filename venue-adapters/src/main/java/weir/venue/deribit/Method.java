package weir.venue.deribit;

/**
 * Methods in use, with the pool that pays and the cost ("Rate Limits": matching engine requests cost one of a tier's
 * burst; others 500 of 50,000; subscriptions 3,000 of 30,000).
 */
enum Method {
    /** A new order that buys. */
    BUY("private/buy", Pool.ENGINE, 1),
    /** A new order that sells. */
    SELL("private/sell", Pool.ENGINE, 1),
    /** New values of an order. */
    EDIT("private/edit", Pool.ENGINE, 1),
    /** A cancel by the venue's id. */
    CANCEL("private/cancel", Pool.ENGINE, 1),
    /** A cancel by our label. */
    CANCEL_BY_LABEL("private/cancel_by_label", Pool.ENGINE, 1),
    /** All orders of the account. */
    CANCEL_ALL("private/cancel_all", Pool.ENGINE, 1),
    /** All orders of an instrument. */
    CANCEL_ALL_BY_INSTRUMENT("private/cancel_all_by_instrument", Pool.ENGINE, 1),
    /** Every open order of the account. */
    OPEN_ORDERS("private/get_open_orders", Pool.OTHER, 500),
    /** One order by the venue's id. */
    ORDER_STATE("private/get_order_state", Pool.OTHER, 500),
    /** Orders by our label. */
    STATE_BY_LABEL("private/get_order_state_by_label", Pool.OTHER, 500),
    /** Fills of one order. */
    TRADES_BY_ORDER("private/get_user_trades_by_order", Pool.OTHER, 500),
    /** Fills in an instrument between two times. */
    TRADES_BY_TIME("private/get_user_trades_by_instrument_and_time", Pool.OTHER, 500),
    /** Limits and self-trade mode. */
    SUMMARY("private/get_account_summary", Pool.OTHER, 500),
    /** Sets the self-trade mode. */
    SELF_TRADING("private/set_self_trading_config", Pool.OTHER, 500),
    /** Who we are. */
    AUTH("public/auth", Pool.OTHER, 500),
    /** How often the venue asks whether we live. */
    HEARTBEAT("public/set_heartbeat", Pool.OTHER, 500),
    /** That we live. */
    TEST("public/test", Pool.OTHER, 500),
    /** What ends with the connection. */
    CANCEL_ON_DISCONNECT("private/enable_cancel_on_disconnect", Pool.OTHER, 500),
    /** What the venue tells us. */
    SUBSCRIBE("private/subscribe", Pool.SUBSCRIBE, 3_000);

    /** Pools of credits of a sub-account. */
    enum Pool { ENGINE, OTHER, SUBSCRIBE }

    final String wire;
    final Pool pool;
    final int cost;

    Method(final String wire, final Pool pool, final int cost) {
        this.wire = wire;
        this.pool = pool;
        this.cost = cost;
    }
}
