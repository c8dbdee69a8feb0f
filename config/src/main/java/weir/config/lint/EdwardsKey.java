package weir.config.lint;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** The public half of an Ed25519 key (RFC 8032), of which an account names the private one. Stateless. */
final class EdwardsKey {
    private static final String PKCS8 = "MC4CAQAwBQYDK2VwBCIEI";

    private EdwardsKey() {
    }

    /** Whether a secret is an Ed25519 private key in PKCS#8, with or without PEM's lines. */
    static boolean isOne(final String secret) {
        return bare(secret).startsWith(PKCS8);
    }

    /** The public key as base64 of its SubjectPublicKeyInfo. */
    static String publicOf(final String secret) {
        try {
            final byte[] seed = ((EdECPrivateKey)KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(bare(secret))))).getBytes()
                .orElseThrow();
            // a generator that is given the private key for its randomness works out the public one
            final KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
            return Base64.getEncoder().encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        } catch (final GeneralSecurityException ex) {
            throw new IllegalStateException("every JDK has Ed25519", ex);
        }
    }

    private static String bare(final String secret) {
        return secret.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    /** Gives the same bytes. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final transient byte[] seed;

        Seed(final byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(final byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
