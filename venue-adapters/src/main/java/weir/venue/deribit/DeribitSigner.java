package weir.venue.deribit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of Deribit ("Authentication"): lower-case hex of HMAC-SHA256 with the client secret, over timestamp, nonce
 * and data for {@code public/auth} with {@code client_signature}, and over timestamp, nonce, method, URI and body for
 * the header {@code deri-hmac-sha256} of HTTP, each part followed by a line feed but the last of the former. The key is
 * checked at construction, so that signing cannot fail later. Any thread.
 */
public final class DeribitSigner {
    private static final String MAC = "HmacSHA256";

    private final String clientId;
    private final SecretKeySpec key;

    /**
     * Takes the key.
     *
     * @param clientId     of the key
     * @param clientSecret as issued
     * @throws IllegalArgumentException when the secret is empty; the message does not repeat it
     */
    public DeribitSigner(final String clientId, final String clientSecret) {
        if (clientSecret.isEmpty()) {
            throw new IllegalArgumentException("clientSecret is empty");
        }
        this.clientId = clientId;
        key = new SecretKeySpec(clientSecret.getBytes(StandardCharsets.UTF_8), MAC);
        hex("");
    }

    /**
     * Parameter {@code signature} of public/auth.
     *
     * @param timestampMs epoch milliseconds
     * @param nonce       never used before
     * @param data        parameter {@code data}, may be empty
     * @return 64 characters
     */
    public String auth(final long timestampMs, final String nonce, final String data) {
        return hex(timestampMs + "\n" + nonce + '\n' + data);
    }

    /**
     * Signature of an HTTP request.
     *
     * @param timestampMs epoch milliseconds
     * @param nonce       never used before
     * @param method      of HTTP, upper case
     * @param uri         path, and query if there is one
     * @param body        exactly as sent
     * @return 64 characters
     */
    public String http(final long timestampMs, final String nonce, final String method, final String uri,
        final String body) {
        return hex(timestampMs + "\n" + nonce + '\n' + method + '\n' + uri + '\n' + body + '\n');
    }

    /**
     * Header Authorization of an HTTP request; parameters as {@link #http(long, String, String, String, String)}.
     *
     * @return its value
     */
    public String header(final long timestampMs, final String nonce, final String method, final String uri,
        final String body) {
        return "deri-hmac-sha256 id=" + clientId + ",ts=" + timestampMs + ",sig="
            + http(timestampMs, nonce, method, uri, body) + ",nonce=" + nonce;
    }

    private String hex(final String text) {
        try {
            final Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException(MAC + " is in every JDK", ex);
        }
    }
}
