package weir.venue.coinbase;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of Coinbase Exchange: HMAC-SHA256 keyed with the base64-decoded secret, result in base64. FIX Logon:
 * SOH-joined 52, "A", 34, 49, 56, 554 ("Order Entry Messages", RawData(96)). REST: timestamp, method, path with query,
 * body ("REST API Authentication"). The key is checked at construction, so that signing cannot fail later. Any thread.
 */
public final class CoinbaseSigner {
    private static final String ALGORITHM = "HmacSHA256";
    private static final char SOH = '\u0001';

    private final SecretKeySpec key;

    /**
     * Decodes the secret.
     *
     * @param secret base64, as issued
     * @throws IllegalArgumentException when it is not base64 or empty; the message does not repeat it
     */
    public CoinbaseSigner(final String secret) {
        this(decoded(secret));
    }

    CoinbaseSigner(final byte[] keyBytes) {
        key = new SecretKeySpec(keyBytes, ALGORITHM);
        sign("");
    }

    /**
     * RawData(96) of a Logon.
     *
     * @param sendingTime  SendingTime(52), as on the wire
     * @param msgSeqNum    MsgSeqNum(34), as on the wire
     * @param apiKey       SenderCompID(49)
     * @param targetCompId TargetCompID(56)
     * @param passphrase   Password(554)
     * @return base64, 44 characters
     */
    public String signLogon(final String sendingTime, final String msgSeqNum, final String apiKey,
        final String targetCompId, final String passphrase) {
        return sign(sendingTime + SOH + 'A' + SOH + msgSeqNum + SOH + apiKey + SOH + targetCompId + SOH + passphrase);
    }

    /**
     * CB-ACCESS-SIGN of a REST request; also of a WebSocket subscription, as GET {@code /users/self/verify}.
     *
     * @param timestamp   CB-ACCESS-TIMESTAMP, epoch seconds
     * @param method      upper case
     * @param requestPath path and query
     * @param body        exact body, empty for GET and DELETE
     * @return base64, 44 characters
     */
    public String signRest(final String timestamp, final String method, final String requestPath, final String body) {
        return sign(timestamp + method + requestPath + body);
    }

    String sign(final String prehash) {
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
        return "CoinbaseSigner";
    }

    private static byte[] decoded(final String secret) {
        final byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(secret);
        } catch (final IllegalArgumentException ex) {
            throw new IllegalArgumentException("secret is not base64");
        }
        if (bytes.length == 0) {
            throw new IllegalArgumentException("secret is empty");
        }
        return bytes;
    }
}
