package weir.sim.stripe;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import weir.sim.market.LoopbackHttp;

/** A receiver of webhooks: keeps what came, answers 200 or what it is told to answer next. */
final class WebhookReceiver implements AutoCloseable {
    final Deque<Integer> nextStatus = new ArrayDeque<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final HttpServer server;

    WebhookReceiver() throws IOException {
        server = LoopbackHttp.create(0, 16);
        server.createContext("/", exchange -> {
            try (exchange) {
                final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                final String signature = exchange.getRequestHeaders().getFirst("Stripe-Signature");
                final int status;
                synchronized (nextStatus) {
                    status = nextStatus.isEmpty() ? 200 : nextStatus.poll();
                }
                exchange.sendResponseHeaders(status, -1);
                received.add(new Received(body, signature));
            }
        });
        server.start();
    }

    /** One request, as it came. */
    record Received(String body, String signature) {
        String text(final String field) {
            try {
                return StripeFixture.JSON.readTree(body).path(field).asText();
            } catch (final IOException e) {
                throw new IllegalStateException(body, e);
            }
        }

        String type() {
            return text("type");
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    Received await() throws InterruptedException {
        final Received next = received.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new IllegalStateException("no webhook within 10 s");
        }
        return next;
    }

    /** @return true when nothing comes for 150 ms */
    boolean silent() throws InterruptedException {
        return received.poll(150, TimeUnit.MILLISECONDS) == null;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
