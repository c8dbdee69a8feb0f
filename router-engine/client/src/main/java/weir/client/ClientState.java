package weir.client;

/** Where a client stands. */
public enum ClientState {
    /** Waits before it tries again. */
    WAITING,
    /** Has no way to the gateway yet. */
    CONNECTING,
    /** Sent its logon. */
    LOGGING_ON,
    /** Logged on; sends again what the router does not have. */
    RESENDING,
    /** Logged on. */
    LOGGED_ON,
    /** Logged out, or replaced by another logon of its session: tries nothing by itself. */
    ENDED,
    /** Closed. */
    CLOSED
}
