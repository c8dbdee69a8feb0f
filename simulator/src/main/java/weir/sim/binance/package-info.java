/**
 * Binance Spot as a client sees it: REST, WebSocket API with user data streams, market streams; a matching engine with
 * self-trade prevention; limits counted in aligned windows and punished as documented; fault modes; a control door. In:
 * HTTP and WebSocket of clients, JSON of a tester. Out: their answers and streams, and the venue's own log.
 *
 * <p>Undertow's threads call the doors, the engine is a monitor, one thread of housekeeping. Sources: the documents of
 * github.com/binance/binance-spot-api-docs (rest-api, web-socket-api, user-data-stream, web-socket-streams, filters,
 * errors, enums, faqs).
 */
package weir.sim.binance;
