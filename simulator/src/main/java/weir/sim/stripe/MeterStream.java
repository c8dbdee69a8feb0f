package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The v2 way of usage: {@code /v2/billing/meter_event_session} gives a token for 15 minutes, {@code
 * /v2/billing/meter_event_stream} takes 1 to 100 events with it and finds fault with them later, duplicates included;
 * {@code /v2/billing/meter_events} and {@code /v2/billing/meter_event_adjustments} are the v1 endpoints in JSON, with
 * RFC 3339 timestamps. Guarded by the simulator's lock.
 */
final class MeterStream {
    static final String STREAM = "/v2/billing/meter_event_stream";
    static final String METER_EVENTS = "/v2/billing/meter_events";
    static final String SESSION = "v2.billing.meter_event_session";
    static final long SESSION_MS = 15L * 60 * 1000;
    private static final int EVENTS_MAX = 100;

    private final StripeStore store;
    private final MeterEvents events;
    private final Clock clock;
    private final boolean livemode;

    MeterStream(final StripeStore store, final MeterEvents events, final Clock clock, final boolean livemode) {
        this.store = store;
        this.events = events;
        this.clock = clock;
        this.livemode = livemode;
    }

    StripeAnswer session() {
        for (final ObjectNode session : List.copyOf(store.all(SESSION))) {
            if (expired(session)) {
                store.remove(SESSION, session.get("id").asText());
            }
        }
        final ObjectNode session = store.create(SESSION, "bmes_", livemode);
        session.put("authentication_token", "token_" + store.id("") + store.id(""));
        session.put("created", AsyncErrors.rfc3339(clock.millis()));
        session.put("expires_at", AsyncErrors.rfc3339(clock.millis() + SESSION_MS));
        session.put(StripeAnswer.HIDDEN + "untilMs", clock.millis() + SESSION_MS);
        store.put(session);
        return StripeAnswer.ok(session);
    }

    /** Refuses a request without the token of a session that lives. */
    void authenticate(final String authorization) {
        for (final ObjectNode session : store.all(SESSION)) {
            if (("Bearer " + session.get("authentication_token").asText()).equals(authorization)
                && !expired(session)) {
                return;
            }
        }
        throw new StripeRefusal(401, "temporary_session_expired", "billing_meter_event_session_expired", null,
            "The session of this token has expired; create another.");
    }

    StripeAnswer accept(final StripeRequest request) {
        request.allow("events");
        final var prefixes = request.indexed("events");
        if (prefixes.isEmpty() || prefixes.size() > EVENTS_MAX) {
            throw StripeRefusal.invalid("invalid_fields", "events", "events must hold 1 to 100 events, holds "
                + prefixes.size() + ".");
        }
        final List<StripeRequest> each = new ArrayList<>();
        for (final String prefix : prefixes) {
            final StripeRequest event = inSeconds(request.element(prefix));
            event.required("event_name");
            each.add(event);
        }
        each.forEach(events::stream);
        return StripeAnswer.ok(StripeStore.JSON.createObjectNode());
    }

    StripeAnswer create(final StripeRequest request) {
        final StripeRequest inSeconds = inSeconds(request);
        events.validate(inSeconds);
        final MeterEvent event = events.accept(inSeconds, false);
        final ObjectNode answer = StripeStore.JSON.createObjectNode();
        answer.put("object", "v2.billing.meter_event");
        answer.put("created", AsyncErrors.rfc3339(event.receivedMs()));
        answer.put("event_name", event.eventName()).put("identifier", event.identifier()).put("livemode", livemode);
        answer.set("payload", StripeStore.JSON.valueToTree(event.payload()));
        answer.put("timestamp", AsyncErrors.rfc3339(event.timestamp() * 1000));
        return StripeAnswer.ok(answer);
    }

    StripeAnswer adjust(final StripeRequest request) {
        final ObjectNode adjustment = events.cancel(request);
        adjustment.put("object", "v2.billing.meter_event_adjustment").put("id", store.id("bmea_"))
            .put("created", AsyncErrors.rfc3339(clock.millis()));
        return StripeAnswer.ok(adjustment);
    }

    private boolean expired(final ObjectNode session) {
        return session.get(StripeAnswer.HIDDEN + "untilMs").asLong() <= clock.millis();
    }

    private static StripeRequest inSeconds(final StripeRequest request) {
        final String timestamp = request.get("timestamp");
        if (timestamp == null) {
            return request;
        }
        final Map<String, String> params = new TreeMap<>(request.params());
        try {
            params.put("timestamp", Long.toString(OffsetDateTime.parse(timestamp).toEpochSecond()));
        } catch (final DateTimeException e) {
            throw StripeRefusal.invalid("invalid_fields", "timestamp", "Invalid RFC 3339 timestamp: " + timestamp);
        }
        return request.with(params);
    }
}
