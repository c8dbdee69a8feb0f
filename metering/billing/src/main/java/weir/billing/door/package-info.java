/**
 * The HTTP listener of the billing process: webhooks come in through one, read-outs go out through another. In: routes
 * with their handlers. Out: answers, JSON or RFC 9457 problems with a stable code.
 *
 * <p>Threads: Undertow's I/O thread reads requests whole and never runs a handler; handlers run on the door's own small
 * pool of daemon threads. The billing thread is never asked for anything: a handler meets it through a queue or the
 * database.
 */
package weir.billing.door;
