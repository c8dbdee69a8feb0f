package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * {@code /v1/subscriptions}: create, get, list, update, cancel, migrate; {@code /v1/subscription_items}: list. Flexible
 * billing mode is known from 2025-06-30.basil on (an older Stripe-Version that sends it is refused) and the default
 * from 2025-09-30.clover on. Periods are of the items, as since 2025-03-31.basil. Time is that of the customer. Guarded
 * by the simulator's lock.
 */
final class Subscriptions {
    static final String TYPE = "subscription";
    private static final String FLEXIBLE_SINCE = "2025-06-30";
    private static final String FLEXIBLE_BY_DEFAULT_SINCE = "2025-09-30";
    private static final Set<String> PRORATIONS = Set.of("create_prorations", "always_invoice", "none");

    private final StripeStore store;
    private final Catalog catalog;
    private final Customers customers;
    private final SubscriptionChange change;
    private final SubscriptionBilling billing;
    private final TestClocks clocks;
    private final EventFeed feed;
    private final boolean livemode;

    Subscriptions(final StripeStore store, final Catalog catalog, final Customers customers,
                  final SubscriptionChange change, final SubscriptionBilling billing, final TestClocks clocks,
                  final EventFeed feed, final boolean livemode) {
        this.store = store;
        this.catalog = catalog;
        this.customers = customers;
        this.change = change;
        this.billing = billing;
        this.clocks = clocks;
        this.feed = feed;
        this.livemode = livemode;
    }

    static boolean live(final JsonNode subscription) {
        return !"canceled".equals(subscription.get("status").asText());
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("customer", "items", "billing_mode", "metadata", "description", "currency", "collection_method",
            "days_until_due", "billing_cycle_anchor", AnchorConfig.PARAM, "proration_behavior", "cancel_at",
            "cancel_at_period_end", "payment_behavior", "default_payment_method", "payment_settings", "off_session");
        final ObjectNode customer = customers.named(request.required("customer"));
        final long now = clocks.now(customer);
        final ObjectNode subscription = blank(customer, billingMode(request), now,
            AnchorConfig.anchor(request, now));
        AnchorConfig.show(request, subscription, now);
        subscription.put("collection_method", collectionMethod(request, "charge_automatically"));
        subscription.put("description", request.get("description"));
        if (request.get("days_until_due") != null) {
            subscription.put("days_until_due", request.integer("days_until_due", 30));
        }
        subscription.set("metadata", Customers.metadata(request));
        final List<SubscriptionChange.Wanted> wanted = SubscriptionChange.read(request, "items");
        if (wanted.isEmpty()) {
            throw StripeRefusal.missing("items");
        }
        start(subscription, wanted, now);
        ending(request, subscription, now);
        billing.begin(subscription, customer, !"none".equals(proration(request)), now);
        return StripeAnswer.ok(subscription);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(id));
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("customer", "status", "price", "collection_method", "created", "current_period_end", "test_clock",
            "limit", "starting_after", "ending_before");
        final List<ObjectNode> subscriptions = new ArrayList<>(store.all(TYPE));
        Collections.reverse(subscriptions);
        final String status = request.get("status");
        subscriptions.removeIf(subscription -> request.get("customer") != null
            && !request.get("customer").equals(subscription.get("customer").asText())
            || status == null && !live(subscription)
            || status != null && !"all".equals(status) && !status.equals(subscription.get("status").asText())
            || request.get("price") != null && !has(subscription, request.get("price")));
        return StripeAnswer.ok(StripeStore.page(request, subscriptions));
    }

    StripeAnswer items(final StripeRequest request) {
        request.allow("subscription", "limit", "starting_after", "ending_before");
        final List<ObjectNode> items = new ArrayList<>();
        catalog.known(TYPE, request.required("subscription"), 400, "subscription").get("items").get("data")
            .forEach(item -> items.add((ObjectNode) item));
        return StripeAnswer.ok(StripeStore.page(request, items));
    }

    StripeAnswer update(final StripeRequest request, final String id) {
        request.allow("items", "proration_behavior", "proration_date", "billing_cycle_anchor", "cancel_at_period_end",
            "cancel_at", "metadata", "description", "collection_method", "days_until_due", "payment_behavior",
            "default_payment_method", "off_session", "cancellation_details", "payment_settings");
        final ObjectNode before = known(id);
        if (!live(before)) {
            throw StripeRefusal.invalid(null, "A canceled subscription can only update its cancellation_details and "
                + "metadata.");
        }
        final String proration = proration(request);
        final ObjectNode subscription = before.deepCopy();
        final long now = clocks.now(subscription);
        final List<ObjectNode> pending = change.apply(subscription, SubscriptionChange.read(request, "items"),
            !"none".equals(proration), now);
        if (!request.indexed("items").isEmpty() && subscription.path("schedule").isTextual()) {
            throw StripeRefusal.invalid("items", "The subscription is managed by the subscription schedule `"
                + subscription.get("schedule").asText() + "`, and updating any items directly is not allowed.");
        }
        settings(request, subscription);
        ending(request, subscription, now);
        final String anchor = request.get("billing_cycle_anchor");
        if (anchor != null && !Set.of("now", "unchanged").contains(anchor)) {
            throw StripeRefusal.invalid("billing_cycle_anchor", "Invalid billing_cycle_anchor: must be one of now or "
                + "unchanged");
        }
        billing.keep(pending);
        store.put(subscription);
        feed.emit("customer.subscription.updated", subscription, now, Customers.changed(before, subscription));
        if ("now".equals(anchor)) {
            billing.restart(subscription, !"none".equals(proration), now);
        } else if ("always_invoice".equals(proration) && !pending.isEmpty()) {
            billing.invoiceNow(subscription, "subscription_update", now);
        }
        return StripeAnswer.ok(known(id));
    }

    /** {@code DELETE}: ends now. Usage of the running period is billed with {@code invoice_now} only. */
    StripeAnswer cancel(final StripeRequest request, final String id) {
        request.allow("invoice_now", "prorate", "cancellation_details");
        if (!live(known(id))) {
            throw StripeRefusal.noSuch(404, "subscription", id, "id");
        }
        billing.cancel(known(id).deepCopy(), "true".equals(request.get("invoice_now")),
            "true".equals(request.get("prorate")), clocks.now(known(id)));
        return StripeAnswer.ok(known(id));
    }

    /** One-way, from classic to flexible. */
    StripeAnswer migrate(final StripeRequest request, final String id) {
        request.allow("billing_mode");
        known(id);
        if (!"flexible".equals(request.required("billing_mode[type]"))) {
            throw StripeRefusal.invalid("billing_mode[type]", "Invalid billing_mode[type]: must be flexible");
        }
        needsFlexible(request);
        final ObjectNode subscription = known(id).deepCopy();
        if (!SubscriptionChange.classic(subscription)) {
            throw StripeRefusal.invalid("billing_mode[type]", "This subscription is already on billing_mode=flexible.");
        }
        final long now = clocks.now(subscription);
        subscription.set("billing_mode", mode("flexible", now));
        store.put(subscription);
        feed.emit("customer.subscription.updated", subscription, now);
        return StripeAnswer.ok(subscription);
    }

    /** @return a subscription without items, not stored */
    ObjectNode blank(final ObjectNode customer, final String mode, final long now, final long anchor) {
        final ObjectNode subscription = store.create(TYPE, "sub_", livemode);
        subscription.put("created", now);
        subscription.putNull("application").putNull("application_fee_percent");
        subscription.putObject("automatic_tax").put("enabled", false);
        subscription.put("billing_cycle_anchor", anchor);
        subscription.putNull("billing_cycle_anchor_config");
        subscription.set("billing_mode", mode(mode, now));
        subscription.putNull("billing_thresholds").putNull("cancel_at").put("cancel_at_period_end", false);
        subscription.putNull("canceled_at");
        subscription.putObject("cancellation_details").putNull("comment").putNull("feedback").putNull("reason");
        subscription.put("collection_method", "charge_automatically");
        subscription.put("customer", customer.get("id").asText());
        subscription.putNull("days_until_due").putNull("default_payment_method").putNull("description");
        subscription.putArray("default_tax_rates");
        subscription.putArray("discounts");
        subscription.putNull("ended_at").putNull("latest_invoice");
        subscription.putObject("metadata");
        subscription.putNull("pause_collection").putNull("pending_update").putNull("schedule");
        subscription.put("start_date", now).put("status", "active");
        subscription.set("test_clock", customer.path("test_clock"));
        subscription.putNull("trial_end").putNull("trial_start");
        subscription.putObject("items").put("object", "list").put("has_more", false)
            .put("url", "/v1/subscription_items?subscription=" + subscription.get("id").asText()).putArray("data");
        return subscription;
    }

    /** Gives a blank subscription its items and its currency. */
    void start(final ObjectNode subscription, final List<SubscriptionChange.Wanted> wanted, final long now) {
        final ArrayNode items = (ArrayNode) subscription.get("items").get("data");
        for (final SubscriptionChange.Wanted wish : wanted) {
            if (wish.price() == null) {
                throw StripeRefusal.missing(wish.param() + "[price]");
            }
            items.add(change.item(subscription, wish, now));
        }
        SubscriptionChange.check(subscription, items);
        final long anchor = subscription.get("billing_cycle_anchor").asLong();
        for (final JsonNode item : items) {
            final JsonNode recurring = item.get("price").get("recurring");
            if (AnchorConfig.given(subscription)) {
                if (!"month".equals(recurring.get("interval").asText())
                    || recurring.get("interval_count").asLong() != 1) {
                    throw StripeRefusal.invalid(AnchorConfig.PARAM, "billing_cycle_anchor_config is known here for "
                        + "prices of one month alone.");
                }
            } else if (anchor > now && item.get("current_period_end").asLong() < anchor) {
                throw StripeRefusal.invalid("billing_cycle_anchor", "billing_cycle_anchor cannot be later than next "
                    + "natural billing date for plan.");
            }
        }
        if (anchor < now) {
            throw StripeRefusal.invalid("billing_cycle_anchor", "billing_cycle_anchor cannot be in the past.");
        }
        subscription.set("currency", items.get(0).get("price").get("currency"));
    }

    static ObjectNode mode(final String type, final long now) {
        final ObjectNode mode = StripeStore.JSON.createObjectNode();
        if ("flexible".equals(type)) {
            mode.putObject("flexible").put("proration_discounts", "included");
        } else {
            mode.putNull("flexible");
        }
        return mode.put("type", type).put("updated_at", now);
    }

    static String proration(final StripeRequest request) {
        final String proration = request.get("proration_behavior");
        if (proration != null && !PRORATIONS.contains(proration)) {
            throw StripeRefusal.invalid("proration_behavior", "Invalid proration_behavior: must be one of "
                + "always_invoice, create_prorations, or none");
        }
        return proration == null ? "create_prorations" : proration;
    }

    static String billingMode(final StripeRequest request) {
        final String mode = request.get("billing_mode[type]");
        if (mode == null) {
            return request.apiVersion().compareTo(FLEXIBLE_BY_DEFAULT_SINCE) < 0 ? "classic" : "flexible";
        }
        needsFlexible(request);
        if (!"flexible".equals(mode) && !"classic".equals(mode)) {
            throw StripeRefusal.invalid("billing_mode[type]",
                "Invalid billing_mode[type]: must be one of classic or flexible");
        }
        return mode;
    }

    private static void needsFlexible(final StripeRequest request) {
        if (request.apiVersion().compareTo(FLEXIBLE_SINCE) < 0) {
            throw StripeRefusal.invalid("parameter_unknown", "billing_mode",
                "Received unknown parameter: billing_mode");
        }
    }

    private static void settings(final StripeRequest request, final ObjectNode subscription) {
        if (request.get("description") != null) {
            subscription.put("description", request.get("description"));
        }
        subscription.put("collection_method",
            collectionMethod(request, subscription.get("collection_method").asText()));
        if (request.get("days_until_due") != null) {
            subscription.put("days_until_due", request.integer("days_until_due", 30));
        }
        subscription.set("metadata", Customers.merged(subscription.get("metadata"), request));
    }

    private static void ending(final StripeRequest request, final ObjectNode subscription, final long now) {
        final String atPeriodEnd = request.get("cancel_at_period_end");
        if (atPeriodEnd != null) {
            final boolean ends = "true".equals(atPeriodEnd);
            subscription.put("cancel_at_period_end", ends);
            subscription.put("cancel_at", ends ? Long.valueOf(SubscriptionBilling.lastPeriodEnd(subscription)) : null);
            subscription.put("canceled_at", ends ? Long.valueOf(now) : null);
        }
        final String at = request.get("cancel_at");
        if (at != null && at.isEmpty()) {
            subscription.putNull("cancel_at").putNull("canceled_at");
        } else if (at != null) {
            if (request.integer("cancel_at", 0) <= now) {
                throw StripeRefusal.invalid("cancel_at", "cancel_at must be in the future.");
            }
            subscription.put("cancel_at", request.integer("cancel_at", 0)).put("canceled_at", now);
        }
    }

    private static String collectionMethod(final StripeRequest request, final String otherwise) {
        final String collection = request.get("collection_method");
        if (collection != null && !Set.of("charge_automatically", "send_invoice").contains(collection)) {
            throw StripeRefusal.invalid("collection_method", "Invalid collection_method: " + collection);
        }
        return collection == null ? otherwise : collection;
    }

    private static boolean has(final ObjectNode subscription, final String price) {
        for (final JsonNode item : subscription.get("items").get("data")) {
            if (item.get("price").get("id").asText().equals(price)) {
                return true;
            }
        }
        return false;
    }

    private ObjectNode known(final String id) {
        return catalog.known(TYPE, id, 404, "id");
    }
}
