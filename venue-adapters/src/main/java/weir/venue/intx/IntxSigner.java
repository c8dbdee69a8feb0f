package weir.venue.intx;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of Coinbase International Exchange: base64 of HMAC-SHA256 under the base64-decoded secret. REST ("REST API
 * authentication"): timestamp, METHOD, path with {@code /api/v1} and without the query, body. FIX ("Admin messages",
 * Text(58)): SendingTime(52), key, TargetCompID(56), passphrase, nothing in between. WebSocket ("Authentication"):
 * time, key, {@code CBINTLMD}, passphrase. The key is checked at construction, so that signing cannot fail later.
 * Any thread.
 */
public final class IntxSigner {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String MARKET_DATA = "CBINTLMD";

    private final SecretKeySpec key;

    /**
     * Decodes the secret.
     *
     * @param secret base64, as issued
     * @throws IllegalArgumentException when it is not base64 or empty; the message does not repeat it
     */
    public IntxSigner(final String secret) {
        final byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(secret);
        } catch (final IllegalArgumentException ex) {
            throw new IllegalArgumentException("secret is not base64");
        }
        if (bytes.length == 0) {
            throw new IllegalArgumentException("secret is empty");
        }
        key = new SecretKeySpec(bytes, ALGORITHM);
        sign("");
    }

    /**
     * CB-ACCESS-SIGN of a REST request.
     *
     * @param timestamp CB-ACCESS-TIMESTAMP, whole epoch seconds
     * @param method    upper case
     * @param path      from {@code /api/v1} on, without the query
     * @param body      exactly as sent, empty when there is none
     * @return base64, 44 characters
     */
    public String signRest(final String timestamp, final String method, final String path, final String body) {
        return sign(timestamp + method + path + body);
    }

    /**
     * Text(58) of a Logon.
     *
     * @param sendingTime  SendingTime(52), as on the wire
     * @param apiKey       SenderCompID(49)
     * @param targetCompId TargetCompID(56): CBINTLOE or CBINTLDC
     * @param passphrase   Password(554)
     * @return base64, 44 characters
     */
    public String signLogon(final String sendingTime, final String apiKey, final String targetCompId,
        final String passphrase) {
        return sign(sendingTime + apiKey + targetCompId + passphrase);
    }

    /**
     * Field signature of a WebSocket subscription.
     *
     * @param time       epoch seconds
     * @param apiKey     field key
     * @param passphrase field passphrase
     * @return base64, 44 characters
     */
    public String signSocket(final String time, final String apiKey, final String passphrase) {
        return sign(time + apiKey + MARKET_DATA + passphrase);
    }

    private String sign(final String prehash) {
        try {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(prehash.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, ex);
        }
    }

    @Override
    public String toString() {
        return "IntxSigner";
    }
}
