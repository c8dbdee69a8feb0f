package weir.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.rating.Discrepancy;
import weir.billing.report.UsageReport;
import weir.billing.store.Database;
import weir.billing.stripe.ClockRules;
import weir.billing.world.Fixture;
import weir.billing.world.Store;
import weir.billing.world.StripeTotals;
import weir.billing.world.World;
import weir.protocol.sbe.GrantKind;

@Timeout(60)
@ParameterizedClass
@EnumSource(Store.class)
class BillingProcessTest {
    private final Store store;
    private final Fixture fixture;
    private final World world = World.standard(World.JOURNAL_ID);

    BillingProcessTest(final Store store) {
        this.store = store;
        fixture = new Fixture(store);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void drain(final BillingContext context) throws InterruptedException {
        try (BillingProcess process = BillingProcess.launch(context.drain(true))) {
            assertTrue(process.awaitEnd(40_000), () -> fixture.report().toString());
            assertNull(process.failure());
        }
    }

    private void assertDelivered() {
        assertEquals(StripeTotals.of(world), StripeTotals.read(fixture.stripe.logFile()));
        final UsageReport report = fixture.report();
        assertEquals(0, report.undelivered());
        assertEquals(List.of(), report.discrepancies());
        assertEquals(List.of(), report.quarantined());
        assertEquals(world.frames.size(), report.position());
        for (final int tenantId : List.of(1, 2)) {
            assertEquals(world.debits.get(tenantId), report.amountMicros(tenantId));
            assertEquals(0, report.balances().get(tenantId).values().stream().mapToLong(Long::longValue).sum());
        }
    }

    @Test
    void shouldDeliverEveryUnitOnce() throws InterruptedException {
        world.play(7, 1_500);
        drain(fixture.context(world.frames));
        assertDelivered();
        assertEquals(0, StripeTotals.count(fixture.stripe.logFile(), "duplicate"));
    }

    @Test
    void shouldGoOnWhereItStoppedWhenRestarted() throws InterruptedException {
        world.play(8, 300);
        drain(fixture.context(world.frames));
        world.play(9, 300);
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames))) {
            Fixture.await("position", () -> process.position() == world.frames.size(), process::position);
        }
        drain(fixture.context(world.frames));
        assertDelivered();
    }

    @Test
    void shouldKeepOpenWindowsAcrossRestart() throws InterruptedException {
        world.newOrder(1, null);
        final BillingContext live = fixture.context(world.frames);
        try (BillingProcess process = BillingProcess.launch(live)) {
            Fixture.await("position", () -> process.position() == world.frames.size(), process::position);
        }
        assertEquals(1, fixture.report().usage().get(0).unitsOpen());
        world.newOrder(1, null);
        drain(fixture.context(world.frames));
        assertEquals(1, StripeTotals.count(fixture.stripe.logFile(), "accepted"), "one window, one event");
        assertEquals(StripeTotals.of(world), StripeTotals.read(fixture.stripe.logFile()));
    }

    @Test
    void shouldCutByJournaledTimeAlone() throws InterruptedException {
        world.newOrder(1, null);
        world.advance(4_000_000_000L);
        world.newOrder(1, null);
        world.advance(4_000_000_000L);
        world.newOrder(1, null);
        drain(fixture.context(world.frames));
        assertEquals(2, StripeTotals.count(fixture.stripe.logFile(), "accepted"));
        assertEquals(StripeTotals.of(world), StripeTotals.read(fixture.stripe.logFile()));
    }

    @Test
    void shouldCatchUpWhenStripeWasDown() throws InterruptedException {
        world.play(10, 300);
        fixture.fault("{\"kind\":\"refuse_connections\",\"ms\":1500}");
        Thread.sleep(150);
        drain(fixture.context(world.frames));
        assertDelivered();
    }

    @Test
    void shouldCountDuplicateIdentifierAsDeliveredWhenAnswerWasLost() throws InterruptedException {
        world.play(11, 300);
        fixture.fault("{\"kind\":\"drop_after_commit\",\"count\":5}");
        drain(fixture.context(world.frames));
        assertDelivered();
        assertEquals(5, StripeTotals.count(fixture.stripe.logFile(), "duplicate"));
        assertEquals(5, fixture.report().usage().stream().mapToLong(UsageReport.Usage::batchesDuplicate).sum());
    }

    /** A roll comes milliseconds after midnight: what is journaled until then is of the month before, at Stripe too. */
    @ParameterizedTest
    @ValueSource(longs = {5_000, 8})
    void shouldTellUsageBeforeALateRollWithATimeOfItsMonth(final long windowMs) throws Exception {
        world.rollMonth(0, world.nowNs() - 20L * 86_400 * 1_000_000_000L);
        world.newOrder(1, null);
        final long midnightNs = world.nowNs() + 1_000_000;
        world.advance(5_000_000);
        world.newOrder(1, null);
        world.advance(5_000_000);
        world.rollMonth(0, midnightNs);
        world.newOrder(1, null);
        // the month is known already: cuts, and moves no time
        world.rollMonth(1, midnightNs);
        drain(fixture.context(world.frames).windowMs(windowMs));
        assertEquals(StripeTotals.of(world), StripeTotals.read(fixture.stripe.logFile()));
        try (Connection connection = Database.openForReading(fixture.jdbcUrl());
            Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(
                "SELECT units, event_ns FROM batch WHERE tenant_id = 1 AND meter = 0 ORDER BY first_sequence")) {
            assertTrue(rows.next());
            assertEquals(2, rows.getLong(1));
            assertEquals(midnightNs - 1, rows.getLong(2));
            assertTrue(rows.next());
            assertTrue(rows.getLong(2) > midnightNs);
        }
    }

    /** A proxy, a sign-in page: Stripe may have taken the event, and said nothing of it. */
    @Test
    void shouldSendAgainAfterAnswersThatAreNotOfStripe() throws InterruptedException {
        world.play(12, 200);
        fixture.fault("{\"kind\":\"foreign_after_commit\",\"count\":2}");
        fixture.fault("{\"kind\":\"foreign\",\"status\":403,\"count\":2}");
        fixture.fault("{\"kind\":\"foreign\",\"status\":408}");
        fixture.fault("{\"kind\":\"foreign\",\"status\":404}");
        fixture.fault("{\"kind\":\"foreign\",\"status\":401}");
        drain(fixture.context(world.frames));
        assertDelivered();
        assertEquals(7, fixture.faultHits());
        assertEquals(2, StripeTotals.count(fixture.stripe.logFile(), "duplicate"));
    }

    @Test
    void shouldSendAgainAfterServerErrorsThatWereStoredUnderTheIdempotencyKey() throws InterruptedException {
        world.play(12, 200);
        fixture.fault("{\"kind\":\"error_500\",\"count\":3}");
        fixture.fault("{\"kind\":\"error_500_after_commit\",\"count\":3}");
        drain(fixture.context(world.frames));
        assertDelivered();
    }

    @Test
    void shouldBackOffWhenRateLimited() throws InterruptedException {
        world.play(13, 200);
        fixture.fault("{\"kind\":\"rate_limit_429\",\"count\":8}");
        fixture.fault("{\"kind\":\"lock_timeout_429\",\"count\":3}");
        fixture.fault("{\"kind\":\"conflict_409\",\"count\":2}");
        drain(fixture.context(world.frames));
        assertDelivered();
        assertEquals(0, StripeTotals.count(fixture.stripe.logFile(), "duplicate"));
    }

    @Test
    void shouldAskSummariesWhenStripeMayHaveForgottenTheIdentifier() throws InterruptedException {
        world.newOrder(1, null);
        world.newOrder(3, null);
        fixture.fault("{\"kind\":\"drop_after_commit\",\"count\":1000}");
        leaveUnresolved();
        assertEquals(2, StripeTotals.count(fixture.stripe.logFile(), "accepted"));
        final BillingContext later = fixture.context(world.frames);
        later.epochClock(() -> System.currentTimeMillis() + 24 * 3_600_000L);
        drain(later);
        assertEquals(2, StripeTotals.count(fixture.stripe.logFile(), "accepted"));
        assertEquals(2, fixture.report().usage().stream().mapToLong(UsageReport.Usage::batchesAcked).sum());
    }

    @Test
    void shouldSendAgainWhenSummariesDoNotHoldTheUnits() throws InterruptedException {
        world.newOrder(1, null);
        fixture.fault("{\"kind\":\"close_before_commit\",\"count\":1000}");
        leaveUnresolved();
        assertEquals(0, StripeTotals.count(fixture.stripe.logFile(), "accepted"));
        final BillingContext later = fixture.context(world.frames);
        later.epochClock(() -> System.currentTimeMillis() + 24 * 3_600_000L);
        drain(later);
        assertEquals(StripeTotals.of(world), StripeTotals.read(fixture.stripe.logFile()));
    }

    /** Runs until every batch was begun at least twice and none is resolved. */
    private void leaveUnresolved() throws InterruptedException {
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames))) {
            process.requestSeal();
            Fixture.await("two attempts", () -> fixture.attempts() >= 4, fixture::report);
            assertNull(process.failure());
        }
        assertTrue(fixture.report().undelivered() > 0);
        fixture.clearFaults();
    }

    @Test
    void shouldRefuseToStartWhenApiKeyIsWrong() {
        final BillingException refused = assertThrows(BillingException.class,
            () -> BillingProcess.launch(fixture.context(world.frames).stripeApiKey("sk_test_wrong")));
        assertEquals(BillingError.STRIPE_KEY_REFUSED, refused.error());
        assertTrue(refused.getMessage().startsWith("STRIPE_KEY_REFUSED "), refused.getMessage());
    }

    @Test
    void shouldRefuseToStartWhenApiVersionDiffers() {
        final BillingException refused = assertThrows(BillingException.class,
            () -> BillingProcess.launch(fixture.context(world.frames).stripeApiVersion("2025-03-31.basil")));
        assertEquals(BillingError.STRIPE_API_VERSION, refused.error());
    }

    @Test
    void shouldRefuseSecondProcessOnOneDatabase() {
        try (BillingProcess first = BillingProcess.launch(fixture.context(world.frames))) {
            final BillingException refused = assertThrows(BillingException.class,
                () -> BillingProcess.launch(fixture.context(world.frames)));
            assertEquals(BillingError.ALREADY_RUNNING, refused.error());
            assertNull(first.failure());
        }
    }

    @Test
    void shouldHaltWhenTheServerEndsTheSessionAndGoOnWhenStartedAgain() throws InterruptedException {
        if (store == Store.SQLITE) {
            return; // a file has no session
        }
        world.play(14, 200);
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames))) {
            Fixture.await("position", () -> process.position() > 0, process::position);
            fixture.cutSessions();
            assertTrue(process.awaitEnd(20_000), "halted");
            assertEquals(BillingError.DATABASE_LOST, process.failure().error());
        }
        world.play(15, 100);
        drain(fixture.context(world.frames));
        assertDelivered();
    }

    @Test
    void shouldRefuseDatabaseOfAnotherJournal() throws InterruptedException {
        drain(fixture.context(world.frames));
        final World other = World.standard("ffeeddccbbaa99887766554433221100");
        final BillingException refused = assertThrows(BillingException.class,
            () -> BillingProcess.launch(fixture.context(other.frames)));
        assertEquals(BillingError.JOURNAL_MISMATCH, refused.error());
    }

    @Test
    void shouldRefuseTwoTenantsOfOneStripeCustomer() {
        final BillingException refused = assertThrows(BillingException.class,
            () -> BillingProcess.launch(fixture.context(world.frames).tenant(new BillingTenant(3, "gamma", "cus_one"))
                .tenant(new BillingTenant(4, "delta", "cus_one"))));
        assertEquals(BillingError.CONFIGURATION, refused.error());
        assertTrue(refused.getMessage().contains("cus_one"), refused.getMessage());
    }

    @Test
    void shouldNameEverySettingThatIsWrong() {
        final BillingException refused = assertThrows(BillingException.class,
            () -> BillingProcess.launch(new BillingContext().windowMs(0).stripeApiBase("ftp://x")));
        assertEquals(BillingError.CONFIGURATION, refused.error());
        for (final String name : List.of("journalDir", "jdbcUrl", "stripeApiKey", "stripeApiBase", "windowMs")) {
            assertTrue(refused.getMessage().contains(name), refused.getMessage());
        }
    }

    @Test
    void shouldStoreWhatEngineAndBillingDisagreeOn() throws InterruptedException {
        world.nextRequestUnitsOff = 2;
        world.newOrder(1, null);
        drain(fixture.context(world.frames));
        assertEquals(List.of(new Discrepancy(world.frames.size(), Discrepancy.Kind.REQUEST_UNITS, 1, 1, 3)),
            fixture.report().discrepancies());
        assertEquals(1, StripeTotals.read(fixture.stripe.logFile()).get("alpha/request"), "billed as rated");
    }

    @Test
    void shouldQuarantineWhatStripeRefusesForGood() throws InterruptedException {
        world.advance(-40L * 24 * 3_600 * 1_000_000_000L);
        world.newOrder(1, null);
        drain(fixture.context(world.frames));
        final List<UsageReport.Quarantined> refused = fixture.report().quarantined();
        assertEquals(1, refused.size());
        assertEquals(ClockRules.TOO_OLD, refused.get(0).code());
        assertEquals(0, fixture.attempts(), "it was not sent");
    }

    @Test
    void shouldReportGrantsAndBalances() throws InterruptedException {
        world.grant(2, 1, GrantKind.TOP_UP, 5_000);
        final long orderId = world.newOrder(1, null);
        world.sent(orderId);
        drain(fixture.context(world.frames));
        final UsageReport report = fixture.report();
        assertEquals(-100_005_000L, report.balances().get(1).get("FUNDING"));
        assertEquals(400, report.balances().get(1).get("RESERVE"));
        assertEquals(10, report.balances().get(1).get("USAGE_REQUEST"));
        assertEquals(100_005_000L - 400 - 10 - 50, report.balances().get(1).get("CREDIT"));
    }
}
