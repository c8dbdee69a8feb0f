package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What a subscription bills, and when: the first invoice, the one at the end of each period (usage behind, licensed
 * prices ahead, pending items), the one of a change, the last. Times are seconds of the customer's clock. Guarded by
 * the simulator's lock.
 */
final class SubscriptionBilling {
    private final StripeStore store;
    private final InvoiceLines lines;
    private final InvoiceItems items;
    private final Invoices invoices;
    private final EventFeed feed;

    SubscriptionBilling(final StripeStore store, final InvoiceLines lines, final InvoiceItems items,
                        final Invoices invoices, final EventFeed feed) {
        this.store = store;
        this.lines = lines;
        this.items = items;
        this.invoices = invoices;
        this.feed = feed;
    }

    /** @return the end of the period that ends last */
    static long lastPeriodEnd(final JsonNode subscription) {
        long last = 0;
        for (final JsonNode item : subscription.get("items").get("data")) {
            last = Math.max(last, item.get("current_period_end").asLong());
        }
        return last;
    }

    /** A new subscription is stored and bills what is paid in advance; a classic one shows its metered items too. */
    void begin(final ObjectNode subscription, final ObjectNode customer, final boolean prorate, final long now) {
        final ObjectNode invoice = invoices.draft(customer, subscription, "subscription_create", now, now, now);
        final String id = invoice.get("id").asText();
        for (final JsonNode item : subscription.get("items").get("data")) {
            if (!InvoiceLines.metered(item.get("price"))) {
                final long end = item.get("current_period_end").asLong();
                final long whole = end - start(subscription, item, end);
                if (prorate || end - now == whole) {
                    invoice.withArray(Invoices.FIXED)
                        .addAll(lines.licensed(id, subscription, item, now, end, whole));
                }
            } else if (SubscriptionChange.classic(subscription)) {
                invoice.withArray(Invoices.FIXED).addAll(lines.none(id, subscription, item));
            }
        }
        store.put(subscription);
        feed.emit("customer.subscription.created", subscription, now);
        invoices.takePending(invoice, customer, subscription);
        if (!invoice.get(Invoices.FIXED).isEmpty()) {
            issue(subscription, invoice, true, now);
        }
    }

    /** Stores invoice items that a change made. */
    void keep(final List<ObjectNode> pending) {
        for (final ObjectNode item : pending) {
            store.put(item);
            feed.emit("invoiceitem.created", item, item.get("date").asLong());
        }
    }

    /**
     * The period of some items is over: their usage is billed, the others' goes on.
     *
     * @param subscription changed in place and stored
     * @param transition   what a schedule changes at this moment; gives the invoice items of it
     */
    void periodEnd(final ObjectNode subscription, final long now,
                   final BiFunction<ObjectNode, Long, List<ObjectNode>> transition) {
        final ObjectNode customer = store.get(Customers.TYPE, subscription.get("customer").asText());
        final boolean ends = subscription.path("cancel_at").isNumber()
            && subscription.get("cancel_at").asLong() <= now;
        final ObjectNode before = subscription.deepCopy();
        final ObjectNode invoice = invoices.draft(customer, subscription, "subscription_cycle", now,
            firstStart(subscription), now);
        for (final JsonNode each : subscription.get("items").get("data")) {
            final ObjectNode item = (ObjectNode) each;
            if ((ends || item.get("current_period_end").asLong() <= now)
                && InvoiceLines.metered(item.get("price"))) {
                window(subscription, item, invoice, now);
                item.put(SubscriptionChange.USAGE_FROM, now);
            }
        }
        if (ends) {
            end(subscription, now);
        } else {
            keep(transition.apply(subscription, now));
            if (Subscriptions.live(subscription)) {
                renew(subscription, invoice, now);
            }
        }
        invoices.takePending(invoice, customer, subscription);
        store.put(subscription);
        feed.emit(Subscriptions.live(subscription) ? "customer.subscription.updated" : "customer.subscription.deleted",
            subscription, now, Customers.changed(before, subscription));
        if (!invoice.get(Invoices.WINDOWS).isEmpty() || !invoice.get(Invoices.FIXED).isEmpty()) {
            issue(subscription, invoice, false, now);
        }
    }

    /** Pending items are billed at once. */
    void invoiceNow(final ObjectNode subscription, final String reason, final long now) {
        final ObjectNode customer = store.get(Customers.TYPE, subscription.get("customer").asText());
        final ObjectNode invoice = invoices.draft(customer, subscription, reason, now, firstStart(subscription), now);
        invoices.takePending(invoice, customer, subscription);
        issue(subscription, invoice, true, now);
    }

    /** {@code billing_cycle_anchor=now}: all periods end and begin anew. */
    void restart(final ObjectNode subscription, final boolean prorate, final long now) {
        final ObjectNode customer = store.get(Customers.TYPE, subscription.get("customer").asText());
        final ObjectNode invoice =
            invoices.draft(customer, subscription, "subscription_update", now, firstStart(subscription), now);
        final List<ObjectNode> credits = new ArrayList<>();
        for (final JsonNode each : subscription.get("items").get("data")) {
            final ObjectNode item = (ObjectNode) each;
            if (InvoiceLines.metered(item.get("price"))) {
                window(subscription, item, invoice, now);
            } else if (prorate && item.get("current_period_end").asLong() > now) {
                credits.add(lines.pendingRest(subscription, item, true, now));
            }
            item.put("current_period_end", now);
        }
        subscription.put("billing_cycle_anchor", now);
        keep(credits);
        renew(subscription, invoice, now);
        invoices.takePending(invoice, customer, subscription);
        store.put(subscription);
        issue(subscription, invoice, true, now);
    }

    /** Ends at once. */
    void cancel(final ObjectNode subscription, final boolean invoiceNow, final boolean prorate, final long now) {
        final ObjectNode customer = store.get(Customers.TYPE, subscription.get("customer").asText());
        final ObjectNode invoice =
            invoices.draft(customer, subscription, "subscription_update", now, firstStart(subscription), now);
        final List<ObjectNode> credits = new ArrayList<>();
        for (final JsonNode item : subscription.get("items").get("data")) {
            if (InvoiceLines.metered(item.get("price"))) {
                window(subscription, item, invoice, now);
            } else if (prorate && item.get("current_period_end").asLong() > now) {
                credits.add(lines.pendingRest(subscription, item, true, now));
            }
        }
        keep(credits);
        end(subscription, now);
        store.put(subscription);
        feed.emit("customer.subscription.deleted", subscription, now);
        if (invoiceNow) {
            invoices.takePending(invoice, customer, subscription);
            if (!invoice.get(Invoices.WINDOWS).isEmpty() || !invoice.get(Invoices.FIXED).isEmpty()) {
                issue(subscription, invoice, true, now);
            }
        }
    }

    /** @return the invoice that the period will end with if nothing more happens; nothing is stored */
    ObjectNode preview(final ObjectNode subscription, final List<ObjectNode> added, final long now) {
        final ObjectNode customer = store.get(Customers.TYPE, subscription.get("customer").asText());
        long end = Long.MAX_VALUE;
        for (final JsonNode item : subscription.get("items").get("data")) {
            end = Math.min(end, item.get("current_period_end").asLong());
        }
        final boolean ends = subscription.path("cancel_at").isNumber() && subscription.get("cancel_at").asLong() <= end;
        final ObjectNode invoice = invoices.draft(customer, subscription, "upcoming", end, firstStart(subscription),
            end);
        for (final JsonNode item : subscription.get("items").get("data")) {
            if (item.get("current_period_end").asLong() == end && InvoiceLines.metered(item.get("price"))) {
                window(subscription, (ObjectNode) item, invoice, end);
            }
        }
        if (!ends) {
            renew(subscription, invoice, end);
        }
        invoices.addItems(invoice, items.pending(customer.get("id").asText(), subscription.get("id").asText()));
        invoices.addItems(invoice, added);
        invoices.total(invoice);
        invoice.put("id", "upcoming_" + invoice.get("id").asText()).put("created", now);
        ((ObjectNode) invoice.get("lines")).put("url", "/v1/invoices/" + invoice.get("id").asText() + "/lines");
        return invoice;
    }

    private void renew(final ObjectNode subscription, final ObjectNode invoice, final long now) {
        for (final JsonNode each : subscription.get("items").get("data")) {
            final ObjectNode item = (ObjectNode) each;
            if (item.get("current_period_end").asLong() > now) {
                continue;
            }
            final long end = Periods.endAfter(subscription.get("billing_cycle_anchor").asLong(),
                item.get("price").get("recurring"), now);
            item.put("current_period_start", now).put("current_period_end", end);
            item.put(SubscriptionChange.USAGE_FROM, now);
            if (!InvoiceLines.metered(item.get("price"))) {
                invoice.withArray(Invoices.FIXED).addAll(
                    lines.licensed(invoice.get("id").asText(), subscription, item, now, end, end - now));
            }
        }
    }

    private void issue(final ObjectNode subscription, final ObjectNode invoice, final boolean atOnce, final long now) {
        invoices.total(invoice);
        invoices.put(invoice, "invoice.created", now);
        subscription.put("latest_invoice", invoice.get("id").asText());
        store.put(subscription);
        if (atOnce) {
            invoices.finalized(invoice, now);
        }
    }

    private static void window(final ObjectNode subscription, final JsonNode item, final ObjectNode invoice,
                               final long to) {
        final ArrayNode windows = (ArrayNode) invoice.get(Invoices.WINDOWS);
        windows.add(InvoiceLines.window(subscription, item, item.get(SubscriptionChange.USAGE_FROM).asLong(), to));
    }

    private static void end(final ObjectNode subscription, final long now) {
        subscription.put("status", "canceled").put("ended_at", now);
        if (!subscription.path("canceled_at").isNumber()) {
            subscription.put("canceled_at", now);
        }
        ((ObjectNode) subscription.get("cancellation_details")).put("reason", "cancellation_requested");
    }

    private static long start(final ObjectNode subscription, final JsonNode item, final long end) {
        return Periods.startAtOrBefore(subscription.get("billing_cycle_anchor").asLong(),
            item.get("price").get("recurring"), end - 1);
    }

    private static long firstStart(final ObjectNode subscription) {
        long first = Long.MAX_VALUE;
        for (final JsonNode item : subscription.get("items").get("data")) {
            first = Math.min(first, item.get("current_period_start").asLong());
        }
        return first;
    }
}
