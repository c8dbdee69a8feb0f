package weir.config.model;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A salted password hash: PBKDF2 with HMAC-SHA-256 (RFC 8018), written {@code iterations:saltBase64:hashBase64}. */
public final class PasswordHash {
    /** Fewer iterations are refused. */
    public static final int ITERATIONS_MIN = 10_000;
    /** More are refused: a logon may not cost seconds. */
    public static final int ITERATIONS_MAX = 10_000_000;

    private static final int HASH_BYTES = 32;

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(final int iterations, final byte[] salt, final byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * Makes a hash.
     *
     * @param password   clear text
     * @param salt       at least 8 random bytes
     * @param iterations rounds
     * @return the hash
     */
    public static PasswordHash of(final String password, final byte[] salt, final int iterations) {
        return new PasswordHash(iterations, salt.clone(), derive(password, salt, iterations));
    }

    /**
     * Reads a hash.
     *
     * @param text {@code iterations:saltBase64:hashBase64}; salt of 8 bytes or more, hash of 16 to 64
     * @return empty when it has another form
     */
    public static Optional<PasswordHash> parse(final String text) {
        final String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            final int iterations = Integer.parseInt(parts[0]);
            final byte[] salt = Base64.getDecoder().decode(parts[1]);
            final byte[] hash = Base64.getDecoder().decode(parts[2]);
            final boolean good = iterations >= ITERATIONS_MIN && iterations <= ITERATIONS_MAX && salt.length >= 8
                && hash.length >= 16 && hash.length <= 64;
            return good ? Optional.of(new PasswordHash(iterations, salt, hash)) : Optional.empty();
        } catch (final IllegalArgumentException ex) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        final Base64.Encoder encoder = Base64.getEncoder();
        return iterations + ":" + encoder.encodeToString(salt) + ':' + encoder.encodeToString(hash);
    }

    private static byte[] derive(final String password, final byte[] salt, final int iterations) {
        final PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("PBKDF2WithHmacSHA256 is part of every JDK", ex);
        } finally {
            spec.clearPassword();
        }
    }
}
