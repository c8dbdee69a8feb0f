package weir.venue.binance;

/** Calls of the venue that are used here, by both ways, with their weight ("General Info on Limits"). */
enum Method {
    PLACE("order.place", "POST", "/api/v3/order", 1, 1, true),
    CANCEL("order.cancel", "DELETE", "/api/v3/order", 1, 0, true),
    CANCEL_REPLACE("order.cancelReplace", "POST", "/api/v3/order/cancelReplace", 1, 1, true),
    AMEND("order.amend.keepPriority", "PUT", "/api/v3/order/amend/keepPriority", 4, 0, true),
    CANCEL_ALL("openOrders.cancelAll", "DELETE", "/api/v3/openOrders", 1, 0, true),
    STATUS("order.status", "GET", "/api/v3/order", 4, 0, true),
    OPEN_ORDERS("openOrders.status", "GET", "/api/v3/openOrders", 80, 0, true),
    ALL_ORDERS("allOrders", "GET", "/api/v3/allOrders", 20, 0, true),
    MY_TRADES("myTrades", "GET", "/api/v3/myTrades", 5, 0, true),
    ORDER_LIMITS("account.rateLimits.orders", "GET", "/api/v3/rateLimit/order", 40, 0, true),
    EXCHANGE_INFO("exchangeInfo", "GET", "/api/v3/exchangeInfo", 20, 0, false),
    TIME("time", "GET", "/api/v3/time", 1, 0, false);

    final String name;
    final String http;
    final String path;
    final int weight;
    /** Unfilled orders that it counts as. */
    final int orders;
    final boolean signed;

    Method(final String name, final String http, final String path, final int weight, final int orders,
        final boolean signed) {
        this.name = name;
        this.http = http;
        this.path = path;
        this.weight = weight;
        this.orders = orders;
        this.signed = signed;
    }

    /** Whether its parameters go into the body. */
    boolean hasBody() {
        return !"GET".equals(http);
    }
}
