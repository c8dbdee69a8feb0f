package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import weir.sim.market.Json;

/** A venue and clients of it that know nothing but its documents: HTTP, WebSocket, control. */
final class DeribitFixture implements AutoCloseable {
    static final String SECRET = "W0H6FJW4IRPZ1MOQ8FP6KMC5RZDUUKXS";
    static final String KEY = "AMANDA";
    private static final long WAIT_NS = 10_000_000_000L;

    final DeribitSimulator venue;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    DeribitFixture(final Path dir, final BigDecimal volumeUsd) throws IOException {
        venue = DeribitSimulator.launch(new DeribitSimulator.Context().logDir(dir.resolve("venue")).seed(7)
            .heartbeatMinS(1).accounts(List.of(new DeribitAccount(KEY, SECRET, "amanda", true, volumeUsd),
                new DeribitAccount("BRIAN", "another-secret", "brian", true, volumeUsd),
                new DeribitAccount("READER", "third-secret", "amanda", false, volumeUsd))));
    }

    /** An answer over HTTP. */
    record Reply(int status, JsonNode body) {
        JsonNode result() {
            return body.path("result");
        }

        int code() {
            return body.path("error").path("code").asInt();
        }
    }

    Reply get(final String path, final String authorization) throws Exception {
        final HttpRequest.Builder request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + venue.httpPort() + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        final HttpResponse<String> response =
            http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), Json.parse(response.body().getBytes(StandardCharsets.UTF_8)));
    }

    /** A private GET, signed as a client library signs it. */
    Reply signed(final String path) throws Exception {
        return get(path, header(path, Long.toString(System.currentTimeMillis()), UUID.randomUUID().toString(), SECRET));
    }

    static String header(final String path, final String ms, final String nonce, final String secret) {
        return "deri-hmac-sha256 id=" + KEY + ",ts=" + ms + ",sig="
            + DeribitSignature.ofHttp(secret, ms, nonce, "GET", path, "") + ",nonce=" + nonce;
    }

    JsonNode control(final String method, final String path, final String body) throws Exception {
        final HttpResponse<String> response = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + venue.controlPort() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.body());
        }
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    Client connect() throws Exception {
        final Client client = new Client();
        client.socket = http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + venue.httpPort() + "/ws/api/v2"), client)
            .get(10, TimeUnit.SECONDS);
        return client;
    }

    @Override
    public void close() throws IOException {
        venue.close();
    }

    /** One WebSocket. */
    final class Client implements WebSocket.Listener {
        final List<JsonNode> messages = new CopyOnWriteArrayList<>();
        volatile boolean closed;
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;
        private int nextId;

        int send(final String method, final ObjectNode params) throws Exception {
            final ObjectNode request = Json.object().put("jsonrpc", "2.0").put("id", ++nextId).put("method", method);
            request.set("params", params);
            socket.sendText(new String(Json.bytes(request), StandardCharsets.UTF_8), true).get(10, TimeUnit.SECONDS);
            return nextId;
        }

        /** Sends and waits for its answer. */
        JsonNode call(final String method, final ObjectNode params) throws Exception {
            final int id = send(method, params);
            return await(message -> message.path("id").asInt() == id, "the answer to " + method);
        }

        JsonNode login() throws Exception {
            final String ms = Long.toString(System.currentTimeMillis());
            final String nonce = UUID.randomUUID().toString();
            return call("public/auth", Json.object().put("grant_type", "client_signature").put("client_id", KEY)
                .put("timestamp", Long.parseLong(ms)).put("nonce", nonce).put("data", "")
                .put("signature", DeribitSignature.ofAuth(SECRET, ms, nonce, "")));
        }

        JsonNode buy(final String amount, final String price, final String label) throws Exception {
            return call("private/buy", Json.object().put("instrument_name", "BTC-PERPETUAL")
                .put("amount", new BigDecimal(amount)).put("price", new BigDecimal(price)).put("label", label)
                .put("type", "limit"));
        }

        JsonNode await(final Predicate<JsonNode> wanted, final String what) throws Exception {
            final long deadlineNs = System.nanoTime() + WAIT_NS;
            while (System.nanoTime() - deadlineNs < 0) {
                for (final JsonNode message : messages) {
                    if (wanted.test(message)) {
                        return message;
                    }
                }
                Thread.sleep(2);
            }
            throw new AssertionError("no " + what + "; closed " + closed + "; " + messages);
        }

        void awaitClosed() throws Exception {
            final long deadlineNs = System.nanoTime() + WAIT_NS;
            while (!closed) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new AssertionError("still open; " + messages);
                }
                Thread.sleep(2);
            }
        }

        void drop() {
            socket.abort();
        }

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean last) {
            text.append(data);
            if (last) {
                try {
                    messages.add(Json.parse(text.toString().getBytes(StandardCharsets.UTF_8)));
                } catch (final IOException e) {
                    messages.add(Json.object().put("broken", text.toString()));
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket from, final int code, final String reason) {
            closed = true;
            return null;
        }

        @Override
        public void onError(final WebSocket from, final Throwable failure) {
            closed = true;
        }
    }
}
