package weir.billing.webhook.out;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key of an endpoint, as Standard Webhooks write it: {@code whsec_} and Base64 of 24 to 64 bytes for HMAC-SHA256
 * (the decoded bytes are the key), or {@code whsk_} and Base64 of an Ed25519 seed of 32 bytes, with or without the 32
 * bytes of its public key behind. Immutable; any thread. Never prints itself.
 */
public final class WebhookSecret {
    /** Prefix of a key for HMAC-SHA256. */
    public static final String SYMMETRIC = "whsec_";
    /** Prefix of a private key for Ed25519. */
    public static final String ASYMMETRIC = "whsk_";

    private static final int KEY_MIN = 24;
    private static final int KEY_MAX = 64;
    private static final int SEED = 32;
    private static final String HMAC = "HmacSHA256";
    private static final String ED25519 = "Ed25519";

    private final Key key;
    private final boolean symmetric;

    private WebhookSecret(final Key key, final boolean symmetric) {
        this.key = key;
        this.symmetric = symmetric;
    }

    /**
     * Reads a key.
     *
     * @param text {@code whsec_...} or {@code whsk_...}
     * @return empty when it has neither form; the text is not repeated anywhere
     */
    public static Optional<WebhookSecret> parse(final String text) {
        try {
            if (text.startsWith(SYMMETRIC)) {
                final byte[] bytes = Base64.getDecoder().decode(text.substring(SYMMETRIC.length()));
                return bytes.length < KEY_MIN || bytes.length > KEY_MAX ? Optional.empty()
                    : Optional.of(new WebhookSecret(new SecretKeySpec(bytes, HMAC), true));
            }
            if (text.startsWith(ASYMMETRIC)) {
                final byte[] bytes = Base64.getDecoder().decode(text.substring(ASYMMETRIC.length()));
                return bytes.length != SEED && bytes.length != 2 * SEED ? Optional.empty()
                    : Optional.of(new WebhookSecret(privateKey(Arrays.copyOf(bytes, SEED)), false));
            }
            return Optional.empty();
        } catch (final IllegalArgumentException ex) {
            return Optional.empty();
        }
    }

    private static PrivateKey privateKey(final byte[] seed) {
        try {
            return KeyFactory.getInstance(ED25519)
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("every Java 17 has Ed25519", ex);
        }
    }

    /**
     * Signature of a message.
     *
     * @param signedContent {@code id.timestamp.body}
     * @return {@code v1,BASE64} or {@code v1a,BASE64}
     */
    public String sign(final byte[] signedContent) {
        try {
            if (symmetric) {
                final Mac mac = Mac.getInstance(HMAC);
                mac.init(key);
                return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signedContent));
            }
            final Signature signature = Signature.getInstance(ED25519);
            signature.initSign((PrivateKey)key);
            signature.update(signedContent);
            return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("every Java 17 has " + HMAC + " and " + ED25519, ex);
        }
    }

    /**
     * Content that is signed.
     *
     * @param id         webhook-id, without a full stop
     * @param timestampS webhook-timestamp, epoch seconds
     * @param body       as sent
     * @return bytes
     */
    static byte[] content(final String id, final long timestampS, final byte[] body) {
        final byte[] head = (id + '.' + timestampS + '.').getBytes(StandardCharsets.UTF_8);
        final byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    @Override
    public String toString() {
        return symmetric ? SYMMETRIC + "***" : ASYMMETRIC + "***";
    }
}
