/**
 * What is open and what was used: orders, ClOrdIDs of the session day, executions seen, timers, exact arithmetic.
 * In and out: calls of the stages on the engine thread. Everything is a flat array sized at start.
 */
package weir.engine.book;
