/**
 * Reports of each session as files: numbered, bound to their journal record, read again for a client that missed them.
 * The gateway's agent thread; before it starts, the thread that replays the journal.
 */
package weir.entry.store;
