package weir.venue.coinbase;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
 * TLS towards the venue ("FIX API Connectivity": TLS 1.2 or later, no client certificate): a named trust store, SNI,
 * and a certificate that must name the host. Agent's thread, once per connection.
 */
final class VenueTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SSLContext context;

    /**
     * @param settings trust store, its type and password
     * @throws IllegalArgumentException when the store is no such store
     */
    VenueTls(final CoinbaseAdapter.Context settings) {
        try (InputStream in = Files.newInputStream(settings.trustStore())) {
            final KeyStore store = KeyStore.getInstance(settings.trustStoreType());
            store.load(in,
                settings.trustStorePassword() == null ? null : settings.trustStorePassword().toCharArray());
            final TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], trust.getTrustManagers(), null);
        } catch (final IOException | GeneralSecurityException ex) {
            throw new IllegalArgumentException("COINBASE_CONFIG trustStore is not usable: " + ex.getMessage());
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
