/**
 * The life of an order between admission and its final state: dispatch to the venue, waiting for its limits, cancel
 * lane, recovery of unknown states, fan-out. In: admitted orders, venue events, timers. Out: venue messages and
 * reports. Engine thread only.
 */
package weir.engine.route;
