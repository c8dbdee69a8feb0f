package weir.fix.tls;

import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS of the acceptor, from PKCS#12 stores that are always named: neither the JDK's trust store nor the key store that
 * QuickFIX/J carries is ever used. Passwords are wiped when the stores are read.
 */
public final class TlsOptions {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final Path keyStore;
    private final char[] keyStorePassword;
    private Path trustStore;
    private char[] trustStorePassword;
    private boolean needClientAuth;
    private int handshakesPerSecond = 25;
    private String[] protocols = PROTOCOLS.toArray(new String[0]);

    /**
     * Server key and certificate.
     *
     * @param keyStore PKCS#12 file
     * @param password of the file and of the key
     */
    public TlsOptions(final Path keyStore, final char[] password) {
        this.keyStore = keyStore;
        this.keyStorePassword = password;
    }

    /**
     * Authorities whose client certificates are accepted.
     *
     * @param file     PKCS#12 file
     * @param password of the file
     * @return this
     */
    public TlsOptions trustStore(final Path file, final char[] password) {
        trustStore = file;
        trustStorePassword = password;
        return this;
    }

    /**
     * Whether a connection without a client certificate ends in the handshake. Off, a certificate is asked for where
     * there is a trust store, and only desks with a certificate binding need it.
     *
     * @param value default false
     * @return this
     */
    public TlsOptions needClientAuth(final boolean value) {
        needClientAuth = value;
        return this;
    }

    /**
     * How fast those who come back together are let in, on Weir's own transport, after a first few at once: the others'
     * messages wait less the longer it is spread. One that waits for its turn has its time for a Logon from then on.
     *
     * @param value handshakes that begin in a second, default 25; 0 = as they come
     * @return this
     */
    public TlsOptions handshakesPerSecond(final int value) {
        handshakesPerSecond = value;
        return this;
    }

    /**
     * How fast those who come back together are let in.
     *
     * @return handshakes that begin in a second; 0 = as they come
     */
    public int handshakesPerSecond() {
        return handshakesPerSecond;
    }

    /**
     * Versions that are offered.
     *
     * @param names some of TLSv1.3 and TLSv1.2, by default both
     * @return this
     * @throws IllegalArgumentException when there is none, or another
     */
    public TlsOptions protocols(final List<String> names) {
        if (names.isEmpty() || !PROTOCOLS.containsAll(names)) {
            throw new IllegalArgumentException("protocols are some of " + PROTOCOLS + ", not " + names);
        }
        protocols = names.toArray(new String[0]);
        return this;
    }

    /**
     * Loads the stores and makes the filter of QuickFIX/J's acceptor.
     *
     * @return filter for the acceptor's chain
     * @throws IOException              when a store cannot be read
     * @throws GeneralSecurityException when a store holds no usable key or certificate
     */
    public SslFilter filter() throws IOException, GeneralSecurityException {
        final SslFilter filter = new SslFilter(context()) {
            @Override
            protected SSLEngine createEngine(final IoSession session, final InetSocketAddress peer) {
                return new InlineTaskEngine(super.createEngine(session, peer));
            }
        };
        // MINA's other pipeline lets two threads send records in another order than it made them.
        filter.setUseNonBlockingPipeline(false);
        filter.setEnabledProtocols(protocols.clone());
        if (needClientAuth) {
            filter.setNeedClientAuth(true);
        } else {
            filter.setWantClientAuth(trustStore != null);
        }
        return filter;
    }

    /**
     * Loads the stores, for engines of Weir's own transport.
     *
     * @return makes the engine of one connection; any thread
     * @throws IOException              when a store cannot be read
     * @throws GeneralSecurityException when a store holds no usable key or certificate
     */
    public Supplier<SSLEngine> engines() throws IOException, GeneralSecurityException {
        final SSLContext context = context();
        return () -> {
            final SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setEnabledProtocols(protocols);
            if (needClientAuth) {
                engine.setNeedClientAuth(true);
            } else {
                engine.setWantClientAuth(trustStore != null);
            }
            return engine;
        };
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        if (needClientAuth && trustStore == null) {
            throw new IllegalArgumentException("client certificates are needed but there is no trust store");
        }
        final KeyStore keys = load(keyStore, keyStorePassword);
        final KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, keyStorePassword);
        final TrustManager[] trustManagers;
        if (trustStore == null) {
            trustManagers = new TrustManager[0];
        } else {
            final TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(load(trustStore, trustStorePassword));
            trustManagers = factory.getTrustManagers();
            Arrays.fill(trustStorePassword, '\0');
        }
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers, null);
        Arrays.fill(keyStorePassword, '\0');
        return context;
    }

    private static KeyStore load(final Path file, final char[] password) throws IOException, GeneralSecurityException {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        if (store.size() == 0) {
            throw new GeneralSecurityException("store " + file + " is empty");
        }
        return store;
    }
}
