package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** FIX over TLS: nothing is said to a gateway whose certificate is not trusted or names another host. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class TlsTest {
    private static final String PASSWORD = "changeit";

    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;
    private EngineSide engine;
    private CoinbaseAdapter adapter;
    private SSLServerSocket server;
    private final CountDownLatch byteRead = new CountDownLatch(1);
    private final CountDownLatch connectionEnded = new CountDownLatch(1);

    @BeforeEach
    void start() {
        engine = new EngineSide(directory, Venues.COINBASE);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        server.close();
        engine.close();
    }

    @Test
    void shouldLogOnWhenCertificateIsTrustedAndNamesTheHost() throws Exception {
        final Path store = certificate("dns:localhost");
        serve(store);
        launch(store);

        assertTrue(byteRead.await(10, TimeUnit.SECONDS), "the Logon came through");
    }

    @Test
    void shouldSayNothingWhenCertificateIsNotTrusted() throws Exception {
        serve(certificate("dns:localhost"));
        launch(null);

        assertTrue(connectionEnded.await(10, TimeUnit.SECONDS), "the handshake failed");
        assertEquals(1, byteRead.getCount(), "no byte of a Logon");
    }

    @Test
    void shouldSayNothingWhenCertificateNamesAnotherHost() throws Exception {
        final Path store = certificate("dns:elsewhere.example");
        serve(store);
        launch(store);

        assertTrue(connectionEnded.await(10, TimeUnit.SECONDS), "the handshake failed");
        assertEquals(1, byteRead.getCount(), "no byte of a Logon");
    }

    private void launch(final Path trustStore) {
        final String key = "tls-" + System.nanoTime();
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .trustStore(trustStore).trustStoreType(trustStore == null ? "JKS" : "PKCS12")
            .trustStorePassword(trustStore == null ? null : PASSWORD)
            .account(new CoinbaseAccount(1, key, VenueSide.SECRET_A, VenueSide.PASSPHRASE_A, "localhost",
                server.getLocalPort(), java.net.URI.create("http://127.0.0.1:1"), true)));
    }

    private Path certificate(final String alternativeName) throws Exception {
        final Path store = directory.resolve("gateway.p12");
        final Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
            "-alias", "gateway", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=gateway",
            "-ext", "san=" + alternativeName, "-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(),
            "-storepass", PASSWORD).redirectErrorStream(true).start();
        final String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        return store;
    }

    private void serve(final Path store) throws Exception {
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        final KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        server = (SSLServerSocket)context.getServerSocketFactory()
            .createServerSocket(0, 4, InetAddress.getByName("127.0.0.1"));
        final Thread thread = new Thread(this::accept, "tls-gateway");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket)server.accept()) {
                if (socket.getInputStream().read() >= 0) {
                    byteRead.countDown();
                }
                connectionEnded.countDown();
            } catch (final IOException ex) {
                connectionEnded.countDown();
            }
        }
    }
}
