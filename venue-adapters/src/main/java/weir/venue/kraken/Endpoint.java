package weir.venue.kraken;

/**
 * Endpoints in use and what they cost ("Futures Rate Limits", /derivatives: 500 units in 10 s). Paths are without
 * {@code /derivatives}, as they are signed.
 */
enum Endpoint {
    /** One new order. */
    SEND("POST", "/api/v3/sendorder", 10),
    /** One edit. */
    EDIT("POST", "/api/v3/editorder", 10),
    /** One cancel. */
    CANCEL("POST", "/api/v3/cancelorder", 10),
    /** Several instructions; the cost is this and one for each. */
    BATCH("POST", "/api/v3/batchorder", 9),
    /** All orders, or all of a symbol. */
    CANCEL_ALL("POST", "/api/v3/cancelallorders", 25),
    /** Dead man's switch. */
    DEAD_MAN("POST", "/api/v3/cancelallordersafter", 25),
    /** Orders by id, open or ended in the last five seconds. */
    STATUS("POST", "/api/v3/orders/status", 1),
    /** All open orders. */
    OPEN_ORDERS("GET", "/api/v3/openorders", 2),
    /** The last fills; with lastFillTime those before it. */
    FILLS("GET", "/api/v3/fills", 2),
    /** What the venue does when two orders meet: asked. */
    STRATEGY("GET", "/api/v3/self-trade-strategy", 2),
    /** The same: set. */
    STRATEGY_SET("PUT", "/api/v3/self-trade-strategy", 2),
    /** Orders that ended long ago; paid from a pool of its own (/history: 100 tokens, one more every 6 s). */
    HISTORY_ORDERS("GET", "/api/history/v2/orders", 0);

    /** Cost of fills with lastFillTime. */
    static final int FILLS_BEFORE_COST = 25;

    final String method;
    final String path;
    final int cost;

    Endpoint(final String method, final String path, final int cost) {
        this.method = method;
        this.path = path;
        this.cost = cost;
    }

    /** Not below {@code /derivatives}, and not of its budget. */
    boolean isHistory() {
        return this == HISTORY_ORDERS;
    }
}
