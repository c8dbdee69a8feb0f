/**
 * Outputs of the core: bounded outboxes and the encoders that fill them. In: decisions of the stages before. Out: SBE
 * frames, drained by the agent in the order journal, venue, client. Engine thread only.
 */
package weir.engine.egress;
