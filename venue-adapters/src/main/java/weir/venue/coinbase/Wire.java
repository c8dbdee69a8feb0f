package weir.venue.coinbase;

import weir.venue.SendGuard;

/**
 * One account's connection to the venue as {@link AccountLink} uses it, whichever transport it stands on. What it
 * notices (opened, written, received, closed) it tells the link in the order of the wire, on the agent's thread. All
 * calls are the agent's, but for {@link #reason(String)}.
 */
interface Wire {
    /** Whether a request may be handed over: logged on, and what was handed over before is not stuck. */
    boolean isReady();

    /**
     * Hands a request to the connection.
     *
     * @param request to encode
     * @param order   of a cancel, replace or status request; null when it is not known any more
     * @return its MsgSeqNum(34); 0 when it surely did not go
     */
    int send(OutboundRequest request, LiveOrder order);

    /** Messages of the connection in the venue's window, the session layer's included, as {@link SendGuard} counts. */
    int guardCount(long nowNs);

    /** Connects and logs on, once; {@link AccountLink} says when. */
    void logon();

    /** The connection stands and the session is not logged on: its Logon goes now, where a timer would send it. */
    default void greet() {
        // who sends the Logon with the connection has nothing to do
    }

    /** No further attempt until {@link #logon()}. */
    void rest();

    /** Whether the connection stands though the session has let go of it. */
    boolean isOrphan();

    /** Ends the connection, whatever waits. */
    void closeNow();

    /** Why the connection ends, where it is known; the first reason stays. */
    void reason(String text);
}
