/**
 * Sessions of binary clients: from a proven logon to its end, what a client sends between, and the reports it gets.
 * The gateway's agent thread.
 */
package weir.entry.session;
