/**
 * Binary order entry: SBE over Aeron. In: frames of clients on the entry channels, reports of the engine. Out: commands
 * to the engine, numbered reports to each client on a publication of its own. One agent, which may share a thread.
 */
package weir.entry;
