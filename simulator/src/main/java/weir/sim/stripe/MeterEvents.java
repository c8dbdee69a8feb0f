package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code POST /v1/billing/meter_events} and {@code .../meter_event_adjustments}. What is wrong with the request itself
 * is refused at once; an unknown event name, an unknown customer or a bad value is accepted and reported later through
 * {@link AsyncErrors}. Identifiers are unique for 24 h from receipt, over all event names. Guarded by the simulator's
 * lock.
 */
final class MeterEvents {
    static final long UNIQUE_MS = 24L * 3600 * 1000;
    static final long PAST_SECONDS = 35L * 24 * 3600;
    static final long FUTURE_SECONDS = 5L * 60;
    private static final int MAX_NAME = 100;

    private final Map<String, MeterEvent> byIdentifier = new HashMap<>();
    private final Map<String, List<MeterEvent>> byMeterAndCustomer = new TreeMap<>();
    private final Map<MeterEvent, Long> cancelled = new LinkedHashMap<>(); // with the time of it, ms
    private final StripeStore store;
    private final Meters meters;
    private final AsyncErrors errors;
    private final Alerts alerts;
    private final TestClocks clocks;
    private final Clock clock;
    private final boolean livemode;
    private long accepted;
    private long duplicates;
    private long refused;

    MeterEvents(final StripeStore store, final Meters meters, final AsyncErrors errors, final Alerts alerts,
                final TestClocks clocks, final Clock clock, final boolean livemode) {
        this.store = store;
        this.meters = meters;
        this.errors = errors;
        this.alerts = alerts;
        this.clocks = clocks;
        this.clock = clock;
        this.livemode = livemode;
    }

    /** Refuses what Stripe refuses before it looks at any state. */
    void validate(final StripeRequest request) {
        request.allow("event_name", "payload", "identifier", "timestamp");
        if (request.required("event_name").length() > MAX_NAME) {
            throw StripeRefusal.invalid("event_name", "Invalid string: must be at most 100 characters");
        }
        if (request.hash("payload").isEmpty()) {
            throw request.get("payload") == null ? StripeRefusal.missing("payload")
                : StripeRefusal.invalid("payload", "Invalid object");
        }
        final String identifier = request.get("identifier");
        if (identifier != null && (identifier.isEmpty() || identifier.length() > MAX_NAME)) {
            throw StripeRefusal.invalid("identifier", "Invalid string: must be 1 to 100 characters");
        }
        final long now = now(customerOf(request));
        final long timestamp = request.integer("timestamp", now);
        if (timestamp < now - PAST_SECONDS) {
            throw StripeRefusal.invalid("timestamp_too_far_in_past", "timestamp",
                "The timestamp must be within the past 35 calendar days.");
        }
        if (timestamp > now + FUTURE_SECONDS) {
            throw StripeRefusal.invalid("timestamp_in_future", "timestamp",
                "The timestamp must not be more than 5 minutes in the future.");
        }
    }

    StripeAnswer create(final StripeRequest request) {
        return StripeAnswer.ok(answer(accept(request, false)));
    }

    /** An event of the stream: a duplicate is passed over, a bad timestamp is reported like other errors. */
    void stream(final StripeRequest request) {
        if (used(request.get("identifier"))) {
            log("duplicate", request, 200, "An event already exists with identifier " + request.get("identifier")
                + ".");
        } else {
            accept(request, true);
        }
    }

    private boolean used(final String identifier) {
        final MeterEvent existing = identifier == null ? null : byIdentifier.get(identifier);
        return existing != null && clock.millis() - existing.receivedMs() < UNIQUE_MS;
    }

    /** The present of a customer, in seconds. */
    private long now(final String customer) {
        return clocks.now(customer == null ? null : store.get(Customers.TYPE, customer));
    }

    /** @return the event, accepted; a duplicate is refused */
    MeterEvent accept(final StripeRequest request, final boolean anyTime) {
        final long nowMs = clock.millis();
        final String identifier =
            request.get("identifier") == null ? store.id("") + store.id("") : request.get("identifier");
        if (used(identifier)) {
            final StripeRefusal refusal =
                StripeRefusal.invalid(null, "An event already exists with identifier " + identifier + ".");
            refusal.headers.put("Stripe-Should-Retry", "false");
            throw refusal;
        }
        final String eventName = request.get("event_name");
        final ObjectNode meter = meters.byEventName(eventName);
        final Map<String, String> payload = request.hash("payload");
        final String customer = customerOf(request);
        final String value = payload.get(meter == null ? "value"
            : meter.get("value_settings").get("event_payload_key").asText());
        final long now = now(customer);
        final long timestamp = request.integer("timestamp", now);
        String error = errorOf(meter, customer, value);
        if (anyTime && error == null) {
            error = timestamp < now - PAST_SECONDS ? "timestamp_too_far_in_past"
                : timestamp > now + FUTURE_SECONDS ? "timestamp_in_future" : null;
        }
        final MeterEvent event = new MeterEvent(identifier, eventName, customer, value, timestamp, nowMs,
            meter == null ? null : meter.get("id").asText(), error, payload);
        final ObjectNode line = describe("accepted", request, 200);
        line.put("identifier", identifier);
        line.put("timestamp", event.timestamp());
        line.put("receivedMs", nowMs);
        line.put("meter", event.meterId());
        line.put("error", event.errorCode());
        line.set("payload", StripeStore.JSON.valueToTree(payload));
        apply(event, false); // after its line: what it triggers comes later in the log too
        return event;
    }

    /** Logs a meter event that was not accepted, or whose stored answer was given again. */
    void log(final String kind, final StripeRequest request, final int status, final String message) {
        if ("duplicate".equals(kind)) {
            duplicates++;
        } else if ("refused".equals(kind)) {
            refused++;
        }
        describe(kind, request, status).put("message", message);
    }

    /** @return the customer that the payload names, by the meter's mapping; null when it names none */
    String customerOf(final StripeRequest request) {
        final ObjectNode meter = meters.byEventName(request.get("event_name") == null ? "" : request.get("event_name"));
        return request.hash("payload").get(meter == null ? "stripe_customer_id"
            : meter.get("customer_mapping").get("event_payload_key").asText());
    }

    StripeAnswer adjust(final StripeRequest request) {
        return StripeAnswer.ok(cancel(request));
    }

    /** Takes an event received in the last 24 h back. @return the adjustment, pending */
    ObjectNode cancel(final StripeRequest request) {
        request.allow("type", "event_name", "cancel");
        if (!"cancel".equals(request.required("type"))) {
            throw StripeRefusal.invalid("type", "Invalid type: must be cancel");
        }
        final String eventName = request.required("event_name");
        final String identifier = request.required("cancel[identifier]");
        final MeterEvent event = byIdentifier.get(identifier);
        if (event == null || !event.eventName().equals(eventName)) {
            throw StripeRefusal.invalid("resource_missing", "cancel[identifier]",
                "No event found with identifier " + identifier + ".");
        }
        if (clock.millis() - event.receivedMs() >= UNIQUE_MS) {
            throw StripeRefusal.invalid("cancel[identifier]",
                "Only events received within the last 24 hours can be cancelled.");
        }
        if (cancelled.containsKey(event)) {
            throw StripeRefusal.invalid("cancel[identifier]", "The event " + identifier + " is already cancelled.");
        }
        cancelled.put(event, clock.millis());
        store.line("adjustment").put("identifier", identifier).put("event_name", eventName)
            .put("requestId", request.requestId());
        final ObjectNode adjustment = StripeStore.JSON.createObjectNode();
        adjustment.put("object", "billing.meter_event_adjustment");
        adjustment.putObject("cancel").put("identifier", identifier);
        adjustment.put("event_name", eventName);
        adjustment.put("livemode", livemode);
        adjustment.put("status", "pending");
        adjustment.put("type", "cancel");
        return adjustment;
    }

    /** @return accepted events of a meter and customer that count and are not cancelled */
    List<MeterEvent> counted(final String meterId, final String customer) {
        final List<MeterEvent> events =
            new ArrayList<>(byMeterAndCustomer.getOrDefault(meterId + " " + customer, List.of()));
        events.removeIf(cancelled::containsKey);
        return events;
    }

    /** Rebuilds from one line of the log. */
    void replay(final ObjectNode line) {
        switch (line.get("kind").asText()) {
            case "accepted" -> apply(new MeterEvent(text(line, "identifier"), text(line, "event_name"),
                text(line, "customer"), text(line, "value"), line.get("timestamp").asLong(),
                line.get("receivedMs").asLong(), text(line, "meter"), text(line, "error"), payload(line)),
                true);
            case "adjustment" -> cancelled.put(byIdentifier.get(text(line, "identifier")),
                line.get("ts").asLong() / 1_000_000);
            case "duplicate" -> duplicates++;
            case "refused" -> refused++;
            default -> { }
        }
    }

    /** @return what was cancelled: {@code pending} for as long as {@code pendingMs}, then {@code complete} */
    ArrayNode adjustments(final long pendingMs) {
        final ArrayNode list = StripeStore.JSON.createArrayNode();
        cancelled.forEach((event, atMs) -> list.addObject().put("identifier", event.identifier())
            .put("event_name", event.eventName())
            .put("status", clock.millis() - atMs < pendingMs ? "pending" : "complete"));
        return list;
    }

    /** @return accepted units per customer and meter, and the counts of all answers */
    ObjectNode totals() {
        final ObjectNode result = StripeStore.JSON.createObjectNode();
        result.put("accepted", accepted);
        result.put("duplicates", duplicates);
        result.put("refused", refused);
        result.put("cancelled", cancelled.size());
        result.put("invalid", errors.total());
        byMeterAndCustomer.forEach((key, all) -> {
            final String[] ids = key.split(" ", 2);
            final List<MeterEvent> events = counted(ids[0], ids[1]);
            final ObjectNode row = result.withArray("totals").addObject();
            row.put("meter", ids[0]);
            row.put("event_name", all.get(0).eventName());
            row.put("customer", ids[1]);
            row.put("events", events.size());
            row.put("units", events.stream().map(MeterEvent::units).reduce(BigInteger.ZERO, BigInteger::add));
        });
        result.withArray("totals");
        return result;
    }

    private void apply(final MeterEvent event, final boolean replayed) {
        accepted++;
        byIdentifier.put(event.identifier(), event);
        if (event.counts()) {
            byMeterAndCustomer.computeIfAbsent(event.meterId() + " " + event.customer(), key -> new ArrayList<>())
                .add(event);
            alerts.onUsage(event, replayed);
        } else {
            errors.add(event);
        }
    }

    private String errorOf(final ObjectNode meter, final String customer, final String value) {
        if (meter == null) {
            return "no_meter";
        }
        if (!"active".equals(meter.get("status").asText())) {
            return "archived_meter";
        }
        if (customer == null) {
            return "meter_event_no_customer_defined";
        }
        if (store.get(Customers.TYPE, customer) == null) {
            return "meter_event_customer_not_found";
        }
        final boolean counting = "count".equals(meter.get("default_aggregation").get("formula").asText());
        if (value == null) {
            return counting ? null : "meter_event_value_not_found";
        }
        // whole numbers only: what every Stripe version of this API accepts
        return value.matches("[+-]?\\d{1,15}") ? null : "meter_event_invalid_value";
    }

    private ObjectNode describe(final String kind, final StripeRequest request, final int status) {
        final ObjectNode meter = meters.byEventName(request.get("event_name") == null ? "" : request.get("event_name"));
        final ObjectNode line = store.line(kind);
        line.put("identifier", request.get("identifier"));
        line.put("event_name", request.get("event_name"));
        line.put("customer", customerOf(request));
        line.put("value", request.hash("payload").get(meter == null ? "value"
            : meter.get("value_settings").get("event_payload_key").asText()));
        line.put("timestamp", request.get("timestamp"));
        line.put("requestId", request.requestId());
        line.put("idempotencyKey", request.idempotencyKey());
        line.put("status", status);
        return line;
    }

    private ObjectNode answer(final MeterEvent event) {
        final ObjectNode answer = StripeStore.JSON.createObjectNode();
        answer.put("object", "billing.meter_event");
        answer.put("created", event.receivedMs() / 1000);
        answer.put("event_name", event.eventName());
        answer.put("identifier", event.identifier());
        answer.put("livemode", livemode);
        answer.set("payload", StripeStore.JSON.valueToTree(event.payload()));
        answer.put("timestamp", event.timestamp());
        return answer;
    }

    private static Map<String, String> payload(final ObjectNode line) {
        final Map<String, String> payload = new TreeMap<>();
        line.get("payload").properties().forEach(entry -> payload.put(entry.getKey(), entry.getValue().asText()));
        return payload;
    }

    private static String text(final ObjectNode line, final String field) {
        final JsonNode value = line.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }
}
