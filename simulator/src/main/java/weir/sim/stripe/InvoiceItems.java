package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code /v1/invoiceitems}: create, get, list, change, delete. An item is pending until an invoice takes it: the draft
 * that it names ({@link Invoices#createItem}), the next of its subscription, or the next of the customer when it names
 * neither.
 * Guarded by the simulator's lock.
 */
final class InvoiceItems {
    static final String TYPE = "invoiceitem";

    private final StripeStore store;
    private final Customers customers;
    private final Catalog catalog;
    private final InvoiceLines lines;
    private final TestClocks clocks;
    private final EventFeed feed;

    InvoiceItems(final StripeStore store, final Customers customers, final Catalog catalog, final InvoiceLines lines,
                 final TestClocks clocks, final EventFeed feed) {
        this.store = store;
        this.customers = customers;
        this.catalog = catalog;
        this.lines = lines;
        this.clocks = clocks;
        this.feed = feed;
    }

    StripeAnswer create(final StripeRequest request) {
        return StripeAnswer.ok(make(request));
    }

    /** @return a new item, stored */
    ObjectNode make(final StripeRequest request) {
        request.allow("customer", "amount", "currency", "description", "metadata", "pricing", "quantity",
            "subscription", "period", "discountable", "unit_amount_decimal", "invoice");
        final ObjectNode customer = customers.named(request.required("customer"));
        final String subscription = request.get("subscription");
        if (subscription != null) {
            catalog.known(Subscriptions.TYPE, subscription, 400, "subscription");
        }
        final long now = clocks.now(customer);
        final long quantity = request.integer("quantity", 1);
        final ObjectNode item;
        if (request.get("pricing[price]") != null) {
            final ObjectNode price = catalog.known(Catalog.PRICE, request.get("pricing[price]"), 400, "pricing[price]");
            final long amount =
                PriceMath.cents(PriceMath.exact(PriceMath.charges(price, BigInteger.valueOf(quantity))));
            item = lines.item(customer, subscription, price.get("currency").asText(), amount,
                request.get("description"), now);
            final ObjectNode pricing = item.putObject("pricing");
            pricing.putObject("price_details").put("price", price.get("id").asText())
                .set("product", price.get("product"));
            pricing.put("type", "price_details").set("unit_amount_decimal", price.get("unit_amount_decimal"));
            item.put("quantity", quantity);
        } else {
            request.required("amount");
            item = lines.item(customer, subscription, request.required("currency"), request.integer("amount", 0),
                request.get("description"), now);
        }
        item.set("metadata", Customers.metadata(request));
        if (request.get("period[start]") != null || request.get("period[end]") != null) {
            item.putObject("period").put("start", Long.parseLong(request.required("period[start]")))
                .put("end", Long.parseLong(request.required("period[end]")));
        }
        store.put(item);
        feed.emit("invoiceitem.created", item, now);
        return item;
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(catalog.known(TYPE, id, 404, "id"));
    }

    /** @return the item with the request's amount, description and metadata, stored */
    ObjectNode change(final StripeRequest request, final String id) {
        request.allow("amount", "description", "metadata");
        final ObjectNode item = catalog.known(TYPE, id, 404, "id").deepCopy();
        if (request.get("amount") != null) {
            if (!item.get("pricing").isNull()) {
                throw StripeRefusal.invalid("amount", "The amount of this invoice item follows from its price.");
            }
            item.put("amount", request.integer("amount", 0));
        }
        if (request.get("description") != null) {
            item.put("description", request.get("description"));
        }
        item.set("metadata", Customers.merged(item.get("metadata"), request));
        store.put(item);
        return item;
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("customer", "invoice", "pending", "created", "limit", "starting_after", "ending_before");
        final List<ObjectNode> items = new ArrayList<>(store.all(TYPE));
        Collections.reverse(items);
        items.removeIf(item -> request.get("customer") != null
            && !request.get("customer").equals(item.get("customer").asText())
            || request.get("invoice") != null && !request.get("invoice").equals(item.get("invoice").asText())
            || request.get("pending") != null
            && !request.get("pending").equals(Boolean.toString(item.get("invoice").isNull())));
        return StripeAnswer.ok(StripeStore.page(request, items));
    }

    StripeAnswer delete(final StripeRequest request, final String id) {
        request.allow();
        final ObjectNode item = catalog.known(TYPE, id, 404, "id");
        if (!item.get("invoice").isNull()) {
            throw StripeRefusal.invalid(null, "This invoice item is on an invoice and cannot be deleted.");
        }
        feed.emit("invoiceitem.deleted", item, clocks.now(item));
        return StripeAnswer.ok(store.remove(TYPE, id));
    }

    /** @return pending items that the next invoice of a subscription, or one without (null), takes */
    List<ObjectNode> pending(final String customer, final String subscription) {
        final List<ObjectNode> pending = new ArrayList<>();
        for (final ObjectNode item : store.all(TYPE)) {
            final String of =
                item.path("parent").path("subscription_details").path("subscription").asText(null);
            if (item.get("invoice").isNull() && item.get("customer").asText().equals(customer)
                && (of == null || of.equals(subscription))) {
                pending.add(item);
            }
        }
        return pending;
    }

    /** The items are on an invoice now. */
    void taken(final List<ObjectNode> items, final String invoice) {
        for (final ObjectNode item : items) {
            final ObjectNode taken = item.deepCopy();
            taken.put("invoice", invoice);
            store.put(taken);
        }
    }
}
