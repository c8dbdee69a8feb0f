package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.billing.BillingContext;
import weir.billing.BillingProcess;
import weir.billing.rating.Discrepancy;
import weir.billing.reconcile.ReconcileReport;
import weir.billing.reconcile.Reconciler;
import weir.billing.report.UsageReport;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.Database;
import weir.billing.store.DriftStore;
import weir.billing.store.InvoiceStore;
import weir.billing.store.StripeInvoiceCheck;
import weir.billing.webhook.in.WebhookDoor;
import weir.billing.world.Fixture;
import weir.billing.world.StripeTotals;
import weir.billing.world.World;

@Timeout(90)
class SubscriptionsTest {
    private static final long DAY_MS = 86_400_000L;
    private static final String SECRET_FIELD = "secret";
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");

    private final Fixture fixture = new Fixture();
    private final World world = new World(World.JOURNAL_ID);
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile long skewMs;
    private List<String> secrets = List.of();
    private int port;
    private long windowMs = 5_000;
    private boolean follow = true;
    private BillingProcess running;

    SubscriptionsTest() {
        world.instrument();
        world.plan(1, new long[][]{{0, 3, 100_000}, {0, 0, 50_000}});
        world.tenant(1, "alpha", true);
        world.tenant(2, "beta", true);
        world.session(1, 1, "ALPHA1");
        world.session(3, 2, "BETA1");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private BillingContext context() {
        return fixture.context(world.frames).epochClock(() -> System.currentTimeMillis() + skewMs)
            .windowMs(windowMs).stripe(new StripeSettings(follow, false, secrets, port, Map.of(2, TOKYO), 10));
    }

    private void drain() throws InterruptedException {
        try (BillingProcess process = BillingProcess.launch(context().drain(true))) {
            assertTrue(process.awaitEnd(40_000), () -> fixture.report().toString());
            assertNull(process.failure());
        }
    }

    private void orders(final int sessionId, final int count) {
        for (int i = 0; i < count; i++) {
            world.newOrder(sessionId, null);
        }
    }

    private JsonNode call(final String method, final String path, final String form) {
        try {
            final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(
                fixture.stripe.baseUrl() + path)).header("Authorization", "Bearer " + Fixture.API_KEY)
                .header("Stripe-Version", BillingContext.STRIPE_API_VERSION)
                .header("Content-Type", form.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(form)).build(),
                HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
            return new ObjectMapper().readTree(answer.body());
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }

    private JsonNode list(final String path) {
        return call("GET", path, "").get("data");
    }

    private void skew(final long ms) {
        world.advance((ms - skewMs) * 1_000_000L);
        skewMs = ms;
        call("POST", "/_sim/config", "{\"clockSkewMs\":" + ms + "}");
    }

    private JsonNode subscription(final String tenant) {
        for (final JsonNode one : list("/v1/subscriptions?limit=100")) {
            if (tenant.equals(one.path("metadata").path(StripeGateway.TENANT_KEY).asText())) {
                return one;
            }
        }
        throw new AssertionError("no subscription of " + tenant);
    }

    private void assertOneOfEach(final int planVersions) {
        assertEquals(planVersions, list("/v1/products?limit=100").size());
        final Set<String> keys = new HashSet<>();
        list("/v1/prices?limit=100").forEach(price -> assertTrue(keys.add(price.get("lookup_key").asText())));
        assertEquals(planVersions, keys.size());
        assertEquals(2, list("/v1/subscriptions?limit=100").size());
    }

    @Test
    void shouldMakeEachObjectOnceWhenAnswersAreLostAndBillingIsRestarted() throws InterruptedException {
        orders(1, 4);
        orders(3, 2);
        fixture.fault("{\"kind\":\"drop_after_commit\",\"count\":12}");
        drain();
        fixture.clearFaults();
        drain();
        assertOneOfEach(1);
        final JsonNode beta = subscription("beta");
        assertEquals("flexible", beta.path("billing_mode").path("type").asText());
        final var anchor = Instant.ofEpochSecond(beta.get("billing_cycle_anchor").asLong()).atZone(TOKYO);
        assertEquals(1, anchor.getDayOfMonth());
        assertEquals(0, anchor.toLocalTime().toSecondOfDay());
        assertEquals(StripeTotals.of(world), StripeTotals.read(fixture.stripe.logFile()));
    }

    @Test
    void shouldEndEachOfStripesMonthsWhereTheTenantsEnds() throws InterruptedException {
        final int year = Instant.now().atZone(ZoneOffset.UTC).getYear() + 1;
        skew(Instant.parse(year + "-02-10T00:00:00Z").toEpochMilli() - System.currentTimeMillis());
        orders(3, 2);
        drain();
        final List<String> ends = new ArrayList<>();
        for (int month = 2; month <= 5; month++) {
            ends.add(Instant.ofEpochSecond(subscription("beta").get("items").get("data").get(0)
                .get("current_period_end").asLong()).toString());
            skew(Instant.parse(year + "-0" + (month + 1) + "-10T00:00:00Z").toEpochMilli()
                - System.currentTimeMillis());
            // any call lets the simulator see its new time
            call("GET", "/v1/invoices?limit=10", "");
        }
        assertEquals(List.of(YearMonth.of(year, 2).atEndOfMonth() + "T15:00:00Z", year + "-03-31T15:00:00Z",
            year + "-04-30T15:00:00Z", year + "-05-31T15:00:00Z"), ends);
    }

    @Test
    void shouldBillUsageAtThePriceItWasRatedAtWhenPricesChangeInMidCycle() throws InterruptedException {
        orders(1, 5);
        drain();
        skew(60_000);
        orders(1, 2);
        world.plan(2, new long[][]{{0, 2, 200_000}, {0, 0, 70_000}});
        orders(1, 3);
        drain();
        assertOneOfEach(2);
        skew(120_000);
        orders(1, 1);
        drain();
        final JsonNode preview = call("POST", "/v1/invoices/create_preview", "subscription="
            + subscription("alpha").get("id").asText() + "&customer=" + subscription("alpha").get("customer").asText());
        // 7 at the old tiers: 3 x 10 + 4 x 5; 4 at the new, which start anew: 2 x 20 + 2 x 7
        assertEquals(50 + 54, preview.get("total").asLong(), preview::toString);
        assertEquals(11, StripeTotals.read(fixture.stripe.logFile()).get("alpha/request"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"denied_403", "error_500"})
    void shouldChangePricesBesideACorrectionThatFailsForEver(final String fault) throws Exception {
        orders(1, 5);
        orders(3, 1);
        drain();
        final String whole = stored("SELECT identifier FROM batch WHERE tenant_id = 2 AND meter = 0");
        ordered(whole, AdjustmentStore.Kind.VOID);
        fixture.fault("{\"kind\":\"" + fault + "\",\"path\":\"/v1/billing/meter_event_adjustments\","
            + "\"count\":1000000}");
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("attempts", () -> fixture.faultHits() >= 3, fixture::faultHits);
            skew(60_000);
            orders(1, 2);
            world.plan(2, new long[][]{{0, 2, 200_000}, {0, 0, 70_000}});
            orders(1, 3);
            Fixture.await("position", () -> process.position() == world.frames.size() || process.failure() != null,
                process::position);
            process.requestSeal();
            Fixture.await("delivery at the new price", () -> StripeTotals.read(fixture.stripe.logFile())
                .getOrDefault("alpha/request", 0L) == 10 && fixture.report().undelivered() == 0, fixture::report);
            assertTrue(priceOf("alpha").startsWith("weir-p7-v2-"), priceOf("alpha"));
            final long failed = fixture.faultHits();
            Fixture.await("another attempt", () -> fixture.faultHits() > failed, fixture::faultHits);
            fixture.clearFaults();
            Fixture.await("the correction", () -> stored("SELECT outcome FROM stripe_adjustment").equals("cancelled"),
                () -> stored("SELECT outcome FROM stripe_adjustment"));
            assertNull(process.failure());
        }
        assertEquals(1, StripeTotals.count(fixture.stripe.logFile(), "adjustment"));
    }

    private void ordered(final String identifier, final AdjustmentStore.Kind kind) {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 0)) {
            new AdjustmentStore(database).order(identifier, kind, 0, "test", 0);
            database.commit();
        }
    }

    /** Billing was down, or Stripe was, until the invoice of the usage was final: Stripe puts the usage on none. */
    @Test
    void shouldNotDeliverUsageOfAPeriodWhoseInvoiceIsFinalUntilItIsCarried() throws Exception {
        orders(1, 1);
        drain();
        long endMs = subscription("alpha").get("billing_cycle_anchor").asLong() * 1_000L;
        if (endMs - System.currentTimeMillis() < 7_200_000L) {
            endMs = BillingCycle.anchor(endMs, ZoneOffset.UTC).seconds() * 1_000L;
        }
        skew(endMs - 1_200_000L - System.currentTimeMillis());
        orders(1, 1);
        // what is lost on its way is begun, and Stripe may have it
        fixture.fault("{\"kind\":\"close_before_commit\",\"count\":1000000}");
        final long attempts = fixture.attempts();
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("position", () -> process.position() == world.frames.size() || process.failure() != null,
                process::position);
            process.requestSeal();
            Fixture.await("an attempt", () -> fixture.attempts() > attempts, fixture::report);
            assertNull(process.failure());
        }
        fixture.clearFaults();
        world.advance(600_000_000_000L);
        orders(1, 1);
        skew(endMs + 7_200_000L - System.currentTimeMillis());
        drain();
        assertEquals(List.of(ClockRules.PERIOD_FINAL, ClockRules.PERIOD_FINAL),
            fixture.report().quarantined().stream().map(UsageReport.Quarantined::code).toList());
        assertEquals(1, StripeTotals.read(fixture.stripe.logFile()).get("alpha/request"));
        for (final UsageReport.Quarantined one : fixture.report().quarantined()) {
            ordered(one.identifier(), AdjustmentStore.Kind.CARRY);
        }
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("carry", () -> StripeTotals.read(fixture.stripe.logFile()).get("alpha/request") == 3
                && fixture.report().undelivered() == 0, fixture::report);
            assertNull(process.failure());
        }
        final JsonNode preview = call("POST", "/v1/invoices/create_preview", "subscription="
            + subscription("alpha").get("id").asText() + "&customer=" + subscription("alpha").get("customer").asText());
        assertEquals(20, preview.get("total").asLong(), preview::toString);
    }

    /** Bills until an invoice that is not empty is judged. */
    private StripeInvoiceCheck invoiced(final long total) throws Exception {
        return invoiced(total, null, null);
    }

    /**
     * With records that come after the delivery, and with something to be awaited while the invoice is a draft, which
     * is otherwise over when it is seen.
     */
    private StripeInvoiceCheck invoiced(final long total, final Runnable beforeEnd, final Runnable whileDraft)
        throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        final JsonNode endpoint = call("POST", "/v1/webhook_endpoints", "url=http://127.0.0.1:" + port
            + WebhookDoor.PATH + "&enabled_events[0]=*");
        secrets = List.of(endpoint.get(SECRET_FIELD).asText());
        call("POST", "/_sim/config", "{\"webhookRetryMs\":100}");
        try (BillingProcess process = BillingProcess.launch(context())) {
            Fixture.await("position", () -> process.position() == world.frames.size() || process.failure() != null,
                process::position);
            if (beforeEnd == null) {
                // else all was drained before, and a seal that comes late would take what is added
                process.requestSeal();
            }
            Fixture.await("delivery", () -> fixture.report().undelivered() == 0
                && !fixture.report().usage().isEmpty() && fixture.report().usage().get(0).unitsAcked() > 0
                && fixture.report().usage().get(0).unitsOpen() == 0, fixture::report);
            if (beforeEnd != null) {
                beforeEnd.run();
                Fixture.await("position", () -> process.position() == world.frames.size()
                    || process.failure() != null, process::position);
            }
            if (whileDraft != null) {
                running = process;
                // half an hour into the hour of the draft
                skew(subscription("alpha").get("billing_cycle_anchor").asLong() * 1_000L - System.currentTimeMillis()
                    + 1_800_000L);
                call("GET", "/v1/invoices?limit=10", "");
                whileDraft.run();
            }
            skew(35 * DAY_MS);
            // the journal is rated to the period's end
            world.tick();
            // any call lets the simulator see its new time
            call("GET", "/v1/invoices?limit=10", "");
            final List<StripeInvoiceCheck> checks = new ArrayList<>();
            Fixture.await("invoice", () -> {
                checks.clear();
                try (Database database = Database.openBeside(fixture.jdbcUrl(), 0)) {
                    final InvoiceStore store = new InvoiceStore(database);
                    store.all().stream().filter(check -> check.stripeMicros() != 0
                        && store.verdict(check.invoiceId()) != null).forEach(checks::add);
                    database.commit();
                }
                return !checks.isEmpty();
            }, () -> list("/v1/invoices?limit=10"));
            assertNull(process.failure());
            assertEquals(1, checks.get(0).tenantId());
            assertEquals(total, checks.get(0).stripeMicros());
            return checks.get(0);
        }
    }

    private InvoiceStore.Verdict verdict(final StripeInvoiceCheck check) {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 0)) {
            final InvoiceStore.Verdict verdict = new InvoiceStore(database).verdict(check.invoiceId());
            database.commit();
            return verdict;
        }
    }

    @Test
    void shouldCheckTheInvoiceThatAWebhookBrings() throws Exception {
        orders(1, 5);
        final StripeInvoiceCheck check = invoiced(400_000);
        assertEquals(0, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check));
    }

    @Test
    void shouldPostWhatTheInvoiceRoundsOnceAlsoAfterARestart() throws Exception {
        // 3 x 0.25 c = 0.75 c is 1 c, 2 x 0.13 c = 0.26 c is 0 c
        world.plan(2, new long[][]{{0, 3, 2_500}, {0, 0, 1_300}});
        orders(1, 5);
        final StripeInvoiceCheck check = invoiced(10_000);
        assertEquals(-100, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.ROUNDING, verdict(check));
        for (int restart = 0; restart < 2; restart++) {
            assertEquals(-100, fixture.report().balances().get(1).get("ROUNDING"));
            assertEquals(-10_000, fixture.report().balances().get(1).get("RECEIVABLE"));
            assertEquals(0, fixture.report().discrepancyCount(), () -> fixture.report().toString());
            orders(3, 1);
            try (BillingProcess process = BillingProcess.launch(context())) {
                Fixture.await("position", () -> process.position() == world.frames.size()
                    || process.failure() != null, process::position);
                assertNull(process.failure());
            }
        }
    }

    @Test
    void shouldBillEachVersionAtItsPriceWhenSeveralCameWhileBillingWasDown() throws Exception {
        orders(1, 5);
        drain();
        skew(60_000);
        orders(1, 2);
        world.plan(2, 0, 0, true, new long[][]{{0, 2, 200_000}, {0, 0, 70_000}});
        orders(1, 3);
        world.plan(3, 0, 0, true, new long[][]{{0, 1, 300_000}, {0, 0, 10_000}});
        orders(1, 4);
        // 3 x 10 + 4 x 5, then 2 x 20 + 7, then 30 + 3 x 1
        final StripeInvoiceCheck check = invoiced(500_000 + 470_000 + 330_000);
        assertEquals(0, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check));
        assertTrue(priceOf("alpha").startsWith("weir-p7-v3-"), priceOf("alpha"));
    }

    @Test
    void shouldBillTheSamePricesApartWhenOthersWereBetweenAndNothingWasDeliveredYet() throws Exception {
        world.plan(2, 0, 0, true, new long[][]{{0, 3, 100_000}, {0, 0, 50_000}});
        orders(1, 4);
        world.advance(60_000_000_000L);
        world.plan(3, 0, world.nowNs() + 30_000_000_000L, true, new long[][]{{0, 2, 200_000}, {0, 0, 70_000}});
        orders(1, 3);
        world.advance(60_000_000_000L);
        orders(1, 2);
        final long lastNs = world.nowNs();
        // 3 x 10 + 5, then 2 x 20 + 7, then 2 x 10 from the first tier on
        final StripeInvoiceCheck check = invoiced(350_000 + 470_000 + 200_000);
        assertEquals(0, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check));
        assertEquals(0, count("event_ns > " + lastNs), "statements go by the time of usage");
        assertEquals(3, count("sent_ns > " + lastNs), "Stripe is told a time that it bills");
    }

    private long count(final String where) throws SQLException {
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM batch WHERE " + where)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void shouldNotBillUsageThatIsTooOldBecauseTheSubscriptionIsNew() throws InterruptedException {
        world.advance(-40 * DAY_MS * 1_000_000L);
        orders(1, 1);
        drain();
        assertEquals(ClockRules.TOO_OLD, fixture.report().quarantined().get(0).code());
    }

    @Test
    void shouldNotSendWhatCostsNothingWhileStripeStillHasAPriceForIt() throws Exception {
        world.advance(7_200_000_000_000L);
        world.otherPlan(9, world.nowNs() + 30_000_000_000L,
            new long[][]{{0, 0, 100_000}, {1, 0, 200_000}, {2, 0, 300_000}});
        world.tenant(1, "alpha", true, 9);
        final long orderId = world.newOrder(1, null);
        world.sent(orderId);
        world.fill(orderId, "0.5", "50000");
        drain();
        skew(60_000);
        // no version of the plan is in force any more
        world.fill(orderId, "0.5", "50000");
        drain();
        assertEquals("600000", stored("SELECT SUM(amount_micros) FROM usage_line WHERE tenant_id = 1"));
        final JsonNode preview = call("POST", "/v1/invoices/create_preview", "subscription="
            + subscription("alpha").get("id").asText() + "&customer=" + subscription("alpha").get("customer").asText());
        assertEquals(60, preview.get("total").asLong(), preview::toString);
        assertEquals("0", stored("SELECT COUNT(*) FROM batch WHERE state IN (0, 1)"), "the drain has an end");
        final List<DriftStore.Row> drift = new ArrayList<>();
        final long day = world.nowNs() / (DAY_MS * 1_000_000L);
        for (long one = day - 1; one <= day; one++) {
            drift.addAll(DriftReport.compare(fixture.jdbcUrl(), new StripeGateway(fixture.stripe.baseUrl(),
                Fixture.API_KEY, 2_000, 5_000, new StripeClock(System::currentTimeMillis, StripeClock.ALARM_MS)), one,
                System.currentTimeMillis()));
        }
        assertTrue(drift.stream().allMatch(DriftStore.Row::agrees), drift::toString);
        assertEquals(4, drift.stream().mapToLong(row -> row.ours().rated()).sum(), drift::toString);
        world.writeLogs(fixture.dir);
        final Reconciler reconciler = new Reconciler().recordSource(world.frames.source()).jdbcUrl(fixture.jdbcUrl())
            .stripeLog(fixture.stripe.logFile()).venueLog(fixture.dir.resolve("venue.jsonl"));
        world.fix.keySet().forEach(session ->
            reconciler.fixLog(fixture.dir.resolve("session-" + session + ".log"), session));
        final ReconcileReport report = reconciler.run();
        assertEquals(List.of(), report.differences(), report::toText);
    }

    @Test
    void shouldHoldOnlyTheTenantWhosePlanIsInNoCurrencyOfIso4217() {
        world.currency = "UDS";
        world.otherPlan(8, new long[][]{{0, 0, 100_000}});
        world.tenant(2, "beta", true, 8);
        orders(3, 2);
        orders(1, 5);
        for (int start = 0; start < 2; start++) {
            try (BillingProcess process = BillingProcess.launch(context())) {
                Fixture.await("position", () -> process.position() == world.frames.size()
                    || process.failure() != null, process::position);
                process.requestSeal();
                Fixture.await("the other's delivery", () -> process.failure() != null
                    || stored("SELECT COALESCE(SUM(units), 0) FROM batch WHERE tenant_id = 1 AND state = 2").equals("5")
                    && stored("SELECT COALESCE(SUM(units), 0) FROM batch WHERE tenant_id = 2 "
                        + "AND outcome = 'awaits_price'").equals("2"), fixture::report);
                assertNull(process.failure());
            }
        }
        assertEquals(Map.of("alpha/request", 5L), StripeTotals.read(fixture.stripe.logFile()));
    }

    @Test
    void shouldBillIncludedUnitsAtNothing() throws Exception {
        world.plan(2, new long[][]{{0, 3, 0}, {0, 0, 100_000}});
        orders(1, 5);
        final StripeInvoiceCheck check = invoiced(200_000);
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check), check::toString);
        final JsonNode price = call("GET", "/v1/prices?limit=1&expand[0]=data.tiers", "").get("data").get(0);
        assertEquals("0", price.get("tiers").get(0).get("unit_amount_decimal").asText(), price::toString);
        assertEquals(3, price.get("tiers").get(0).get("up_to").asLong());
    }

    private String priceOf(final String tenant) {
        final JsonNode items = subscription(tenant).get("items").get("data");
        assertEquals(1, items.size());
        return items.get(0).get("price").get("lookup_key").asText();
    }

    @Test
    void shouldReturnToTheVersionBeforeWhenOneEndsAndStateThatItsTiersContinue() throws Exception {
        tiersContinueTwice();
        // at Stripe 3 x 10 + 5, 2 x 20 + 7, and 2 x 10 from the first tier on; here the last two are the 8th and 9th.
        // The draft and the invoice come at once: too late for an item
        final StripeInvoiceCheck check = invoiced(1_020_000);
        assertEquals(100_000, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.TIERS_CONTINUE, verdict(check));
        assertTrue(fixture.report().discrepancies().stream()
            .noneMatch(found -> found.kind() == Discrepancy.Kind.INVOICE), () -> fixture.report().toString());
        assertEquals(0, fixture.report().balances().get(1).getOrDefault("ROUNDING", 0L));
    }

    @Test
    void shouldPutWhatContinuedTiersDifferByOnTheDraftOnceAlsoWhenAnswersAreLost() throws Exception {
        tiersContinueTwice();
        // the item is made and its answer lost; the lines are read again
        fixture.fault("{\"kind\":\"drop_after_commit\",\"path\":\"/v1/invoiceitems\"}");
        final StripeInvoiceCheck check = invoiced(920_000, null, () -> {
            periodEnds();
            Fixture.await("the item of the draft", () -> "ITEM -10".equals(tiers()), this::tiers);
        });
        assertEquals(0, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check));
        assertEquals(1, fixture.faultHits());
        final JsonNode items = list("/v1/invoiceitems?limit=100&invoice=" + check.invoiceId());
        final List<Long> ours = new ArrayList<>();
        items.forEach(item -> {
            if (item.path("metadata").has("weir_tiers_continue")) {
                ours.add(item.get("amount").asLong());
            }
        });
        assertEquals(List.of(-10L), ours);
        assertEquals(-920_000, fixture.report().balances().get(1).get("RECEIVABLE"), "the ledger has what was rated");
    }

    @Test
    void shouldPutNoItemOnADraftWhileAWindowOfItsPeriodIsOpenAndChangeItWithACorrection() throws Exception {
        tiersContinueTwice();
        windowMs = 40 * DAY_MS;
        final StripeInvoiceCheck check = invoiced(920_000, () -> orders(1, 1), () -> {
            periodEnds();
            Fixture.await("the draft", () -> stored("SELECT COUNT(*) FROM stripe_invoice WHERE status = 'draft' "
                + "AND tenant_id = 1")
                .equals("1"), this::tiers);
            Fixture.await("the journal's end", () -> stored("SELECT sequence FROM journal_position")
                .equals(Integer.toString(world.frames.size())), this::tiers);
            assertEquals("1", stored("SELECT SUM(units) FROM usage_line WHERE identifier IS NULL AND meter = 0"));
            // many looks of 10 ms, at a draft of which Stripe has all that was delivered
            LockSupport.parkNanos(300_000_000L);
            assertEquals("none", tiers());
            running.requestSeal();
            // here the 8th to 10th are at 5 c each, at Stripe they are the first three at 10 c
            Fixture.await("the item of the draft", () -> "ITEM -15".equals(tiers()), this::tiers);
            final String last = stored("SELECT identifier FROM batch WHERE tenant_id = 1 AND meter = 0 "
                + "ORDER BY first_sequence DESC LIMIT 1");
            ordered(last, AdjustmentStore.Kind.VOID);
            Fixture.await("the correction", () -> stored("SELECT COUNT(*) FROM batch WHERE state = 3").equals("1"),
                this::tiers);
            skew(skewMs + 61_000);
            Fixture.await("the item's change", () -> "ITEM -10".equals(tiers()), this::tiers);
        });
        assertEquals(0, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check));
    }

    @Test
    void shouldPutTheItemOnTheDraftAfterAnErrorThatStripeReplaysForADay() throws Exception {
        tiersContinueTwice();
        fixture.fault("{\"kind\":\"error_500\",\"path\":\"/v1/invoiceitems\"}");
        final StripeInvoiceCheck check = invoiced(920_000, null, () -> {
            periodEnds();
            Fixture.await("the item of the draft", () -> "ITEM -10".equals(tiers()), this::tiers);
        });
        assertEquals(1, fixture.faultHits());
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check));
        assertEquals("2", stored("SELECT attempt FROM stripe_object WHERE name = 'tiers/" + check.invoiceId() + "'"));
    }

    @Test
    void shouldTakeARefusalForFinalOnlyWhenStripeSaysThatTheInvoiceIs() throws Exception {
        tiersContinueTwice();
        final StripeInvoiceCheck check = invoiced(920_000, null, () -> {
            // what the next look would say is refused: Stripe knows no such customer
            change("UPDATE stripe_invoice SET customer_id = 'cus_nobody' WHERE status = 'draft' "
                + "AND tenant_id = 1");
            periodEnds();
            Fixture.await("a refusal", () -> stored("SELECT COUNT(*) FROM stripe_object WHERE name LIKE 'tiers/%' "
                + "AND outcome IS NOT NULL").equals("1"), this::tiers);
            assertEquals("none", tiers());
            change("UPDATE stripe_invoice SET customer_id = '" + subscription("alpha").get("customer").asText()
                + "' WHERE customer_id = 'cus_nobody'");
            skew(skewMs + 61_000);
            Fixture.await("the item of the draft", () -> "ITEM -10".equals(tiers()), this::tiers);
        });
        assertEquals(InvoiceStore.Verdict.EXACT, verdict(check));
    }

    private void change(final String statement) {
        Fixture.await("the draft", () -> {
            try (Connection connection = DriverManager.getConnection(fixture.jdbcUrl());
                Statement one = connection.createStatement()) {
                return one.executeUpdate(statement) > 0;
            } catch (final SQLException ex) {
                throw new AssertionError(ex);
            }
        }, this::tiers);
    }

    @Test
    void shouldPutNothingOnADraftWhenStripeDoesNotBillByThePlans() throws Exception {
        tiersContinueTwice();
        follow = false;
        final StripeInvoiceCheck check = invoiced(1_020_000, null, () -> {
            periodEnds();
            Fixture.await("the draft", () -> stored("SELECT COUNT(*) FROM stripe_invoice WHERE status = 'draft' "
                + "AND tenant_id = 1")
                .equals("1"), this::tiers);
            Fixture.await("the journal's end", () -> stored("SELECT sequence FROM journal_position")
                .equals(Integer.toString(world.frames.size())), this::tiers);
            // many looks of 10 ms, at a draft that is due
            LockSupport.parkNanos(300_000_000L);
            assertEquals("none", tiers());
        });
        assertEquals(InvoiceStore.Verdict.TIERS_CONTINUE, verdict(check));
        list("/v1/invoiceitems?limit=100").forEach(item ->
            assertTrue(!item.path("metadata").has("weir_tiers_continue"), item::toString));
    }

    @Test
    void shouldLeaveLinesOfOtherPricesAloneAndReportThem() throws Exception {
        tiersContinueTwice();
        final StripeInvoiceCheck check = invoiced(920_000 + 5_000_000, () -> {
            final String product = call("POST", "/v1/products", "name=Support").get("id").asText();
            final String price = call("POST", "/v1/prices", "currency=usd&unit_amount=500&product=" + product)
                .get("id").asText();
            call("POST", "/v1/invoiceitems", "pricing[price]=" + price + "&customer="
                + subscription("alpha").get("customer").asText());
        }, () -> {
            periodEnds();
            Fixture.await("the item of the draft", () -> "ITEM -10".equals(tiers()), this::tiers);
        });
        assertEquals(5_000_000, check.differenceMicros(), check::toString);
        assertEquals(InvoiceStore.Verdict.DIFFERS, verdict(check));
        assertEquals(1, fixture.report().discrepancies().stream()
            .filter(found -> found.kind() == Discrepancy.Kind.INVOICE).count(), () -> fixture.report().toString());
    }

    /** The journal goes on after the period's end; the world's clock is two hours behind ours. */
    private void periodEnds() {
        world.advance(7_200_000_000_000L);
        world.tick();
    }

    private String stored(final String query) {
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "none";
        } catch (final SQLException ex) {
            throw new AssertionError(ex);
        }
    }

    /** State and amount of the item of the only draft that needs one. */
    private String tiers() {
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT tiers_state, tiers_minor FROM stripe_invoice "
                + "WHERE tiers_state IS NOT NULL")) {
            return rows.next() ? rows.getString(1) + ' ' + rows.getLong(2) : "none";
        } catch (final SQLException ex) {
            throw new AssertionError(ex);
        }
    }

    private void tiersContinueTwice() throws InterruptedException {
        orders(1, 4);
        drain();
        final String before = priceOf("alpha");
        skew(60_000);
        world.plan(2, 0, world.nowNs() + 30_000_000_000L, true, new long[][]{{0, 2, 200_000}, {0, 0, 70_000}});
        orders(1, 3);
        drain();
        assertTrue(priceOf("alpha").startsWith("weir-p7-v2-"), priceOf("alpha"));
        skew(120_000);
        orders(1, 2);
        drain();
        assertEquals(before, priceOf("alpha"));
    }
}
