/**
 * The desk's side of the wire: a FIX 5.0 SP2 client over FIXT.1.1, the ledger by which it checks what it is told, a
 * seeded scenario with open-loop pacing, and a raw socket peer for hostile input.
 *
 * <p>In: execution reports (8), cancel rejects (9), mass cancel reports (r), business rejects (j), session rejects (3)
 * and news (B) from a FIX acceptor. Out: orders (D), cancels (F), replaces (G), status requests (H), mass cancels (q),
 * and the file {@code client-<desk>.jsonl}. Reports arrive on the one "QFJ Message Processor" thread; sends happen on
 * the caller's thread. Nothing here shares code with the router: what it proves, it proves from outside.
 */
package weir.sim.desk;
