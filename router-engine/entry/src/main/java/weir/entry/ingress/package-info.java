/**
 * In: frames of clients, checked before anything acts on them. Out: the engine's client ingress stream. The gateway's
 * agent thread.
 */
package weir.entry.ingress;
