/**
 * What may pass now: rate classes of clients, limits of venues, and the fair queue of orders that wait for them. In:
 * intents to send. Out: yes, or the time at which it would pass. Engine thread only; integer arithmetic only.
 */
package weir.engine.throttle;
