/**
 * Who may log on: what is configured for each binary client, and what the gateway counts. Values only, no thread.
 */
package weir.entry.client;
