/**
 * A simulated order book of CoW Protocol ("Order Book API", cowprotocol/services). In: quotes, signed orders and
 * cancellations over REST. Out: UIDs, states, trades, and a log of facts. Orders are intents: a solver settles them in
 * batches against house liquidity, and a cancellation may lose against a settlement that is under way.
 *
 * <p>It recovers signers with code of its own ({@link weir.sim.cow.KeccakSponge}, {@link weir.sim.cow.CurveRecovery},
 * {@link weir.sim.cow.OrderDigest}), so that nobody's mistake is its own. Threads: Undertow's workers enter, one
 * housekeeping thread ticks; the book is one monitor.
 */
package weir.sim.cow;
