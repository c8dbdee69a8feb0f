package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code /v1/test_helpers/test_clocks}: create, get, list, delete and {@code advance}. A customer made with a test
 * clock lives by it: periods, invoices and the windows of usage timestamps. All else lives by the simulator's own
 * clock. Advancing runs everything that becomes due, in order; the answer says {@code advancing}, the next look {@code
 * ready}. Guarded by the simulator's lock.
 */
final class TestClocks {
    static final String TYPE = "test_helpers.test_clock";
    private static final int CUSTOMERS_MAX = 3;

    private final StripeStore store;
    private final Clock clock;

    TestClocks(final StripeStore store, final Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("frozen_time", "name");
        request.required("frozen_time");
        final ObjectNode testClock = store.create(TYPE, "clock_", false);
        testClock.put("deletes_after", now() + 30L * 86_400);
        testClock.put("frozen_time", request.integer("frozen_time", 0));
        testClock.put("name", request.get("name"));
        testClock.put("status", "ready");
        testClock.putObject("status_details");
        store.put(testClock);
        return StripeAnswer.ok(testClock);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(id));
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("limit", "starting_after", "ending_before");
        final List<ObjectNode> clocks = new ArrayList<>(store.all(TYPE));
        Collections.reverse(clocks);
        return StripeAnswer.ok(StripeStore.page(request, clocks));
    }

    /** Deletes the clock with its customers and their subscriptions. */
    StripeAnswer delete(final StripeRequest request, final String id) {
        request.allow();
        known(id);
        for (final String type : List.of(Subscriptions.TYPE, Schedules.TYPE, Customers.TYPE)) {
            for (final ObjectNode object : new ArrayList<>(store.all(type))) {
                if (id.equals(object.path("test_clock").asText(null))) {
                    store.remove(type, object.get("id").asText());
                }
            }
        }
        return StripeAnswer.ok(store.remove(TYPE, id));
    }

    StripeAnswer advance(final StripeRequest request, final String id, final BillingCycle cycle,
                         final EventFeed feed) {
        request.allow("frozen_time");
        final ObjectNode testClock = known(id).deepCopy();
        request.required("frozen_time");
        final long from = testClock.get("frozen_time").asLong();
        final long to = request.integer("frozen_time", 0);
        if (to <= from) {
            throw StripeRefusal.invalid("frozen_time", "frozen_time must be after the current frozen_time.");
        }
        if (to > farthest(id, from)) {
            throw StripeRefusal.invalid("frozen_time",
                "A test clock can be advanced by at most two intervals of its shortest subscription at a time.");
        }
        testClock.put("frozen_time", to);
        store.put(testClock);
        cycle.advance(id, to);
        feed.emit("test_helpers.test_clock.ready", testClock, to);
        final ObjectNode answer = testClock.deepCopy();
        answer.put("status", "advancing");
        answer.putObject("status_details").putObject("advancing").put("target_frozen_time", to);
        return StripeAnswer.ok(answer);
    }

    /** @return the present of a customer, a subscription or any object with {@code test_clock}, in seconds */
    long now(final ObjectNode object) {
        final String id = object == null ? null : object.path("test_clock").asText(null);
        final ObjectNode testClock = id == null ? null : store.get(TYPE, id);
        return testClock == null ? now() : testClock.get("frozen_time").asLong();
    }

    /** @return the simulator's own present in seconds */
    long now() {
        return clock.instant().getEpochSecond();
    }

    /** @return the clock that a new customer names; refuses one that has all the customers it can have */
    ObjectNode forCustomer(final String id) {
        final ObjectNode testClock = store.get(TYPE, id);
        if (testClock == null) {
            throw StripeRefusal.noSuch(400, "test clock", id, "test_clock");
        }
        final long customers = store.all(Customers.TYPE).stream()
            .filter(customer -> id.equals(customer.path("test_clock").asText(null))).count();
        if (customers >= CUSTOMERS_MAX) {
            throw StripeRefusal.invalid("test_clock", "A test clock can have at most 3 customers.");
        }
        return testClock;
    }

    private long farthest(final String id, final long from) {
        long farthest = Long.MAX_VALUE;
        for (final ObjectNode subscription : store.all(Subscriptions.TYPE)) {
            if (id.equals(subscription.path("test_clock").asText(null)) && Subscriptions.live(subscription)) {
                for (final var item : subscription.get("items").get("data")) {
                    final var recurring = item.get("price").get("recurring");
                    farthest = Math.min(farthest, Periods.plus(from, recurring.get("interval").asText(),
                        2 * recurring.get("interval_count").asLong()));
                }
            }
        }
        return farthest;
    }

    private ObjectNode known(final String id) {
        final ObjectNode testClock = store.get(TYPE, id);
        if (testClock == null) {
            throw StripeRefusal.noSuch(404, "test clock", id, "id");
        }
        return testClock;
    }
}
