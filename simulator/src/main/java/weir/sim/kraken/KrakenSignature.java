package weir.sim.kraken;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The venue's signatures: HMAC-SHA512, keyed by the decoded secret, over the SHA-256 of a message. Stateless.
 * Source: Kraken Futures REST guide (Authent) and WebSocket guide (sign challenge).
 */
final class KrakenSignature {
    private static final String PREFIX = "/derivatives";

    private KrakenSignature() {
    }

    /**
     * The Authent header of a call.
     *
     * @param postData query or form body exactly as sent, empty for none.
     * @param nonce    empty when the header is absent.
     * @param path     with or without {@code /derivatives}, which is not signed.
     */
    static String authent(final byte[] key, final byte[] postData, final String nonce, final String path) {
        return raw(key, postData, nonce, path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path);
    }

    /** Like {@link #authent}, of a path taken as it is: to name the mistake behind a wrong signature. */
    static String raw(final byte[] key, final byte[] postData, final String nonce, final String path) {
        return sign(key, postData, (nonce + path).getBytes(StandardCharsets.UTF_8));
    }

    /** The signed challenge of a WebSocket subscription. */
    static String challenge(final byte[] key, final String challenge) {
        return sign(key, challenge.getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    /** Whether two signatures are the same text; takes the same time wherever they differ. */
    static boolean matches(final String expected, final String actual) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
            actual.getBytes(StandardCharsets.UTF_8));
    }

    private static String sign(final byte[] key, final byte[] first, final byte[] second) {
        try {
            final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(first);
            sha256.update(second);
            final Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(key, "HmacSHA512"));
            return Base64.getEncoder().encodeToString(mac.doFinal(sha256.digest()));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256 and HmacSHA512", e);
        }
    }
}
