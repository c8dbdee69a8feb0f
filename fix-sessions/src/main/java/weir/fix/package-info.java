/**
 * Desk sessions: FIX 5.0 SP2 over FIXT.1.1 in front of the engine. {@link weir.fix.FixGateway} wires the packages below
 * it. In: TCP or TLS connections of desks, the engine's client egress stream. Out: the engine's client ingress stream,
 * FIX to desks, session stores and raw logs.
 */
package weir.fix;
