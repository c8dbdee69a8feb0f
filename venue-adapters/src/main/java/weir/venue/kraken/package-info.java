/**
 * Kraken Futures (Derivatives): orders over REST, fills and order changes over the private WebSocket, REST where the
 * socket is down or an answer was lost.
 *
 * <p>In: engine messages 70 to 75 on {@code VENUE_EGRESS + 5}. Out: venue events 50 to 59 on {@code VENUE_INGRESS}. One
 * agent thread owns everything about orders; the HTTP client's threads only fill the event queue.
 *
 * <p>{@link weir.venue.kraken.KrakenMarket} reads the public data, on the market agent's thread.
 */
package weir.venue.kraken;
