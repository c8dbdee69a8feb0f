/**
 * What every venue adapter needs and no venue owns: the sliding-window log of sends, the guard where bytes leave, the
 * lazy-fill bucket of REST limits, the venue form of our ids, and the way of events back to the engine.
 *
 * <p>In: calls of one adapter. Out: SBE messages 50 to 56 on {@code VENUE_INGRESS}. Each class names its thread.
 */
package weir.venue;
