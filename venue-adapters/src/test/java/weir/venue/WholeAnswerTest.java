package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Answers that stop in the middle, over real sockets. */
final class WholeAnswerTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void shouldBringAWholeAnswer() throws Exception {
        try (ServerSocket door = door()) {
            final CompletableFuture<Socket> peer = answering(door, HEAD + "{ } ");
            final HttpResponse<String> answer = ask(door, 10_000).get(20, TimeUnit.SECONDS);
            assertEquals("{ } ", answer.body());
            peer.get(10, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void shouldEndWhenTheBodyStopsAndCloseTheConnection() throws Exception {
        try (ServerSocket door = door()) {
            final CompletableFuture<Socket> peer = answering(door, HEAD + "{");
            final CompletableFuture<HttpResponse<String>> call = ask(door, 300);
            final Throwable why =
                assertThrows(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS)).getCause();
            assertInstanceOf(TimeoutException.class, why);
            try (Socket socket = peer.get(10, TimeUnit.SECONDS)) {
                socket.setSoTimeout(10_000);
                assertEquals(-1, read(socket), "the connection is not kept for the next request");
            }
        }
    }

    private static int read(final Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (final java.net.SocketException ex) {
            return -1; // reset
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    private static ServerSocket door() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private CompletableFuture<HttpResponse<String>> ask(final ServerSocket door, final int timeoutMs) {
        return WholeAnswer.of(client, HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.getLocalPort()))
            .timeout(Duration.ofMillis(timeoutMs)).build());
    }

    private static CompletableFuture<Socket> answering(final ServerSocket door, final String answer) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                final Socket socket = door.accept();
                if (socket.getInputStream().read(new byte[4096]) > 0) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                }
                return socket;
            } catch (final IOException ex) {
                throw new AssertionError(ex);
            }
        });
    }
}
