package weir.venue.coinbase;

/**
 * One signed GET of a query.
 *
 * @param query asked for
 * @param kind  what is asked
 * @param path  path and query string
 */
record RestCall(OrderQuery query, Kind kind, String path) {
    /** What is asked. */
    enum Kind { ORDER, FILLS }
}
