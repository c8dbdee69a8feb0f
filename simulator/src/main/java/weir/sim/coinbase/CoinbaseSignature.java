package weir.sim.coinbase;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature the venue expects: HMAC-SHA256 under the base64-decoded secret, itself in base64.
 * Source: Coinbase Exchange "FIX order entry messages, Logon" and "REST authentication".
 */
final class CoinbaseSignature {
    private static final String SOH = "\u0001";

    private CoinbaseSignature() {
    }

    /**
     * The prehash of a FIX Logon: SendingTime(52), MsgType(35), MsgSeqNum(34), SenderCompID(49), TargetCompID(56) and
     * Password(554), joined by SOH with none at the end.
     *
     * @param logon the values exactly as they stand in the message, each byte one char (ISO 8859-1).
     */
    static String fixPrehash(final FixMessage logon) {
        return String.join(SOH, nullToEmpty(logon.get(52)), "A", nullToEmpty(logon.get(34)),
            nullToEmpty(logon.get(49)), nullToEmpty(logon.get(56)), nullToEmpty(logon.get(554)));
    }

    /** The RawData(96) a Logon must carry. {@code prehash} holds one byte per char. */
    static String sign(final String prehash, final byte[] key) {
        return sign(prehash.getBytes(StandardCharsets.ISO_8859_1), key);
    }

    /** CB-ACCESS-SIGN: timestamp + METHOD + request path + body bytes. */
    static String signRest(
        final String timestamp, final String method, final String path, final byte[] body, final byte[] key) {
        final byte[] head = (timestamp + method + path).getBytes(StandardCharsets.UTF_8);
        final byte[] prehash = new byte[head.length + body.length];
        System.arraycopy(head, 0, prehash, 0, head.length);
        System.arraycopy(body, 0, prehash, head.length, body.length);
        return sign(prehash, key);
    }

    /** Whether both are the same text, in time that does not depend on where they differ. */
    static boolean same(final String expected, final String actual) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
            nullToEmpty(actual).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Names the mistake behind a Logon signature that does not verify, where it is one of the usual ones; null if not.
     * Only for the venue's log: the client is told no more than "invalid signature".
     */
    static String diagnose(final FixMessage logon, final VenueAccount account) {
        final String actual = nullToEmpty(logon.get(96));
        final String prehash = fixPrehash(logon);
        final byte[] key = account.key();
        final byte[] undecoded = account.secret().getBytes(StandardCharsets.UTF_8);
        if (same(sign(prehash.replace(SOH, ""), key), actual)) {
            return "prehash joined without SOH";
        }
        if (same(sign(prehash, undecoded), actual) || same(sign(prehash.replace(SOH, ""), undecoded), actual)) {
            return "secret not base64-decoded";
        }
        if (same(sign(prehash + SOH, key), actual)) {
            return "prehash ends with SOH";
        }
        for (final char separator : new char[] {'|', ',', ' ', ';', ':', '\n', '\0', '^'}) {
            if (same(sign(prehash.replace('\u0001', separator), key), actual)) {
                return "prehash joined by char " + (int)separator + " instead of SOH";
            }
        }
        return null;
    }

    private static String sign(final byte[] prehash, final byte[] key) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(prehash));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is required of every JDK", e);
        }
    }

    private static String nullToEmpty(final String value) {
        return value == null ? "" : value;
    }
}
