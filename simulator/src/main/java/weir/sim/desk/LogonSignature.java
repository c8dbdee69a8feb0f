package weir.sim.desk;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof of key possession at Logon(A): RawData(96) = base64(HMAC-SHA256(secret, SendingTime(52) SOH MsgSeqNum(34) SOH
 * SenderCompID(49) SOH TargetCompID(56))), RawDataLength(95) its length, Username(553) the key's id. The secret is the
 * UTF-8 bytes of its text.
 */
public final class LogonSignature {
    private LogonSignature() {
    }

    /** @return RawData(96) for the given values, exactly as they stand in the header */
    public static String rawData(final String secret, final String sendingTime, final String msgSeqNum,
                                 final String senderCompId, final String targetCompId) {
        final String text = String.join("\u0001", sendingTime, msgSeqNum, senderCompId, targetCompId);
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }
}
