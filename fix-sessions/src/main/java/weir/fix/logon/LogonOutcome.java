package weir.fix.logon;

/** What became of a Logon. The peer learns only accepted or refused; the log and the counters learn this. */
public enum LogonOutcome {
    /** Proven. */
    ACCEPTED,
    /** No well-formed Logon. */
    MALFORMED,
    /** SenderCompID(49) or TargetCompID(56) is not known here. */
    UNKNOWN_COMP_ID,
    /** The address is not in the desk's allow-list. */
    ADDRESS_REFUSED,
    /** Too many attempts from the address. */
    THROTTLED_ADDRESS,
    /** Too many attempts for the CompID. */
    THROTTLED_COMP_ID,
    /** Too many failures for the CompID. */
    LOCKED_OUT,
    /** Neither password nor signature was sent. */
    CREDENTIAL_MISSING,
    /** Username or password is wrong. */
    PASSWORD_WRONG,
    /** The signature is wrong. */
    SIGNATURE_WRONG,
    /** SendingTime(52) is outside the tolerance. */
    SIGNATURE_STALE,
    /** The signature was used before. */
    SIGNATURE_REPLAYED,
    /** No client certificate, or another desk's. */
    CERTIFICATE_WRONG,
    /** The desk is logged on already. */
    ALREADY_LOGGED_ON,
    /** Too many proofs are waiting. */
    BUSY
}
