/**
 * Coinbase Exchange: FIX 5.0 SP2 order entry, with REST where an order's outcome is unknown.
 *
 * <p>In: messages 70 to 74 on {@code VENUE_EGRESS + COINBASE}. Out: messages 50 to 56 on {@code VENUE_INGRESS}.
 * One {@link weir.venue.coinbase.CoinbaseAdapter} serves any number of accounts, one FIX session each.
 *
 * <p>Threads: everything about orders belongs to the agent's thread ({@code CoinbaseAgent}), and on our own transport
 * the sockets and the sessions too. On QuickFIX/J's its IO threads see every message at {@code WireFilter}, which
 * counts, stamps and hands to the agent's queue, so that what was written, what was received and the close of a
 * connection reach the agent in the order in which they happened. REST runs on java.net.http's threads and answers into
 * the same queue, and so do look-ups of the venue's names.
 */
package weir.venue.coinbase;
