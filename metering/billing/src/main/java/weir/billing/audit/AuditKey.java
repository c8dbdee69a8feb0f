package weir.billing.audit;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HexFormat;
import weir.billing.hash.Sha256;

/**
 * A public Ed25519 key (RFC 8032) that signs summaries. Its id is the first 16 hex digits of the SHA-256 of its DER
 * form (SubjectPublicKeyInfo, RFC 8410).
 *
 * @param keyId     16 hex digits
 * @param publicKey the key
 * @param notBefore first UTC day whose summary it may sign
 * @param notAfter  last UTC day whose summary it may sign
 */
public record AuditKey(String keyId, PublicKey publicKey, LocalDate notBefore, LocalDate notAfter) {
    /** Name of the algorithm. */
    static final String ALGORITHM = "Ed25519";

    private static final int ID_BYTES = 8;

    /**
     * A key with its id.
     *
     * @param publicKey the key
     * @param notBefore first day
     * @param notAfter  last day
     * @return the key
     */
    public static AuditKey of(final PublicKey publicKey, final LocalDate notBefore, final LocalDate notAfter) {
        return new AuditKey(HexFormat.of().formatHex(Sha256.of(publicKey.getEncoded()), 0, ID_BYTES), publicKey,
            notBefore, notAfter);
    }

    /**
     * Reads a key.
     *
     * @param base64    DER form in base64, or a PEM file's text
     * @param notBefore first day
     * @param notAfter  last day
     * @return the key
     * @throws IllegalArgumentException when it is no Ed25519 public key
     */
    public static AuditKey parse(final String base64, final LocalDate notBefore, final LocalDate notAfter) {
        try {
            return of(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der(base64))), notBefore,
                notAfter);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalArgumentException("no Ed25519 public key: " + ex.getMessage(), ex);
        }
    }

    /** What stands between the lines that begin with five dashes, or all of it. */
    static byte[] der(final String text) {
        final StringBuilder body = new StringBuilder();
        text.lines().filter(line -> !line.startsWith("-----")).forEach(line -> body.append(line.strip()));
        return Base64.getDecoder().decode(body.toString());
    }

    /**
     * DER form.
     *
     * @return base64 without line breaks
     */
    public String base64() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    /**
     * PEM form, as openssl reads it.
     *
     * @return three lines
     */
    public String pem() {
        return "-----BEGIN PUBLIC KEY-----\n" + base64() + "\n-----END PUBLIC KEY-----\n";
    }

    /**
     * Whether it may sign the summary of a day.
     *
     * @param day UTC day
     * @return true within its validity
     */
    public boolean isValidOn(final LocalDate day) {
        return !day.isBefore(notBefore) && !day.isAfter(notAfter);
    }

    /**
     * Checks a signature.
     *
     * @param bytes     signed
     * @param signature 64 bytes
     * @return true when this key made it
     */
    public boolean verifies(final byte[] bytes, final byte[] signature) {
        try {
            final Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(publicKey);
            verifier.update(bytes);
            return verifier.verify(signature);
        } catch (final InvalidKeyException ex) {
            throw new IllegalStateException(ex);
        } catch (final GeneralSecurityException ex) {
            return false; // not the form of a signature
        }
    }
}
