package weir.venue.kraken;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of Kraken Futures: base64 of HMAC-SHA512, keyed with the base64-decoded secret, over SHA-256 of the data.
 * REST ("Futures REST", Authentication; rule of 2024-02-20: the url-encoded text as sent is hashed): data, nonce, path
 * without {@code /derivatives}. WebSocket ("Futures WebSockets"): the challenge. The key is checked at construction, so
 * that signing cannot fail later. Any thread.
 */
public final class KrakenSigner {
    private static final String MAC = "HmacSHA512";
    private static final String DIGEST = "SHA-256";

    private final SecretKeySpec key;

    /**
     * Decodes the secret.
     *
     * @param secret base64, as issued
     * @throws IllegalArgumentException when it is not base64 or empty; the message does not repeat it
     */
    public KrakenSigner(final String secret) {
        final byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(secret);
        } catch (final IllegalArgumentException ex) {
            throw new IllegalArgumentException("secret is not base64");
        }
        if (bytes.length == 0) {
            throw new IllegalArgumentException("secret is empty");
        }
        key = new SecretKeySpec(bytes, MAC);
        sign("");
    }

    /**
     * Header Authent of a REST request.
     *
     * @param postData     query or form exactly as sent, empty when there is none
     * @param nonce        header Nonce, empty when it is not sent
     * @param endpointPath path without {@code /derivatives}
     * @return base64, 88 characters
     */
    public String authent(final String postData, final String nonce, final String endpointPath) {
        return sign(postData + nonce + endpointPath);
    }

    /**
     * Field signed_challenge of a private subscription.
     *
     * @param challenge the venue's message
     * @return base64, 88 characters
     */
    public String challenge(final String challenge) {
        return sign(challenge);
    }

    private String sign(final String text) {
        try {
            final Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(
                MessageDigest.getInstance(DIGEST).digest(text.getBytes(StandardCharsets.UTF_8))));
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("every JDK has " + MAC + " and " + DIGEST, ex);
        }
    }

    @Override
    public String toString() {
        return "KrakenSigner";
    }
}
