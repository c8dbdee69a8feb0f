package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code /v1/customers}: create, get, list. Guarded by the simulator's lock. */
final class Customers {
    static final String TYPE = "customer";

    private final StripeStore store;
    private final boolean livemode;

    Customers(final StripeStore store, final boolean livemode) {
        this.store = store;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("name", "email", "description", "metadata", "phone");
        final ObjectNode customer = store.create(TYPE, "cus_", livemode);
        for (final String field : List.of("name", "email", "description", "phone")) {
            customer.put(field, request.get(field));
        }
        customer.put("balance", 0);
        customer.put("delinquent", false);
        customer.set("metadata", metadata(request));
        store.put(customer);
        return StripeAnswer.ok(customer);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        final ObjectNode customer = store.get(TYPE, id);
        if (customer == null) {
            throw StripeRefusal.noSuch(404, "customer", id, "id");
        }
        return StripeAnswer.ok(customer);
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("email", "limit", "starting_after", "ending_before");
        final List<ObjectNode> customers = new ArrayList<>(store.all(TYPE));
        Collections.reverse(customers);
        customers.removeIf(customer -> request.get("email") != null
            && !request.get("email").equals(customer.path("email").asText(null)));
        return StripeAnswer.ok(StripeStore.page(request, customers));
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
}
