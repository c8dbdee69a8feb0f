package weir.fix.desk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed Logon: RawData(96) = base64(HMAC-SHA256(secret, 52 SOH 34 SOH 49 SOH 56)), the values as sent, the secret as
 * its UTF-8 bytes. Good for thirty seconds around SendingTime(52) and for one use.
 */
public final class HmacCredential implements Credential {
    private static final int MIN_SECRET_CHARS = 16;
    private static final char SOH = '\u0001';

    private final SecretKeySpec key;

    private HmacCredential(final SecretKeySpec key) {
        this.key = key;
    }

    /**
     * Takes a shared secret.
     *
     * @param secret at least 16 characters; wiped
     * @return credential
     */
    public static HmacCredential ofSecret(final char[] secret) {
        if (secret.length < MIN_SECRET_CHARS) {
            throw new IllegalArgumentException("HMAC secret is shorter than " + MIN_SECRET_CHARS + " characters");
        }
        final byte[] bytes = Hmac.utf8(secret);
        final HmacCredential credential = new HmacCredential(Hmac.key(bytes));
        Arrays.fill(bytes, (byte)0);
        Arrays.fill(secret, '\0');
        return credential;
    }

    /**
     * The bytes that RawData(96) must hold, before base64.
     *
     * @param sendingTime  SendingTime(52) as sent
     * @param msgSeqNum    MsgSeqNum(34) as sent
     * @param senderCompId SenderCompID(49)
     * @param targetCompId TargetCompID(56)
     * @return 32 bytes
     */
    public byte[] sign(final String sendingTime, final String msgSeqNum, final String senderCompId,
        final String targetCompId) {
        final String text = sendingTime + SOH + msgSeqNum + SOH + senderCompId + SOH + targetCompId;
        return Hmac.sign(key, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "HMAC secret";
    }
}
