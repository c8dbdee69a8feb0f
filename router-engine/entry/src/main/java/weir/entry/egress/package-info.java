/**
 * Out: frames to one client, and where the numbers stand that every report of the engine leads with. The gateway's
 * agent thread.
 */
package weir.entry.egress;
