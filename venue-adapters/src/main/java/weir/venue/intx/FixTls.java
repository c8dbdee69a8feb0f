package weir.venue.intx;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS towards the venue: 1.2 or 1.3, SNI, no certificate of ours, and one of the venue's that names the host and has an
 * issuer in the trust store. Agent's thread, once per connection.
 */
final class FixTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SSLContext context;

    /**
     * @param trustStore readable without a password, null = the JDK's
     * @throws IllegalArgumentException when the store is no such store
     */
    FixTls(final Path trustStore) {
        try {
            final TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore == null ? null : KeyStore.getInstance(trustStore.toFile(), (char[])null));
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], trust.getTrustManagers(), null);
        } catch (final IOException | GeneralSecurityException ex) {
            throw new IllegalArgumentException("INTX_CONFIG trustStore is not usable: " + ex.getMessage());
        }
    }

    SSLEngine engine(final String host, final int port) {
        final SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        try {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        } catch (final IllegalArgumentException ex) {
            // an address has no name that could be indicated; the certificate must name the address then
            parameters.setServerNames(List.of());
        }
        engine.setSSLParameters(parameters);
        return engine;
    }
}
