package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Deliveries of events to endpoints that are still to be made, and what became of each attempt (lines {@code webhook}
 * of the log, from which the queue is rebuilt). A failed attempt is made again with exponential back-off and jitter,
 * for three days. Times are milliseconds of the simulator's clock. Guarded by the simulator's lock.
 */
final class WebhookQueue {
    private static final long GIVE_UP_MS = 3L * 24 * 3600 * 1000;
    private static final long BACK_OFF_MS_MAX = 6L * 3600 * 1000;

    private final Map<String, Delivery> pending = new LinkedHashMap<>();
    private final SplittableRandom jitter = new SplittableRandom(11);
    private final StripeStore store;
    private final Clock clock;
    private long retryMs;

    WebhookQueue(final StripeStore store, final Clock clock, final long retryMs) {
        this.store = store;
        this.clock = clock;
        this.retryMs = retryMs;
    }

    /** One event on its way to one endpoint. */
    static final class Delivery {
        final String event;
        final String type;
        final String endpoint;
        final long firstMs;
        long dueMs;
        int attempts;
        boolean delayed;
        boolean repeat;
        long heldUntilNs;
        boolean inFlight;

        Delivery(final String event, final String type, final String endpoint, final long firstMs) {
            this.event = event;
            this.type = type;
            this.endpoint = endpoint;
            this.firstMs = firstMs;
            this.dueMs = firstMs;
        }

        private String key() {
            return event + " " + endpoint;
        }
    }

    /** Milliseconds before the second attempt. */
    void retryMs(final long value) {
        retryMs = value;
    }

    void add(final String event, final String type, final String endpoint) {
        final Delivery delivery = new Delivery(event, type, endpoint, clock.millis());
        pending.put(delivery.key(), delivery);
        store.onRollback(() -> pending.remove(delivery.key()));
        line(delivery, "queued", 0);
    }

    /** @return at most one due delivery per endpoint that has none in flight; they are in flight now */
    List<Delivery> takeDue(final long nowNs) {
        final long nowMs = clock.millis();
        final Map<String, Delivery> next = new LinkedHashMap<>();
        for (final Delivery delivery : pending.values()) {
            if (delivery.inFlight) {
                next.put(delivery.endpoint, null);
            }
        }
        for (final Delivery delivery : pending.values()) {
            if (!next.containsKey(delivery.endpoint) && delivery.dueMs <= nowMs
                && (delivery.heldUntilNs == 0 || nowNs > delivery.heldUntilNs)) {
                next.put(delivery.endpoint, delivery);
            }
        }
        final List<Delivery> due = new ArrayList<>();
        for (final Delivery delivery : next.values()) {
            if (delivery != null) {
                delivery.inFlight = true;
                due.add(delivery);
            }
        }
        return due;
    }

    /** Puts a delivery back that was taken, to be made at {@code dueMs}. */
    void putBack(final Delivery delivery, final long dueMs) {
        delivery.inFlight = false;
        delivery.dueMs = dueMs;
    }

    /** An attempt was made and answered 2xx. */
    void delivered(final Delivery delivery, final int status) {
        delivery.inFlight = false;
        delivery.attempts++;
        line(delivery, "delivered", status);
        pending.values().forEach(other -> {
            if (other != delivery && other.endpoint.equals(delivery.endpoint)) {
                other.heldUntilNs = 0; // what was held back to come late may go now
            }
        });
        if (delivery.repeat) {
            delivery.repeat = false;
        } else {
            pending.remove(delivery.key());
        }
    }

    /** An attempt was made and answered otherwise, or not at all (status 0). */
    void failed(final Delivery delivery, final int status) {
        delivery.inFlight = false;
        delivery.attempts++;
        if (clock.millis() - delivery.firstMs >= GIVE_UP_MS) {
            gone(delivery, "abandoned");
            return;
        }
        final long backOffMs = Math.min(BACK_OFF_MS_MAX, retryMs << Math.min(30, delivery.attempts - 1));
        delivery.dueMs = clock.millis() + backOffMs * (75 + jitter.nextInt(26)) / 100;
        line(delivery, "failed", status);
    }

    /** The delivery is never made. */
    void gone(final Delivery delivery, final String outcome) {
        pending.remove(delivery.key());
        line(delivery, outcome, 0);
    }

    Collection<Delivery> pending() {
        return pending.values();
    }

    void replay(final ObjectNode line) {
        final String key = line.get("event").asText() + " " + line.get("endpoint").asText();
        switch (line.get("outcome").asText()) {
            case "queued" -> pending.put(key, new Delivery(line.get("event").asText(), line.get("type").asText(),
                line.get("endpoint").asText(), line.get("dueMs").asLong()));
            case "failed" -> {
                final Delivery delivery = pending.get(key);
                if (delivery != null) {
                    delivery.attempts = line.get("attempt").asInt();
                    delivery.dueMs = line.get("dueMs").asLong();
                }
            }
            default -> pending.remove(key);
        }
    }

    private void line(final Delivery delivery, final String outcome, final int status) {
        store.line("webhook").put("event", delivery.event).put("type", delivery.type)
            .put("endpoint", delivery.endpoint).put("attempt", delivery.attempts).put("outcome", outcome)
            .put("status", status).put("dueMs", delivery.dueMs);
    }
}
