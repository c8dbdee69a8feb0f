/**
 * Parts of a simulated venue that belong to no venue: the order book, house liquidity, the fault plan, the venue's own
 * log, seeded ids, the loopback control door. In: what a venue's engine and doors tell. Out: the same to its log and
 * its tester. Threads are the venue's; each class says what it stands.
 */
package weir.sim.market;
