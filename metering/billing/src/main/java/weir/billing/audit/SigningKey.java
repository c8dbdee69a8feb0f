package weir.billing.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.LocalDate;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/** An Ed25519 private key and what is published of it. Never printed. */
public final class SigningKey {
    /** First day of a key that has no other. */
    public static final LocalDate ALWAYS_FROM = LocalDate.of(1970, 1, 1);
    /** Last day of a key that has no other. */
    public static final LocalDate ALWAYS_TO = LocalDate.of(9999, 12, 31);

    private final PrivateKey privateKey;
    private final AuditKey key;

    private SigningKey(final PrivateKey privateKey, final AuditKey key) {
        this.privateKey = privateKey;
        this.key = key;
    }

    /**
     * Reads a PKCS#8 key, as {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @param pem       text
     * @param notBefore first UTC day whose summary it may sign
     * @param notAfter  last UTC day whose summary it may sign
     * @return the key
     * @throws BillingException CONFIGURATION when it is none; without its text
     */
    public static SigningKey parse(final String pem, final LocalDate notBefore, final LocalDate notAfter) {
        try {
            final PrivateKey privateKey =
                KeyFactory.getInstance(AuditKey.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(AuditKey.der(pem)));
            final byte[] seed = ((EdECPrivateKey)privateKey).getBytes().orElseThrow();
            final KeyPairGenerator generator = KeyPairGenerator.getInstance(AuditKey.ALGORITHM);
            generator.initialize(255, new Seed(seed));
            final SigningKey made = new SigningKey(privateKey,
                AuditKey.of(generator.generateKeyPair().getPublic(), notBefore, notAfter));
            final byte[] probe = {1, 2, 3};
            if (!made.key.verifies(probe, made.sign(probe))) {
                throw new BillingException(BillingError.CONFIGURATION,
                    "the JDK does not derive the public key of an Ed25519 key");
            }
            return made;
        } catch (final GeneralSecurityException | IllegalArgumentException ex) {
            throw new BillingException(BillingError.CONFIGURATION,
                "audit key is no Ed25519 private key in PKCS#8 PEM form (" + ex.getClass().getSimpleName() + ")");
        }
    }

    /**
     * The published half.
     *
     * @return the key
     */
    public AuditKey key() {
        return key;
    }

    /**
     * Signs; the same bytes have the same signature always.
     *
     * @param bytes what is signed
     * @return 64 bytes
     */
    public byte[] sign(final byte[] bytes) {
        try {
            final Signature signer = Signature.getInstance(AuditKey.ALGORITHM);
            signer.initSign(privateKey);
            signer.update(bytes);
            return signer.sign();
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("Ed25519", ex);
        }
    }

    /** The JDK makes a public key from a private one only where it makes both: it is given the private key to draw. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient byte[] bytes;

        Seed(final byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(final byte[] to) {
            if (to.length != bytes.length) {
                throw new IllegalStateException("asked for " + to.length + " bytes");
            }
            System.arraycopy(bytes, 0, to, 0, to.length);
        }
    }
}
