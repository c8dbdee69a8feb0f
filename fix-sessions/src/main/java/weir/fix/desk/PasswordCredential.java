package weir.fix.desk;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Username(553) and Password(554), kept as a salted PBKDF2-HMAC-SHA256 hash (RFC 8018). Text form of the hash:
 * {@code pbkdf2-sha256$iterations$salt$hash}, both in base64. {@link #matches} takes tens of milliseconds by design: it
 * is called on the logon thread only.
 */
public final class PasswordCredential implements Credential {
    /** Iterations when none are given. */
    public static final int DEFAULT_ITERATIONS = 210_000;
    private static final String SCHEME = "pbkdf2-sha256";
    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final int MIN_ITERATIONS = 1_000;
    private static final int HASH_BITS = 256;
    private static final int SALT_BYTES = 16;

    private final String username;
    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordCredential(final String username, final int iterations, final byte[] salt, final byte[] hash) {
        if (username == null || username.isEmpty()) {
            throw new IllegalArgumentException("username is empty");
        }
        this.username = username;
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * Hashes a password with a fresh salt and {@link #DEFAULT_ITERATIONS}.
     *
     * @param username Username(553)
     * @param password Password(554); wiped
     * @return credential
     */
    public static PasswordCredential ofPassword(final String username, final char[] password) {
        return ofPassword(username, password, DEFAULT_ITERATIONS);
    }

    /**
     * Hashes a password with a fresh salt.
     *
     * @param username   Username(553)
     * @param password   Password(554); wiped
     * @param iterations at least 1000
     * @return credential
     */
    public static PasswordCredential ofPassword(final String username, final char[] password, final int iterations) {
        if (password.length == 0 || iterations < MIN_ITERATIONS) {
            throw new IllegalArgumentException("password is empty or iterations are below " + MIN_ITERATIONS);
        }
        final byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        final byte[] hash = derive(password, salt, iterations);
        Arrays.fill(password, '\0');
        return new PasswordCredential(username, iterations, salt, hash);
    }

    /**
     * Takes a hash made before.
     *
     * @param username Username(553)
     * @param encoded  {@code pbkdf2-sha256$iterations$salt$hash}
     * @return credential
     */
    public static PasswordCredential ofHash(final String username, final String encoded) {
        final String[] parts = encoded.split("\\$");
        if (parts.length != 4 || !SCHEME.equals(parts[0])) {
            throw new IllegalArgumentException("password hash is not " + SCHEME + "$iterations$salt$hash");
        }
        final int iterations = Integer.parseInt(parts[1]);
        final byte[] salt = Base64.getDecoder().decode(parts[2]);
        final byte[] hash = Base64.getDecoder().decode(parts[3]);
        if (iterations < MIN_ITERATIONS || salt.length < SALT_BYTES / 2 || hash.length * Byte.SIZE != HASH_BITS) {
            throw new IllegalArgumentException("password hash has too few iterations, a short salt or a wrong length");
        }
        return new PasswordCredential(username, iterations, salt, hash);
    }

    /**
     * Text form of the hash, for a configuration file.
     *
     * @return {@code pbkdf2-sha256$iterations$salt$hash}
     */
    public String encodedHash() {
        final Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + "$" + iterations + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /**
     * Compares in constant time; the hash is computed whether or not the name matches.
     *
     * @param name     Username(553) as received
     * @param password Password(554) as received
     * @return true when both match
     */
    public boolean matches(final String name, final char[] password) {
        final boolean nameMatches = MessageDigest.isEqual(
            username.getBytes(StandardCharsets.UTF_8), name.getBytes(StandardCharsets.UTF_8));
        return MessageDigest.isEqual(hash, derive(password, salt, iterations)) & nameMatches;
    }

    @Override
    public String toString() {
        return "password of " + username;
    }

    private static byte[] derive(final char[] password, final byte[] salt, final int iterations) {
        final PBEKeySpec spec = new PBEKeySpec(password.length == 0 ? new char[]{0} : password, salt, iterations,
            HASH_BITS);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(ALGORITHM + " is not available", ex);
        } finally {
            spec.clearPassword();
        }
    }
}
