package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * {@code /v1/subscription_schedules}: create (with phases or {@code from_subscription}), get, list, update, release,
 * cancel. A phase begins when the clock reaches it: the first makes the subscription, each later one changes its items
 * with the phase's own {@code proration_behavior}; the end of the last releases or cancels. Guarded by the simulator's
 * lock.
 */
final class Schedules {
    static final String TYPE = "subscription_schedule";
    private static final String PHASE = StripeAnswer.HIDDEN + "phase";

    private final StripeStore store;
    private final Catalog catalog;
    private final Customers customers;
    private final Subscriptions subscriptions;
    private final SubscriptionChange change;
    private final SubscriptionBilling billing;
    private final TestClocks clocks;
    private final EventFeed feed;
    private final boolean livemode;

    Schedules(final StripeStore store, final Catalog catalog, final Customers customers,
              final Subscriptions subscriptions, final SubscriptionChange change, final SubscriptionBilling billing,
              final TestClocks clocks, final EventFeed feed, final boolean livemode) {
        this.store = store;
        this.catalog = catalog;
        this.customers = customers;
        this.subscriptions = subscriptions;
        this.change = change;
        this.billing = billing;
        this.clocks = clocks;
        this.feed = feed;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("customer", "start_date", "phases", "end_behavior", "from_subscription", "billing_mode",
            "metadata", "default_settings");
        final String from = request.get("from_subscription");
        final ObjectNode schedule = store.create(TYPE, "sub_sched_", livemode);
        final ObjectNode subscription = from == null ? null
            : catalog.known(Subscriptions.TYPE, from, 400, "from_subscription").deepCopy();
        final ObjectNode customer = customers.named(subscription == null ? request.required("customer")
            : subscription.get("customer").asText());
        final long now = clocks.now(customer);
        schedule.put("created", now).putNull("application").putNull("canceled_at").putNull("completed_at");
        schedule.putNull("current_phase").put("customer", customer.get("id").asText());
        schedule.putObject("default_settings").put("billing_cycle_anchor", "automatic")
            .put("collection_method", "charge_automatically");
        schedule.put("end_behavior", endBehavior(request, "release"));
        schedule.set("metadata", Customers.metadata(request));
        schedule.putNull("released_at").putNull("released_subscription").put("status", "not_started");
        schedule.putNull("subscription").set("test_clock", customer.path("test_clock"));
        schedule.put(PHASE, -1);
        if (subscription == null) {
            schedule.set("billing_mode", Subscriptions.mode(Subscriptions.billingMode(request), now));
            final String start = request.required("start_date");
            final long startDate = "now".equals(start) ? now : request.integer("start_date", now);
            schedule.set("phases", phases(request, startDate, List.of()));
        } else {
            if (subscription.path("schedule").isTextual()) {
                throw StripeRefusal.invalid("from_subscription", "You cannot migrate a subscription that is already "
                    + "attached to a schedule: " + subscription.get("schedule").asText());
            }
            schedule.set("billing_mode", subscription.get("billing_mode"));
            schedule.putArray("phases").add(phaseOf(subscription));
            schedule.put("subscription", from).put("status", "active").put(PHASE, 0);
            current(schedule);
            subscription.put("schedule", schedule.get("id").asText());
            store.put(subscription);
        }
        store.put(schedule);
        feed.emit("subscription_schedule.created", schedule, now);
        step(schedule.get("id").asText(), now);
        return StripeAnswer.ok(known(schedule.get("id").asText()));
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(id));
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("customer", "scheduled", "limit", "starting_after", "ending_before");
        final List<ObjectNode> schedules = new ArrayList<>(store.all(TYPE));
        Collections.reverse(schedules);
        schedules.removeIf(schedule -> request.get("customer") != null
            && !request.get("customer").equals(schedule.get("customer").asText()));
        return StripeAnswer.ok(StripeStore.page(request, schedules));
    }

    /** New phases from the running one on, or another end. */
    StripeAnswer update(final StripeRequest request, final String id) {
        request.allow("phases", "end_behavior", "metadata", "proration_behavior", "default_settings");
        final ObjectNode schedule = open(id);
        final long now = clocks.now(schedule);
        schedule.put("end_behavior", endBehavior(request, schedule.get("end_behavior").asText()));
        schedule.set("metadata", Customers.merged(schedule.get("metadata"), request));
        if (!request.indexed("phases").isEmpty()) {
            final List<JsonNode> known = new ArrayList<>();
            schedule.get("phases").forEach(known::add);
            final ArrayNode phases = phases(request, known.get(0).get("start_date").asLong(), known);
            int running = -1;
            for (int i = 0; i < phases.size(); i++) {
                if (phases.get(i).get("start_date").asLong() <= now && schedule.get("subscription").isTextual()) {
                    running = i;
                }
            }
            if (schedule.get("subscription").isTextual() && (running < 0
                || phases.get(running).get("end_date").asLong() <= now)) {
                throw StripeRefusal.invalid("phases", "You must include the current phase of the schedule.");
            }
            schedule.set("phases", phases);
            schedule.put(PHASE, running);
            if (running >= 0) {
                current(schedule);
                apply(schedule, phases.get(running), !"none".equals(Subscriptions.proration(request)), now);
            }
        }
        store.put(schedule);
        feed.emit("subscription_schedule.updated", schedule, now);
        step(id, now);
        return StripeAnswer.ok(known(id));
    }

    /** The subscription goes on without the schedule. */
    StripeAnswer release(final StripeRequest request, final String id) {
        request.allow("preserve_cancel_date");
        final ObjectNode schedule = open(id);
        released(schedule, clocks.now(schedule));
        return StripeAnswer.ok(known(id));
    }

    /** Ends the schedule and its subscription at once. */
    StripeAnswer cancel(final StripeRequest request, final String id) {
        request.allow("invoice_now", "prorate");
        final ObjectNode schedule = open(id);
        final long now = clocks.now(schedule);
        final ObjectNode subscription = subscriptionOf(schedule);
        if (subscription != null) {
            billing.cancel(subscription, !"false".equals(request.get("invoice_now")),
                !"false".equals(request.get("prorate")), now);
        }
        schedule.put("status", "canceled").put("canceled_at", now).putNull("current_phase");
        store.put(schedule);
        feed.emit("subscription_schedule.canceled", schedule, now);
        return StripeAnswer.ok(schedule);
    }

    /** Releases a schedule whose next phase was refused. */
    void abandon(final String id, final long now, final String reason) {
        store.line("schedule_abandoned").put("schedule", id).put("reason", reason);
        released(known(id).deepCopy(), now);
    }

    /** @return when the schedule has something to do next, or {@code Long.MAX_VALUE} */
    static long nextSeconds(final JsonNode schedule) {
        return switch (schedule.get("status").asText()) {
            case "not_started" -> schedule.get("phases").get(0).get("start_date").asLong();
            case "active" -> schedule.get("phases").get(schedule.get(PHASE).asInt()).get("end_date").asLong();
            default -> Long.MAX_VALUE;
        };
    }

    /** Does what is due at {@code now}. */
    void step(final String id, final long now) {
        while (nextSeconds(known(id)) <= now) {
            final ObjectNode schedule = known(id).deepCopy();
            final long at = nextSeconds(schedule);
            final int next = schedule.get(PHASE).asInt() + 1;
            if (next < schedule.get("phases").size()) {
                enter(schedule, next, at);
                store.put(schedule);
                feed.emit("subscription_schedule.updated", schedule, at);
            } else {
                finish(schedule, at);
            }
        }
    }

    /** @return invoice items of a phase that begins when a period ends; the subscription is changed in place */
    List<ObjectNode> transition(final ObjectNode subscription, final long now) {
        final String id = subscription.path("schedule").asText(null);
        final ObjectNode schedule = id == null ? null : store.get(TYPE, id);
        if (schedule == null || nextSeconds(schedule) != now) {
            return List.of();
        }
        final ObjectNode changed = schedule.deepCopy();
        final int next = changed.get(PHASE).asInt() + 1;
        if (next >= changed.get("phases").size()) {
            if ("cancel".equals(changed.get("end_behavior").asText())) {
                subscription.put("cancel_at", now).put("status", "canceled").put("ended_at", now)
                    .put("canceled_at", now);
                changed.put("status", "completed").put("completed_at", now).putNull("current_phase");
            } else {
                subscription.putNull("schedule");
                changed.put("status", "released").put("released_at", now).put("released_subscription",
                    subscription.get("id").asText()).putNull("subscription").putNull("current_phase");
            }
            store.put(changed);
            return List.of();
        }
        changed.put(PHASE, next);
        current(changed);
        store.put(changed);
        feed.emit("subscription_schedule.updated", changed, now);
        final JsonNode phase = changed.get("phases").get(next);
        return change.apply(subscription, wanted(subscription, phase), prorates(phase), now);
    }

    private void enter(final ObjectNode schedule, final int next, final long at) {
        final JsonNode phase = schedule.get("phases").get(next);
        schedule.put(PHASE, next).put("status", "active");
        current(schedule);
        if (schedule.get("subscription").isTextual()) {
            apply(schedule, phase, prorates(phase), at);
            return;
        }
        final ObjectNode customer = customers.named(schedule.get("customer").asText());
        final ObjectNode subscription =
            subscriptions.blank(customer, schedule.get("billing_mode").get("type").asText(), at, at);
        subscription.put("schedule", schedule.get("id").asText());
        subscription.set("metadata", phase.get("metadata"));
        subscriptions.start(subscription, wanted(subscription, phase), at);
        schedule.put("subscription", subscription.get("id").asText());
        billing.begin(subscription, customer, true, at);
    }

    private void apply(final ObjectNode schedule, final JsonNode phase, final boolean prorate, final long at) {
        final ObjectNode subscription = subscriptionOf(schedule);
        final ObjectNode before = subscription.deepCopy();
        final List<ObjectNode> pending = change.apply(subscription, wanted(subscription, phase), prorate, at);
        if (before.equals(subscription)) {
            return;
        }
        billing.keep(pending);
        store.put(subscription);
        feed.emit("customer.subscription.updated", subscription, at, Customers.changed(before, subscription));
        if ("always_invoice".equals(phase.get("proration_behavior").asText()) && !pending.isEmpty()) {
            billing.invoiceNow(subscription, "subscription_update", at);
        }
    }

    private void finish(final ObjectNode schedule, final long at) {
        if (!"cancel".equals(schedule.get("end_behavior").asText())) {
            released(schedule, at);
            return;
        }
        final ObjectNode subscription = subscriptionOf(schedule);
        if (subscription != null && Subscriptions.live(subscription)) {
            billing.cancel(subscription, true, false, at);
        }
        schedule.put("status", "completed").put("completed_at", at).putNull("current_phase");
        store.put(schedule);
        feed.emit("subscription_schedule.completed", schedule, at);
    }

    private void released(final ObjectNode schedule, final long at) {
        final ObjectNode subscription = subscriptionOf(schedule);
        if (subscription != null) {
            subscription.putNull("schedule");
            store.put(subscription);
        }
        schedule.put("status", "released").put("released_at", at).putNull("current_phase");
        schedule.set("released_subscription", schedule.get("subscription"));
        schedule.putNull("subscription");
        store.put(schedule);
        feed.emit("subscription_schedule.released", schedule, at);
    }

    /** @return the changes that make the items of a subscription those of a phase; equal prices stay as they are */
    private static List<SubscriptionChange.Wanted> wanted(final ObjectNode subscription, final JsonNode phase) {
        final List<SubscriptionChange.Wanted> wanted = new ArrayList<>();
        final List<JsonNode> left = new ArrayList<>();
        subscription.get("items").get("data").forEach(left::add);
        for (final JsonNode item : phase.get("items")) {
            final JsonNode same = left.stream()
                .filter(each -> each.get("price").get("id").equals(item.get("price"))).findFirst().orElse(null);
            final Long quantity = item.has("quantity") ? Long.valueOf(item.get("quantity").asLong()) : null;
            if (same == null) {
                wanted.add(new SubscriptionChange.Wanted(null, item.get("price").asText(), quantity, false, "phases"));
            } else {
                left.remove(same);
                if (quantity != null) {
                    wanted.add(new SubscriptionChange.Wanted(same.get("id").asText(), null, quantity, false,
                        "phases"));
                }
            }
        }
        left.forEach(gone -> wanted.add(
            new SubscriptionChange.Wanted(gone.get("id").asText(), null, null, true, "phases")));
        return wanted;
    }

    private ArrayNode phases(final StripeRequest request, final long startDate, final List<JsonNode> known) {
        final ArrayNode phases = StripeStore.JSON.createArrayNode();
        long start = startDate;
        for (final String prefix : request.indexed("phases")) {
            final String given = request.get(prefix + "[start_date]");
            if (given != null) {
                final long at = "now".equals(given) ? start : request.integer(prefix + "[start_date]", start);
                if (!phases.isEmpty() && at != start) {
                    throw StripeRefusal.invalid(prefix + "[start_date]",
                        "Phases must follow each other without a gap.");
                }
                start = at;
            }
            final ObjectNode phase = phases.addObject();
            final ArrayNode items = phase.putArray("items");
            for (final SubscriptionChange.Wanted wish : SubscriptionChange.read(request, prefix + "[items]")) {
                final ObjectNode price =
                    catalog.known(Catalog.PRICE, String.valueOf(wish.price()), 400, wish.param() + "[price]");
                final ObjectNode item = items.addObject().put("price", wish.price());
                if (!InvoiceLines.metered(price)) {
                    item.put("quantity", wish.quantity() == null ? 1 : wish.quantity());
                }
            }
            if (items.isEmpty()) {
                throw StripeRefusal.missing(prefix + "[items]");
            }
            final long end = end(request, prefix, items, start);
            if (end <= start) {
                throw StripeRefusal.invalid(prefix + "[end_date]", "The phase must end after it starts.");
            }
            phase.put("start_date", start).put("end_date", end);
            phase.put("proration_behavior", request.get(prefix + "[proration_behavior]") == null
                ? "create_prorations" : request.get(prefix + "[proration_behavior]"));
            phase.set("metadata", StripeStore.JSON.valueToTree(request.hash(prefix + "[metadata]")));
            phase.putArray("add_invoice_items");
            start = end;
        }
        if (phases.isEmpty() && known.isEmpty()) {
            throw StripeRefusal.missing("phases");
        }
        return phases;
    }

    private long end(final StripeRequest request, final String prefix, final ArrayNode items, final long start) {
        if (request.get(prefix + "[end_date]") != null) {
            return request.integer(prefix + "[end_date]", 0);
        }
        if (request.get(prefix + "[duration][interval]") != null) {
            return Periods.plus(start, request.get(prefix + "[duration][interval]"),
                request.integer(prefix + "[duration][interval_count]", 1));
        }
        final JsonNode recurring = store.get(Catalog.PRICE, items.get(0).get("price").asText()).get("recurring");
        return Periods.plus(start, recurring.get("interval").asText(), recurring.get("interval_count").asLong()
            * request.integer(prefix + "[iterations]", 1));
    }

    private ObjectNode phaseOf(final ObjectNode subscription) {
        final ObjectNode phase = StripeStore.JSON.createObjectNode();
        final ArrayNode items = phase.putArray("items");
        long start = Long.MAX_VALUE;
        for (final JsonNode item : subscription.get("items").get("data")) {
            start = Math.min(start, item.get("current_period_start").asLong());
            final ObjectNode of = items.addObject().put("price", item.get("price").get("id").asText());
            if (item.has("quantity")) {
                of.put("quantity", item.get("quantity").asLong());
            }
        }
        phase.put("start_date", start).put("end_date", SubscriptionBilling.lastPeriodEnd(subscription));
        phase.put("proration_behavior", "create_prorations").putObject("metadata");
        phase.putArray("add_invoice_items");
        return phase;
    }

    private static void current(final ObjectNode schedule) {
        final JsonNode phase = schedule.get("phases").get(schedule.get(PHASE).asInt());
        final ObjectNode current = schedule.putObject("current_phase");
        current.set("start_date", phase.get("start_date"));
        current.set("end_date", phase.get("end_date"));
    }

    private static boolean prorates(final JsonNode phase) {
        return !"none".equals(phase.get("proration_behavior").asText());
    }

    private static String endBehavior(final StripeRequest request, final String otherwise) {
        final String behavior = request.get("end_behavior");
        if (behavior != null && !Set.of("release", "cancel").contains(behavior)) {
            throw StripeRefusal.invalid("end_behavior", "Invalid end_behavior: must be one of cancel or release");
        }
        return behavior == null ? otherwise : behavior;
    }

    private ObjectNode subscriptionOf(final ObjectNode schedule) {
        final String id = schedule.path("subscription").asText(null);
        final ObjectNode subscription = id == null ? null : store.get(Subscriptions.TYPE, id);
        return subscription == null ? null : subscription.deepCopy();
    }

    private ObjectNode open(final String id) {
        final ObjectNode schedule = known(id).deepCopy();
        final String status = schedule.get("status").asText();
        if (!"active".equals(status) && !"not_started".equals(status)) {
            throw StripeRefusal.invalid(null, "You cannot change a subscription schedule that is " + status + ".");
        }
        return schedule;
    }

    private ObjectNode known(final String id) {
        return catalog.known(TYPE, id, 404, "id");
    }
}
