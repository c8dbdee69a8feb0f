package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Events of the ordinary kind, with a snapshot of their object: kept for {@code GET /v1/events}, and handed to every
 * webhook endpoint that wants them. Guarded by the simulator's lock.
 */
final class EventFeed {
    static final String TYPE = "event";

    private final StripeStore store;
    private final WebhookEndpoints endpoints;
    private final WebhookQueue queue;
    private final boolean livemode;

    EventFeed(final StripeStore store, final WebhookEndpoints endpoints, final WebhookQueue queue,
              final boolean livemode) {
        this.store = store;
        this.endpoints = endpoints;
        this.queue = queue;
        this.livemode = livemode;
    }

    /**
     * Something happened.
     *
     * @param type    such as {@code invoice.paid}
     * @param object  the object as it is now
     * @param seconds when
     */
    void emit(final String type, final ObjectNode object, final long seconds) {
        emit(type, object, seconds, null);
    }

    /** The same, with the former values of what changed, or null. */
    void emit(final String type, final ObjectNode object, final long seconds, final ObjectNode previous) {
        final List<String> receivers = endpoints.wanting(type, false);
        final ObjectNode event = store.create(TYPE, "evt_", livemode);
        event.put("api_version", StripeRequest.API_VERSION);
        event.put("created", seconds);
        final ObjectNode data = event.putObject("data");
        data.set("object", StripeAnswer.shown(object));
        if (previous != null) {
            data.set("previous_attributes", StripeAnswer.shown(previous));
        }
        event.put("pending_webhooks", receivers.size());
        event.putObject("request").putNull("id").putNull("idempotency_key");
        event.put("type", type);
        store.put(event);
        receivers.forEach(endpoint -> queue.add(event.get("id").asText(), type, endpoint));
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        final ObjectNode event = store.get(TYPE, id);
        if (event == null) {
            throw StripeRefusal.noSuch(404, "event", id, "id");
        }
        return StripeAnswer.ok(event);
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("type", "types", "created", "delivery_success", "limit", "starting_after", "ending_before");
        final List<ObjectNode> events = new ArrayList<>(store.all(TYPE));
        Collections.reverse(events);
        final Map<String, String> types = request.hash("types");
        final long from = Math.max(request.integer("created[gte]", 0), request.integer("created[gt]", -1) + 1);
        final long to = Math.min(request.integer("created[lte]", Long.MAX_VALUE),
            request.integer("created[lt]", Long.MAX_VALUE) - 1);
        events.removeIf(event -> {
            final String type = event.get("type").asText();
            final long created = event.get("created").asLong();
            return request.get("type") != null && !matches(request.get("type"), type)
                || !types.isEmpty() && !types.containsValue(type) || created < from || created > to;
        });
        return StripeAnswer.ok(StripeStore.page(request, events));
    }

    /** @return true when {@code pattern} is {@code *}, the type itself, or a prefix such as {@code invoice.*} */
    static boolean matches(final String pattern, final String type) {
        return "*".equals(pattern) || pattern.equals(type)
            || pattern.endsWith(".*") && type.startsWith(pattern.substring(0, pattern.length() - 1));
    }
}
