package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.stripe.exception.StripeException;
import com.stripe.net.Webhook;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.BillingContext;
import weir.billing.BillingProcess;
import weir.billing.BillingTenant;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.report.UsageReport;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.AdjustmentStore.Kind;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.store.DriftStore;
import weir.billing.store.InvoiceStore;
import weir.billing.store.StripeEventStore;
import weir.billing.store.StripeInvoiceCheck;
import weir.billing.webhook.in.StripeSignature;
import weir.billing.webhook.in.WebhookIntake;
import weir.billing.world.Fixture;
import weir.billing.world.StripeTotals;
import weir.billing.world.World;

@Timeout(60)
class StripeSideTest {
    private static final String SECRET = "whsec_test_secret";
    private static final long NS_PER_DAY = 86_400_000_000_000L;

    private final Fixture fixture = new Fixture();
    private final World world = World.standard(World.JOURNAL_ID);

    @AfterEach
    void close() {
        fixture.close();
    }

    private BillingContext context() {
        return fixture.context(world.frames).stripe(new StripeSettings(false, false, List.of(SECRET), 0, Map.of(), 10));
    }

    private void drain() throws InterruptedException {
        try (BillingProcess process = BillingProcess.launch(context().drain(true))) {
            assertTrue(process.awaitEnd(40_000), () -> fixture.report().toString());
            assertNull(process.failure());
        }
    }

    private <T> T read(final Function<Database, T> query) {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), System.currentTimeMillis())) {
            final T result = query.apply(database);
            database.commit();
            return result;
        }
    }

    private List<DriftStore.Row> drift(final long day) {
        final StripeGateway gateway = new StripeGateway(fixture.stripe.baseUrl(), Fixture.API_KEY, 2_000, 5_000,
            new StripeClock(System::currentTimeMillis, StripeClock.ALARM_MS));
        try {
            return DriftReport.compare(fixture.jdbcUrl(), gateway, day, System.currentTimeMillis());
        } catch (final StripeException ex) {
            throw new AssertionError(ex);
        }
    }

    private String batch(final int tenantId) {
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(
                "SELECT identifier FROM batch WHERE meter = 0 AND tenant_id = " + tenantId)) {
            assertTrue(rows.next());
            return rows.getString(1);
        } catch (final SQLException ex) {
            throw new AssertionError(ex);
        }
    }

    private static String signed(final String body) {
        final String t = Long.toString(System.currentTimeMillis() / 1_000);
        try {
            return "t=" + t + ",v1=" + Webhook.Util.computeHmacSha256(SECRET, t + "." + body);
        } catch (final Exception ex) {
            throw new AssertionError(ex);
        }
    }

    private void deliver(final String... bodies) {
        try (WebhookIntake intake = new WebhookIntake(new StripeSignature(List.of(SECRET), 300), fixture.jdbcUrl(),
            System::currentTimeMillis, WebhookIntake.BODY_BYTES_MAX)) {
            for (final String body : bodies) {
                assertEquals(200, intake.take(signed(body), body.getBytes(StandardCharsets.UTF_8)).status());
            }
        }
    }

    private JsonNode thinEvents() throws Exception {
        return new ObjectMapper().readTree(HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(
            fixture.stripe.baseUrl() + "/_sim/events")).build(), HttpResponse.BodyHandlers.ofString()).body())
            .get("data");
    }

    @Test
    void shouldQuarantineWhatStripeTookAndThenRejected() throws Exception {
        world.newOrder(1, null);
        world.newOrder(3, null);
        final BillingContext wrong = new BillingContext().recordSource(world.frames.source())
            .jdbcUrl(fixture.jdbcUrl()).stripeApiBase(fixture.stripe.baseUrl()).stripeApiKey(Fixture.API_KEY)
            .tenant(new BillingTenant(1, "alpha", "cus_nobody")).stripe(context().stripe());
        try (BillingProcess process = BillingProcess.launch(wrong)) {
            process.requestSeal();
            Fixture.await("delivery", () -> fixture.report().usage().stream().mapToLong(UsageReport.Usage::batchesAcked)
                .sum() == 2, fixture::report);
            Fixture.await("thin event", () -> {
                try {
                    return !thinEvents().isEmpty();
                } catch (final Exception ex) {
                    throw new AssertionError(ex);
                }
            }, () -> "none");
            final String thin = thinEvents().get(0).toString();
            deliver(thin, thin);
            Fixture.await("quarantine", () -> !fixture.report().quarantined().isEmpty(), fixture::report);
            assertNull(process.failure());
        }
        final List<UsageReport.Quarantined> found = fixture.report().quarantined();
        assertEquals(1, found.size());
        assertEquals(1, found.get(0).tenantId());
        assertEquals("meter_event_customer_not_found", found.get(0).code());
        assertEquals(0, fixture.report().undelivered());
    }

    /** The thin event is Stripe's only word of what it did not count. */
    @Test
    void shouldAskAgainForAnErrorReportThatAPageCameFor() throws Exception {
        final String event = "{\"id\":\"evt_1\",\"object\":\"v2.core.event\",\"type\":"
            + "\"v1.billing.meter.error_report_triggered\",\"created\":\"2026-01-02T03:04:05Z\"}";
        for (final int status : new int[] {200, 403, 404}) {
            fixture.fault("{\"kind\":\"foreign\",\"path\":\"/v2/core/events/evt_1\",\"status\":" + status + "}");
        }
        try (BillingProcess process = BillingProcess.launch(context())) {
            deliver(event);
            // the simulator knows no such event, which ends it
            Fixture.await("all answers", () -> fixture.faultHits() == 3 && read(database ->
                new StripeEventStore(database).due(Long.MAX_VALUE, 9).isEmpty()), fixture::report);
            assertNull(process.failure());
        }
        assertEquals(3, fixture.faultHits());
    }

    @Test
    void shouldCancelOnceWhenAPageComesInPlaceOfTheAnswer() throws InterruptedException {
        world.newOrder(1, null);
        drain();
        final String whole = batch(1);
        read(database -> new AdjustmentStore(database).order(whole, Kind.VOID, 0, "test", System.currentTimeMillis()));
        fixture.fault("{\"kind\":\"foreign_after_commit\",\"path\":\"/v1/billing/meter_event_adjustments\"}");
        fixture.fault("{\"kind\":\"foreign\",\"path\":\"/v1/billing/meter_event_adjustments\",\"status\":403}");
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("adjustment", () -> read(database -> new AdjustmentStore(database).open().isEmpty())
                && fixture.report().undelivered() == 0, () -> read(database -> new AdjustmentStore(database).all()));
            assertNull(process.failure());
        }
        assertEquals("cancelled", read(database -> new AdjustmentStore(database).all()).get(0).outcome());
        assertEquals(1, StripeTotals.count(fixture.stripe.logFile(), "adjustment"));
        assertEquals(1, StripeTotals.count(fixture.stripe.logFile(), "accepted"));
    }

    @Test
    void shouldCancelAWholeBatchAndTakeBackAPartOnce() throws InterruptedException {
        world.newOrder(1, null);
        world.newOrder(3, null);
        world.newOrder(3, null);
        drain();
        final String whole = batch(1);
        final String part = batch(2);
        final long nowMs = System.currentTimeMillis();
        read(database -> new AdjustmentStore(database).order(whole, Kind.VOID, 0, "test", nowMs));
        read(database -> new AdjustmentStore(database).order(part, Kind.REDUCE, 1, "test", nowMs));
        fixture.fault("{\"kind\":\"drop_after_commit\",\"count\":2}");
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("adjustments", () -> read(database -> new AdjustmentStore(database).open().isEmpty())
                && fixture.report().undelivered() == 0, () -> read(database -> new AdjustmentStore(database).all()));
            assertNull(process.failure());
        }
        assertEquals(1, StripeTotals.count(fixture.stripe.logFile(), "adjustment"));
        assertEquals(1, StripeTotals.read(fixture.stripe.logFile()).get("beta/request"));
        final List<AdjustmentStore.Row> rows = read(database -> new AdjustmentStore(database).all());
        assertEquals("cancelled", rows.get(0).outcome());
        assertEquals("event", rows.get(1).outcome());
        assertEquals("cancelled", fixture.report().quarantined().get(0).code());
        for (final DriftStore.Row row : drift(world.nowNs() / NS_PER_DAY)) {
            assertTrue(row.agrees(), row::toString);
        }
        final BillingException refused = assertThrows(BillingException.class, () -> read(database ->
            new AdjustmentStore(database).order(part, Kind.REDUCE, 2, "more than is left", nowMs)));
        assertEquals(BillingError.ADJUSTMENT_REFUSED, refused.error());
    }

    @Test
    void shouldTakeNothingBackWhenStripeRejectedTheBatchAfterTheOrder() throws InterruptedException {
        world.newOrder(1, null);
        drain();
        final String whole = batch(1);
        read(database -> new AdjustmentStore(database).order(whole, Kind.VOID, 0, "test", 0));
        read(database -> new BatchStore(database).rejected(whole, "archived_meter", "gone"));
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("end of the order", () -> read(database -> new AdjustmentStore(database).open().isEmpty()),
                fixture::report);
            assertNull(process.failure());
        }
        final AdjustmentStore.Row row = read(database -> new AdjustmentStore(database).all()).get(0);
        assertEquals(AdjustmentStore.State.FAILED, row.state());
        assertEquals("batch_quarantined", row.outcome());
        assertEquals(1, StripeTotals.read(fixture.stripe.logFile()).get("alpha/request"));
    }

    @Test
    void shouldTakeBackByAnEventWhenStripeCancelsNoMore() throws InterruptedException {
        world.newOrder(1, null);
        drain();
        final String whole = batch(1);
        read(database -> new AdjustmentStore(database).order(whole, Kind.VOID, 0, "test", 0));
        try (BillingProcess process = BillingProcess.launch(context().epochClock(
            () -> System.currentTimeMillis() + 23 * 3_600_000L + 1_000))) {
            Fixture.await("adjustment", () -> read(database -> new AdjustmentStore(database).open().isEmpty())
                && fixture.report().undelivered() == 0, fixture::report);
            assertNull(process.failure());
        }
        assertEquals(0, StripeTotals.count(fixture.stripe.logFile(), "adjustment"));
        assertEquals(0, StripeTotals.read(fixture.stripe.logFile()).get("alpha/request"));
    }

    @Test
    void shouldCarryWhatIsTooOldToTheNextInvoiceWhenOrdered() throws InterruptedException {
        world.advance(-40 * NS_PER_DAY);
        world.newOrder(1, null);
        drain();
        assertEquals(ClockRules.TOO_OLD, fixture.report().quarantined().get(0).code());
        final String old = batch(1);
        read(database -> new AdjustmentStore(database).order(old, Kind.CARRY, 0, "told", 0));
        assertThrows(BillingException.class, () -> read(database -> new AdjustmentStore(database).order(old,
            Kind.CARRY, 0, "again", 0)));
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("carry", () -> StripeTotals.count(fixture.stripe.logFile(), "accepted") == 1
                && fixture.report().undelivered() == 0, fixture::report);
            assertNull(process.failure());
        }
        assertEquals(1, StripeTotals.read(fixture.stripe.logFile()).get("alpha/request"));
    }

    @Test
    void shouldNameTheDayWhenStripeCountedWhatNobodyRated() throws Exception {
        world.play(5, 120);
        drain();
        final long day = world.nowNs() / NS_PER_DAY;
        for (long d = day - 1; d <= day; d++) {
            for (final DriftStore.Row row : drift(d)) {
                assertTrue(row.agrees(), row::toString);
            }
        }
        final String customer = drift(day).get(0).ours().customerId();
        final HttpResponse<String> foreign = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(
            fixture.stripe.baseUrl() + "/v1/billing/meter_events")).header("Authorization", "Bearer "
            + Fixture.API_KEY).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("event_name=request&payload[stripe_customer_id]=" + customer
                + "&payload[value]=5&identifier=foreign-1&timestamp=" + world.nowNs() / 1_000_000_000L)).build(),
            HttpResponse.BodyHandlers.ofString());
        assertEquals(200, foreign.statusCode(), foreign::body);
        final List<DriftStore.Row> off = drift(day).stream().filter(row -> !row.agrees()).toList();
        assertEquals(1, off.size());
        assertEquals("5", off.get(0).difference().stripTrailingZeros().toPlainString());
        assertEquals(0, off.get(0).ours().meter());
        final List<DriftStore.Row> stored = read(database -> new DriftStore(database).rows(day));
        assertEquals(1, stored.stream().filter(row -> !row.agrees()).count());
    }

    private static String invoice(final String event, final String type, final long created, final String status,
        final String customer, final long total, final long fromSeconds, final long untilSeconds) {
        return "{\"id\":\"" + event + "\",\"object\":\"event\",\"type\":\"" + type + "\",\"created\":" + created
            + ",\"data\":{\"object\":{\"id\":\"in_1\",\"object\":\"invoice\",\"customer\":\"" + customer
            + "\",\"status\":\"" + status + "\",\"currency\":\"usd\",\"total\":" + total
            + ",\"lines\":{\"data\":[{\"period\":{\"start\":" + fromSeconds + ",\"end\":" + untilSeconds + "}}]}}}}";
    }

    @Test
    void shouldNeverLetAnOlderEventOverwriteANewerState() throws InterruptedException {
        world.newOrder(1, null);
        drain();
        final String customer = drift(world.nowNs() / NS_PER_DAY).get(0).ours().customerId();
        final long from = world.nowNs() / 1_000_000_000L - 3_600;
        deliver(invoice("evt_3", "invoice.paid", 300, "paid", customer, 7, from, from + 9_000),
            invoice("evt_1", "invoice.created", 100, "draft", customer, 1, from, from + 9_000),
            invoice("evt_2", "invoice.finalized", 300, "open", customer, 3, from, from + 9_000),
            invoice("evt_4", "invoice.paid", 400, "paid", "cus_other", 7, from, from + 9_000));
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("invoice", () -> read(database -> !new InvoiceStore(database).all().isEmpty()
                && new StripeEventStore(database).due(Long.MAX_VALUE, 9).isEmpty()),
                fixture::report);
            deliver(invoice("evt_0", "invoice.updated", 299, "open", customer, 2, from, from + 9_000));
            Fixture.await("late event", () -> read(database -> new StripeEventStore(database)
                .due(Long.MAX_VALUE, 9).isEmpty()), fixture::report);
            assertNull(process.failure());
        }
        final List<StripeInvoiceCheck> all = read(database -> new InvoiceStore(database).all());
        assertEquals(1, all.size());
        assertEquals("paid", all.get(0).status());
        assertEquals(70_000, all.get(0).stripeMicros());
        assertEquals(10, all.get(0).ratedMicros());
        assertEquals(69_990, all.get(0).differenceMicros());
    }
}
