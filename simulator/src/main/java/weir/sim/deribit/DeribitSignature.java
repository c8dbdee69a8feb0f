package weir.sim.deribit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The venue's signatures: lower-case hex of HMAC-SHA256 with the client secret over {@code timestamp \n nonce \n data}
 * (public/auth, client_signature), or over {@code timestamp \n nonce \n METHOD \n URI \n BODY \n} (header
 * {@code deri-hmac-sha256}). Thread safe.
 */
final class DeribitSignature {
    private DeribitSignature() {
    }

    static String ofAuth(final String secret, final String timestamp, final String nonce, final String data) {
        return hex(secret, timestamp + '\n' + nonce + '\n' + data);
    }

    static String ofHttp(final String secret, final String timestamp, final String nonce, final String method,
        final String uri, final String body) {
        return hex(secret, timestamp + '\n' + nonce + '\n' + method + '\n' + uri + '\n' + body + '\n');
    }

    /** Compares in constant time. */
    static boolean matches(final String expected, final String given) {
        return given != null && MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII),
            given.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hex(final String secret, final String text) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
