/**
 * Binance Spot: order entry over the WebSocket API with the user data stream on the same socket, over REST while that
 * is down; public data by {@link weir.venue.binance.BinanceMarket}.
 *
 * <p>In: engine messages 70 to 75 on {@code VENUE_EGRESS}. Out: 50 to 57 and 59 on {@code VENUE_INGRESS}, SystemStatus.
 * One agent's thread for everything about orders; the HTTP client's threads only hand over. Sources: the documents of
 * github.com/binance/binance-spot-api-docs.
 */
package weir.venue.binance;
