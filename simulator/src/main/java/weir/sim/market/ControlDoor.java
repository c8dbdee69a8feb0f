package weir.sim.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The tester's side door of a simulated venue, on loopback: JSON calls over HTTP, one thread. No part of the venue.
 * Errors are 400, and 404 for a call that the venue does not know, with {@code {"message":...}}.
 */
public final class ControlDoor implements Closeable {
    private final HttpServer server;
    private final ExecutorService executor;
    private final Calls calls;

    /** What a venue lets its tester do. */
    @FunctionalInterface
    public interface Calls {
        /**
         * Does what is asked.
         *
         * @param what method, blank, path; such as {@code GET /stats}.
         * @param body an empty object if there was none.
         * @return the answer, null if there is no such call.
         * @throws IllegalArgumentException if the call does not make sense.
         */
        JsonNode call(String what, RestQuery query, JsonNode body);
    }

    /** Takes a port, 0 for any. @throws IOException if it cannot be had. */
    public ControlDoor(final int port, final String threadName, final Calls calls) throws IOException {
        this.calls = calls;
        server = LoopbackHttp.create(port, 16);
        executor = Executors.newSingleThreadExecutor(task -> {
            final Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.createContext("/", this::handle);
    }

    /** Opens the door. */
    public void start() {
        server.start();
    }

    /** Its port. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private void handle(final HttpExchange exchange) throws IOException {
        int status = 200;
        JsonNode reply;
        try {
            final byte[] body = exchange.getRequestBody().readAllBytes();
            final String what = exchange.getRequestMethod() + ' ' + exchange.getRequestURI().getPath();
            reply = calls.call(what, new RestQuery(exchange.getRequestURI().getRawQuery()),
                body.length == 0 ? Json.object() : Json.parse(body));
            if (reply == null) {
                status = 404;
                reply = Json.object().put("message", "no such call: " + what);
            }
        } catch (final IOException | IllegalArgumentException e) {
            status = 400;
            reply = Json.object().put("message", String.valueOf(e.getMessage()));
        }
        final byte[] bytes = Json.bytes(reply);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
