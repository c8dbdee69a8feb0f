/**
 * Instruments and reference prices, whatever the venue: what a loaded instrument is, how what stands in our files and
 * what the venue says are joined, how public prices are conflated, and how both reach the engine.
 *
 * <p>In: public REST answers and WebSocket messages, read by the venue's {@link weir.venue.market.VenueMarket}. Out:
 * InstrumentConfig(25) and ReferencePrice(30) on {@code CONTROL_INGRESS}. One agent, {@code market-data}, does all of
 * it; the threads of java.net.http only hand over what arrived.
 */
package weir.venue.market;
