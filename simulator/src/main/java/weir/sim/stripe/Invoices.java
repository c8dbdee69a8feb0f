package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * {@code /v1/invoices}: get, list, lines, a manual one, finalize, pay, void. An invoice of a period is a draft for an
 * hour; as long as it is one its usage lines follow the usage, so that late events count. Then it is finalized and,
 * when charged automatically, paid. A total below zero bills nothing and goes to the customer's balance, which later
 * invoices use up. Guarded by the simulator's lock.
 */
final class Invoices {
    static final String TYPE = "invoice";
    static final long DRAFT_SECONDS = 3600;
    static final String WINDOWS = StripeAnswer.HIDDEN + "windows";
    static final String FIXED = StripeAnswer.HIDDEN + "fixed";

    private final StripeStore store;
    private final Catalog catalog;
    private final Customers customers;
    private final InvoiceLines lines;
    private final InvoiceItems items;
    private final TestClocks clocks;
    private final EventFeed feed;
    private final boolean livemode;
    private boolean lateUsageAfterSwitch;

    Invoices(final StripeStore store, final Catalog catalog, final Customers customers, final InvoiceLines lines,
             final InvoiceItems items, final TestClocks clocks, final EventFeed feed, final boolean livemode) {
        this.store = store;
        this.catalog = catalog;
        this.customers = customers;
        this.lines = lines;
        this.items = items;
        this.clocks = clocks;
        this.feed = feed;
        this.livemode = livemode;
    }

    StripeAnswer get(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(refreshed(known(id)));
    }

    StripeAnswer list(final StripeRequest request) {
        request.allow("customer", "subscription", "status", "created", "collection_method", "due_date", "limit",
            "starting_after", "ending_before");
        final List<ObjectNode> invoices = new ArrayList<>(store.all(TYPE));
        Collections.reverse(invoices);
        final long from = Math.max(request.integer("created[gte]", 0), request.integer("created[gt]", -1) + 1);
        final long to = Math.min(request.integer("created[lte]", Long.MAX_VALUE),
            request.integer("created[lt]", Long.MAX_VALUE) - 1);
        invoices.removeIf(invoice -> other(request, "customer", invoice.get("customer"))
            || other(request, "subscription", invoice.path("parent").path("subscription_details").path("subscription"))
            || other(request, "status", invoice.get("status"))
            || invoice.get("created").asLong() < from || invoice.get("created").asLong() > to);
        invoices.replaceAll(this::refreshed);
        return StripeAnswer.ok(StripeStore.page(request, invoices));
    }

    StripeAnswer lines(final StripeRequest request, final String id) {
        request.allow("limit", "starting_after", "ending_before");
        final List<ObjectNode> all = new ArrayList<>();
        refreshed(known(id)).get("lines").get("data").forEach(line -> all.add((ObjectNode) line));
        return StripeAnswer.ok(StripeStore.page(request, all));
    }

    /** A manual invoice of the customer's pending items. */
    StripeAnswer create(final StripeRequest request) {
        request.allow("customer", "auto_advance", "collection_method", "days_until_due", "description", "metadata",
            "pending_invoice_items_behavior", "subscription", "currency");
        final ObjectNode customer = customers.named(request.required("customer"));
        final ObjectNode subscription = request.get("subscription") == null ? null
            : catalog.known(Subscriptions.TYPE, request.get("subscription"), 400, "subscription");
        final long now = clocks.now(customer);
        final ObjectNode invoice = draft(customer, subscription, "manual", now, now, now);
        invoice.put("auto_advance", "true".equals(request.get("auto_advance")));
        invoice.put("description", request.get("description"));
        invoice.set("metadata", Customers.metadata(request));
        if (subscription != null || "include".equals(request.get("pending_invoice_items_behavior"))) {
            takePending(invoice, customer, subscription);
        }
        if (request.get("collection_method") != null) {
            invoice.put("collection_method", request.get("collection_method"));
        }
        total(invoice);
        put(invoice, "invoice.created", now);
        return StripeAnswer.ok(invoice);
    }

    /** An invoice item; one that names a draft of its customer is on it at once. */
    StripeAnswer createItem(final StripeRequest request) {
        final String id = request.get("invoice");
        if (id == null) {
            return items.create(request);
        }
        catalog.known(TYPE, id, 400, "invoice");
        expect(id, "draft");
        final ObjectNode invoice = known(id).deepCopy();
        if (!invoice.get("customer").asText().equals(request.get("customer"))) {
            throw StripeRefusal.invalid("invoice", "The invoice is another customer's.");
        }
        final ObjectNode item = items.make(request);
        addItems(invoice, List.of(item));
        items.taken(List.of(item), id);
        total(invoice);
        put(invoice, "invoice.updated", clocks.now(invoice));
        return StripeAnswer.ok(store.get(InvoiceItems.TYPE, item.get("id").asText()));
    }

    /** Another amount or description of an invoice item; one that is on an invoice changes only while it is a draft. */
    StripeAnswer updateItem(final StripeRequest request, final String id) {
        final JsonNode on = catalog.known(InvoiceItems.TYPE, id, 404, "id").get("invoice");
        if (on.isNull()) {
            return StripeAnswer.ok(items.change(request, id));
        }
        expect(on.asText(), "draft");
        final ObjectNode item = items.change(request, id);
        final ObjectNode invoice = known(on.asText()).deepCopy();
        final ArrayNode fixed = (ArrayNode) invoice.get(FIXED);
        for (int i = 0; i < fixed.size(); i++) {
            if (id.equals(fixed.get(i).path("parent").path("invoice_item_details").path("invoice_item").asText())) {
                fixed.set(i, lines.ofItem(on.asText(), item));
            }
        }
        total(invoice);
        put(invoice, "invoice.updated", clocks.now(invoice));
        return StripeAnswer.ok(item);
    }

    StripeAnswer finalizeInvoice(final StripeRequest request, final String id) {
        request.allow("auto_advance");
        expect(id, "draft");
        final ObjectNode invoice = finalized(known(id), clocks.now(known(id)));
        return StripeAnswer.ok(invoice);
    }

    StripeAnswer pay(final StripeRequest request, final String id) {
        request.allow("paid_out_of_band", "payment_method", "off_session", "forgive", "source");
        ObjectNode invoice = known(id);
        final long now = clocks.now(invoice);
        if ("draft".equals(invoice.get("status").asText())) {
            invoice = finalized(invoice, now);
        }
        if (!"paid".equals(invoice.get("status").asText())) {
            expect(id, "open");
            invoice = paid(invoice.deepCopy(), now);
        }
        return StripeAnswer.ok(invoice);
    }

    StripeAnswer voidInvoice(final StripeRequest request, final String id) {
        request.allow();
        expect(id, "open");
        final ObjectNode invoice = known(id).deepCopy();
        final long now = clocks.now(invoice);
        invoice.put("status", "void").put("auto_advance", false);
        ((ObjectNode) invoice.get("status_transitions")).put("voided_at", now);
        put(invoice, "invoice.voided", now);
        return StripeAnswer.ok(invoice);
    }

    /** @return a draft without lines, not stored */
    ObjectNode draft(final ObjectNode customer, final ObjectNode subscription, final String reason, final long now,
                     final long periodStart, final long periodEnd) {
        final ObjectNode invoice = store.create(TYPE, "in_", livemode);
        invoice.put("created", now);
        invoice.put("account_country", "US");
        invoice.put("attempt_count", 0).put("attempted", false).put("auto_advance", true);
        invoice.put("automatically_finalizes_at", now + DRAFT_SECONDS);
        invoice.putObject("automatic_tax").put("enabled", false);
        invoice.put("billing_reason", reason);
        invoice.put("collection_method", subscription == null ? "charge_automatically"
            : subscription.get("collection_method").asText());
        invoice.put("currency", subscription == null ? "usd" : subscription.get("currency").asText());
        invoice.put("customer", customer.get("id").asText());
        invoice.set("customer_name", customer.path("name"));
        invoice.set("customer_email", customer.path("email"));
        invoice.putArray("default_tax_rates");
        invoice.putNull("description").putArray("discounts");
        invoice.putNull("due_date").putNull("effective_at").putNull("ending_balance");
        invoice.putObject("metadata");
        invoice.putNull("next_payment_attempt").putNull("number");
        if (subscription == null) {
            invoice.putNull("parent");
        } else {
            final ObjectNode details = invoice.putObject("parent").putNull("quote_details")
                .put("type", "subscription_details").putObject("subscription_details");
            details.put("subscription", subscription.get("id").asText()).set("metadata",
                subscription.get("metadata"));
            invoice.set(StripeAnswer.HIDDEN + "days_until_due", subscription.path("days_until_due"));
        }
        invoice.put("period_start", periodStart).put("period_end", periodEnd);
        invoice.put("starting_balance", 0).put("status", "draft");
        invoice.putObject("status_transitions").putNull("finalized_at").putNull("marked_uncollectible_at")
            .putNull("paid_at").putNull("voided_at");
        invoice.set("test_clock", customer.path("test_clock"));
        invoice.putArray("total_discount_amounts");
        invoice.putArray("total_taxes");
        invoice.putArray(WINDOWS);
        invoice.putArray(FIXED);
        invoice.putObject("lines").put("object", "list").put("has_more", false)
            .put("url", "/v1/invoices/" + invoice.get("id").asText() + "/lines").putArray("data");
        total(invoice);
        return invoice;
    }

    /** Puts the customer's pending items on a draft. */
    void takePending(final ObjectNode invoice, final ObjectNode customer, final ObjectNode subscription) {
        final List<ObjectNode> pending = items.pending(customer.get("id").asText(),
            subscription == null ? null : subscription.get("id").asText());
        pending.removeIf(item -> subscription != null && !item.get("currency").equals(invoice.get("currency")));
        addItems(invoice, pending);
        if (!pending.isEmpty() && subscription == null) {
            invoice.set("currency", pending.get(0).get("currency"));
        }
        items.taken(pending, invoice.get("id").asText());
    }

    void addItems(final ObjectNode invoice, final List<ObjectNode> added) {
        final String id = invoice.get("id").asText();
        for (final ObjectNode item : added) {
            if (!lateUsageAfterSwitch || !item.has(InvoiceLines.WINDOW)) {
                invoice.withArray(FIXED).add(lines.ofItem(id, item));
            } else if (!contains(invoice.get(WINDOWS), item.get(InvoiceLines.WINDOW))) {
                invoice.withArray(WINDOWS).add(item.get(InvoiceLines.WINDOW));
            }
        }
    }

    private static boolean contains(final JsonNode windows, final JsonNode window) {
        for (final JsonNode each : windows) {
            if (each.equals(window)) {
                return true;
            }
        }
        return false;
    }

    /** Whether usage of before a price change that comes after it is still billed; Stripe does not say. */
    void lateUsageAfterSwitch(final boolean value) {
        lateUsageAfterSwitch = value;
    }

    /** Lines and totals by the usage as it is known now. */
    void total(final ObjectNode invoice) {
        final ArrayNode data = (ArrayNode) invoice.get("lines").get("data");
        data.removeAll();
        for (final JsonNode window : invoice.get(WINDOWS)) {
            data.addAll(lines.usage(invoice.get("id").asText(), window));
        }
        data.addAll((ArrayNode) invoice.get(FIXED));
        final long total = InvoiceLines.sum(data);
        invoice.put("subtotal", total).put("subtotal_excluding_tax", total);
        invoice.put("total", total).put("total_excluding_tax", total);
        final long due = Math.max(0, total);
        invoice.put("amount_due", due).put("amount_paid", 0).put("amount_remaining", due);
        invoice.put("amount_overpaid", 0).put("amount_shipping", 0);
    }

    /** Stores an invoice and tells of it. */
    void put(final ObjectNode invoice, final String event, final long now) {
        store.put(invoice);
        feed.emit(event, invoice, now);
    }

    /** A draft becomes an invoice: the last count of its usage, the customer's balance, and payment. @return it */
    ObjectNode finalized(final ObjectNode draft, final long now) {
        final ObjectNode invoice = draft.deepCopy();
        total(invoice);
        final ObjectNode customer = store.get(Customers.TYPE, invoice.get("customer").asText());
        final long balance = customer == null ? 0 : customer.get("balance").asLong();
        final long total = invoice.get("total").asLong();
        final long due = Math.max(0, Math.addExact(total, balance));
        final long left = Math.subtractExact(Math.addExact(total, balance), due);
        invoice.put("starting_balance", balance).put("ending_balance", left);
        invoice.put("amount_due", due).put("amount_remaining", due);
        if (customer != null && left != balance) {
            final ObjectNode changed = customer.deepCopy();
            changed.put("balance", left);
            store.put(changed);
        }
        invoice.put("status", "open").put("effective_at", now).put("automatically_finalizes_at", (Long) null);
        invoice.put("number", invoice.get("id").asText().substring(3, 11).toUpperCase(Locale.ROOT) + "-0001");
        ((ObjectNode) invoice.get("status_transitions")).put("finalized_at", now);
        final JsonNode days = invoice.path(StripeAnswer.HIDDEN + "days_until_due");
        final boolean charged = "charge_automatically".equals(invoice.get("collection_method").asText());
        if (!charged) {
            invoice.put("due_date", now + (days.isNumber() ? days.asLong() : 30) * 86_400);
        }
        put(invoice, "invoice.finalized", now);
        return due == 0 || charged ? paid(invoice.deepCopy(), now) : invoice;
    }

    private ObjectNode paid(final ObjectNode invoice, final long now) {
        final long due = invoice.get("amount_due").asLong();
        invoice.put("status", "paid").put("amount_paid", due).put("amount_remaining", 0).put("attempted", true);
        invoice.put("attempt_count", due == 0 ? 0 : 1).put("auto_advance", false);
        ((ObjectNode) invoice.get("status_transitions")).put("paid_at", now);
        put(invoice, "invoice.paid", now);
        feed.emit("invoice.payment_succeeded", invoice, now);
        return invoice;
    }

    private ObjectNode refreshed(final ObjectNode invoice) {
        if (!"draft".equals(invoice.get("status").asText())) {
            return invoice;
        }
        final ObjectNode view = invoice.deepCopy();
        total(view);
        return view;
    }

    private void expect(final String id, final String status) {
        if (!status.equals(known(id).get("status").asText())) {
            throw StripeRefusal.invalid("invoice_not_editable", null, "This invoice is "
                + known(id).get("status").asText() + "; it would have to be " + status + ".");
        }
    }

    private static boolean other(final StripeRequest request, final String param, final JsonNode value) {
        return request.get(param) != null && !request.get(param).equals(value.asText());
    }

    private ObjectNode known(final String id) {
        return catalog.known(TYPE, id, 404, "id");
    }
}
