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
 * Username(553) and Password(554), never kept as they are. A password that the configuration holds itself is compared
 * by HMAC-SHA256 under a random key of this object, in microseconds: slowness would guard nothing that is not in the
 * environment or file already. Where the configuration holds only a salted PBKDF2-HMAC-SHA256 hash (RFC 8018) it is
 * what guards the password, and {@link #matches} takes as long as its iterations do, about a microsecond each: called
 * on the logon thread only. Text form of a hash: {@code pbkdf2-sha256$iterations$salt$hash}, both in base64.
 */
public final class PasswordCredential implements Credential {
    private static final String SCHEME = "pbkdf2-sha256";
    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final int QUICK = 0;
    private static final int MIN_ITERATIONS = 1_000;
    private static final int MIN_HASH_BYTES = 16;
    private static final int MAX_HASH_BYTES = 64;
    private static final int MIN_SALT_BYTES = 8;
    private static final int KEY_BYTES = 32;

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
     * Takes a password that the configuration holds.
     *
     * @param username Username(553)
     * @param password Password(554); wiped
     * @return credential
     */
    public static PasswordCredential ofPassword(final String username, final char[] password) {
        if (password.length == 0) {
            throw new IllegalArgumentException("password is empty");
        }
        final byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        final byte[] hash = sign(password, key);
        Arrays.fill(password, '\0');
        return new PasswordCredential(username, QUICK, key, hash);
    }

    /**
     * Takes a hash made before.
     *
     * @param username Username(553)
     * @param encoded  {@code pbkdf2-sha256$iterations$salt$hash}; salt of 8 bytes or more, hash of 16 to 64
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
        if (iterations < MIN_ITERATIONS || salt.length < MIN_SALT_BYTES || hash.length < MIN_HASH_BYTES
            || hash.length > MAX_HASH_BYTES) {
            throw new IllegalArgumentException("password hash has too few iterations, a short salt or a wrong length");
        }
        return new PasswordCredential(username, iterations, salt, hash);
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
        return MessageDigest.isEqual(hash, derive(password)) & nameMatches;
    }

    @Override
    public String toString() {
        return "password of " + username;
    }

    private byte[] derive(final char[] password) {
        return iterations == QUICK ? sign(password, salt) : stretch(password, salt, iterations, hash.length);
    }

    private static byte[] sign(final char[] password, final byte[] key) {
        final byte[] bytes = Hmac.utf8(password);
        final byte[] hash = Hmac.sign(Hmac.key(key), bytes);
        Arrays.fill(bytes, (byte)0);
        return hash;
    }

    private static byte[] stretch(final char[] password, final byte[] salt, final int iterations, final int length) {
        final PBEKeySpec spec = new PBEKeySpec(password.length == 0 ? new char[]{0} : password, salt, iterations,
            length * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(ALGORITHM + " is not available", ex);
        } finally {
            spec.clearPassword();
        }
    }
}
