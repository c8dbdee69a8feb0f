package weir.fix;

import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.SecretKeyFactorySpi;

/** Stands before the JDK's providers and notes which threads sign, verify, and derive keys from passwords. */
public final class CryptoWitness extends Provider implements AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final String ECDSA = "SHA256withECDSA";
    private static final String PBKDF2 = "PBKDF2WithHmacSHA256";
    private static final Set<String> SIGNERS = ConcurrentHashMap.newKeySet();
    private static final Set<String> PROVERS = ConcurrentHashMap.newKeySet();

    CryptoWitness() {
        super("CryptoWitness", "1", "notes threads");
        put("Signature." + ECDSA, Signing.class.getName());
        put("SecretKeyFactory." + PBKDF2, Deriving.class.getName());
        SIGNERS.clear();
        PROVERS.clear();
        Security.insertProviderAt(this, 1);
    }

    /** Names of threads that signed or verified in handshakes. */
    static Set<String> signers() {
        return new TreeSet<>(SIGNERS);
    }

    /** Names of threads that proved passwords. */
    static Set<String> provers() {
        return new TreeSet<>(PROVERS);
    }

    @Override
    public void close() {
        Security.removeProvider(getName());
    }

    /** The JDK's ECDSA. */
    public static final class Signing extends SignatureSpi {
        private final Signature signature;

        /** Made by the JDK. */
        public Signing() throws Exception {
            signature = Signature.getInstance(ECDSA, "SunEC");
        }

        @Override
        protected void engineInitVerify(final PublicKey key) throws InvalidKeyException {
            signature.initVerify(key);
        }

        @Override
        protected void engineInitSign(final PrivateKey key) throws InvalidKeyException {
            signature.initSign(key);
        }

        @Override
        protected void engineUpdate(final byte value) throws SignatureException {
            signature.update(value);
        }

        @Override
        protected void engineUpdate(final byte[] bytes, final int offset, final int length) throws SignatureException {
            signature.update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            SIGNERS.add(Thread.currentThread().getName());
            return signature.sign();
        }

        @Override
        protected boolean engineVerify(final byte[] bytes) throws SignatureException {
            SIGNERS.add(Thread.currentThread().getName());
            return signature.verify(bytes);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(final String name, final Object value) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(final String name) {
            throw new UnsupportedOperationException(name);
        }
    }

    /** The JDK's PBKDF2. */
    public static final class Deriving extends SecretKeyFactorySpi {
        private final SecretKeyFactory factory;

        /** Made by the JDK. */
        public Deriving() throws Exception {
            factory = SecretKeyFactory.getInstance(PBKDF2, "SunJCE");
        }

        @Override
        protected SecretKey engineGenerateSecret(final KeySpec spec) throws InvalidKeySpecException {
            PROVERS.add(Thread.currentThread().getName());
            return factory.generateSecret(spec);
        }

        @Override
        protected KeySpec engineGetKeySpec(final SecretKey key, final Class<?> spec) throws InvalidKeySpecException {
            return factory.getKeySpec(key, spec);
        }

        @Override
        protected SecretKey engineTranslateKey(final SecretKey key) throws InvalidKeyException {
            return factory.translateKey(key);
        }
    }
}
