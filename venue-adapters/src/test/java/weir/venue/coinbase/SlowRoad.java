package weir.venue.coinbase;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/** A way to the venue's REST on which some requests lie until it is opened, whoever sent them; the others pass. */
final class SlowRoad {
    private static final List<String> SIGNED = List.of("CB-ACCESS-KEY", "CB-ACCESS-SIGN", "CB-ACCESS-TIMESTAMP",
        "CB-ACCESS-PASSPHRASE", "Content-Type");

    private final URI venue;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger posts = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final BiPredicate<String, String> lies;
    private volatile BiPredicate<String, String> breaks = (method, path) -> false;

    /** Orders lie. */
    SlowRoad(final URI venue) throws IOException {
        this(venue, (method, path) -> "POST".equals(method));
    }

    /** What lies, by method and path with query; asked once of each request, by several threads. */
    SlowRoad(final URI venue, final BiPredicate<String, String> lies) throws IOException {
        this.venue = venue;
        this.lies = lies;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            final Thread thread = new Thread(task, "slow-road");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::carry);
        server.start();
    }

    HttpServer server() {
        return server;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int posts() {
        return posts.get();
    }

    /** What is carried, and whose answer is then lost on the way back: 503. */
    void breaks(final BiPredicate<String, String> newBreaks) {
        breaks = newBreaks;
    }

    /** Answers that were lost. */
    int broken() {
        return broken.get();
    }

    /** Requests that lie or lay here. */
    int held() {
        return held.get();
    }

    void open() {
        opened.countDown();
    }

    private void carry(final HttpExchange exchange) throws IOException {
        final byte[] body = exchange.getRequestBody().readAllBytes();
        final HttpRequest.Builder request = HttpRequest.newBuilder(venue.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        SIGNED.forEach(name -> {
            final String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        });
        try {
            if ("POST".equals(exchange.getRequestMethod())) {
                posts.incrementAndGet();
            }
            if (lies.test(exchange.getRequestMethod(), exchange.getRequestURI().toString())) {
                held.incrementAndGet();
                if (!opened.await(60, TimeUnit.SECONDS)) {
                    throw new IOException("the road was never opened");
                }
            }
            final HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (breaks.test(exchange.getRequestMethod(), exchange.getRequestURI().toString())) {
                broken.incrementAndGet();
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }
}
