package weir.chain;

/**
 * Signs digests with one key, wherever the key is. Who asks sees the address and never the key. One thread at a time;
 * {@link #close()} by any.
 */
public interface Signer extends AutoCloseable {
    /**
     * Whose signatures these are.
     *
     * @return the key's address
     */
    Address address();

    /**
     * Signs.
     *
     * @param digest 32 bytes
     * @return the same signature for the same digest where the key is held here (RFC 6979)
     * @throws IllegalStateException after {@link #close()}
     */
    Signature sign(byte[] digest);

    /** The key is forgotten. */
    @Override
    void close();
}
