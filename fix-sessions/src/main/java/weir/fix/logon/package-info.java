/**
 * What stands between a socket and a session: who may connect, how much an unproven peer may send, and the proof at
 * Logon, all before QuickFIX/J sees a byte of it. In: connections and decoded messages on MINA's processor threads.
 * Out: proven messages to QuickFIX/J; one constant answer to everybody else. Proofs are computed on the logon thread.
 */
package weir.fix.logon;
