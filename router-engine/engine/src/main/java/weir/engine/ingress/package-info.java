/**
 * Commands and events as they come: frame checks, decoding, and the order of steps for each. In: SBE frames. Out: calls
 * of admission, route and ledger. Engine thread only.
 */
package weir.engine.ingress;
