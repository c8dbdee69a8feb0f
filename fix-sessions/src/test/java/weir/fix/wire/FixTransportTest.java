package weir.fix.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.fix.text.FixChecksum;

/** Real sockets: what is sent comes, whole and in order, to the one it is for. */
class FixTransportTest {
    private static final char[] PASSWORD = "store password".toCharArray();
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path directory;
    private final List<Throwable> errors = new ArrayList<>();
    private final ExecutorService tlsThread = Executors.newSingleThreadExecutor();
    private FixTransport transport;
    private InetSocketAddress address;
    private final List<Peer> accepted = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();

    /** Takes what one connection brings. */
    private static class Peer implements FixConnectionHandler {
        final List<String> frames = new ArrayList<>();
        final List<String> garbage = new ArrayList<>();
        FixConnection connection;
        String closed;
        boolean connected;
        boolean busy;
        boolean echo;

        @Override
        public void onConnected(final FixConnection c, final long nowNs) {
            assertFalse(connected);
            connection = c;
            connected = true;
        }

        @Override
        public boolean onFrame(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
            final long nowNs) {
            assertTrue(connected);
            if (busy) {
                return false;
            }
            frames.add(buffer.getStringWithoutLengthAscii(offset, length));
            if (echo) {
                c.send(buffer, offset, length);
            }
            return true;
        }

        @Override
        public void onGarbage(final FixConnection c, final DirectBuffer buffer, final int offset, final int length,
            final long nowNs) {
            garbage.add(buffer.getStringWithoutLengthAscii(offset, length));
        }

        @Override
        public void onClosed(final FixConnection c, final String reason, final long nowNs) {
            assertNull(closed);
            closed = c.closeCause() + " " + reason;
        }
    }

    private void open(final FixTransport.Context context, final Supplier<SSLEngine> tls) throws Exception {
        transport = new FixTransport(context.errorHandler(errors::add).tlsExecutor(tlsThread));
        address = transport.listen(new InetSocketAddress("127.0.0.1", 0), tls, connection -> {
            final Peer peer = new Peer();
            peer.connection = connection;
            accepted.add(peer);
            return peer;
        });
    }

    private void until(final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            final int work = transport.poll(System.nanoTime()) + transport.flush();
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "waited too long; accepted " + accepted.size()
                + ", closed " + accepted.stream().map(peer -> String.valueOf(peer.closed)).toList()
                + ", peers " + peers.stream().map(peer -> String.valueOf(peer.closed)).toList() + ", errors " + errors);
            if (work == 0) {
                Thread.onSpinWait();
            }
        }
    }

    @AfterEach
    void stop() {
        transport.close();
        tlsThread.shutdownNow();
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40})
    void shouldCarryMessagesBothWaysWhole(final int clients) throws Exception {
        open(new FixTransport.Context().bufferBytes(1024).messagesPerTurn(3), null);
        exchange(clients, 200, null);
    }

    @Test
    void shouldCarryMessagesBothWaysOverTls() throws Exception {
        final SSLContext server = tls("server", "client");
        final SSLContext client = tls("client", "server");
        open(new FixTransport.Context().bufferBytes(1024).messagesPerTurn(3), () -> {
            final SSLEngine engine = server.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setNeedClientAuth(true);
            return engine;
        });
        exchange(6, 200, () -> {
            final SSLEngine engine = client.createSSLEngine("127.0.0.1", address.getPort());
            engine.setUseClientMode(true);
            final SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
            return engine;
        });
        assertEquals("CN=client", accepted.get(0).connection.peerCertificate().getSubjectX500Principal().getName());
        assertEquals("CN=server", peers.get(0).connection.peerCertificate().getSubjectX500Principal().getName());
    }

    @Test
    void shouldBeginHandshakesAtTheirPaceTheOldestFirst() throws Exception {
        final SSLContext server = tls("server", "client");
        final SSLContext client = tls("client", "server");
        open(new FixTransport.Context().handshakesPerSecond(1).connectTimeoutMs(60_000), () -> {
            final SSLEngine engine = server.createSSLEngine();
            engine.setUseClientMode(false);
            return engine;
        });
        final long startNs = System.nanoTime();
        try (FixTransport desks = new FixTransport(new FixTransport.Context())) {
            final List<FixConnection> connections = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                final SSLEngine engine = client.createSSLEngine();
                engine.setUseClientMode(true);
                connections.add(desks.connect(address, engine, new Peer()));
            }
            assertEquals(16, connectedBy(startNs, 600, desks, 16)); // sixteen at once, and those of each second
            connections.get(16).close("does not want to wait");
            for (int ms = 601; accepted.get(16).closed == null && ms < 990; ms++) {
                pollAt(startNs + ms * 1_000_000L, desks);
            }
            assertEquals("PEER closed by the peer", accepted.get(16).closed);
            accepted.remove(16);
            assertEquals(17, connectedBy(startNs, 1_500, desks, 17), "who hung up takes nobody's turn");
            assertEquals(18, connectedBy(startNs, 2_500, desks, 18));
            assertEquals(List.of(accepted.get(18)), accepted.stream().filter(peer -> !peer.connected).toList());
            final long turnMs = accepted.get(18).connection.turnMs();
            assertTrue(turnMs > 3_000 && turnMs <= 4_000, turnMs + " ms; its time for a Logon runs from its turn");
        }
    }

    /** Polls at times until then, and on at that time until so many stand. */
    private int connectedBy(final long startNs, final int ms, final FixTransport desks, final int count)
        throws Exception {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        long nowNs = startNs + Math.max(0, ms - 600) * 1_000_000L;
        while (nowNs < startNs + ms * 1_000_000L || connected() < count && System.nanoTime() - deadlineNs < 0) {
            nowNs = Math.min(nowNs + 1_000_000, startNs + ms * 1_000_000L);
            pollAt(nowNs, desks);
        }
        return connected();
    }

    private void pollAt(final long nowNs, final FixTransport desks) throws Exception {
        transport.poll(nowNs);
        transport.flush();
        desks.poll(System.nanoTime());
        desks.flush();
        Thread.sleep(0, 100_000);
    }

    private int connected() {
        return (int)accepted.stream().filter(peer -> peer.connected).count();
    }

    @Test
    void shouldEndAConnectionThatSpeaksNoTls() throws Exception {
        final SSLContext server = tls("server", "client");
        open(new FixTransport.Context(), () -> {
            final SSLEngine engine = server.createSSLEngine();
            engine.setUseClientMode(false);
            return engine;
        });
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            socket.getOutputStream().write(message("A", 1, 0).getBytes(StandardCharsets.ISO_8859_1));
            until(() -> !accepted.isEmpty() && accepted.get(0).closed != null);
            assertTrue(accepted.get(0).closed.startsWith("TLS "), accepted.get(0).closed);
            assertFalse(accepted.get(0).connected);
        }
    }

    @Test
    void shouldEndAConnectionWhoseHandshakeDoesNotEnd() throws Exception {
        final SSLContext server = tls("server", "client");
        open(new FixTransport.Context().connectTimeoutMs(50), () -> {
            final SSLEngine engine = server.createSSLEngine();
            engine.setUseClientMode(false);
            return engine;
        });
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            until(() -> !accepted.isEmpty() && accepted.get(0).closed != null);
            assertTrue(accepted.get(0).closed.startsWith("NOT_CONNECTED "), accepted.get(0).closed);
            assertNotNull(socket);
        }
    }

    private void exchange(final int clients, final int messages, final Supplier<SSLEngine> tls) throws Exception {
        for (int i = 0; i < clients; i++) {
            final Peer peer = new Peer();
            transport.connect(address, tls == null ? null : tls.get(), peer);
            peers.add(peer);
        }
        until(() -> accepted.size() == clients && accepted.stream().allMatch(peer -> peer.connected)
            && peers.stream().allMatch(peer -> peer.connected));
        accepted.forEach(peer -> peer.echo = true);
        final List<String> sent = new ArrayList<>();
        for (int n = 0; n < messages; n++) {
            final String message = message("0", n, n * 7 % 3000);
            sent.add(message);
            peers.forEach(peer -> assertTrue(peer.connection.send(message)));
        }
        until(() -> peers.stream().allMatch(peer -> peer.frames.size() == messages));
        peers.forEach(peer -> assertEquals(sent, peer.frames));
        accepted.forEach(peer -> assertEquals(sent, peer.frames));
        assertEquals(peers.get(0).connection.sentBytes(), peers.get(0).connection.writtenBytes());
        peers.get(0).connection.closeWhenFlushed("enough");
        until(() -> peers.get(0).closed != null && accepted.stream().anyMatch(peer -> peer.closed != null));
        assertEquals("LOCAL enough", peers.get(0).closed);
        assertEquals("PEER closed by the peer",
            accepted.stream().filter(peer -> peer.closed != null).findFirst().orElseThrow().closed);
        assertEquals(2 * clients - 2, transport.connectionCount());
    }

    @Test
    void shouldOfferAMessageAgainWhenItIsNotTaken() throws Exception {
        open(new FixTransport.Context(), null);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            until(() -> accepted.size() == 1);
            accepted.get(0).busy = true;
            socket.getOutputStream().write((message("D", 1, 5) + message("D", 2, 5))
                .getBytes(StandardCharsets.ISO_8859_1));
            pause(20);
            assertEquals(List.of(), accepted.get(0).frames);
            accepted.get(0).busy = false;
            until(() -> accepted.get(0).frames.size() == 2);
        }
    }

    @Test
    void shouldTakeNothingInWhileSuspended() throws Exception {
        open(new FixTransport.Context(), null);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            until(() -> accepted.size() == 1 && accepted.get(0).connected);
            final Peer peer = accepted.get(0);
            peer.connection.suspendRead();
            socket.getOutputStream().write(message("D", 1, 5).getBytes(StandardCharsets.ISO_8859_1));
            pause(20);
            assertEquals(List.of(), peer.frames);
            transport.execute(peer.connection::resumeRead);
            until(() -> peer.frames.size() == 1);
        }
    }

    @Test
    void shouldHandOnWhatCameBeforeTheEnd() throws Exception {
        open(new FixTransport.Context().messagesPerTurn(1), null);
        final StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            all.append(message("D", i, 10));
        }
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            socket.getOutputStream().write(all.append("8=FIXT").toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        until(() -> !accepted.isEmpty() && accepted.get(0).closed != null);
        assertEquals(50, accepted.get(0).frames.size());
        assertTrue(accepted.get(0).closed.startsWith("PEER "), accepted.get(0).closed);
    }

    @Test
    void shouldShortenTheTurnOfABurstWhileOthersSend() throws Exception {
        open(new FixTransport.Context().bufferBytes(1 << 16), null);
        try (Socket burst = new Socket("127.0.0.1", address.getPort());
            Socket other = new Socket("127.0.0.1", address.getPort())) {
            until(() -> accepted.size() == 2);
            final long nowNs = System.nanoTime() + 20_000_000L; // their coming counts as sending
            assertTrue(longestTurn(burst, nowNs) > 4, "alone");
            other.getOutputStream().write(message("D", 1, 10).getBytes(StandardCharsets.ISO_8859_1));
            assertEquals(1, turns(41, nowNs));
            assertEquals(4, longestTurn(burst, nowNs), "while the other sends");
            assertTrue(longestTurn(burst, nowNs + 20_000_000L) > 4, "alone again");
        }
    }

    private int longestTurn(final Socket burst, final long nowNs) throws IOException, InterruptedException {
        final StringBuilder all = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            all.append(message("D", i, 10));
        }
        final int before = frames();
        burst.getOutputStream().write(all.toString().getBytes(StandardCharsets.ISO_8859_1));
        Thread.sleep(50);
        return turns(before + 40, nowNs);
    }

    /** Polls until so many frames came; answers the most that one poll handed on. */
    private int turns(final int frames, final long nowNs) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        int most = 0;
        while (frames() < frames) {
            final int before = frames();
            transport.poll(nowNs);
            most = Math.max(most, frames() - before);
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> frames() + " of " + frames + " frames");
        }
        return most;
    }

    private int frames() {
        return accepted.stream().mapToInt(peer -> peer.frames.size()).sum();
    }

    @Test
    void shouldDropGarbageAndGoOn() throws Exception {
        open(new FixTransport.Context(), null);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            socket.getOutputStream().write(("noise" + message("D", 1, 5) + "8=FIXT.1.1\u00019=x" + message("D", 2, 5))
                .getBytes(StandardCharsets.ISO_8859_1));
            until(() -> !accepted.isEmpty() && accepted.get(0).frames.size() == 2);
            assertEquals("noise8=FIXT.1.1\u00019=x", String.join("", accepted.get(0).garbage));
        }
    }

    @Test
    void shouldEndAConnectionWithoutAWholeMessageInTheLimit() throws Exception {
        open(new FixTransport.Context().bufferBytes(64).maxFrameBytes(2000), null);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            socket.getOutputStream().write(message("D", 1, 1500).getBytes(StandardCharsets.ISO_8859_1));
            until(() -> !accepted.isEmpty() && accepted.get(0).frames.size() == 1);
            socket.getOutputStream().write(("8=FIXT.1.1\u00019=5000\u0001" + "x".repeat(3000)).getBytes(
                StandardCharsets.ISO_8859_1));
            until(() -> accepted.get(0).closed != null);
            assertTrue(accepted.get(0).closed.startsWith("OVERSIZED "), accepted.get(0).closed);
        }
    }

    @Test
    void shouldDisconnectAPeerThatDoesNotRead() throws Exception {
        open(new FixTransport.Context().maxOutBytes(100_000), null);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            until(() -> !accepted.isEmpty() && accepted.get(0).connected);
            final Peer peer = accepted.get(0);
            final String message = message("8", 1, 1000);
            int sent = 0;
            while (peer.connection.send(message)) {
                sent += message.length();
                transport.poll(System.nanoTime());
                transport.flush();
            }
            until(() -> peer.closed != null);
            assertTrue(peer.closed.startsWith("SLOW_READER "), peer.closed);
            assertTrue(peer.connection.writtenBytes() <= sent && sent - peer.connection.writtenBytes() <= 100_000);
            assertNotNull(socket);
        }
    }

    @Test
    void shouldSendMoreInOneCycleThanMayWaitWhereThePeersSocketTakesIt() throws Exception {
        open(new FixTransport.Context().maxOutBytes(40_000), null);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            until(() -> !accepted.isEmpty() && accepted.get(0).connected);
            final FixConnection connection = accepted.get(0).connection;
            final String message = message("8", 1, 1000);
            int sent = 0;
            while (sent < 60_000) {
                assertTrue(connection.send(message));
                sent += message.length();
            }
            final long all = sent;
            until(() -> connection.writtenBytes() == all);
            assertTrue(connection.isHalfFree());
            assertEquals(sent, socket.getInputStream().readNBytes(sent).length);
        }
    }

    @Test
    void shouldWriteEverythingBeforeItCloses() throws Exception {
        open(new FixTransport.Context(), null);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            until(() -> !accepted.isEmpty() && accepted.get(0).connected);
            final String message = message("5", 1, 500);
            accepted.get(0).connection.send(message);
            accepted.get(0).connection.closeWhenFlushed("logged out");
            assertFalse(accepted.get(0).connection.send(message));
            until(() -> accepted.get(0).closed != null);
            final ByteArrayOutputStream read = new ByteArrayOutputStream();
            final InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                read.write(b);
            }
            assertEquals(message, read.toString(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void shouldTellOfAPortThatNobodyListensAt() throws Exception {
        open(new FixTransport.Context(), null);
        transport.stopListening();
        final Peer peer = new Peer();
        transport.connect(address, null, peer);
        until(() -> peer.closed != null);
        assertTrue(peer.closed.startsWith("NOT_CONNECTED "), peer.closed);
        assertFalse(peer.connected);
    }

    @Test
    void shouldCostAFaultyHandlerItsConnectionOnly() throws Exception {
        open(new FixTransport.Context(), null);
        final Peer faulty = new Peer() {
            @Override
            public boolean onFrame(final FixConnection c, final DirectBuffer buffer, final int offset,
                final int length, final long nowNs) {
                throw new IllegalStateException("planted");
            }
        };
        final Peer sound = new Peer();
        transport.connect(address, null, faulty);
        transport.connect(address, null, sound);
        until(() -> accepted.size() == 2 && faulty.connected && sound.connected);
        accepted.forEach(peer -> peer.connection.send(message("0", 1, 1)));
        until(() -> faulty.closed != null && sound.frames.size() == 1);
        assertEquals(1, errors.size());
        errors.clear();
    }

    private void pause(final int polls) throws InterruptedException {
        for (int i = 0; i < polls; i++) {
            transport.poll(System.nanoTime());
            transport.flush();
            Thread.sleep(1);
        }
    }

    private SSLContext tls(final String own, final String trusted) throws Exception {
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(own), PASSWORD);
        final KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(trusted, store(trusted).getCertificate(trusted));
        final TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
        return context;
    }

    private KeyStore store(final String name) throws Exception {
        final Path file = directory.resolve(name + ".p12");
        if (!Files.exists(file)) {
            final Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", name,
                "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1",
                "-validity", "2", "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore",
                file.toString()).redirectErrorStream(true).start();
            assertEquals(0, keytool.waitFor());
        }
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static String message(final String type, final int sequence, final int textLength) {
        final String body = "35=" + type + "\u000134=" + sequence + "\u000158=" + "y".repeat(textLength) + "z\u0001";
        return FixChecksum.append(new StringBuilder("8=FIXT.1.1\u00019=").append(body.length()).append('\u0001')
            .append(body)).toString();
    }
}
