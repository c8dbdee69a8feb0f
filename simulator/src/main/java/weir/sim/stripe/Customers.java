package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** {@code /v1/customers}: create, get, list, update, delete. Guarded by the simulator's lock. */
final class Customers {
    static final String TYPE = "customer";
    private static final List<String> FIELDS = List.of("name", "email", "description", "phone");

    private final StripeStore store;
    private final TestClocks clocks;
    private final EventFeed feed;
    private final boolean livemode;

    Customers(final StripeStore store, final TestClocks clocks, final EventFeed feed, final boolean livemode) {
        this.store = store;
        this.clocks = clocks;
        this.feed = feed;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("name", "email", "description", "metadata", "phone", "test_clock", "balance");
        final String testClock = request.get("test_clock");
        if (testClock != null) {
            clocks.forCustomer(testClock);
        }
        final ObjectNode customer = store.create(TYPE, "cus_", livemode);
        for (final String field : FIELDS) {
            customer.put(field, request.get(field));
        }
        customer.put("balance", request.integer("balance", 0));
        customer.put("delinquent", false);
        customer.put("invoice_prefix", store.id("").substring(0, 8).toUpperCase(Locale.ROOT));
        customer.set("metadata", metadata(request));
        customer.put("test_clock", testClock);
        customer.put("created", clocks.now(customer));
        store.put(customer);
        feed.emit("customer.created", customer, clocks.now(customer));
        return StripeAnswer.ok(customer);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(id));
    }

    StripeAnswer update(final StripeRequest request, final String id) {
        request.allow("name", "email", "description", "metadata", "phone", "balance");
        final ObjectNode before = known(id);
        final ObjectNode customer = before.deepCopy();
        for (final String field : FIELDS) {
            if (request.get(field) != null) {
                customer.put(field, request.get(field));
            }
        }
        customer.put("balance", request.integer("balance", customer.get("balance").asLong()));
        customer.set("metadata", merged(customer.get("metadata"), request));
        store.put(customer);
        feed.emit("customer.updated", customer, clocks.now(customer), changed(before, customer));
        return StripeAnswer.ok(customer);
    }

    StripeAnswer delete(final StripeRequest request, final String id) {
        request.allow();
        final ObjectNode customer = known(id);
        for (final ObjectNode subscription : store.all(Subscriptions.TYPE)) {
            if (Subscriptions.live(subscription) && subscription.get("customer").asText().equals(id)) {
                throw StripeRefusal.invalid(null, "This customer has an active subscription; cancel it first.");
            }
        }
        feed.emit("customer.deleted", customer, clocks.now(customer));
        return StripeAnswer.ok(store.remove(TYPE, id));
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("email", "created", "test_clock", "limit", "starting_after", "ending_before");
        final List<ObjectNode> customers = new ArrayList<>(store.all(TYPE));
        Collections.reverse(customers);
        // as at Stripe, customers of a test clock show only when asked for by it
        customers.removeIf(customer -> request.get("email") != null
            && !request.get("email").equals(customer.path("email").asText(null))
            || !String.valueOf(request.get("test_clock")).equals(customer.path("test_clock").asText("null")));
        return StripeAnswer.ok(StripeStore.page(request, customers));
    }

    /** @return the customer that a parameter names; refuses with 400 when there is none */
    ObjectNode named(final String id) {
        final ObjectNode customer = store.get(TYPE, id);
        if (customer == null) {
            throw StripeRefusal.noSuch(400, "customer", id, "customer");
        }
        return customer;
    }

    private ObjectNode known(final String id) {
        final ObjectNode customer = store.get(TYPE, id);
        if (customer == null) {
            throw StripeRefusal.noSuch(404, "customer", id, "id");
        }
        return customer;
    }

    static ObjectNode metadata(final StripeRequest request) {
        final ObjectNode metadata = StripeStore.JSON.createObjectNode();
        request.hash("metadata").forEach((key, value) -> {
            if (key.length() > 40 || value.length() > 500) {
                throw StripeRefusal.invalid("metadata", "Metadata: keys up to 40, values up to 500 characters.");
            }
            metadata.put(key, value);
        });
        return metadata;
    }

    /** @return metadata with what the request sets; an empty value takes a key away */
    static ObjectNode merged(final JsonNode metadata, final StripeRequest request) {
        final ObjectNode merged = metadata.deepCopy();
        merged.setAll(metadata(request));
        request.hash("metadata").forEach((key, value) -> {
            if (value.isEmpty()) {
                merged.remove(key);
            }
        });
        return merged;
    }

    /** @return the former values of the fields in which {@code after} differs */
    static ObjectNode changed(final ObjectNode before, final ObjectNode after) {
        final ObjectNode changed = StripeStore.JSON.createObjectNode();
        after.properties().forEach(field -> {
            if (!field.getValue().equals(before.get(field.getKey()))) {
                changed.set(field.getKey(), before.get(field.getKey()));
            }
        });
        return changed;
    }
}
