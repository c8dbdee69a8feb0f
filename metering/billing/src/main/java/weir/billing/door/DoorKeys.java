package weir.billing.door;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * TLS keys from files: a key with its certificate chain, and the certificates that peers are judged by. Either a PKCS12
 * store, or PEM (PKCS#8 key, certificates). Read once at start; nothing of them is logged.
 */
public final class DoorKeys {
    private static final String PEM_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String PEM_KEY_END = "-----END PRIVATE KEY-----";

    private DoorKeys() {
    }

    /**
     * A TLS context from a PKCS12 key store.
     *
     * @param keyStore file with one private key
     * @param password of the store and its key
     * @param trusted  PEM file: certificates of peers, or of authorities that sign them
     * @return context
     * @throws BillingException LISTENER naming the file that cannot be used
     */
    public static SSLContext fromStore(final Path keyStore, final char[] password, final Path trusted) {
        try (InputStream in = Files.newInputStream(keyStore)) {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return context(store, password, certificates(trusted));
        } catch (final IOException | GeneralSecurityException ex) {
            throw unusable(keyStore + " or " + trusted, ex);
        }
    }

    /**
     * A TLS context from PEM files.
     *
     * @param key     PKCS#8 private key, RSA or EC, not encrypted
     * @param chain   its certificate, then those that sign it
     * @param trusted certificates of peers, or of authorities that sign them
     * @return context
     * @throws BillingException LISTENER naming the file that cannot be used
     */
    public static SSLContext fromPem(final Path key, final Path chain, final Path trusted) {
        try {
            final List<X509Certificate> own = certificates(chain);
            final char[] password = new char[0];
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("key", privateKey(key, own.get(0).getPublicKey().getAlgorithm()), password,
                own.toArray(new Certificate[0]));
            return context(store, password, certificates(trusted));
        } catch (final IOException | GeneralSecurityException ex) {
            throw unusable(key + ", " + chain + " or " + trusted, ex);
        }
    }

    private static SSLContext context(final KeyStore keys, final char[] password,
        final Collection<X509Certificate> trusted) throws GeneralSecurityException, IOException {
        final KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        int count = 0;
        for (final X509Certificate certificate : trusted) {
            trust.setCertificateEntry("trusted-" + count++, certificate);
        }
        final KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, password);
        final TrustManagerFactory trustManagers =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static List<X509Certificate> certificates(final Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            final List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in)
                .stream().map(X509Certificate.class::cast).toList();
            if (found.isEmpty()) {
                throw new IOException("no certificate in " + pem);
            }
            return found;
        }
    }

    private static PrivateKey privateKey(final Path pem, final String algorithm)
        throws IOException, GeneralSecurityException {
        final String text = Files.readString(pem, StandardCharsets.US_ASCII);
        final int begin = text.indexOf(PEM_KEY);
        final int end = text.indexOf(PEM_KEY_END);
        if (begin < 0 || end < begin) {
            throw new IOException("no PKCS#8 private key in " + pem);
        }
        final byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(text.substring(begin + PEM_KEY.length(), end));
        } catch (final IllegalArgumentException ex) {
            throw new IOException("the private key in " + pem + " is not base64", ex);
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static BillingException unusable(final String files, final Exception cause) {
        return new BillingException(BillingError.LISTENER, "TLS keys cannot be read from " + files + ": "
            + cause.getMessage(), cause);
    }
}
