package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code /v2/core/event_destinations}: where thin events go. Create, get, list, update, delete, enable, disable; the
 * signing secret and the URL are shown when {@code include} asks for them. Guarded by the simulator's lock.
 */
final class EventDestinations {
    static final String TYPE = "v2.core.event_destination";

    private final StripeStore store;
    private final WebhookEndpoints endpoints;
    private final Clock clock;
    private final boolean livemode;

    EventDestinations(final StripeStore store, final WebhookEndpoints endpoints, final Clock clock,
                      final boolean livemode) {
        this.store = store;
        this.endpoints = endpoints;
        this.clock = clock;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("name", "type", "event_payload", "enabled_events", "description", "metadata", "include",
            "webhook_endpoint", "events_from", "snapshot_api_version");
        if (!"webhook_endpoint".equals(request.required("type"))) {
            throw StripeRefusal.invalid("type", "Only webhook_endpoint is simulated.");
        }
        final String payload = request.required("event_payload");
        if (!"thin".equals(payload) && !"snapshot".equals(payload)) {
            throw StripeRefusal.invalid("event_payload", "Invalid event_payload: must be one of snapshot or thin");
        }
        final String url = WebhookEndpoints.loopback(request.required("webhook_endpoint[url]"),
            "webhook_endpoint[url]");
        final ObjectNode destination = store.create(TYPE, livemode ? "ed_" : "ed_test_", livemode);
        destination.put("created", AsyncErrors.rfc3339(clock.millis()));
        destination.put("updated", AsyncErrors.rfc3339(clock.millis()));
        destination.put("name", request.required("name"));
        destination.put("description", request.get("description") == null ? "" : request.get("description"));
        destination.set("enabled_events", WebhookEndpoints.enabledEvents(request));
        destination.put("event_payload", payload);
        destination.putArray("events_from").add("self");
        destination.set("metadata", Customers.metadata(request));
        destination.put("snapshot_api_version", request.get("snapshot_api_version"));
        destination.put("status", "enabled");
        destination.putNull("status_details");
        destination.put("type", "webhook_endpoint");
        destination.putObject("webhook_endpoint").put("url", url);
        endpoints.addSecret(destination);
        store.put(destination);
        return answer(request, destination);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow("include");
        return answer(request, known(id));
    }

    StripeAnswer list(final StripeRequest request) {
        final ObjectNode page = StripeStore.JSON.createObjectNode();
        final List<ObjectNode> newestFirst = new ArrayList<>(store.all(TYPE));
        Collections.reverse(newestFirst);
        final ArrayNode data = page.putArray("data");
        newestFirst.forEach(destination -> data.add(view(request, destination)));
        page.putNull("next_page_url");
        page.putNull("previous_page_url");
        return StripeAnswer.ok(page);
    }

    StripeAnswer update(final StripeRequest request, final String id) {
        request.allow("name", "description", "enabled_events", "metadata", "include", "webhook_endpoint");
        final ObjectNode destination = known(id).deepCopy();
        for (final String field : List.of("name", "description")) {
            if (request.get(field) != null) {
                destination.put(field, request.get(field));
            }
        }
        if (!request.hash("enabled_events").isEmpty()) {
            destination.set("enabled_events", WebhookEndpoints.enabledEvents(request));
        }
        if (request.get("webhook_endpoint[url]") != null) {
            destination.putObject("webhook_endpoint").put("url",
                WebhookEndpoints.loopback(request.get("webhook_endpoint[url]"), "webhook_endpoint[url]"));
        }
        return touched(request, destination);
    }

    StripeAnswer status(final StripeRequest request, final String id, final String status) {
        final ObjectNode destination = known(id).deepCopy();
        destination.put("status", status);
        return touched(request, destination);
    }

    StripeAnswer delete(final StripeRequest request, final String id) {
        known(id);
        store.remove(TYPE, id);
        return StripeAnswer.ok(StripeStore.JSON.createObjectNode().put("id", id).put("object", TYPE));
    }

    private StripeAnswer touched(final StripeRequest request, final ObjectNode destination) {
        destination.put("updated", AsyncErrors.rfc3339(clock.millis()));
        store.put(destination);
        return answer(request, destination);
    }

    private StripeAnswer answer(final StripeRequest request, final ObjectNode destination) {
        return StripeAnswer.ok(view(request, destination));
    }

    private ObjectNode view(final StripeRequest request, final ObjectNode destination) {
        final ObjectNode view = destination.deepCopy();
        final ObjectNode endpoint = view.putObject("webhook_endpoint");
        final var included = request.hash("include").values();
        if (included.contains("webhook_endpoint.url")) {
            endpoint.put("url", WebhookEndpoints.url(destination));
        } else {
            endpoint.putNull("url");
        }
        if (included.contains("webhook_endpoint.signing_secret")) {
            endpoint.put("signing_secret", endpoints.secrets(destination).get(0));
        } else {
            endpoint.putNull("signing_secret");
        }
        return view;
    }

    private ObjectNode known(final String id) {
        final ObjectNode destination = store.get(TYPE, id);
        if (destination == null) {
            throw new StripeRefusal(404, "invalid_request_error", "not_found", null,
                "No such event destination: '" + id + "'");
        }
        return destination;
    }
}
