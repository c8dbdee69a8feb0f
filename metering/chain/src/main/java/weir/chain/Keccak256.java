package weir.chain;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.KeccakDigest;

/**
 * Keccak-256 as the chain uses it: the padding of the original submission, not of FIPS 202, so that the JDK's SHA3-256
 * gives other digests.
 */
public final class Keccak256 {
    /** Bytes of a digest. */
    public static final int LENGTH = 32;

    private Keccak256() {
    }

    /**
     * Digest of the concatenation.
     *
     * @param parts in order
     * @return 32 bytes
     */
    public static byte[] hash(final byte[]... parts) {
        final KeccakDigest digest = new KeccakDigest(256);
        for (final byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        final byte[] hash = new byte[LENGTH];
        digest.doFinal(hash, 0);
        return hash;
    }

    /**
     * Digest of a text.
     *
     * @param text taken as UTF-8
     * @return 32 bytes
     */
    public static byte[] hash(final String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Digest that {@code personal_sign} signs (EIP-191 version 0x45): the message behind a prefix that names its
     * length, so that it can be no transaction.
     *
     * @param message any bytes
     * @return 32 bytes
     */
    public static byte[] personalMessage(final byte[] message) {
        return hash(("\u0019Ethereum Signed Message:\n" + message.length).getBytes(StandardCharsets.UTF_8), message);
    }
}
