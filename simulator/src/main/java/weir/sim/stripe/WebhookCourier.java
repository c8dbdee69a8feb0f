package weir.sim.stripe;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Carries due deliveries to their endpoints, one at a time per endpoint, and keeps the simulator's time going between
 * requests: what the clock makes due happens within 20 ms. One thread of its own; answers arrive on the HTTP client's.
 */
final class WebhookCourier implements AutoCloseable {
    private static final long TURN_MS = 20;
    private static final long HOLD_MS = 5_000;

    private final StripeApi api;
    private final FaultBook faults;
    private final Clock clock;
    private final Object lock;
    private final Thread thread = new Thread(this::run, "stripe-sim-courier");
    private HttpClient http;
    private volatile boolean closed;

    WebhookCourier(final StripeApi api, final FaultBook faults, final Clock clock, final Object lock) {
        this.api = api;
        this.faults = faults;
        this.clock = clock;
        this.lock = lock;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                synchronized (lock) {
                    if (!closed) {
                        api.advance();
                        for (final WebhookQueue.Delivery delivery : api.webhooks.takeDue(System.nanoTime())) {
                            attempt(delivery);
                        }
                        api.store.commit();
                    }
                }
                Thread.sleep(TURN_MS);
            } catch (final InterruptedException e) {
                return;
            } catch (final RuntimeException e) { // a bug of the simulator: said aloud, and the clock goes on
                System.err.println("stripe simulator: courier: " + e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(1_000);
        } catch (final InterruptedException e) {
            closed = true;
        }
    }

    private void attempt(final WebhookQueue.Delivery delivery) {
        final var endpoint = api.endpoints.byId(delivery.endpoint);
        if (endpoint == null || !"enabled".equals(endpoint.get("status").asText())) {
            api.webhooks.gone(delivery, "abandoned");
            return;
        }
        final String body = api.eventBody(delivery.event);
        String sent = body;
        if (!delivery.delayed) {
            final Fault fault = faults.takeWebhook(delivery.type);
            if (fault != null) {
                switch (fault.kind) {
                    case WEBHOOK_DELAY -> {
                        delivery.delayed = true;
                        api.webhooks.putBack(delivery, clock.millis() + fault.ms);
                        return;
                    }
                    case WEBHOOK_REORDER -> {
                        delivery.delayed = true;
                        delivery.heldUntilNs = System.nanoTime() + (fault.ms == 0 ? HOLD_MS : fault.ms) * 1_000_000L;
                        api.webhooks.putBack(delivery, delivery.dueMs);
                        return;
                    }
                    case WEBHOOK_DROP -> {
                        api.webhooks.failed(delivery, 0);
                        return;
                    }
                    case WEBHOOK_LOSE -> {
                        api.webhooks.gone(delivery, "lost");
                        return;
                    }
                    case WEBHOOK_DUPLICATE -> delivery.repeat = true;
                    default -> sent = tampered(body);
                }
            }
        }
        send(delivery, WebhookEndpoints.url(endpoint),
            WebhookSignature.header(clock.instant().getEpochSecond(), body, api.endpoints.secrets(endpoint)), sent);
    }

    private void send(final WebhookQueue.Delivery delivery, final String url, final String signature,
                      final String body) {
        if (http == null) {
            http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(Duration.ofSeconds(2)).followRedirects(HttpClient.Redirect.NEVER).build();
        }
        final HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json; charset=utf-8").header("Accept", "*/*")
            .header("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
            .header(WebhookSignature.HEADER, signature).POST(HttpRequest.BodyPublishers.ofString(body)).build();
        final CompletableFuture<HttpResponse<Void>> answer =
            http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        answer.whenComplete((response, error) -> answered(delivery, error == null ? response.statusCode() : 0));
    }

    private void answered(final WebhookQueue.Delivery delivery, final int status) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (status >= 200 && status < 300) {
                api.webhooks.delivered(delivery, status);
            } else {
                api.webhooks.failed(delivery, status);
            }
            api.store.commit();
        }
    }

    /** One digit becomes another, as someone on the way would change an amount. */
    static String tampered(final String body) {
        final List<Character> digits = List.of('1', '2', '3', '4', '5', '6', '7', '8', '9');
        for (int i = body.length() - 1; i >= 0; i--) {
            if (digits.contains(body.charAt(i))) {
                return body.substring(0, i) + (body.charAt(i) == '9' ? '1' : '9') + body.substring(i + 1);
            }
        }
        return body + " ";
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
