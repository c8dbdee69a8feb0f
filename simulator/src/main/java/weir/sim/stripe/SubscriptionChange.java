package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes the items of a subscription at a moment, and says what has to be billed for it. A metered item whose price
 * goes away closes its window of usage: in flexible mode the usage until then becomes an invoice item at the old
 * price, unless {@code proration_behavior=none}; in classic mode it is never billed. The new price counts from then on,
 * with tiers of its own. A licensed item is credited and debited by the second in both modes. Works on the subscription
 * it is given, stores nothing. Guarded by the simulator's lock.
 */
final class SubscriptionChange {
    /** Start of the usage that an item still has to bill; kept on the item. */
    static final String USAGE_FROM = StripeAnswer.HIDDEN + "usage_from";

    private final StripeStore store;
    private final Catalog catalog;
    private final InvoiceLines lines;

    SubscriptionChange(final StripeStore store, final Catalog catalog, final InvoiceLines lines) {
        this.store = store;
        this.catalog = catalog;
        this.lines = lines;
    }

    /**
     * What a request or a phase wants of one item.
     *
     * @param id       item to change, or null for a new one
     * @param price    price, or null to keep it
     * @param quantity units of a licensed price, or null
     * @param deleted  the item goes away
     * @param param    parameter to name in a refusal
     */
    record Wanted(String id, String price, Long quantity, boolean deleted, String param) {
    }

    /** @return the wishes of {@code items[0]}, {@code items[1]}, ... */
    static List<Wanted> read(final StripeRequest request, final String name) {
        final List<Wanted> wanted = new ArrayList<>();
        for (final String prefix : request.indexed(name)) {
            wanted.add(new Wanted(request.get(prefix + "[id]"), request.get(prefix + "[price]"),
                request.get(prefix + "[quantity]") == null ? null : request.integer(prefix + "[quantity]", 1),
                "true".equals(request.get(prefix + "[deleted]")), prefix));
        }
        return wanted;
    }

    /**
     * Applies the wishes.
     *
     * @param subscription changed in place
     * @param prorate      false where nothing is to be billed for the change
     * @param now          seconds
     * @return invoice items to be stored
     */
    List<ObjectNode> apply(final ObjectNode subscription, final List<Wanted> wanted, final boolean prorate,
                           final long now) {
        final List<ObjectNode> pending = new ArrayList<>();
        final ArrayNode items = (ArrayNode) subscription.get("items").get("data");
        for (final Wanted wish : wanted) {
            if (wish.id() == null) {
                if (wish.price() == null) {
                    throw StripeRefusal.missing(wish.param() + "[price]");
                }
                final ObjectNode item = item(subscription, wish, now);
                items.add(item);
                opened(subscription, item, prorate, now, pending);
                continue;
            }
            final int index = indexOf(items, wish);
            final ObjectNode item = (ObjectNode) items.get(index);
            if (wish.deleted()) {
                closed(subscription, item, prorate, now, pending);
                items.remove(index);
            } else if (wish.price() != null && !wish.price().equals(item.get("price").get("id").asText())) {
                closed(subscription, item, prorate, now, pending);
                reprice(subscription, item, wish, now);
                opened(subscription, item, prorate, now, pending);
            } else if (wish.quantity() != null) {
                requantify(subscription, item, wish, prorate, now, pending);
            }
        }
        check(subscription, items);
        return pending;
    }

    /** @return a new item whose usage counts from {@code now} */
    ObjectNode item(final ObjectNode subscription, final Wanted wish, final long now) {
        final ObjectNode price = recurring(wish);
        final ObjectNode item = StripeStore.JSON.createObjectNode();
        item.put("id", store.id("si_"));
        item.put("object", "subscription_item");
        item.putNull("billing_thresholds");
        item.put("created", now);
        item.putArray("discounts");
        item.putObject("metadata");
        item.put("subscription", subscription.get("id").asText());
        item.putArray("tax_rates");
        priced(subscription, item, price, wish, now);
        return item;
    }

    private void priced(final ObjectNode subscription, final ObjectNode item, final ObjectNode price,
                        final Wanted wish, final long now) {
        final boolean metered = InvoiceLines.metered(price);
        if (metered && wish.quantity() != null) {
            throw StripeRefusal.invalid(wish.param() + "[quantity]", "A metered price takes no quantity.");
        }
        item.set("price", Catalog.shown(price, false));
        item.put("current_period_start", now);
        item.put("current_period_end",
            Periods.endAfter(subscription.get("billing_cycle_anchor").asLong(), price.get("recurring"), now));
        item.put(USAGE_FROM, now);
        if (metered) {
            item.remove("quantity");
        } else {
            item.put("quantity", wish.quantity() == null ? 1 : wish.quantity());
        }
    }

    private void reprice(final ObjectNode subscription, final ObjectNode item, final Wanted wish, final long now) {
        final ObjectNode price = recurring(wish);
        final JsonNode before = item.get("price").get("recurring");
        final boolean sameInterval = before.get("interval").equals(price.get("recurring").get("interval"))
            && before.get("interval_count").equals(price.get("recurring").get("interval_count"));
        final long start = item.get("current_period_start").asLong();
        final long end = item.get("current_period_end").asLong();
        if (!sameInterval && classic(subscription)) {
            subscription.put("billing_cycle_anchor", now);
        }
        priced(subscription, item, price, wish, now);
        if (sameInterval) {
            item.put("current_period_start", start);
            item.put("current_period_end", end);
        }
    }

    private void requantify(final ObjectNode subscription, final ObjectNode item, final Wanted wish,
                            final boolean prorate, final long now, final List<ObjectNode> pending) {
        if (InvoiceLines.metered(item.get("price"))) {
            throw StripeRefusal.invalid(wish.param() + "[quantity]", "A metered price takes no quantity.");
        }
        if (wish.quantity() != item.get("quantity").asLong()) {
            closed(subscription, item, prorate, now, pending);
            item.put("quantity", wish.quantity());
            opened(subscription, item, prorate, now, pending);
        }
    }

    private void closed(final ObjectNode subscription, final ObjectNode item, final boolean prorate, final long now,
                        final List<ObjectNode> pending) {
        if (!prorate) {
            return;
        }
        if (!InvoiceLines.metered(item.get("price"))) {
            if (item.get("current_period_end").asLong() > now) {
                pending.add(lines.pendingRest(subscription, item, true, now));
            }
        } else if (!classic(subscription) && item.get(USAGE_FROM).asLong() < now) {
            pending.addAll(lines.pendingUsage(subscription,
                InvoiceLines.window(subscription, item, item.get(USAGE_FROM).asLong(), now), now));
        }
    }

    private void opened(final ObjectNode subscription, final ObjectNode item, final boolean prorate, final long now,
                        final List<ObjectNode> pending) {
        if (prorate && !InvoiceLines.metered(item.get("price")) && item.get("current_period_end").asLong() > now) {
            pending.add(lines.pendingRest(subscription, item, false, now));
        }
    }

    /** Refuses what no subscription can be. */
    static void check(final ObjectNode subscription, final ArrayNode items) {
        if (items.isEmpty()) {
            throw StripeRefusal.invalid("items", "A subscription must have at least one active plan.");
        }
        final JsonNode first = items.get(0).get("price");
        final List<String> prices = new ArrayList<>();
        for (final JsonNode item : items) {
            final JsonNode price = item.get("price");
            if (!price.get("currency").equals(first.get("currency"))) {
                throw StripeRefusal.invalid("items", "All prices of a subscription must have the same currency.");
            }
            if (classic(subscription) && !(interval(price).equals(interval(first)))) {
                throw StripeRefusal.invalid("items", "Currently, all prices on a subscription must have the same "
                    + "recurring interval. billing_mode=flexible lifts this.");
            }
            if (prices.contains(price.get("id").asText())) {
                throw StripeRefusal.invalid("items", "Cannot add multiple subscription items with the same price: "
                    + price.get("id").asText());
            }
            prices.add(price.get("id").asText());
        }
    }

    static boolean classic(final JsonNode subscription) {
        return "classic".equals(subscription.get("billing_mode").get("type").asText());
    }

    private static String interval(final JsonNode price) {
        return price.get("recurring").get("interval_count").asText() + price.get("recurring").get("interval").asText();
    }

    private ObjectNode recurring(final Wanted wish) {
        final ObjectNode price = catalog.known(Catalog.PRICE, wish.price(), 400, wish.param() + "[price]");
        if (price.get("recurring").isNull()) {
            throw StripeRefusal.invalid(wish.param() + "[price]", "The price must be recurring.");
        }
        if (!price.get("active").asBoolean()) {
            throw StripeRefusal.invalid(wish.param() + "[price]", "The price specified is inactive. This field only "
                + "accepts active prices.");
        }
        return price;
    }

    private static int indexOf(final ArrayNode items, final Wanted wish) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).get("id").asText().equals(wish.id())) {
                return i;
            }
        }
        throw StripeRefusal.noSuch(400, "subscription_item", wish.id(), wish.param() + "[id]");
    }
}
