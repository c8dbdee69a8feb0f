package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** {@code /v1/billing/meters}: create, list, get, update, deactivate, reactivate. Guarded by the simulator's lock. */
final class Meters {
    static final String TYPE = "billing.meter";
    private static final Set<String> FORMULAS = Set.of("sum", "count", "last");

    private final StripeStore store;
    private final Clock clock;
    private final boolean livemode;

    Meters(final StripeStore store, final Clock clock, final boolean livemode) {
        this.store = store;
        this.clock = clock;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("display_name", "event_name", "default_aggregation", "customer_mapping", "value_settings",
            "event_time_window");
        final String displayName = limited(request, "display_name", 250);
        final String eventName = limited(request, "event_name", 100);
        final String formula = request.required("default_aggregation[formula]");
        if (!FORMULAS.contains(formula)) {
            throw StripeRefusal.invalid("default_aggregation[formula]",
                "Invalid default_aggregation[formula]: must be one of sum, count, or last");
        }
        final String window = request.get("event_time_window");
        if (window != null && !"day".equals(window) && !"hour".equals(window)) {
            throw StripeRefusal.invalid("event_time_window", "Invalid event_time_window: must be one of day or hour");
        }
        final String mapping = request.get("customer_mapping[type]");
        if (mapping != null && !"by_id".equals(mapping)) {
            throw StripeRefusal.invalid("customer_mapping[type]", "Invalid customer_mapping[type]: must be by_id");
        }
        if (activeByEventName(eventName) != null) {
            throw StripeRefusal.invalid("event_name", "There is already an active meter with event name " + eventName
                + ".");
        }
        final ObjectNode meter = store.create(TYPE, "mtr_", livemode);
        meter.set("updated", meter.get("created"));
        meter.put("display_name", displayName);
        meter.put("event_name", eventName);
        meter.put("event_time_window", window);
        final ObjectNode customerMapping = meter.putObject("customer_mapping");
        customerMapping.put("event_payload_key",
            orElse(request.get("customer_mapping[event_payload_key]"), "stripe_customer_id"));
        customerMapping.put("type", "by_id");
        meter.putObject("default_aggregation").put("formula", formula);
        meter.putObject("value_settings").put("event_payload_key",
            orElse(request.get("value_settings[event_payload_key]"), "value"));
        meter.put("status", "active");
        meter.putObject("status_transitions").putNull("deactivated_at");
        store.put(meter);
        return StripeAnswer.ok(meter);
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("status", "limit", "starting_after", "ending_before");
        final List<ObjectNode> meters = new ArrayList<>(store.all(TYPE));
        Collections.reverse(meters);
        meters.removeIf(meter -> request.get("status") != null
            && !request.get("status").equals(meter.get("status").asText()));
        return StripeAnswer.ok(StripeStore.page(request, meters));
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(id));
    }

    StripeAnswer update(final StripeRequest request, final String id) {
        request.allow("display_name"); // nothing else of a meter can change
        final ObjectNode meter = known(id).deepCopy();
        if (request.get("display_name") != null) {
            meter.put("display_name", limited(request, "display_name", 250));
        }
        return touched(meter);
    }

    StripeAnswer deactivate(final StripeRequest request, final String id) {
        request.allow();
        final ObjectNode meter = known(id).deepCopy();
        if ("inactive".equals(meter.get("status").asText())) {
            throw StripeRefusal.invalid(null, "This meter is already inactive.");
        }
        meter.put("status", "inactive");
        meter.putObject("status_transitions").put("deactivated_at", clock.instant().getEpochSecond());
        return touched(meter);
    }

    StripeAnswer reactivate(final StripeRequest request, final String id) {
        request.allow();
        final ObjectNode meter = known(id).deepCopy();
        if ("active".equals(meter.get("status").asText())) {
            throw StripeRefusal.invalid(null, "This meter is already active.");
        }
        if (activeByEventName(meter.get("event_name").asText()) != null) {
            throw StripeRefusal.invalid(null, "There is already an active meter with event name "
                + meter.get("event_name").asText() + ".");
        }
        meter.put("status", "active");
        meter.putObject("status_transitions").putNull("deactivated_at");
        return touched(meter);
    }

    /** @return the meter; refuses with 404 when there is none */
    ObjectNode known(final String id) {
        final ObjectNode meter = store.get(TYPE, id);
        if (meter == null) {
            throw StripeRefusal.noSuch(404, "billing meter", id, "id");
        }
        return meter;
    }

    ObjectNode activeByEventName(final String eventName) {
        final ObjectNode meter = byEventName(eventName);
        return meter != null && "active".equals(meter.get("status").asText()) ? meter : null;
    }

    /** @return the active meter of that event name, else an inactive one, else null */
    ObjectNode byEventName(final String eventName) {
        ObjectNode found = null;
        for (final ObjectNode meter : store.all(TYPE)) {
            if (meter.get("event_name").asText().equals(eventName)) {
                if ("active".equals(meter.get("status").asText())) {
                    return meter;
                }
                found = meter;
            }
        }
        return found;
    }

    private StripeAnswer touched(final ObjectNode meter) {
        meter.put("updated", clock.instant().getEpochSecond());
        store.put(meter);
        return StripeAnswer.ok(meter);
    }

    private static String limited(final StripeRequest request, final String name, final int max) {
        final String value = request.required(name);
        if (value.length() > max) {
            throw StripeRefusal.invalid(name, "Invalid string: must be at most " + max + " characters");
        }
        return value;
    }

    private static String orElse(final String value, final String otherwise) {
        return value == null ? otherwise : value;
    }
}
