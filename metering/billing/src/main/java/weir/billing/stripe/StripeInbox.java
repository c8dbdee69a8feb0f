package weir.billing.stripe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.store.InvoiceStore;
import weir.billing.store.StripeEventStore;
import weir.billing.store.StripeInvoiceCheck;
import weir.billing.store.SubscriptionStore;
import weir.billing.webhook.in.WebhookTypes;

/**
 * Handles the events that {@link weir.billing.webhook.in.WebhookIntake} stored. What an event does and that it is
 * handled become true together. Events come twice and in any order: its id makes the first harmless, the time and state
 * that Stripe stated the second. Billing thread.
 */
final class StripeInbox {
    private static final Logger LOG = LoggerFactory.getLogger(StripeInbox.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 64;
    private static final long MS_PER_SECOND = 1_000L;
    private static final long KEEP_MS = 35L * 86_400_000L;
    private static final long FORGET_EVERY_MS = 3_600_000L;
    private static final Map<String, Integer> RANKS = Map.of("draft", 0, "open", 1, "uncollectible", 2, "paid", 3,
        "void", 3, "deleted", 4);

    private final StripeEventStore events;
    private final BatchStore batches;
    private final InvoiceStore invoices;
    private final SubscriptionStore subscriptions;
    private final StripeObjectCalls calls;
    private final StripeCalls senders;
    private final Database database;
    private final RetryPolicy policy;
    private long forgetAtMs;

    StripeInbox(final StripeEventStore events, final BatchStore batches, final InvoiceStore invoices,
        final SubscriptionStore subscriptions, final StripeObjectCalls calls, final StripeCalls senders,
        final Database database, final RetryPolicy policy) {
        this.events = events;
        this.batches = batches;
        this.invoices = invoices;
        this.subscriptions = subscriptions;
        this.calls = calls;
        this.senders = senders;
        this.database = database;
        this.policy = policy;
    }

    /** Handles what is due. The caller commits. @return events handled, begun or forgotten */
    int doWork(final long nowMs) {
        int count = 0;
        if (nowMs >= forgetAtMs) {
            forgetAtMs = nowMs + FORGET_EVERY_MS;
            count += events.forgetBefore(nowMs - KEEP_MS);
        }
        for (final StripeEventStore.Event event : events.due(nowMs, ROWS)) {
            if (WebhookTypes.isError(event.type())) {
                count += fetch(event, nowMs);
            } else {
                snapshot(event);
                count++;
            }
        }
        return count;
    }

    /** A thin event has no data: it is asked for. */
    private int fetch(final StripeEventStore.Event event, final long nowMs) {
        final String key = "event/" + event.eventId();
        if (!senders.tryBegin(key, nowMs)) {
            return 0;
        }
        database.commit();
        senders.begin(key, () -> calls.thinEvent(event.eventId()), json -> report(event, json, nowMs), answer -> {
            if (answer.outcome() == StripeAnswer.Outcome.REFUSED) {
                events.refused(event.eventId(), answer.code());
            } else {
                events.postponed(event.eventId(), answer.code(), nowMs + policy.capMs());
            }
        });
        return 1;
    }

    private void report(final StripeEventStore.Event event, final String json, final long nowMs) {
        final JsonNode answer = parse(json);
        if (!event.eventId().equals(answer.path("id").asText())) {
            // whoever answered, it was not Stripe: the report is still to be had
            events.postponed(event.eventId(), "not_this_event", nowMs + policy.capMs());
            return;
        }
        final ErrorReport report = ErrorReport.read(answer);
        for (final ErrorReport.Errors errors : report.errors()) {
            long quarantined = 0;
            for (final ErrorReport.Sample sample : errors.samples()) {
                quarantined += reject(sample, errors.code()) ? 1 : 0;
            }
            events.putError(event.eventId(), errors.code(), report.meterId(), errors.count(), errors.samples().size(),
                quarantined);
            LOG.error("STRIPE_REJECTED_LATER event={} code={} errors={} named={} quarantined={}", event.eventId(),
                errors.code(), errors.count(), errors.samples().size(), quarantined);
        }
        events.handled(event.eventId(), report.errors().size() + " codes");
    }

    private static JsonNode parse(final String json) {
        try {
            return JSON.readTree(json);
        } catch (final JsonProcessingException ex) {
            return MissingNode.getInstance();
        }
    }

    private boolean reject(final ErrorReport.Sample sample, final String code) {
        final BatchStore.Row row = batches.row(sample.identifier());
        if (row == null || !batches.rejected(sample.identifier(), code, sample.message())) {
            return false;
        }
        if (invoices.lateError(row.batch().tenantId(), row.batch().eventNs()) > 0) {
            LOG.error("STRIPE_REJECTED_AFTER_INVOICE batch={} units={}: the invoice of its period is final",
                sample.identifier(), row.batch().units());
        }
        return true;
    }

    private void snapshot(final StripeEventStore.Event event) {
        final JsonNode object = parse(event.body()).path("data").path("object");
        if (object.path("id").asText("").isEmpty()) {
            events.refused(event.eventId(), "no object");
        } else if (event.type().startsWith(WebhookTypes.INVOICE)) {
            invoice(event, object);
        } else {
            final boolean gone = event.type().equals(WebhookTypes.SUBSCRIPTION + "deleted");
            final String status = gone ? "canceled" : object.path("status").asText("unknown");
            final boolean taken = subscriptions.status(object.path("id").asText(), status, event.createdMs());
            events.handled(event.eventId(), taken ? status : "older or not ours");
            if (taken && gone) {
                LOG.error("STRIPE_SUBSCRIPTION_GONE {}: usage is sent on, nothing bills it",
                    object.path("id").asText());
            }
        }
    }

    private void invoice(final StripeEventStore.Event event, final JsonNode invoice) {
        final String customer = invoice.path("customer").isObject() ? invoice.path("customer").path("id").asText("")
            : invoice.path("customer").asText("");
        final int tenantId = invoices.tenant(customer);
        if (tenantId == 0) {
            events.handled(event.eventId(), "not ours");
            return;
        }
        final String status = event.type().equals("invoice.deleted") ? "deleted"
            : invoice.path("status").asText("draft");
        final String currency = invoice.path("currency").asText("usd");
        long fromMs = Long.MAX_VALUE;
        long untilMs = Long.MIN_VALUE;
        for (final JsonNode line : invoice.path("lines").path("data")) {
            final JsonNode period = line.path("period");
            if (period.has("start") && period.has("end")) {
                fromMs = Math.min(fromMs, period.path("start").asLong() * MS_PER_SECOND);
                untilMs = Math.max(untilMs, period.path("end").asLong() * MS_PER_SECOND);
            }
        }
        if (fromMs > untilMs) {
            fromMs = invoice.path("period_start").asLong() * MS_PER_SECOND;
            untilMs = invoice.path("period_end").asLong() * MS_PER_SECOND;
        }
        final long lines = Math.max(invoice.path("lines").path("data").size(),
            invoice.path("lines").path("total_count").asLong());
        final long stripeMicros;
        try {
            stripeMicros = PriceTerms.micros(invoice.path("total").asLong(), currency);
        } catch (final IllegalArgumentException ex) {
            events.refused(event.eventId(), "currency " + currency);
            return;
        }
        final long ratedMicros = invoices.ratedMicros(tenantId, fromMs, untilMs);
        final boolean taken = invoices.put(new StripeInvoiceCheck(invoice.path("id").asText(), tenantId, status,
            currency, fromMs, untilMs, stripeMicros, ratedMicros, stripeMicros - ratedMicros, 0), customer, lines,
            RANKS.getOrDefault(status, 1), event.createdMs());
        events.handled(event.eventId(), taken ? status : "older than what is known");
    }
}
