package weir.fix.desk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 (RFC 2104) of what credentials compare, and secrets as bytes that can be wiped. */
final class Hmac {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int UTF8_BYTES_MAX = 3;

    private Hmac() {
    }

    static SecretKeySpec key(final byte[] bytes) {
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    static byte[] sign(final SecretKeySpec key, final byte[] text) {
        try {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(ALGORITHM + " is not available", ex);
        }
    }

    /** A secret in UTF-8; no other copy is left. The caller wipes what it gets. */
    static byte[] utf8(final char[] secret) {
        final ByteBuffer encoded = ByteBuffer.allocate(UTF8_BYTES_MAX * secret.length);
        StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE)
            .encode(CharBuffer.wrap(secret), encoded, true);
        final byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte)0);
        return bytes;
    }
}
