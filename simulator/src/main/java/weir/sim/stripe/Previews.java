package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code POST /v1/invoices/create_preview}: the next invoice of a subscription by the usage so far, as it is or with
 * {@code subscription_details[items]} changed now. Changes nothing; lines by {@code GET /v1/invoices/upcoming_ID/lines}
 * as long as the process runs. Guarded by the simulator's lock.
 */
final class Previews {
    private final Catalog catalog;
    private final SubscriptionChange change;
    private final SubscriptionBilling billing;
    private final TestClocks clocks;
    private ObjectNode last;

    Previews(final Catalog catalog, final SubscriptionChange change, final SubscriptionBilling billing,
             final TestClocks clocks) {
        this.catalog = catalog;
        this.change = change;
        this.billing = billing;
        this.clocks = clocks;
    }

    StripeAnswer create(final StripeRequest request) {
        request.allow("customer", "subscription", "subscription_details", "preview_mode", "currency");
        final ObjectNode subscription =
            catalog.known(Subscriptions.TYPE, request.required("subscription"), 400, "subscription").deepCopy();
        if (!Subscriptions.live(subscription)) {
            throw new StripeRefusal(404, "invalid_request_error", "invoice_upcoming_none", null,
                "No upcoming invoices for customer: '" + subscription.get("customer").asText() + "'");
        }
        final long now = clocks.now(subscription);
        final List<ObjectNode> pending = change.apply(subscription,
            SubscriptionChange.read(request, "subscription_details[items]"),
            !"none".equals(request.get("subscription_details[proration_behavior]")), now);
        last = billing.preview(subscription, pending, now);
        return StripeAnswer.ok(last);
    }

    /** @return lines of the preview made last */
    StripeAnswer lines(final StripeRequest request, final String id) {
        request.allow("limit", "starting_after", "ending_before");
        if (last == null || !last.get("id").asText().equals(id)) {
            throw StripeRefusal.noSuch(404, "invoice", id, "id");
        }
        final List<ObjectNode> lines = new ArrayList<>();
        last.get("lines").get("data").forEach(line -> lines.add((ObjectNode) line));
        return StripeAnswer.ok(StripeStore.page(request, lines));
    }
}
