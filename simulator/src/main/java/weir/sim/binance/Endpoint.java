package weir.sim.binance;

import java.util.HashMap;
import java.util.Map;

/**
 * Every call of REST and of the WebSocket API, with its weight ("General Info on Limits" and each endpoint's own).
 * Where the weight depends on parameters it is the least one here.
 */
enum Endpoint {
    PING("ping", "GET /api/v3/ping", 1, false),
    TIME("time", "GET /api/v3/time", 1, false),
    EXCHANGE_INFO("exchangeInfo", "GET /api/v3/exchangeInfo", 20, false),
    DEPTH("depth", "GET /api/v3/depth", 5, false),
    TRADES("trades.recent", "GET /api/v3/trades", 25, false),
    TICKER_24H("ticker.24hr", "GET /api/v3/ticker/24hr", 2, false),
    TICKER_PRICE("ticker.price", "GET /api/v3/ticker/price", 2, false),
    TICKER_BOOK("ticker.book", "GET /api/v3/ticker/bookTicker", 2, false),
    AVG_PRICE("avgPrice", "GET /api/v3/avgPrice", 2, false),
    KLINES("klines", "GET /api/v3/klines", 2, false),
    ORDER("order.place", "POST /api/v3/order", 1, true),
    ORDER_TEST("order.test", "POST /api/v3/order/test", 1, true),
    STATUS("order.status", "GET /api/v3/order", 4, true),
    CANCEL("order.cancel", "DELETE /api/v3/order", 1, true),
    CANCEL_REPLACE("order.cancelReplace", "POST /api/v3/order/cancelReplace", 1, true),
    AMEND("order.amend.keepPriority", "PUT /api/v3/order/amend/keepPriority", 4, true),
    OPEN_ORDERS("openOrders.status", "GET /api/v3/openOrders", 6, true),
    CANCEL_ALL("openOrders.cancelAll", "DELETE /api/v3/openOrders", 1, true),
    ALL_ORDERS("allOrders", "GET /api/v3/allOrders", 20, true),
    MY_TRADES("myTrades", "GET /api/v3/myTrades", 20, true),
    ACCOUNT("account.status", "GET /api/v3/account", 20, true),
    COMMISSION("account.commission", "GET /api/v3/account/commission", 20, true),
    ORDER_LIMITS("account.rateLimits.orders", "GET /api/v3/rateLimit/order", 40, true),
    ASSETS("-", "GET /sapi/v1/capital/config/getall", 10, true),
    ASSET_DETAIL("-", "GET /sapi/v1/asset/assetDetail", 1, true),
    MARGIN_PAIRS("-", "GET /sapi/v1/margin/allPairs", 1, false),
    ISOLATED_PAIRS("-", "GET /sapi/v1/margin/isolated/allPairs", 10, false),
    LOGON("session.logon", "-", 2, true),
    SESSION_STATUS("session.status", "-", 2, false),
    LOGOUT("session.logout", "-", 2, false),
    SUBSCRIBE("userDataStream.subscribe", "-", 2, false),
    SUBSCRIBE_SIGNED("userDataStream.subscribe.signature", "-", 2, true),
    UNSUBSCRIBE("userDataStream.unsubscribe", "-", 2, false);

    private static final Map<String, Endpoint> BY_METHOD = new HashMap<>();
    private static final Map<String, Endpoint> BY_ROUTE = new HashMap<>();

    static {
        for (final Endpoint each : values()) {
            BY_METHOD.put(each.method, each);
            BY_ROUTE.put(each.route, each);
        }
    }

    final String method;
    final String route;
    final boolean signed;
    private final int weight;

    Endpoint(final String method, final String route, final int weight, final boolean signed) {
        this.method = method;
        this.route = route;
        this.weight = weight;
        this.signed = signed;
    }

    static Endpoint ofMethod(final String method) {
        return "-".equals(method) ? null : BY_METHOD.get(method);
    }

    static Endpoint ofRoute(final String route) {
        return "-".equals(route) ? null : BY_ROUTE.get(route);
    }

    int weight(final Params params) {
        switch (this) {
            case OPEN_ORDERS:
                return params.has("symbol") ? weight : 80;
            case MY_TRADES:
                return params.has("orderId") ? 5 : weight;
            case DEPTH:
                final Long limit = params.number("limit");
                return limit == null || limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
            case TICKER_24H:
                return params.has("symbol") || params.has("symbols") ? weight : 80;
            case TICKER_PRICE:
            case TICKER_BOOK:
                return params.has("symbol") ? weight : 4;
            default:
                return weight;
        }
    }

    /** Whether it places, changes or ends orders. */
    boolean isTrading() {
        return this == ORDER || this == CANCEL || this == CANCEL_REPLACE || this == AMEND || this == CANCEL_ALL;
    }

    /** Whether its answer tells the order counts. */
    boolean countsOrders() {
        return this == ORDER || this == CANCEL_REPLACE || this == AMEND;
    }
}
