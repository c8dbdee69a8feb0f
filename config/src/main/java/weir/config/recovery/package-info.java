/**
 * Snapshots of the core in a running router, and the start from one. In: the journal and its snapshots. Out: a core at
 * the state of a record, and new snapshots. Threads: the start's, and the shadow's own.
 */
package weir.config.recovery;
