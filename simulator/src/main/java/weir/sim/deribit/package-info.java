/**
 * Deribit: JSON-RPC over WebSocket and HTTP on one port, orders matched for real, credits counted by the published
 * rule, and the session ended when they are spent.
 *
 * <p>In: requests of clients and calls of the control API. Out: answers, notifications, and {@code venue.jsonl}.
 * Undertow's threads call; the engine is one monitor, so instructions are carried out in arrival order, and the log
 * comes before every answer. Sources: docs.deribit.com (JSON-RPC 2.0 Protocol, Rate Limits, API Usage Policy, pages of
 * the methods); error codes as clients see them.
 */
package weir.sim.deribit;
