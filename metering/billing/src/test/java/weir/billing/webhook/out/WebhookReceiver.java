package weir.billing.webhook.out;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** An endpoint of a tenant over HTTP. It verifies each request with the reference library before it answers. */
final class WebhookReceiver implements AutoCloseable {
    static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /** What it does with a request instead of answering 204. */
    @FunctionalInterface
    interface Behaviour {
        void answer(HttpExchange exchange, Seen seen) throws IOException;
    }

    /** A request. */
    record Seen(String id, long timestampS, String host, JsonNode body, long atMs, String fault) {
    }

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Behaviour> next = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Behaviour otherwise = status(204);

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    WebhookReceiver() {
        this("127.0.0.1", 0, null);
    }

    WebhookReceiver(final String address, final int port, final SSLContext tls) {
        try {
            final InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(address), port);
            if (tls == null) {
                server = HttpServer.create(at, 0);
            } else {
                final HttpsServer secure = HttpsServer.create(at, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static Behaviour status(final int status, final String... headers) {
        return (exchange, seen) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Says nothing until it is closed. */
    static Behaviour stall() {
        return (exchange, seen) -> {
            try {
                Thread.sleep(60_000);
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** Accepts, and never stops talking. */
    static Behaviour endless() {
        return (exchange, seen) -> {
            exchange.sendResponseHeaders(200, 0);
            final byte[] bytes = new byte[1_024];
            for (int i = 0; i < 1_000_000; i++) {
                exchange.getResponseBody().write(bytes);
            }
        };
    }

    WebhookReceiver then(final Behaviour... behaviours) {
        next.addAll(List.of(behaviours));
        return this;
    }

    WebhookReceiver otherwise(final Behaviour behaviour) {
        otherwise = behaviour;
        return this;
    }

    private void handle(final HttpExchange exchange) throws IOException {
        try (exchange) {
            final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            final Map<String, List<String>> headers = exchange.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toLowerCase(), Map.Entry::getValue));
            final Seen request = new Seen(headers.get("webhook-id").get(0),
                Long.parseLong(headers.get("webhook-timestamp").get(0)), headers.get("host").get(0),
                new ObjectMapper().readTree(body), System.currentTimeMillis(), fault(body, headers));
            seen.add(request);
            final Behaviour planned = next.poll();
            (planned == null ? otherwise : planned).answer(exchange, request);
        }
    }

    private static String fault(final String body, final Map<String, List<String>> headers) {
        try {
            new Webhook(SECRET).verify(body, headers);
            return "";
        } catch (final WebhookVerificationException | EmptyWebhookSecretException ex) {
            return ex.getMessage();
        }
    }

    URI url(final String scheme, final String host) {
        return URI.create(scheme + "://" + host + ':' + server.getAddress().getPort() + "/hooks");
    }

    URI url() {
        return url("http", "127.0.0.1");
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<String> ids() {
        return seen.stream().map(Seen::id).toList();
    }

    /** Thresholds that were told, without the record that each names. */
    Set<String> thresholds() {
        return ids().stream().map(id -> id.replaceFirst("_[0-9]+(_readonly)?$", "$1")).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
