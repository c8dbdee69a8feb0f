package weir.fix.wire;

/** Why a connection ended. */
public enum CloseCause {
    /** The peer closed it, or was gone. */
    PEER,
    /** Reading or writing failed. */
    IO,
    /** It could not be made, or not in time. */
    NOT_CONNECTED,
    /** The TLS handshake or a TLS record failed. */
    TLS,
    /** No whole message within the limit, or no FIX at all. */
    OVERSIZED,
    /** A Logon(A) whose length is wrong. */
    BROKEN_LOGON,
    /** The peer does not read. */
    SLOW_READER,
    /** This side closed it. */
    LOCAL
}
