/**
 * CoW Protocol: orders as signed messages to an order book, which solvers settle in batches on a chain. An asynchronous
 * class of order: seconds to minutes from order to fill, no feed, polled. In: engine messages 70 to 75. Out: venue
 * events 50 to 56, 35. Threads: the agent does everything about orders and never signs or waits; {@code cow-sign}
 * signs; {@code cow-http} are java.net.http's.
 */
package weir.venue.cow;
