package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Makes the lines of invoices, and invoice items: usage of a window at a price (one line per tier that it reaches, each
 * rounded by itself), a licensed price for a period, and prorations by the second. Guarded by the simulator's lock.
 */
final class InvoiceLines {
    /** The window of usage that an invoice item stands for; kept on the item. */
    static final String WINDOW = StripeAnswer.HIDDEN + "window";

    private final StripeStore store;
    private final EventSummaries summaries;
    private final boolean livemode;

    InvoiceLines(final StripeStore store, final EventSummaries summaries, final boolean livemode) {
        this.store = store;
        this.summaries = summaries;
        this.livemode = livemode;
    }

    static boolean metered(final JsonNode price) {
        return "metered".equals(price.path("recurring").path("usage_type").asText());
    }

    /** @return the price with its tiers */
    ObjectNode price(final JsonNode item) {
        return store.get(Catalog.PRICE, item.get("price").get("id").asText());
    }

    /** @return a window of usage to be billed: what an invoice remembers while it is a draft */
    static ObjectNode window(final JsonNode subscription, final JsonNode item, final long from, final long to) {
        return StripeStore.JSON.createObjectNode().put("subscription", subscription.get("id").asText())
            .put("customer", subscription.get("customer").asText()).put("item", item.get("id").asText())
            .put("price", item.get("price").get("id").asText()).put("from", from).put("to", to);
    }

    /** @return lines for the usage that a window has by now */
    List<ObjectNode> usage(final String invoice, final JsonNode window) {
        final ObjectNode price = store.get(Catalog.PRICE, window.get("price").asText());
        final List<ObjectNode> lines = new ArrayList<>();
        for (final PriceMath.Charge charge : PriceMath.charges(price, units(price, window))) {
            final ObjectNode line = line(invoice, window.toString() + lines.size(), price, charge,
                window.get("from").asLong(), window.get("to").asLong());
            final ObjectNode details = line.putObject("parent").put("type", "subscription_item_details")
                .putNull("invoice_item_details").putObject("subscription_item_details");
            details.putNull("invoice_item").put("proration", false);
            details.putObject("proration_details").putNull("credited_items");
            details.put("subscription", window.get("subscription").asText())
                .put("subscription_item", window.get("item").asText());
            lines.add(line);
        }
        return lines;
    }

    /** @return lines of zero for a metered item, as the first invoice of a classic subscription has them */
    List<ObjectNode> none(final String invoice, final JsonNode subscription, final JsonNode item) {
        final long start = item.get("current_period_start").asLong();
        return usage(invoice, window(subscription, item, start, start));
    }

    /** @return lines of a licensed item for [from, to), whole or the share that {@code of} seconds leave of it */
    List<ObjectNode> licensed(final String invoice, final JsonNode subscription, final JsonNode item, final long from,
                              final long to, final long of) {
        final ObjectNode price = price(item);
        final List<ObjectNode> lines = new ArrayList<>();
        for (final PriceMath.Charge whole : PriceMath.charges(price, item.get("quantity").bigIntegerValue())) {
            final PriceMath.Charge charge = new PriceMath.Charge(whole.tier(), whole.quantity(), whole.unitAmount(),
                share(whole.exact(), to - from, of), whole.flat());
            final ObjectNode window = window(subscription, item, from, to);
            final ObjectNode line = line(invoice, window.toString() + lines.size(), price, charge, from, to);
            final ObjectNode details = line.putObject("parent").put("type", "subscription_item_details")
                .putNull("invoice_item_details").putObject("subscription_item_details");
            details.putNull("invoice_item").put("proration", to - from != of);
            details.putObject("proration_details").putNull("credited_items");
            details.put("subscription", subscription.get("id").asText())
                .put("subscription_item", item.get("id").asText());
            lines.add(line);
        }
        return lines;
    }

    /** @return pending invoice items for the usage of a window that a price change closed */
    List<ObjectNode> pendingUsage(final JsonNode subscription, final ObjectNode window, final long now) {
        final ObjectNode price = store.get(Catalog.PRICE, window.get("price").asText());
        final List<ObjectNode> items = new ArrayList<>();
        for (final PriceMath.Charge charge : PriceMath.charges(price, units(price, window))) {
            final ObjectNode item = pending(subscription, window.get("item").asText(), price, charge,
                window.get("from").asLong(), window.get("to").asLong(), now);
            item.set(WINDOW, window);
            items.add(item);
        }
        return items;
    }

    /** @return a pending invoice item for the rest of a licensed item's period: a debit, or a credit */
    ObjectNode pendingRest(final JsonNode subscription, final JsonNode item, final boolean credit, final long now) {
        final ObjectNode price = price(item);
        final long end = item.get("current_period_end").asLong();
        final long start = Periods.startAtOrBefore(subscription.get("billing_cycle_anchor").asLong(),
            price.get("recurring"), end - 1);
        final BigInteger quantity = item.get("quantity").bigIntegerValue();
        final BigDecimal exact = share(PriceMath.exact(PriceMath.charges(price, quantity)), end - now, end - start);
        return pending(subscription, item.get("id").asText(), price, new PriceMath.Charge(0, quantity, BigDecimal.ZERO,
            credit ? exact.negate() : exact, true), now, end, now);
    }

    /** @return the line that an invoice item becomes */
    ObjectNode ofItem(final String invoice, final JsonNode item) {
        final ObjectNode line = StripeStore.JSON.createObjectNode();
        line.put("id", id(invoice, item.get("id").asText()));
        line.put("object", "line_item");
        for (final String field : List.of("amount", "currency", "description", "discountable", "livemode",
            "metadata", "period", "pricing", "quantity")) {
            line.set(field, item.get(field));
        }
        line.put("invoice", invoice);
        empty(line);
        final ObjectNode parent = line.putObject("parent");
        final JsonNode of = item.path("parent").path("subscription_details");
        parent.put("type", "invoice_item_details").putNull("subscription_item_details");
        final ObjectNode details = parent.putObject("invoice_item_details");
        details.put("invoice_item", item.get("id").asText()).set("proration", item.get("proration"));
        details.putObject("proration_details").putNull("credited_items");
        details.put("subscription", of.path("subscription").asText(null));
        return line;
    }

    /** @return a pending invoice item without a subscription item */
    ObjectNode item(final ObjectNode customer, final String subscription, final String currency, final long amount,
                    final String description, final long now) {
        final ObjectNode item = store.create(InvoiceItems.TYPE, "ii_", livemode);
        item.remove("created");
        item.put("amount", amount).put("currency", currency).put("customer", customer.get("id").asText());
        item.put("date", now).put("description", description).put("discountable", true).putNull("invoice");
        item.putArray("discounts");
        item.putObject("metadata");
        item.putObject("period").put("start", now).put("end", now);
        if (subscription == null) {
            item.putNull("parent");
        } else {
            item.putObject("parent").put("type", "subscription_details").putObject("subscription_details")
                .put("subscription", subscription).putNull("subscription_item");
        }
        item.putNull("pricing").put("proration", false).put("quantity", 1);
        item.putArray("tax_rates");
        item.set("test_clock", customer.path("test_clock"));
        return item;
    }

    private ObjectNode pending(final JsonNode subscription, final String subscriptionItem, final ObjectNode price,
                               final PriceMath.Charge charge, final long from, final long to, final long now) {
        final ObjectNode item = item(store.get(Customers.TYPE, subscription.get("customer").asText()),
            subscription.get("id").asText(), price.get("currency").asText(), charge.amount(),
            describe(price, charge) + (metered(price) ? "" : charge.exact().signum() < 0 ? ": unused time"
                : ": remaining time"), now);
        ((ObjectNode) item.get("parent").get("subscription_details")).put("subscription_item", subscriptionItem);
        item.putObject("period").put("start", from).put("end", to);
        pricing(item, price, charge);
        item.put("proration", true).put("quantity", charge.quantity());
        return item;
    }

    private BigInteger units(final ObjectNode price, final JsonNode window) {
        return summaries.usage(price.get("recurring").get("meter").asText(), window.get("customer").asText(),
            window.get("from").asLong(), window.get("to").asLong());
    }

    private ObjectNode line(final String invoice, final String key, final ObjectNode price,
                            final PriceMath.Charge charge, final long from, final long to) {
        final ObjectNode line = StripeStore.JSON.createObjectNode();
        line.put("id", id(invoice, key));
        line.put("object", "line_item");
        line.put("amount", charge.amount());
        line.set("currency", price.get("currency"));
        line.put("description", describe(price, charge));
        line.put("discountable", true);
        line.put("invoice", invoice);
        line.put("livemode", livemode);
        line.putObject("metadata");
        line.putObject("period").put("start", from).put("end", to);
        pricing(line, price, charge);
        line.put("quantity", charge.quantity());
        empty(line);
        return line;
    }

    private static void empty(final ObjectNode line) {
        for (final String field : List.of("discount_amounts", "discounts", "pretax_credit_amounts", "taxes")) {
            line.set(field, StripeStore.JSON.createArrayNode());
        }
    }

    private static void pricing(final ObjectNode into, final ObjectNode price, final PriceMath.Charge charge) {
        final ObjectNode pricing = into.putObject("pricing");
        pricing.putObject("price_details").put("price", price.get("id").asText()).set("product", price.get("product"));
        pricing.put("type", "price_details").put("unit_amount_decimal", charge.unitAmount().toPlainString());
    }

    private String describe(final ObjectNode price, final PriceMath.Charge charge) {
        final String product = store.get(Catalog.PRODUCT, price.get("product").asText()).get("name").asText();
        final String tier = charge.tier() == 0 ? "" : " (Tier " + charge.tier() + ")";
        return charge.flat() && charge.tier() > 0 ? product + tier + ": flat fee"
            : charge.quantity() + " × " + product + tier;
    }

    private static BigDecimal share(final BigDecimal whole, final long seconds, final long of) {
        return seconds == of ? whole
            : whole.multiply(BigDecimal.valueOf(seconds)).divide(BigDecimal.valueOf(of), 12, PriceMath.ROUNDING);
    }

    private static String id(final String invoice, final String key) {
        return "il_" + UUID.nameUUIDFromBytes((invoice + key).getBytes(StandardCharsets.UTF_8)).toString()
            .replace("-", "");
    }

    /** @return the sum of the lines in cents */
    static long sum(final ArrayNode lines) {
        long sum = 0;
        for (final JsonNode line : lines) {
            sum = Math.addExact(sum, line.get("amount").asLong());
        }
        return sum;
    }
}
