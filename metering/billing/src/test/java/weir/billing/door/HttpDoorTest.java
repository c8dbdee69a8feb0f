package weir.billing.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

@Timeout(60)
class HttpDoorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldGiveRequestsToTheirRoutesAndAnswersBack() throws Exception {
        final DoorRoutes routes = new DoorRoutes()
            .route("GET", "/v1/tenants/{id}/usage", request -> DoorAnswer.json(200, JsonNodeFactory.instance
                .objectNode().put("id", request.pathParameter("id")).put("q", request.query("q").orElse("-"))
                .put("h", request.header("x-header").orElse("-"))).with("ETag", "\"7\""))
            .route("POST", "/hook", request -> new DoorAnswer(201, "application/octet-stream", request.body(),
                Map.of()));
        try (HttpDoor door = HttpDoor.launch(new DoorContext(), routes)) {
            final HttpResponse<String> got = send(door, HttpRequest.newBuilder(
                uri(door, "/v1/tenants/a%20b/usage?q=1%2B1")).header("X-Header", "seen"));
            assertEquals(200, got.statusCode());
            assertEquals("{\"id\":\"a b\",\"q\":\"1+1\",\"h\":\"seen\"}", got.body());
            assertEquals("\"7\"", got.headers().firstValue("ETag").orElseThrow());
            // a body in many pieces comes back byte for byte: signatures are over what was sent
            final byte[] body = new byte[200_000];
            for (int i = 0; i < body.length; i++) {
                body[i] = (byte)(i * 31);
            }
            final HttpResponse<byte[]> echoed = client.send(HttpRequest.newBuilder(uri(door, "/hook"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(201, echoed.statusCode());
            assertTrue(Arrays.equals(body, echoed.body()));
        }
    }

    @Test
    void shouldAnswerAProblemWithACodeWhenARequestCannotBeServed() throws Exception {
        final DoorRoutes routes = new DoorRoutes()
            .route("POST", "/small", request -> DoorAnswer.empty(204))
            .route("GET", "/refused", request -> {
                throw new DoorRefusal(409, "too_early", "come later");
            })
            .route("GET", "/bug", request -> {
                throw new IllegalStateException("secret detail");
            });
        try (HttpDoor door = HttpDoor.launch(new DoorContext().bodyBytesMax(100), routes)) {
            expectProblem(404, "not_found", send(door, HttpRequest.newBuilder(uri(door, "/nowhere"))));
            final HttpResponse<String> wrongMethod = send(door, HttpRequest.newBuilder(uri(door, "/small")));
            expectProblem(405, "method_not_allowed", wrongMethod);
            assertEquals("POST", wrongMethod.headers().firstValue("Allow").orElseThrow());
            expectProblem(409, "too_early", send(door, HttpRequest.newBuilder(uri(door, "/refused"))));
            final HttpResponse<String> bug = send(door, HttpRequest.newBuilder(uri(door, "/bug")));
            expectProblem(500, "internal_error", bug);
            assertFalse(bug.body().contains("secret"), bug.body());
            assertFalse(bug.body().contains("Exception"), bug.body());
            assertEquals(204, send(door, HttpRequest.newBuilder(uri(door, "/small"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100]))).statusCode());
            // with a length and without one, the limit is the same
            expectTooLarge(raw(door, "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n"
                + "x".repeat(101)));
            expectTooLarge(raw(door, "POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "65\r\n" + "x".repeat(101) + "\r\n0\r\n\r\n"));
        }
    }

    @Test
    void shouldRefuseWhatDoesNotFitAndCloseSlowSendersWhileWorkersStayFree() throws Exception {
        final CountDownLatch hold = new CountDownLatch(1);
        final CountDownLatch held = new CountDownLatch(1);
        final DoorRoutes routes = new DoorRoutes()
            .route("GET", "/slow", request -> {
                held.countDown();
                try {
                    hold.await();
                } catch (final InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
                return DoorAnswer.empty(204);
            })
            .route("POST", "/hook", request -> DoorAnswer.empty(204));
        final DoorContext context = new DoorContext().workers(1).waitingMax(0).requestTimeoutMs(300);
        try (HttpDoor door = HttpDoor.launch(context, routes)) {
            try (Socket slow = new Socket("127.0.0.1", door.port())) {
                slow.setSoTimeout(20_000);
                slow.getOutputStream().write("POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab"
                    .getBytes(StandardCharsets.US_ASCII));
                assertEquals(204, send(door, HttpRequest.newBuilder(uri(door, "/hook"))
                    .POST(HttpRequest.BodyPublishers.ofString("now"))).statusCode());
                assertEquals(-1, slow.getInputStream().read(), "a body that does not come ends the connection");
            }
            final CompletableFuture<HttpResponse<String>> first = client.sendAsync(
                HttpRequest.newBuilder(uri(door, "/slow")).build(), HttpResponse.BodyHandlers.ofString());
            assertTrue(held.await(20, TimeUnit.SECONDS));
            final HttpResponse<String> second = send(door, HttpRequest.newBuilder(uri(door, "/slow")));
            expectProblem(503, "busy", second);
            assertEquals("1", second.headers().firstValue("Retry-After").orElseThrow());
            hold.countDown();
            assertEquals(204, first.get(20, TimeUnit.SECONDS).statusCode());
        }
    }

    @Test
    void shouldKnowItsClientsByCertificateWhenTlsIsMutual(@TempDir final Path dir) throws Exception {
        final TestKeys server = TestKeys.of("server");
        final TestKeys gate = TestKeys.of("gate");
        final TestKeys other = TestKeys.of("other");
        final TestKeys stranger = TestKeys.of("stranger");
        final Path trusted = TestKeys.bundle(dir.resolve("trusted.crt"), gate, other);
        final DoorContext context = new DoorContext()
            .tls(DoorKeys.fromStore(server.store(), TestKeys.PASSWORD.toCharArray(), trusted)).needClientAuth(true)
            .allowed(peer -> peer.thumbprint().equals(gate.peer().thumbprint()));
        final DoorRoutes routes = new DoorRoutes().route("GET", "/who", request -> DoorAnswer.json(200,
            JsonNodeFactory.instance.textNode(request.peer().orElseThrow().subject())));
        try (HttpDoor door = HttpDoor.launch(context, routes)) {
            final HttpRequest who = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + door.port() + "/who"))
                .timeout(Duration.ofSeconds(20)).build();
            assertEquals("\"CN=gate\"", as(gate, server).send(who, HttpResponse.BodyHandlers.ofString()).body());
            expectProblem(403, "client_not_allowed",
                as(other, server).send(who, HttpResponse.BodyHandlers.ofString()));
            assertThrows(IOException.class,
                () -> as(stranger, server).send(who, HttpResponse.BodyHandlers.ofString()));
            final SSLContext nobody = SSLContext.getInstance("TLS");
            nobody.init(null, DoorTrust.managers(server.certificate()), null);
            assertThrows(IOException.class, () -> HttpClient.newBuilder().sslContext(nobody).build().send(who,
                HttpResponse.BodyHandlers.ofString()));
            assertThrows(IOException.class, () -> as(gate, stranger).send(who,
                HttpResponse.BodyHandlers.ofString()), "the server, too, must be the one that is trusted");
        }
    }

    @Test
    void shouldNameTheAddressWhenItIsTaken() {
        try (HttpDoor door = HttpDoor.launch(new DoorContext(), new DoorRoutes())) {
            final BillingException failure = assertThrows(BillingException.class,
                () -> HttpDoor.launch(new DoorContext().port(door.port()), new DoorRoutes()));
            assertEquals(BillingError.LISTENER, failure.error());
            assertTrue(failure.getMessage().contains("127.0.0.1:" + door.port()), failure.getMessage());
        }
    }

    private static HttpClient as(final TestKeys keys, final TestKeys server) {
        return HttpClient.newBuilder()
            .sslContext(DoorKeys.fromPem(keys.key(), keys.certificate(), server.certificate())).build();
    }

    private static URI uri(final HttpDoor door, final String path) {
        return URI.create("http://127.0.0.1:" + door.port() + path);
    }

    private HttpResponse<String> send(final HttpDoor door, final HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(final HttpDoor door, final String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", door.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            final StringBuilder answer = new StringBuilder();
            int c = socket.getInputStream().read();
            while (c >= 0 && !answer.toString().endsWith("}")) {
                answer.append((char)c);
                c = socket.getInputStream().read();
            }
            return answer.toString();
        }
    }

    private static void expectTooLarge(final String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("\"code\":\"body_too_large\""), answer);
    }

    private static void expectProblem(final int status, final String code, final HttpResponse<String> answer)
        throws IOException {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").orElse("none"));
        final JsonNode problem = JSON.readTree(answer.body());
        assertEquals(code, problem.path("code").asText());
        assertEquals(status, problem.path("status").asInt());
    }
}
