package weir.billing.webhook.in;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.fault.BillingException;
import weir.billing.store.Database;
import weir.billing.store.StripeEventStore;

/**
 * Takes deliveries of Stripe: checks, stores, answers. It has a connection of its own, so that an event is on disk
 * before its 200 leaves and no delivery waits for the billing thread, which may be at work on a large transaction or at
 * a call of its own; SQLite lets the two connections write in turn. An event that was stored before is answered 200
 * again and counted; one of a type that nothing handles is stored without its body, so that it is known next time too.
 * One delivery at a time; any thread.
 */
public final class WebhookIntake implements AutoCloseable {
    /** Default for the largest body, bytes. */
    public static final int BODY_BYTES_MAX = 1 << 18;

    private static final Logger LOG = LoggerFactory.getLogger(WebhookIntake.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ID_CHARS_MAX = 255;
    private static final long MS_PER_SECOND = 1_000;

    private final StripeSignature signature;
    private final String jdbcUrl;
    private final EpochClock clock;
    private final int bodyBytesMax;
    private Database database;
    private StripeEventStore store;
    private boolean closed;

    /**
     * Answer to a delivery.
     *
     * @param status HTTP status: 200 stored or known, 400 not Stripe's or no event, 413 too large, 503 not stored, to
     *               be delivered again
     * @param code   stable, for the problem document; empty with 200
     */
    public record Answer(int status, String code) {
        static final Answer STORED = new Answer(200, "");
        static final Answer NOT_STORED = new Answer(503, "WEBHOOK_NOT_STORED");
    }

    /**
     * An intake; the database is opened with the first delivery that has a good signature.
     *
     * @param signature    check
     * @param jdbcUrl      of the billing database
     * @param clock        wall clock
     * @param bodyBytesMax largest body
     */
    public WebhookIntake(final StripeSignature signature, final String jdbcUrl, final EpochClock clock,
        final int bodyBytesMax) {
        this.signature = signature;
        this.jdbcUrl = jdbcUrl;
        this.clock = clock;
        this.bodyBytesMax = bodyBytesMax;
    }

    /**
     * Takes one delivery.
     *
     * @param header value of {@code Stripe-Signature}; null = none
     * @param body   bytes as they came
     * @return what to answer
     */
    public Answer take(final String header, final byte[] body) {
        if (body.length > bodyBytesMax) {
            return new Answer(413, "WEBHOOK_TOO_LARGE");
        }
        final long nowMs = clock.time();
        final StripeSignature.Verdict verdict = signature.check(header, body, nowMs / MS_PER_SECOND);
        if (verdict != StripeSignature.Verdict.GOOD) {
            LOG.warn("WEBHOOK_REFUSED signature {}, {} bytes", verdict, body.length);
            return new Answer(400, "WEBHOOK_SIGNATURE_" + verdict);
        }
        final StripeEventStore.Event event = event(body, nowMs);
        if (event == null) {
            LOG.warn("WEBHOOK_REFUSED signed, but no event of Stripe: {} bytes", body.length);
            return new Answer(400, "WEBHOOK_NO_EVENT");
        }
        return store(event, nowMs);
    }

    private synchronized Answer store(final StripeEventStore.Event event, final long nowMs) {
        if (closed) {
            return Answer.NOT_STORED;
        }
        try {
            if (database == null) {
                database = Database.openBeside(jdbcUrl, nowMs);
                store = new StripeEventStore(database);
            }
            store.receive(event, WebhookTypes.isHandled(event.type()), nowMs);
            database.commit();
            return Answer.STORED;
        } catch (final BillingException ex) {
            // degrade: Stripe delivers it again, for three days
            LOG.error("WEBHOOK_NOT_STORED event={} {}", event.eventId(), ex.getMessage());
            reopen();
            return Answer.NOT_STORED;
        }
    }

    /** What the connection holds after a failure is unknown: the next delivery has a new one. */
    private void reopen() {
        final Database broken = database;
        database = null;
        store = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (final BillingException ex) {
                LOG.warn("webhook connection: {}", ex.getMessage());
            }
        }
    }

    /** Both kinds: a snapshot event has seconds and its object, a thin event (v2) RFC 3339 and no data. */
    private static StripeEventStore.Event event(final byte[] body, final long nowMs) {
        final JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (final IOException ex) {
            return null;
        }
        if (root == null || !root.isObject()) {
            return null;
        }
        final String id = root.path("id").asText("");
        final String type = root.path("type").asText("");
        final String object = root.path("object").asText("");
        if (id.isEmpty() || id.length() > ID_CHARS_MAX || type.length() > ID_CHARS_MAX
            || !object.equals("event") && !object.equals("v2.core.event")) {
            return null;
        }
        return new StripeEventStore.Event(id, type, createdMs(root.path("created"), nowMs),
            new String(body, StandardCharsets.UTF_8));
    }

    private static long createdMs(final JsonNode created, final long nowMs) {
        if (created.isIntegralNumber()) {
            return created.asLong() * MS_PER_SECOND;
        }
        try {
            return created.isTextual() ? Instant.parse(created.asText()).toEpochMilli() : nowMs;
        } catch (final DateTimeParseException ex) {
            return nowMs;
        }
    }

    /** Later deliveries are answered 503. Any thread. */
    @Override
    public synchronized void close() {
        closed = true;
        reopen();
    }
}
