package weir.fix.logon;

import java.security.cert.X509Certificate;

/**
 * One connection as the guard and the gate see it, whatever carries it: QuickFIX/J's MINA or Weir's transport. What
 * moves bytes is called on the connection's thread, which {@link #execute} leads to.
 */
public interface Peer {
    /**
     * Certificate that the peer proved.
     *
     * @return null without TLS or certificate
     */
    X509Certificate certificate();

    /**
     * Asks whether it stands; any thread.
     *
     * @return false once either side closed it
     */
    boolean isConnected();

    /**
     * Sends a message.
     *
     * @param raw one character per byte
     */
    void write(String raw);

    /** Takes nothing in until {@link #resumeRead()}. */
    void suspendRead();

    /** Goes on after {@link #suspendRead()}. */
    void resumeRead();

    /** Ends the connection; what was not written is lost. */
    void closeNow();

    /** Ends the connection when everything is written. */
    void closeOnFlush();

    /**
     * Hands a message to the session.
     *
     * @param raw of a proven peer, checksum right
     */
    void pass(String raw);

    /**
     * Leads to the connection's thread.
     *
     * @param task any thread's; runs there soon
     */
    void execute(Runnable task);
}
