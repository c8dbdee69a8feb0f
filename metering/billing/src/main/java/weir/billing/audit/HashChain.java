package weir.billing.audit;

import java.util.Arrays;
import weir.billing.hash.Sha256;

/**
 * {@code h_0} = 32 zero bytes, {@code h_n = SHA-256(0x02 | h_{n-1} | uint32_be(length) | bytes)}: whoever knows
 * {@code h_n} knows everything that was linked before it and its order. What is linked is said by {@link RecordDigest}.
 * Allocates nothing per link. One thread.
 */
public final class HashChain {
    /** Bytes before what is linked that {@link #append} overwrites. */
    public static final int PREFIX = 1 + Sha256.LENGTH + Integer.BYTES;

    private static final byte DOMAIN = 2;

    private final Sha256 sha256 = new Sha256();
    private final byte[] head = new byte[Sha256.LENGTH];

    /**
     * Goes on from a link.
     *
     * @param bytes {@code h_n}
     */
    public void restore(final byte[] bytes) {
        System.arraycopy(bytes, 0, head, 0, Sha256.LENGTH);
    }

    /**
     * Adds a link.
     *
     * @param bytes  holds what is linked and, before it, {@link #PREFIX} bytes that are overwritten
     * @param offset of what is linked, at least {@link #PREFIX}
     * @param length of what is linked
     */
    public void append(final byte[] bytes, final int offset, final int length) {
        final int from = offset - PREFIX;
        bytes[from] = DOMAIN;
        System.arraycopy(head, 0, bytes, from + 1, Sha256.LENGTH);
        bytes[offset - 4] = (byte)(length >>> 24);
        bytes[offset - 3] = (byte)(length >>> 16);
        bytes[offset - 2] = (byte)(length >>> 8);
        bytes[offset - 1] = (byte)length;
        sha256.hash(bytes, from, PREFIX + length, head, 0);
    }

    /**
     * The last link.
     *
     * @return {@code h_n}, a copy
     */
    public byte[] head() {
        return Arrays.copyOf(head, Sha256.LENGTH);
    }

    /**
     * Whether the last link is this.
     *
     * @param bytes 32 bytes
     * @return true when equal
     */
    public boolean isHead(final byte[] bytes) {
        return Arrays.equals(head, bytes);
    }
}
