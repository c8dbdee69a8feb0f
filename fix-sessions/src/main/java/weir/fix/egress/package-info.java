/**
 * Engine reports to desks. In: SBE frames of the client egress stream, and those that the journal replay made again.
 * Out: FIX messages, stored and sent, as bytes or through QuickFIX/J. All on the gateway's thread.
 */
package weir.fix.egress;
