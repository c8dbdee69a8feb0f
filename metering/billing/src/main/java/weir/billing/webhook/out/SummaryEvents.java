package weir.billing.webhook.out;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import weir.billing.audit.DaySummary;
import weir.billing.audit.SummaryListener;

/**
 * Publishes each day's summary as {@code summary.daily} to every endpoint that asks for the type, in the transaction
 * that stores the summary: who holds a copy notices when the past is written anew. Billing thread.
 */
public final class SummaryEvents implements SummaryListener {
    /** Type of the event. */
    public static final String TYPE = "summary.daily";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebhookOutbox outbox;

    /**
     * Events of summaries.
     *
     * @param outbox takes them
     */
    public SummaryEvents(final WebhookOutbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void onSummary(final DaySummary summary, final String keyId, final String signature, final long nowMs) {
        final ObjectNode event = JSON.createObjectNode().put("type", TYPE)
            .put("timestamp", Instant.ofEpochMilli(nowMs).toString());
        // canonical form as text: what was signed is what is sent, whatever a parser does to JSON
        event.putObject("data").put("date", summary.date().toString()).put("summary", summary.json())
            .put("summary_sha256", summary.sha256()).put("key_id", keyId).put("signature", signature);
        try {
            outbox.publish(WebhookOutbox.ALL_TENANTS, TYPE, "summary_" + summary.date() + '_' + summary.firstSequence(),
                JSON.writeValueAsString(event), summary.lastSequence(), nowMs);
        } catch (final JsonProcessingException ex) {
            throw new IllegalStateException("a tree of strings is always JSON", ex);
        }
    }
}
