package weir.venue.kraken;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/** A REST server that says what a test wants, for answers that no venue documents. Nobody listens for the socket. */
final class ScriptedVenue implements AutoCloseable {
    static final int ACCOUNT = 1;

    /**
     * What is answered. Status 0 closes the connection without a byte; a body is cut where it is shorter
     * than length.
     */
    record Answer(int status, String body, long delayMs, int length, Map<String, String> headers) {
        Answer(final int status, final String body, final long delayMs, final int length) {
            this(status, body, delayMs, length, Map.of());
        }

        Answer with(final String name, final String value) {
            return new Answer(status, body, delayMs, length, Map.of(name, value));
        }

        static Answer ok(final String body) {
            return new Answer(200, body, 0, body.length());
        }

        static Answer of(final int status, final String body) {
            return new Answer(status, body, 0, body.length());
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile BiFunction<String, String, Answer> script;

    ScriptedVenue() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/derivatives", this::answer);
        server.createContext("/api/history", ScriptedVenue::emptyHistory);
        server.setExecutor(threads);
        server.start();
    }

    /** Path without /derivatives and form or query, to the answer; null answers an empty success. */
    void script(final BiFunction<String, String, Answer> newScript) {
        script = newScript;
    }

    KrakenAccount account() {
        final String host = "127.0.0.1:" + server.getAddress().getPort();
        return new KrakenAccount(ACCOUNT, "key", "AAECAwQFBgcICQoLDA0ODw==", URI.create("http://" + host
            + "/derivatives"), URI.create("ws://" + host + "/ws/v1"), false);
    }

    List<String> requests(final String path) {
        synchronized (requests) {
            return requests.stream().filter(request -> request.startsWith(path)).toList();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** The history knows nothing. */
    private static void emptyHistory(final HttpExchange exchange) throws IOException {
        final byte[] bytes = "{\"len\":0,\"elements\":[]}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void answer(final HttpExchange exchange) throws IOException {
        final String path = exchange.getRequestURI().getPath().substring("/derivatives".length());
        final String query = exchange.getRequestURI().getRawQuery();
        final String data = query != null ? query
            : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(path + ' ' + data);
        final BiFunction<String, String, Answer> now = script;
        final Answer scripted = now == null ? null : now.apply(path, data);
        final Answer answer = scripted != null ? scripted : Answer.ok("{\"result\":\"success\"}");
        try {
            Thread.sleep(answer.delayMs());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        if (answer.status() == 0) {
            exchange.close();
            return;
        }
        final byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), answer.length() == 0 ? -1 : answer.length());
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
