/**
 * Engine reports to desks. In: SBE frames of the client egress stream, and those that the journal replay made again.
 * Out: FIX messages, stored and sent through QuickFIX/J. All on the egress agent's thread.
 */
package weir.fix.egress;
