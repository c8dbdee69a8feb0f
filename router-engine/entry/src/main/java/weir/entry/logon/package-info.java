/**
 * In: ClientLogon(8) of anybody. Out: whether it is proven, and where its answer may go. The gateway's agent thread.
 */
package weir.entry.logon;
