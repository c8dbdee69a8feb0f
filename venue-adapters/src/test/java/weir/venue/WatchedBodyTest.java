package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the JDK's client lets one know about a body, over real sockets. */
final class WatchedBodyTest {
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(2)).build();
    private ServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setReceiveBufferSize(4096);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private CompletableFuture<HttpResponse<String>> post(final WatchedBody body, final Duration timeout) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
            .timeout(timeout).POST(body).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void shouldCallSmallBodyWrittenBeforeTheAnswer() throws Exception {
        final CountDownLatch written = new CountDownLatch(1);
        final WatchedBody body = new WatchedBody("size=1".getBytes(StandardCharsets.UTF_8), written::countDown);
        final CompletableFuture<HttpResponse<String>> answer = post(body, Duration.ofSeconds(10));
        try (Socket socket = server.accept()) {
            assertTrue(written.await(10, TimeUnit.SECONDS), "written while the venue has not answered");
            assertFalse(answer.isDone());
            assertFalse(body.revoke(), "it may have left");
            final InputStream in = socket.getInputStream();
            final StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\nsize=1") < 0) {
                text.append((char)in.read());
            }
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                .getBytes(StandardCharsets.US_ASCII));
            assertEquals("{}", answer.get(10, TimeUnit.SECONDS).body());
        }
    }

    @Test
    void shouldNotCallABodyWrittenWhileTheSocketDoesNotTakeIt() throws Exception {
        final CountDownLatch written = new CountDownLatch(1);
        final WatchedBody body = new WatchedBody(new byte[64 << 20], written::countDown);
        final CompletableFuture<HttpResponse<String>> answer = post(body, Duration.ofSeconds(20));
        try (Socket socket = server.accept()) {
            assertFalse(written.await(1, TimeUnit.SECONDS), "64 MiB do not fit the buffers of a socket");
            assertFalse(body.revoke(), "but some of it has left");
            final InputStream in = socket.getInputStream();
            final byte[] sink = new byte[1 << 20];
            final CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                try {
                    while (written.getCount() > 0 && in.read(sink) >= 0) {
                        Thread.onSpinWait();
                    }
                } catch (final java.io.IOException ex) {
                    throw new IllegalStateException(ex);
                }
            });
            assertTrue(written.await(20, TimeUnit.SECONDS), "written once it is read");
            reader.cancel(true);
        }
        assertTrue(answer.handle((response, failure) -> failure != null).get(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldProveThatNothingLeftWhenNobodyListens() throws Exception {
        server.close();
        final WatchedBody body = new WatchedBody(new byte[]{1, 2}, () -> {
            throw new IllegalStateException("written to nobody");
        });
        assertTrue(post(body, Duration.ofSeconds(5)).handle((response, failure) -> failure != null)
            .get(10, TimeUnit.SECONDS));
        assertTrue(body.revoke());
    }

    @Test
    void shouldGiveNoByteAfterItWasRevoked() throws Exception {
        final WatchedBody body = new WatchedBody(new byte[]{1, 2}, () -> {
            throw new IllegalStateException("written after all");
        });
        assertTrue(body.revoke());
        final CompletableFuture<HttpResponse<String>> answer = post(body, Duration.ofSeconds(3));
        assertTrue(answer.handle((response, failure) -> failure != null).get(10, TimeUnit.SECONDS));
        assertTrue(body.revoke(), "still not");
    }

    @Test
    void shouldLeaveOnce() throws Exception {
        final CountDownLatch written = new CountDownLatch(1);
        final WatchedBody body = new WatchedBody(new byte[]{1, 2}, written::countDown);
        final CompletableFuture<HttpResponse<String>> first = post(body, Duration.ofSeconds(10));
        try (Socket socket = server.accept()) {
            assertTrue(written.await(10, TimeUnit.SECONDS));
            final CompletableFuture<HttpResponse<String>> second = post(body, Duration.ofSeconds(3));
            assertTrue(second.handle((response, failure) -> failure != null).get(10, TimeUnit.SECONDS));
            assertFalse(first.isDone());
            assertTrue(socket.isConnected());
        }
    }
}
