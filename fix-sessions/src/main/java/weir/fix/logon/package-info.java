/**
 * What stands between a socket and a session: who may connect, how much an unproven peer may send, and the proof at
 * Logon, all before QuickFIX/J sees a byte of it. In: connections and framed messages, on the transport's thread or on
 * MINA's processor threads. Out: proven messages to the session; one constant answer to everybody else. Proofs are
 * computed on the logon thread.
 */
package weir.fix.logon;
