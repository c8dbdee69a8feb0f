package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /v1/billing/alerts}: create, get, list, activate, deactivate, archive. An alert fires once per customer, when
 * the usage received since it was created reaches its threshold; usage of before does not count. At most 25 per meter
 * and customer; customers of test clocks have none. Guarded by the simulator's lock.
 */
final class Alerts {
    static final String TYPE = "billing.alert";
    static final String TRIGGERED = "billing.alert_triggered";
    private static final int PER_METER_AND_CUSTOMER_MAX = 25;

    private final Map<String, BigInteger> usage = new HashMap<>();
    private final StripeStore store;
    private final Meters meters;
    private final TestClocks clocks;
    private final EventFeed feed;
    private final boolean livemode;

    Alerts(final StripeStore store, final Meters meters, final TestClocks clocks, final EventFeed feed,
           final boolean livemode) {
        this.store = store;
        this.meters = meters;
        this.clocks = clocks;
        this.feed = feed;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("alert_type", "title", "usage_threshold");
        if (!"usage_threshold".equals(request.required("alert_type"))) {
            throw StripeRefusal.invalid("alert_type", "Invalid alert_type: must be usage_threshold");
        }
        final String title = request.required("title");
        if (title.length() > 256) {
            throw StripeRefusal.invalid("title", "Invalid string: must be at most 256 characters");
        }
        final String meter = request.required("usage_threshold[meter]");
        if (store.get(Meters.TYPE, meter) == null) {
            throw StripeRefusal.noSuch(400, "billing meter", meter, "usage_threshold[meter]");
        }
        if (!"one_time".equals(request.required("usage_threshold[recurrence]"))) {
            throw StripeRefusal.invalid("usage_threshold[recurrence]", "Invalid recurrence: must be one_time");
        }
        request.required("usage_threshold[gte]");
        final long gte = request.integer("usage_threshold[gte]", 1);
        final String customer = filter(request);
        final long same = store.all(TYPE).stream().filter(alert -> !"archived".equals(alert.get("status").asText())
            && alert.get("usage_threshold").get("meter").asText().equals(meter)
            && String.valueOf(customer).equals(String.valueOf(customerOf(alert)))).count();
        if (same >= PER_METER_AND_CUSTOMER_MAX) {
            throw StripeRefusal.invalid("usage_threshold", "There can be at most 25 alerts per meter and customer.");
        }
        final ObjectNode alert = store.create(TYPE, "alrt_", livemode);
        alert.remove("created");
        alert.put("alert_type", "usage_threshold").put("status", "active").put("title", title);
        final ObjectNode threshold = alert.putObject("usage_threshold");
        if (customer == null) {
            threshold.putArray("filters");
        } else {
            threshold.putArray("filters").addObject().put("customer", customer).put("type", "customer");
        }
        threshold.put("gte", gte).put("meter", meter).put("recurrence", "one_time");
        store.put(alert);
        return StripeAnswer.ok(alert);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(id));
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("alert_type", "meter", "limit", "starting_after", "ending_before");
        final List<ObjectNode> alerts = new ArrayList<>(store.all(TYPE));
        Collections.reverse(alerts);
        alerts.removeIf(alert -> request.get("meter") != null
            && !request.get("meter").equals(alert.get("usage_threshold").get("meter").asText()));
        return StripeAnswer.ok(StripeStore.page(request, alerts));
    }

    StripeAnswer status(final StripeRequest request, final String id, final String status) {
        request.allow();
        final ObjectNode alert = known(id).deepCopy();
        if ("archived".equals(alert.get("status").asText())) {
            throw StripeRefusal.invalid(null, "This alert is archived.");
        }
        alert.put("status", status);
        store.put(alert);
        return StripeAnswer.ok(alert);
    }

    /** An event was accepted and counts; {@code replayed} when it is read back from the log. */
    void onUsage(final MeterEvent event, final boolean replayed) {
        for (final ObjectNode alert : List.copyOf(store.all(TYPE))) {
            if (!"active".equals(alert.get("status").asText())
                || !alert.get("usage_threshold").get("meter").asText().equals(event.meterId())
                || customerOf(alert) != null && !customerOf(alert).equals(event.customer())) {
                continue;
            }
            final ObjectNode customer = store.get(Customers.TYPE, event.customer());
            if (customer == null || customer.path("test_clock").isTextual()) {
                continue;
            }
            final String key = alert.get("id").asText() + " " + event.customer();
            final BigInteger before = usage.getOrDefault(key, BigInteger.ZERO);
            final String formula =
                meters.known(event.meterId()).get("default_aggregation").get("formula").asText();
            final BigInteger now = switch (formula) {
                case "count" -> before.add(BigInteger.ONE);
                case "last" -> event.units();
                default -> before.add(event.units());
            };
            usage.put(key, now);
            final BigInteger gte = alert.get("usage_threshold").get("gte").bigIntegerValue();
            if (now.compareTo(gte) >= 0 && store.get(TRIGGERED, key) == null && !replayed) {
                trigger(alert, event.customer(), key, now);
            }
        }
    }

    private void trigger(final ObjectNode alert, final String customer, final String key, final BigInteger value) {
        final ObjectNode triggered = StripeStore.JSON.createObjectNode();
        triggered.put("id", key).put("object", TRIGGERED);
        triggered.set("alert", alert);
        triggered.put("created", clocks.now()).put("customer", customer).put("livemode", livemode).put("value", value);
        store.put(triggered);
        final ObjectNode told = triggered.deepCopy();
        told.remove("id");
        feed.emit("billing.alert.triggered", told, clocks.now());
    }

    private String filter(final StripeRequest request) {
        final var filters = request.indexed("usage_threshold[filters]");
        if (filters.isEmpty()) {
            return null;
        }
        if (filters.size() > 1) {
            throw StripeRefusal.invalid("usage_threshold[filters]", "There can be one filter.");
        }
        final String id = request.required("usage_threshold[filters][0][customer]");
        final ObjectNode customer = store.get(Customers.TYPE, id);
        if (customer == null) {
            throw StripeRefusal.noSuch(400, "customer", id, "usage_threshold[filters][0][customer]");
        }
        if (customer.path("test_clock").isTextual()) {
            throw StripeRefusal.invalid("usage_threshold[filters][0][customer]",
                "Alerts cannot be used with customers of test clocks.");
        }
        return id;
    }

    private static String customerOf(final ObjectNode alert) {
        return alert.get("usage_threshold").path("filters").path(0).path("customer").asText(null);
    }

    private ObjectNode known(final String id) {
        final ObjectNode alert = store.get(TYPE, id);
        if (alert == null) {
            throw StripeRefusal.noSuch(404, "alert", id, "id");
        }
        return alert;
    }
}
