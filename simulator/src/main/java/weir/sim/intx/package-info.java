/**
 * Coinbase International Exchange (INTX) as a venue on loopback: signed REST and FIX order entry, public data
 * over REST, real matching, limits, faults, a log of its own.
 *
 * <p>In: HTTP and FIX of clients, the tester's control calls. Out: answers, refusals, {@code venue.jsonl}.
 * Threads: Undertow's for calls, a reader and a writer of each FIX connection, one for housekeeping, one for the
 * control door; the engine is one monitor.
 */
package weir.sim.intx;
