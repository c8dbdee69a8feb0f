package weir.sim.intx;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature the venue expects: base64 of HMAC-SHA256 under the base64-decoded secret. Source: Coinbase
 * International Exchange "REST API authentication": timestamp, METHOD, path without its query, body.
 */
final class IntxSignature {
    private static final String MAC = "HmacSHA256";

    private IntxSignature() {
    }

    /** CB-ACCESS-SIGN. @param path what stands before the question mark, {@code /api/v1} included. */
    static String rest(
        final byte[] key, final String timestamp, final String method, final String path, final byte[] body) {
        final byte[] head = (timestamp + method + path).getBytes(StandardCharsets.UTF_8);
        final byte[] prehash = new byte[head.length + body.length];
        System.arraycopy(head, 0, prehash, 0, head.length);
        System.arraycopy(body, 0, prehash, head.length, body.length);
        return sign(key, prehash);
    }

    /** Text(58) of a Logon. @param prehash 52, key, 56 and passphrase with nothing in between, a byte per char. */
    static String logon(final byte[] key, final String prehash) {
        return sign(key, prehash.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Field signature of a WebSocket subscription: time, key, {@code CBINTLMD}, passphrase. */
    static String socket(final byte[] key, final String time, final String apiKey, final String passphrase) {
        return sign(key, (time + apiKey + "CBINTLMD" + passphrase).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether both are the same text, in time that does not depend on where they differ. */
    static boolean same(final String expected, final String actual) {
        return actual != null && MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
            actual.getBytes(StandardCharsets.UTF_8));
    }

    private static String sign(final byte[] key, final byte[] prehash) {
        try {
            final Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return Base64.getEncoder().encodeToString(mac.doFinal(prehash));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(MAC + " is required of every JDK", e);
        }
    }
}
