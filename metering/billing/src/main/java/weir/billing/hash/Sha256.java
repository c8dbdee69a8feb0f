package weir.billing.hash;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) into a given array, without allocation. One thread. */
public final class Sha256 {
    /** Bytes of a hash. */
    public static final int LENGTH = 32;

    private final MessageDigest digest;

    /** A new one. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

    /**
     * Hash of a range.
     *
     * @param bytes  holds it
     * @param offset first byte
     * @param length bytes
     * @param to     takes the hash
     * @param at     where in {@code to}
     */
    public void hash(final byte[] bytes, final int offset, final int length, final byte[] to, final int at) {
        digest.update(bytes, offset, length);
        try {
            digest.digest(to, at, LENGTH);
        } catch (final DigestException ex) {
            throw new IllegalArgumentException("no room for a hash at " + at + " of " + to.length, ex);
        }
    }

    /**
     * Hash of an array.
     *
     * @param bytes all of it
     * @return a new array
     */
    public static byte[] of(final byte[] bytes) {
        final byte[] hash = new byte[LENGTH];
        new Sha256().hash(bytes, 0, bytes.length, hash, 0);
        return hash;
    }

    /**
     * Hash of a text in UTF-8.
     *
     * @param text all of it
     * @return a new array
     */
    public static byte[] of(final String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Hash of a text in UTF-8, for people and names.
     *
     * @param text all of it
     * @return 64 lower-case hex digits
     */
    public static String hex(final String text) {
        return HexFormat.of().formatHex(of(text));
    }
}
