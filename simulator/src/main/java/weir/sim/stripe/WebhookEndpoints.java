package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code /v1/webhook_endpoints}: create, get, list, update, delete; and rolling of the secret, which at Stripe is a
 * button and here {@code POST /_sim/webhook_endpoints/ID/roll}: the old secret signs beside the new one for up to
 * 24 h. Targets must be on loopback, by http or https. Thin events go to endpoints that name their type; {@code *}
 * means all of the ordinary kind. {@link EventDestinations} keeps its objects here too. Guarded by the simulator's
 * lock.
 */
final class WebhookEndpoints {
    static final String TYPE = "webhook_endpoint";
    static final long ROLL_SECONDS_MAX = 24L * 3600;
    private static final String SECRETS = StripeAnswer.HIDDEN + "secrets";

    private final StripeStore store;
    private final Clock clock;
    private final boolean livemode;

    WebhookEndpoints(final StripeStore store, final Clock clock, final boolean livemode) {
        this.store = store;
        this.clock = clock;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("url", "enabled_events", "api_version", "description", "metadata", "connect");
        final String url = loopback(request.required("url"), "url");
        final ObjectNode endpoint = store.create(TYPE, "we_", livemode);
        endpoint.put("api_version", request.get("api_version"));
        endpoint.putNull("application");
        endpoint.put("description", request.get("description"));
        endpoint.set("enabled_events", enabledEvents(request));
        endpoint.set("metadata", Customers.metadata(request));
        endpoint.put("status", "enabled");
        endpoint.put("url", url);
        final String secret = addSecret(endpoint);
        store.put(endpoint);
        final ObjectNode answer = endpoint.deepCopy();
        answer.put("secret", secret);
        return StripeAnswer.ok(answer);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(id));
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("limit", "starting_after", "ending_before");
        final List<ObjectNode> endpoints = new ArrayList<>(store.all(TYPE));
        Collections.reverse(endpoints);
        return StripeAnswer.ok(StripeStore.page(request, endpoints));
    }

    StripeAnswer update(final StripeRequest request, final String id) {
        request.allow("url", "enabled_events", "description", "metadata", "disabled");
        final ObjectNode endpoint = known(id).deepCopy();
        if (request.get("url") != null) {
            endpoint.put("url", loopback(request.get("url"), "url"));
        }
        if (request.get("description") != null) {
            endpoint.put("description", request.get("description"));
        }
        if (!request.hash("enabled_events").isEmpty()) {
            endpoint.set("enabled_events", enabledEvents(request));
        }
        if (!request.hash("metadata").isEmpty()) {
            endpoint.set("metadata", Customers.merged(endpoint.get("metadata"), request));
        }
        if (request.get("disabled") != null) {
            endpoint.put("status", "true".equals(request.get("disabled")) ? "disabled" : "enabled");
        }
        store.put(endpoint);
        return StripeAnswer.ok(endpoint);
    }

    StripeAnswer delete(final StripeRequest request, final String id) {
        request.allow();
        known(id);
        return StripeAnswer.ok(store.remove(TYPE, id));
    }

    /** A new secret; the ones before it sign for {@code expiresInSeconds} more, at most 24 h. */
    StripeAnswer roll(final String id, final long expiresInSeconds) {
        if (expiresInSeconds < 0 || expiresInSeconds > ROLL_SECONDS_MAX) {
            throw StripeRefusal.invalid("expiresInSeconds", "The old secret may live up to 24 hours.");
        }
        final ObjectNode endpoint = byId(id);
        if (endpoint == null) {
            throw StripeRefusal.noSuch(404, "webhook endpoint", id, "id");
        }
        final ObjectNode rolled = endpoint.deepCopy();
        final long until = clock.instant().getEpochSecond() + expiresInSeconds;
        rolled.get(SECRETS).forEach(old -> {
            if (old.get("until").isNull()) {
                ((ObjectNode) old).put("until", until);
            }
        });
        final String secret = addSecret(rolled);
        store.put(rolled);
        return StripeAnswer.ok(StripeStore.JSON.createObjectNode().put("id", id).put("secret", secret));
    }

    /** @return the secrets that sign now, newest first */
    List<String> secrets(final ObjectNode endpoint) {
        final long now = clock.instant().getEpochSecond();
        final List<String> active = new ArrayList<>();
        endpoint.get(SECRETS).forEach(secret -> {
            if (secret.get("until").isNull() || secret.get("until").asLong() > now) {
                active.add(0, secret.get("secret").asText());
            }
        });
        return active;
    }

    /** Gives an endpoint a secret of its own. */
    String addSecret(final ObjectNode endpoint) {
        final String secret = "whsec_" + store.id("") + store.id("") + store.id("").substring(0, 4);
        endpoint.withArray(SECRETS).addObject().put("secret", secret).putNull("until");
        return secret;
    }

    /** @return ids of the endpoints that want events of a type */
    List<String> wanting(final String type, final boolean thin) {
        final List<String> ids = new ArrayList<>();
        for (final ObjectNode endpoint : store.all(TYPE)) {
            if (wants(endpoint, type, thin)) {
                ids.add(endpoint.get("id").asText());
            }
        }
        for (final ObjectNode destination : store.all(EventDestinations.TYPE)) {
            if (thin == "thin".equals(destination.get("event_payload").asText())
                && wants(destination, type, false)) {
                ids.add(destination.get("id").asText());
            }
        }
        return ids;
    }

    /** @return a webhook endpoint or an event destination, or null */
    ObjectNode byId(final String id) {
        final ObjectNode endpoint = store.get(TYPE, id);
        return endpoint != null ? endpoint : store.get(EventDestinations.TYPE, id);
    }

    /** @return where events of an endpoint go */
    static String url(final ObjectNode endpoint) {
        return endpoint.has("url") ? endpoint.get("url").asText()
            : endpoint.get("webhook_endpoint").get("url").asText();
    }

    static ArrayNode enabledEvents(final StripeRequest request) {
        final ArrayNode events = StripeStore.JSON.createArrayNode();
        for (final String prefix : request.indexed("enabled_events")) {
            events.add(request.required(prefix));
        }
        if (events.isEmpty()) {
            throw StripeRefusal.missing("enabled_events");
        }
        return events;
    }

    static String loopback(final String url, final String param) {
        try {
            final URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null
                && uri.getHost().matches("127\\.\\d+\\.\\d+\\.\\d+|localhost|\\[::1]")) {
                return url;
            }
        } catch (final IllegalArgumentException e) {
            throw StripeRefusal.invalid("url_invalid", param, "Not a valid URL");
        }
        throw StripeRefusal.invalid("url_invalid", param, "Invalid URL: this Stripe calls loopback addresses only.");
    }

    private static boolean wants(final ObjectNode endpoint, final String type, final boolean byName) {
        if (!"enabled".equals(endpoint.get("status").asText())) {
            return false;
        }
        for (final JsonNode pattern : endpoint.get("enabled_events")) {
            if (byName ? pattern.asText().equals(type) : EventFeed.matches(pattern.asText(), type)) {
                return true;
            }
        }
        return false;
    }

    private ObjectNode known(final String id) {
        final ObjectNode endpoint = store.get(TYPE, id);
        if (endpoint == null) {
            throw StripeRefusal.noSuch(404, "webhook endpoint", id, "id");
        }
        return endpoint;
    }
}
