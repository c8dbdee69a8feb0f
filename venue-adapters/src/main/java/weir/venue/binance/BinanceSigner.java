package weir.venue.binance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of requests ("Request security"). An Ed25519 key is told by its form (PKCS#8); every other secret is one
 * of HMAC-SHA-256. REST signs the query and the body as sent, percent-encoded and without a separator; the WebSocket
 * API signs the parameters sorted by name, apiKey among them, as they are. One thread.
 */
public final class BinanceSigner {
    private static final String MAC = "HmacSHA256";
    private static final String ED25519 = "Ed25519";
    private static final String PKCS8_ED25519 = "MC4CAQAwBQYDK2VwBCIEI";

    private final SecretKeySpec secretKey;
    private final PrivateKey privateKey;

    /**
     * Reads the secret.
     *
     * @param secret as issued
     * @throws IllegalArgumentException when it is empty or no key; the message does not repeat it
     */
    public BinanceSigner(final String secret) {
        if (secret == null || secret.isBlank()) {
            throw new IllegalArgumentException("secret is empty");
        }
        final String bare = secret.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        if (bare.startsWith(PKCS8_ED25519)) {
            secretKey = null;
            privateKey = privateKey(bare);
        } else if (secret.contains("-----BEGIN")) {
            throw new IllegalArgumentException("secret is a key of another kind than Ed25519");
        } else {
            secretKey = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC);
            privateKey = null;
        }
        sign("");
    }

    /**
     * Whether the key may open a session ({@code session.logon} takes Ed25519 only).
     *
     * @return true for Ed25519
     */
    public boolean isEd25519() {
        return privateKey != null;
    }

    /**
     * Signs a payload.
     *
     * @param payload exactly as the venue puts it together
     * @return lower-case hex, or base64 that is yet to be percent-encoded where it goes into a URL or form
     */
    public String sign(final String payload) {
        final byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        try {
            if (privateKey != null) {
                final Signature signer = Signature.getInstance(ED25519);
                signer.initSign(privateKey);
                signer.update(bytes);
                return Base64.getEncoder().encodeToString(signer.sign());
            }
            final Mac mac = Mac.getInstance(MAC);
            mac.init(secretKey);
            return HexFormat.of().formatHex(mac.doFinal(bytes));
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("every JDK has " + MAC + " and " + ED25519, ex);
        }
    }

    /**
     * Signs parameters of the WebSocket API.
     *
     * @param params apiKey and timestamp among them, no signature
     * @return as {@link #sign(String)}
     */
    public String signSorted(final Map<String, String> params) {
        final StringBuilder payload = new StringBuilder(192);
        new TreeMap<>(params).forEach((name, value) ->
            payload.append(payload.length() == 0 ? "" : "&").append(name).append('=').append(value));
        return sign(payload.toString());
    }

    @Override
    public String toString() {
        return "BinanceSigner";
    }

    private static PrivateKey privateKey(final String base64) {
        try {
            return KeyFactory.getInstance(ED25519)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (final GeneralSecurityException | IllegalArgumentException ex) {
            throw new IllegalArgumentException("secret is no Ed25519 private key");
        }
    }
}
