package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What was accepted and then found wrong: collected per meter and validation window, and published as one event when
 * the window is over: {@code v1.billing.meter.error_report_triggered}, or {@code v1.billing.meter.no_meter_found}
 * where no meter has the event name. As at Stripe, an event lists at most a few samples per code, not every failed
 * identifier. Event ids follow from meter and window, so that they are the same after a restart. Guarded by the
 * simulator's lock.
 */
final class AsyncErrors {
    private static final int SAMPLES = 5;
    private static final DateTimeFormatter RFC3339 =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Map<String, List<MeterEvent>> windows = new TreeMap<>();
    private final Clock clock;
    private final long windowMs;
    private final boolean livemode;
    private final Set<String> announced = new HashSet<>();
    private long total;

    AsyncErrors(final Clock clock, final long windowMs, final boolean livemode) {
        this.clock = clock;
        this.windowMs = windowMs;
        this.livemode = livemode;
    }

    void add(final MeterEvent event) {
        total++;
        final long window = event.receivedMs() / windowMs;
        final String meter = event.meterId() == null ? "" : event.meterId();
        windows.computeIfAbsent(String.format("%019d %s", window, meter), key -> new ArrayList<>()).add(event);
    }

    long total() {
        return total;
    }

    static String rfc3339(final long epochMs) {
        return RFC3339.format(Instant.ofEpochMilli(epochMs));
    }

    /** Queues the events of windows that are over, each once, to the endpoints that want thin events. */
    void announce(final StripeStore store, final WebhookEndpoints endpoints, final WebhookQueue queue) {
        for (final String key : windows.keySet()) {
            if (announced.size() == windows.size() || !closed(key)) {
                return; // windows are in order of time
            }
            if (announced.add(key)) {
                store.line("announced").put("window", key);
                final String type = type(key);
                endpoints.wanting(type, true).forEach(endpoint -> queue.add(id(key), type, endpoint));
            }
        }
    }

    void replayAnnounced(final ObjectNode line) {
        announced.add(line.get("window").asText());
    }

    /** @return the thin event of that id, or null */
    ObjectNode thin(final String id) {
        for (final Map.Entry<String, List<MeterEvent>> window : windows.entrySet()) {
            if (id.equals(id(window.getKey())) && closed(window.getKey())) {
                return event(window.getKey(), window.getValue(), false);
            }
        }
        return null;
    }

    /** {@code GET /v2/core/events/ID}. */
    StripeAnswer get(final String id) {
        for (final Map.Entry<String, List<MeterEvent>> window : windows.entrySet()) {
            if (id.equals(id(window.getKey())) && closed(window.getKey())) {
                return StripeAnswer.ok(event(window.getKey(), window.getValue(), true));
            }
        }
        throw new StripeRefusal(404, "invalid_request_error", "not_found", null, "No such event: '" + id + "'");
    }

    /** {@code GET /v2/core/events?object_id=...}; thin, newest first. */
    StripeAnswer list(final StripeRequest request) {
        final ObjectNode page = StripeStore.JSON.createObjectNode();
        final ArrayNode data = page.putArray("data");
        final String meter = request.required("object_id");
        published().forEach(event -> {
            if (meter.equals(event.path("related_object").path("id").asText())) {
                data.insert(0, event);
            }
        });
        page.putNull("next_page_url");
        page.putNull("previous_page_url");
        return StripeAnswer.ok(page);
    }

    /** @return all published events, thin, oldest first */
    List<ObjectNode> published() {
        final List<ObjectNode> events = new ArrayList<>();
        windows.forEach((key, failed) -> {
            if (closed(key)) {
                events.add(event(key, failed, false));
            }
        });
        return events;
    }

    private boolean closed(final String key) {
        return (window(key) + 1) * windowMs <= clock.millis();
    }

    private ObjectNode event(final String key, final List<MeterEvent> failed, final boolean withData) {
        final String meter = key.substring(20);
        final long startMs = window(key) * windowMs;
        final ObjectNode event = StripeStore.JSON.createObjectNode();
        event.put("id", id(key));
        event.put("object", "v2.core.event");
        event.put("created", RFC3339.format(Instant.ofEpochMilli(startMs + windowMs)));
        event.put("livemode", livemode);
        event.putNull("reason");
        event.put("type", type(key));
        if (!meter.isEmpty()) {
            final ObjectNode related = event.putObject("related_object");
            related.put("id", meter);
            related.put("type", Meters.TYPE);
            related.put("url", "/v1/billing/meters/" + meter);
        }
        if (withData) {
            data(event.putObject("data"), startMs, failed);
        }
        return event;
    }

    private void data(final ObjectNode data, final long startMs, final List<MeterEvent> failed) {
        data.put("developer_message_summary", failed.size() == 1 ? "There is 1 invalid event"
            : "There are " + failed.size() + " invalid events");
        data.put("validation_start", RFC3339.format(Instant.ofEpochMilli(startMs)));
        data.put("validation_end", RFC3339.format(Instant.ofEpochMilli(startMs + windowMs)));
        final ObjectNode reason = data.putObject("reason");
        reason.put("error_count", failed.size());
        final ArrayNode types = reason.putArray("error_types");
        final Map<String, List<MeterEvent>> byCode = new TreeMap<>();
        failed.forEach(event -> byCode.computeIfAbsent(event.errorCode(), code -> new ArrayList<>()).add(event));
        byCode.forEach((code, events) -> {
            final ObjectNode type = types.addObject();
            type.put("code", code);
            type.put("error_count", events.size());
            final ArrayNode samples = type.putArray("sample_errors");
            events.stream().limit(SAMPLES).forEach(event -> {
                final ObjectNode sample = samples.addObject();
                sample.put("error_message", message(event));
                sample.putObject("request").put("identifier", event.identifier());
            });
        });
    }

    private static String message(final MeterEvent event) {
        return switch (event.errorCode()) {
            case "no_meter" -> "No meter was found matching event_name " + event.eventName() + ".";
            case "archived_meter" -> "The meter for event_name " + event.eventName() + " is inactive.";
            case "meter_event_no_customer_defined" -> "Customer mapping key not found in payload.";
            case "meter_event_customer_not_found" -> "No customer found matching " + event.customer() + ".";
            case "meter_event_value_not_found" -> "Value key not found in payload.";
            case "timestamp_too_far_in_past" -> "The timestamp is not within the past 35 calendar days.";
            case "timestamp_in_future" -> "The timestamp is more than 5 minutes in the future.";
            default -> "The value " + event.value() + " is not a whole number.";
        };
    }

    private static String type(final String key) {
        return key.length() == 20 ? "v1.billing.meter.no_meter_found" : "v1.billing.meter.error_report_triggered";
    }

    private static long window(final String key) {
        return Long.parseLong(key.substring(0, 19));
    }

    private static String id(final String key) {
        final UUID uuid = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
        return "evt_test_" + uuid.toString().replace("-", "");
    }
}
