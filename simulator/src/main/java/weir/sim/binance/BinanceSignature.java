package weir.sim.binance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of requests ("Request security"): HMAC-SHA-256 in hex of either case, or Ed25519 in base64. Stateless. */
final class BinanceSignature {
    private static final byte[] SPKI_ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final int KEY_BYTES = 32;

    private BinanceSignature() {
    }

    static boolean matches(final BinanceAccount account, final String payload, final String signature) {
        return account.isEd25519() ? verify(account.publicKey(), payload, signature)
            : MessageDigest.isEqual(hmac(account.secret(), payload).getBytes(StandardCharsets.US_ASCII),
                signature.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }

    static String hmac(final String secret, final String payload) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** @throws IllegalArgumentException if the text is no key. */
    static PublicKey publicKey(final String base64) {
        final byte[] bytes = Base64.getDecoder().decode(base64);
        byte[] encoded = bytes;
        if (bytes.length == KEY_BYTES) {
            encoded = new byte[SPKI_ED25519.length + KEY_BYTES];
            System.arraycopy(SPKI_ED25519, 0, encoded, 0, SPKI_ED25519.length);
            System.arraycopy(bytes, 0, encoded, SPKI_ED25519.length, KEY_BYTES);
        }
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (final GeneralSecurityException e) {
            throw new IllegalArgumentException("publicKey is no Ed25519 key", e);
        }
    }

    private static boolean verify(final String key, final String payload, final String signature) {
        try {
            final Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(publicKey(key));
            verifier.update(payload.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (final GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
