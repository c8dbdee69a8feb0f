package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.VenuePath;
import weir.venue.EngineSide;

/**
 * FIX over TLS: a session with the simulator's FIX door behind a terminator, and nothing said to a gateway whose
 * certificate is not trusted or names another host.
 */
final class FixTlsTest extends IntxTest {
    private static final String PASSWORD = "changeit";
    private static final int BYTES = 8192;

    private final List<String> protocols = new CopyOnWriteArrayList<>();
    private final AtomicLong clientBytes = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private SSLServerSocket server;

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldTradeOverTls(final String protocol) throws Exception {
        final Path store = certificate("dns:localhost");
        serve(store, protocol);
        launch("localhost", store);
        engine.await(e -> "SECOND_UP".equals(e.type()), "the second path");
        engine.path(VenuePath.SECOND);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.003", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.take(BTC, "sell", "50000", "0.001");
        assertEquals("MAKER", engine.awaitExecution(1, "TRADE").liquidity());
        final UUID replace = engine.replace(A, 1, id, venueId, BTC, "0.003", "49000");
        engine.awaitExecution(1, "REPLACED");
        engine.cancel(A, 1, replace, venueId, BTC);
        engine.awaitExecution(1, "CANCELED");
        assertEquals(List.of(protocol), protocols);
        assertEquals(1, venue.log("logon").size());
        assertEquals("fix", venue.log("order").get(0).path("channel").asText());
    }

    @ParameterizedTest
    @CsvSource({"dns:localhost,false", "dns:elsewhere.example,true", "ip:127.0.0.2,true"})
    void shouldSayNothingToAGatewayThatIsNotTheVenue(final String names, final boolean trusted) throws Exception {
        final Path store = certificate(names);
        serve(store, "TLSv1.3");
        launch(names.startsWith("ip") ? "127.0.0.1" : "localhost", trusted ? store : null);
        final EngineSide.Event down = engine.await(e -> "SECOND_DOWN".equals(e.type()), "SECOND_DOWN");
        assertFalse(down.text().isBlank());
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (ended.get() < 2) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "two handshakes failed: " + ended);
            engine.pollFor(20);
        }
        assertEquals(0, clientBytes.get(), "no byte of a Logon");
        assertTrue(engine.of("SECOND_UP").isEmpty());
        engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        assertEquals("rest", venue.log("order").get(0).path("channel").asText());
    }

    private void launch(final String host, final Path trustStore) {
        final FixTerms terms = FixTerms.DEFAULTS;
        start(context -> context.fixTerms(new FixTerms(terms.targetCompId(), terms.heartBtIntS(), 'N',
            terms.defaultSelfTrade(), terms.newsPerSecond(), terms.messagesPerSecond(), terms.guardHold(),
            terms.guardDrop(), terms.inFlightMax(), 50, 200, trustStore)),
            new IntxAccount(A, venue.keyA, VenueSide.SECRET_A, VenueSide.PASSPHRASE, "1ap32qsc-1-0", venue.rest(),
                new FixAddress(host, server.getLocalPort(), true)));
        engine.awaitUp(A);
    }

    /** A JKS store: its certificates are read without a password, as a trust store's. */
    private Path certificate(final String alternativeName) throws Exception {
        final Path store = directory.resolve("gateway.jks");
        final Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
            "-alias", "gateway", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=gateway",
            "-ext", "san=" + alternativeName, "-validity", "2", "-storetype", "JKS", "-keystore", store.toString(),
            "-storepass", PASSWORD, "-keypass", PASSWORD).redirectErrorStream(true).start();
        final String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        return store;
    }

    private void serve(final Path store, final String protocol) throws Exception {
        final KeyStore keys = KeyStore.getInstance("JKS");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        final KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        server = (SSLServerSocket)context.getServerSocketFactory()
            .createServerSocket(0, 4, InetAddress.getByName("127.0.0.1"));
        server.setEnabledProtocols(new String[] {protocol});
        thread(this::accept);
    }

    private static void thread(final Runnable task) {
        final Thread thread = new Thread(task, "tls-terminator");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                final SSLSocket client = (SSLSocket)server.accept();
                thread(() -> serve(client));
            } catch (final IOException ex) {
                // the test ends
                assertTrue(server.isClosed(), ex.toString());
            }
        }
    }

    /** The venue's door is connected to once the client has said something. */
    private void serve(final SSLSocket client) {
        try (client) {
            final byte[] first = new byte[BYTES];
            final int length = client.getInputStream().read(first);
            if (length < 0) {
                return;
            }
            clientBytes.addAndGet(length);
            protocols.add(client.getSession().getProtocol());
            try (Socket door = new Socket(InetAddress.getLoopbackAddress(), venue.fix().port())) {
                door.getOutputStream().write(first, 0, length);
                thread(() -> copyBack(door, client));
                client.getInputStream().transferTo(door.getOutputStream());
            }
        } catch (final IOException ex) {
            // the handshake failed, or one of both ends is gone
        } finally {
            ended.incrementAndGet();
        }
    }

    private static void copyBack(final Socket door, final SSLSocket client) {
        try (client) {
            door.getInputStream().transferTo(client.getOutputStream());
        } catch (final IOException ex) {
            // one of both ends is gone: the other is closed
        }
    }
}
