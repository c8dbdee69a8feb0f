package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * {@code /v1/subscriptions}: create and get. Flexible billing mode is known from 2025-06-30.basil on; an older
 * Stripe-Version that sends it is refused. Periods are of the items, as since 2025-03-31.basil. No invoices yet.
 * Guarded by the simulator's lock.
 */
final class Subscriptions {
    static final String TYPE = "subscription";
    private static final String FLEXIBLE_SINCE = "2025-06-30";

    private final StripeStore store;
    private final Catalog catalog;
    private final Clock clock;
    private final boolean livemode;

    Subscriptions(final StripeStore store, final Catalog catalog, final Clock clock, final boolean livemode) {
        this.store = store;
        this.catalog = catalog;
        this.clock = clock;
        this.livemode = livemode;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("customer", "items", "billing_mode", "metadata", "description", "currency", "collection_method",
            "days_until_due");
        final String customer = request.required("customer");
        if (store.get(Customers.TYPE, customer) == null) {
            throw StripeRefusal.noSuch(400, "customer", customer, "customer");
        }
        final String mode = billingMode(request);
        final String collection = request.get("collection_method") == null ? "charge_automatically"
            : request.get("collection_method");
        if (!Set.of("charge_automatically", "send_invoice").contains(collection)) {
            throw StripeRefusal.invalid("collection_method", "Invalid collection_method: " + collection);
        }
        final ObjectNode subscription = store.create(TYPE, "sub_", livemode);
        final long now = clock.instant().getEpochSecond();
        subscription.put("customer", customer);
        subscription.put("status", "active");
        subscription.put("billing_cycle_anchor", now);
        subscription.put("start_date", now);
        subscription.put("cancel_at_period_end", false);
        subscription.put("collection_method", collection);
        subscription.put("description", request.get("description"));
        subscription.set("metadata", Customers.metadata(request));
        final ObjectNode billingMode = subscription.putObject("billing_mode");
        billingMode.put("type", mode);
        if ("flexible".equals(mode)) {
            billingMode.putObject("flexible").put("proration_discounts", "included");
        }
        billingMode.put("updated_at", now);
        final ObjectNode items = subscription.putObject("items");
        items.put("object", "list");
        final ArrayNode data = items.putArray("data");
        for (final String prefix : request.indexed("items")) {
            data.add(item(request, prefix, subscription));
        }
        if (data.isEmpty()) {
            throw StripeRefusal.missing("items");
        }
        items.put("has_more", false);
        items.put("url", "/v1/subscription_items?subscription=" + subscription.get("id").asText());
        subscription.set("currency", data.get(0).get("price").get("currency"));
        store.put(subscription);
        return StripeAnswer.ok(subscription);
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(catalog.known(TYPE, id, 404, "id"));
    }

    private ObjectNode item(final StripeRequest request, final String prefix, final ObjectNode subscription) {
        final ObjectNode price =
            catalog.known(Catalog.PRICE, request.required(prefix + "[price]"), 400, prefix + "[price]");
        if (price.get("recurring").isNull()) {
            throw StripeRefusal.invalid(prefix + "[price]", "The price must be recurring.");
        }
        final boolean metered = "metered".equals(price.get("recurring").get("usage_type").asText());
        if (metered && request.get(prefix + "[quantity]") != null) {
            throw StripeRefusal.invalid(prefix + "[quantity]", "A metered price takes no quantity.");
        }
        final long now = clock.instant().getEpochSecond();
        final ObjectNode item = StripeStore.JSON.createObjectNode();
        item.put("id", store.id("si_"));
        item.put("object", "subscription_item");
        item.put("created", now);
        item.put("subscription", subscription.get("id").asText());
        item.put("current_period_start", now);
        item.put("current_period_end", periodEnd(now, price));
        item.set("price", Catalog.shown(price, false));
        if (!metered) {
            item.put("quantity", request.integer(prefix + "[quantity]", 1));
        }
        item.putObject("metadata");
        return item;
    }

    private static long periodEnd(final long start, final ObjectNode price) {
        final var from = Instant.ofEpochSecond(start).atZone(ZoneOffset.UTC);
        final long count = price.get("recurring").get("interval_count").asLong();
        return switch (price.get("recurring").get("interval").asText()) {
            case "day" -> from.plusDays(count).toEpochSecond();
            case "week" -> from.plusWeeks(count).toEpochSecond();
            case "month" -> from.plusMonths(count).toEpochSecond();
            default -> from.plusYears(count).toEpochSecond();
        };
    }

    private static String billingMode(final StripeRequest request) {
        final String mode = request.get("billing_mode[type]");
        if (mode == null) {
            return "classic"; // the default before 2025-09-30.clover
        }
        if (request.apiVersion().compareTo(FLEXIBLE_SINCE) < 0) {
            throw StripeRefusal.invalid("parameter_unknown", "billing_mode",
                "Received unknown parameter: billing_mode");
        }
        if (!"flexible".equals(mode) && !"classic".equals(mode)) {
            throw StripeRefusal.invalid("billing_mode[type]",
                "Invalid billing_mode[type]: must be one of classic or flexible");
        }
        return mode;
    }
}
