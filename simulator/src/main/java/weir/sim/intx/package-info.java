/**
 * Coinbase International Exchange (INTX) as a venue on loopback: signed REST order entry, public data over REST,
 * real matching, limits, faults, a log of its own.
 *
 * <p>In: HTTP of clients, the tester's control calls. Out: answers, refusals, {@code venue.jsonl}.
 * Threads: Undertow's for calls, one for housekeeping, one for the control door; the engine is one monitor.
 */
package weir.sim.intx;
