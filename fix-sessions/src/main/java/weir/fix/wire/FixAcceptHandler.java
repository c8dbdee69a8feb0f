package weir.fix.wire;

/** Decides about connections that arrive at a listening socket. On the transport's thread. */
@FunctionalInterface
public interface FixAcceptHandler {
    /**
     * A connection arrived; of TLS nothing was exchanged.
     *
     * @param connection the new one
     * @return what it is told from now on; null closes it without a word
     */
    FixConnectionHandler onAccept(FixConnection connection);
}
