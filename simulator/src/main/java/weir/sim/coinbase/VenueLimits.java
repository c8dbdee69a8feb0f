package weir.sim.coinbase;

/**
 * The venue's limits as it documents them. Sources: Coinbase Exchange "FIX rate limits", "FIX best practices",
 * "Systems and operations", "Create a new order".
 *
 * @param alignment          where one second windows begin; undocumented.
 * @param requestsPerSecond  application messages per session: 100, beyond it each is refused.
 * @param messagesPerSecond  inbound messages per session: 200, beyond it the session ends.
 * @param logonsPerSecond    logons per API key: 2.
 * @param sessionsPerProfile connections per profile: 75.
 * @param queuedPerProduct   requests waiting per session and product: 50; 0 for no bound.
 * @param openOrders         open orders per product and profile: 500.
 * @param batchOrders        orders per batch: 15.
 * @param resendMax          messages per ResendRequest: 1000.
 */
record VenueLimits(
    WindowAlignment alignment, int requestsPerSecond, int messagesPerSecond, int logonsPerSecond,
    int sessionsPerProfile, int queuedPerProduct, int openOrders, int batchOrders, int resendMax) {

    static VenueLimits documented(final WindowAlignment alignment, final int queuedPerProduct) {
        return new VenueLimits(alignment, 100, 200, 2, 75, queuedPerProduct, 500, 15, 1000);
    }
}
