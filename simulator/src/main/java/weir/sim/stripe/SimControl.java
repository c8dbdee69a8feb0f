package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The control API under {@code /_sim/}: faults, totals, thin events, lag, clock skew, webhooks and their secrets. For
 * tests and demonstrations; it needs no key and the server listens on loopback only.
 */
final class SimControl implements HttpHandler {
    private static final String ROLL = "POST /_sim/webhook_endpoints/";
    private final StripeApi api;
    private final StripeDoor door;
    private final FaultBook faults;
    private final SimClock clock;
    private final Object lock;
    private final long adjustmentMs;
    private final LongConsumer summaryLagMs;
    private final LongConsumer refuseForMs;

    SimControl(final StripeApi api, final StripeDoor door, final FaultBook faults, final SimClock clock,
               final Object lock, final long adjustmentMs, final LongConsumer summaryLagMs,
               final LongConsumer refuseForMs) {
        this.api = api;
        this.door = door;
        this.faults = faults;
        this.clock = clock;
        this.lock = lock;
        this.adjustmentMs = adjustmentMs;
        this.summaryLagMs = summaryLagMs;
        this.refuseForMs = refuseForMs;
    }

    @Override
    public void handle(final HttpExchange exchange) throws IOException {
        try (exchange) {
            StripeAnswer answer;
            try {
                answer = serve(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                    exchange.getRequestBody().readNBytes(1 << 16));
            } catch (final StripeRefusal refusal) {
                answer = refusal.answer();
            }
            StripeDoor.send(exchange, answer, null, "sim");
        }
    }

    private StripeAnswer serve(final String what, final byte[] body) {
        synchronized (lock) {
            api.advance();
        }
        if (what.startsWith(ROLL) && what.endsWith("/roll")) {
            synchronized (lock) {
                final StripeAnswer answer = api.endpoints.roll(what.substring(ROLL.length(), what.length() - 5),
                    json(body).path("expiresInSeconds").asLong(WebhookEndpoints.ROLL_SECONDS_MAX));
                api.store.commit();
                return answer;
            }
        }
        final ObjectNode result = StripeStore.JSON.createObjectNode();
        switch (what) {
            case "GET /_sim/totals" -> {
                synchronized (lock) {
                    return StripeAnswer.ok(api.events.totals());
                }
            }
            case "GET /_sim/events" -> {
                synchronized (lock) {
                    result.putArray("data").addAll(api.errors.published());
                }
            }
            case "GET /_sim/adjustments" -> {
                synchronized (lock) {
                    result.set("data", api.events.adjustments(adjustmentMs));
                }
            }
            case "GET /_sim/webhooks" -> {
                synchronized (lock) {
                    api.webhooks.pending().forEach(delivery -> result.withArray("data").addObject()
                        .put("event", delivery.event).put("type", delivery.type).put("endpoint", delivery.endpoint)
                        .put("attempts", delivery.attempts).put("dueMs", delivery.dueMs));
                    result.withArray("data");
                }
            }
            case "POST /_sim/faults" -> {
                final Fault fault = faults.add(json(body));
                if (fault.kind == Fault.Kind.REFUSE_CONNECTIONS) {
                    refuseForMs.accept(fault.ms);
                }
                return StripeAnswer.ok(fault.describe());
            }
            case "GET /_sim/faults" -> result.set("data", faults.describe());
            case "DELETE /_sim/faults" -> faults.clear();
            case "POST /_sim/config" -> configure(json(body));
            default -> throw new StripeRefusal(404, "invalid_request_error", null, null, "No such control: " + what);
        }
        return new StripeAnswer(200, result.toString(), Map.of());
    }

    private void configure(final JsonNode config) {
        config.fieldNames().forEachRemaining(name -> {
            switch (name) {
                case "summaryLagMs" -> summaryLagMs.accept(config.get(name).asLong());
                case "clockSkewMs" -> clock.skewMs(config.get(name).asLong());
                case "webhookRetryMs" -> {
                    synchronized (lock) {
                        api.webhooks.retryMs(config.get(name).asLong());
                    }
                }
                case "lateUsageAfterSwitch" -> {
                    synchronized (lock) {
                        api.invoices.lateUsageAfterSwitch(config.get(name).asBoolean());
                    }
                }
                case "oneCallPerCustomerAndMeter" -> door.oneCallPerCustomerAndMeter(config.get(name).asBoolean());
                default -> throw StripeRefusal.invalid(name, "Unknown setting '" + name
                    + "'; known: summaryLagMs clockSkewMs webhookRetryMs lateUsageAfterSwitch "
                    + "oneCallPerCustomerAndMeter");
            }
        });
    }

    private static JsonNode json(final byte[] body) {
        try {
            return StripeStore.JSON.readTree(body);
        } catch (final IOException e) {
            throw StripeRefusal.invalid(null, "The body is not JSON: " + e.getMessage());
        }
    }
}
