/**
 * The Coinbase Exchange venue, simulated: FIX order entry, REST, a matching engine and the venue's own log.
 *
 * <p>In: signed FIXT.1.1 sessions on plain TCP, signed REST calls, and a loopback control API for house liquidity and
 * faults. Out: reports, fills, punishments, and {@code venue.jsonl}, the venue's record of what happened.
 *
 * <p>Threads: per FIX session one reader (frames, counts against the limit), one processor (calls the engine) and one
 * writer (numbers and sends); a small pool for REST; one housekeeping thread for heartbeats, expiry and market making.
 * The matching engine is one monitor; everything it reports is written to the venue log inside it, before any answer
 * is queued.
 *
 * <p>This package judges Weir's limiter and signer, so it shares no code with Weir: it counts and verifies by the
 * venue's documents with code of its own.
 */
package weir.sim.coinbase;
