package weir.billing.webhook.in;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.stripe.net.Webhook;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.store.Database;
import weir.billing.store.StripeEventStore;

class WebhookIntakeTest {
    private static final String SECRET = "whsec_test_secret";
    private static final long NOW_MS = 1_700_000_000_000L;

    @TempDir
    private Path dir;
    private String jdbcUrl;
    private WebhookIntake intake;

    @BeforeEach
    void open() {
        jdbcUrl = "jdbc:sqlite:" + dir.resolve("billing.db");
        intake = new WebhookIntake(new StripeSignature(List.of(SECRET), 300), jdbcUrl, () -> NOW_MS, 2_000);
    }

    @AfterEach
    void close() {
        intake.close();
    }

    private WebhookIntake.Answer take(final String body) {
        try {
            final String t = Long.toString(NOW_MS / 1_000);
            return intake.take("t=" + t + ",v1=" + Webhook.Util.computeHmacSha256(SECRET, t + "." + body),
                body.getBytes(StandardCharsets.UTF_8));
        } catch (final Exception ex) {
            throw new AssertionError(ex);
        }
    }

    private static String event(final String id, final String type) {
        return "{\"id\":\"" + id + "\",\"object\":\"event\",\"type\":\"" + type + "\",\"created\":1699999990,"
            + "\"data\":{\"object\":{\"id\":\"in_1\"}}}";
    }

    private long count(final String sql) throws Exception {
        try (Connection connection = Database.openForReading(jdbcUrl); Statement statement =
            connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void shouldStoreOnceWhateverIsDeliveredAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(200, take(event("evt_1", "invoice.finalized")).status());
        }
        assertEquals(1, count("SELECT COUNT(*) FROM stripe_event"));
        assertEquals(3, count("SELECT deliveries FROM stripe_event"));
    }

    @Test
    void shouldStoreOnceWhenManyDeliverAtOnceBesideAWriter() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Database billing = Database.open(jdbcUrl, NOW_MS)) {
            final List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                final int id = i % 10;
                answers.add(threads.submit(() -> take(event("evt_" + id, "invoice.paid")).status()));
                new StripeEventStore(billing).receive(new StripeEventStore.Event("own_" + i, "x", 0, ""), true, 0);
                billing.commit();
            }
            for (final Future<Integer> answer : answers) {
                assertEquals(200, answer.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(10, count("SELECT COUNT(*) FROM stripe_event WHERE event_id LIKE 'evt%'"));
        assertEquals(40, count("SELECT SUM(deliveries) FROM stripe_event WHERE event_id LIKE 'evt%'"));
    }

    @Test
    void shouldAnswerGoodToWhatNothingHandles() throws Exception {
        assertEquals(200, take(event("evt_9", "charge.succeeded")).status());
        assertEquals(1, count("SELECT COUNT(*) FROM stripe_event WHERE state = 2 AND body IS NULL"));
    }

    @Test
    void shouldTakeThinEventsWithTheirTime() throws Exception {
        assertEquals(200, take("{\"id\":\"evt_test_1\",\"object\":\"v2.core.event\",\"type\":\""
            + WebhookTypes.ERROR_REPORT + "\",\"created\":\"2023-11-14T22:13:20.500Z\"}").status());
        assertEquals(1_700_000_000_500L, count("SELECT created_ms FROM stripe_event WHERE state = 0"));
    }

    @Test
    void shouldRefuseWhatIsNotSignedOrNoEvent() {
        final byte[] body = event("evt_1", "invoice.paid").getBytes(StandardCharsets.UTF_8);
        assertEquals(new WebhookIntake.Answer(400, "WEBHOOK_SIGNATURE_MALFORMED"), intake.take(null, body));
        assertEquals(new WebhookIntake.Answer(400, "WEBHOOK_SIGNATURE_NO_MATCH"),
            intake.take("t=1700000000,v1=" + "0".repeat(64), body));
        assertEquals(new WebhookIntake.Answer(413, "WEBHOOK_TOO_LARGE"), take("x".repeat(2_001)));
        for (final String none : List.of("", "{", "[]", "{}", "{\"id\":\"a\",\"object\":\"customer\"}",
            "{\"id\":\"" + "a".repeat(256) + "\",\"object\":\"event\"}")) {
            assertEquals(new WebhookIntake.Answer(400, "WEBHOOK_NO_EVENT"), take(none), none);
        }
    }

    @Test
    void shouldAskForAnotherDeliveryWhenItCannotStore() throws Exception {
        intake.close();
        intake = new WebhookIntake(new StripeSignature(List.of(SECRET), 300), "jdbc:sqlite:/dev/null/x.db",
            () -> NOW_MS, 2_000);
        assertEquals(503, take(event("evt_1", "invoice.paid")).status());
    }
}
