/**
 * What a desk session keeps on disk: sequence numbers, outbound messages for resend with the report each one carries,
 * and the raw log for reconciliation. Append-only files, in the page cache per message and not synced:
 * a kill of the process loses nothing. Objects here are safe from any thread; each guards itself with its own lock,
 * which is a leaf: nothing else is locked while it is held.
 */
package weir.fix.store;
