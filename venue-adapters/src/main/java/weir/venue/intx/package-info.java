/**
 * Coinbase International Exchange (INTX): orders over REST, fills and ends asked for over REST, for the venue has no
 * private stream besides FIX; and over FIX 5.0 SP2 as the second path, whose reports end in the same place.
 *
 * <p>In: engine messages 70 to 75 on {@code VENUE_EGRESS + 2}. Out: venue events 50 to 59 on {@code VENUE_INGRESS}. One
 * agent thread owns everything about orders; the HTTP client's threads only fill the event queue.
 */
package weir.venue.intx;
