package weir.venue.deribit;

import weir.protocol.sbe.VenueMessageKind;

/**
 * Methods in use, with the pool that pays and the cost where the contract names none ("Rate Limits": matching engine
 * requests cost one of a tier's burst; others 500 of 50,000; subscriptions 3,000 of 30,000).
 */
enum Method {
    /** A new order that buys. */
    BUY("private/buy", VenueMessageKind.NEW, Pool.ENGINE, 1),
    /** A new order that sells. */
    SELL("private/sell", VenueMessageKind.NEW, Pool.ENGINE, 1),
    /** New values of an order. */
    EDIT("private/edit", VenueMessageKind.REPLACE, Pool.ENGINE, 1),
    /** A cancel by the venue's id. */
    CANCEL("private/cancel", VenueMessageKind.CANCEL, Pool.ENGINE, 1),
    /** A cancel by our label. */
    CANCEL_BY_LABEL("private/cancel_by_label", VenueMessageKind.CANCEL, Pool.ENGINE, 1),
    /** All orders of the account. */
    CANCEL_ALL("private/cancel_all", VenueMessageKind.MASS_CANCEL, Pool.ENGINE, 1),
    /** All orders of an instrument. */
    CANCEL_ALL_BY_INSTRUMENT("private/cancel_all_by_instrument", VenueMessageKind.MASS_CANCEL, Pool.ENGINE, 1),
    /** Every open order of the account. */
    OPEN_ORDERS("private/get_open_orders", VenueMessageKind.STATUS, Pool.OTHER, 500),
    /** One order by the venue's id. */
    ORDER_STATE("private/get_order_state", VenueMessageKind.STATUS, Pool.OTHER, 500),
    /** Orders by our label. */
    STATE_BY_LABEL("private/get_order_state_by_label", VenueMessageKind.STATUS, Pool.OTHER, 500),
    /** Fills of one order. */
    TRADES_BY_ORDER("private/get_user_trades_by_order", VenueMessageKind.STATUS, Pool.OTHER, 500),
    /** Fills in an instrument between two times. */
    TRADES_BY_TIME("private/get_user_trades_by_instrument_and_time", VenueMessageKind.STATUS, Pool.OTHER, 500),
    /** Limits and self-trade mode. */
    SUMMARY("private/get_account_summary", VenueMessageKind.ADMIN, Pool.OTHER, 500),
    /** Sets the self-trade mode. */
    SELF_TRADING("private/set_self_trading_config", VenueMessageKind.ADMIN, Pool.OTHER, 500),
    /** Who we are. */
    AUTH("public/auth", VenueMessageKind.ADMIN, Pool.OTHER, 500),
    /** How often the venue asks whether we live. */
    HEARTBEAT("public/set_heartbeat", VenueMessageKind.ADMIN, Pool.OTHER, 500),
    /** That we live. */
    TEST("public/test", VenueMessageKind.ADMIN, Pool.OTHER, 500),
    /** What ends with the connection. */
    CANCEL_ON_DISCONNECT("private/enable_cancel_on_disconnect", VenueMessageKind.ADMIN, Pool.OTHER, 500),
    /** What the venue tells us. */
    SUBSCRIBE("private/subscribe", VenueMessageKind.ADMIN, Pool.SUBSCRIBE, 3_000);

    /** Pools of credits of a sub-account. */
    enum Pool { ENGINE, OTHER, SUBSCRIBE }

    final String wire;
    final VenueMessageKind kind;
    final Pool pool;
    final int cost;

    Method(final String wire, final VenueMessageKind kind, final Pool pool, final int cost) {
        this.wire = wire;
        this.kind = kind;
        this.pool = pool;
        this.cost = cost;
    }
}
