package weir.venue.intx;

/** Calls in use, each one request of the key's rate. Paths are below {@code /api/v1}. */
enum Endpoint {
    /** "Create order". */
    SEND("POST"),
    /** "Modify open order": price, stop price and size. */
    REPLACE("PUT"),
    /** "Cancel order". */
    CANCEL("DELETE"),
    /** "Cancel orders": all of the portfolio, or of an instrument. */
    CANCEL_ALL("DELETE"),
    /** "List portfolios". */
    PORTFOLIOS("GET"),
    /** "List open orders": by client order id, or page by page. */
    OPEN_ORDERS("GET"),
    /** "Get order details": open or done, by the venue's id. */
    ORDER("GET"),
    /** "List fills by portfolios". */
    FILLS("GET");

    final String method;

    Endpoint(final String method) {
        this.method = method;
    }
}
