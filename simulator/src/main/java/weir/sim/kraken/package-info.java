/**
 * The Kraken Futures (Derivatives) venue, simulated: REST, WebSocket feeds, a matching engine and the venue's own log.
 *
 * <p>In: signed HTTP calls and WebSocket requests on one loopback port, and a control API for house liquidity, faults
 * and instruments. Out: answers, feeds, refusals, and {@code venue.jsonl}, the venue's record of what happened.
 *
 * <p>Threads: Undertow's workers carry out calls; the engine is one monitor, and what it reports is in the log before
 * any answer or feed message is queued; one housekeeping thread runs the dead man's switch, triggers, tickers,
 * heartbeats and market making.
 *
 * <p>This package judges Weir's budget and signer, so it shares no code with Weir: it counts and verifies by the
 * venue's documents with code of its own.
 */
package weir.sim.kraken;
