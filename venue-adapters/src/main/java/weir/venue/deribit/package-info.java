/**
 * Deribit: JSON-RPC over one authenticated WebSocket per account, for orders and for what becomes of them; the same
 * calls over HTTP while the socket is down.
 *
 * <p>In: engine messages 70 to 75 on {@code VENUE_EGRESS + 4}. Out: venue events 50 to 59 on {@code VENUE_INGRESS}. One
 * agent thread owns everything about orders; the HTTP client's threads only fill the event queue.
 *
 * <p>{@link weir.venue.deribit.DeribitMarket} reads the public data, on the market agent's thread.
 */
package weir.venue.deribit;
