package weir.billing.webhook.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.BillingProcess;
import weir.billing.store.Database;
import weir.billing.store.WebhookStore;
import weir.billing.world.Fixture;
import weir.billing.world.World;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.TradingState;

/** A billing process, its database and endpoints over HTTP that do what endpoints do. */
@Timeout(60)
class WebhookDeliveryTest {
    private static final String MAIN = "1/main";

    private final Fixture fixture = new Fixture();
    private final World world = World.standard(World.JOURNAL_ID);
    private final WebhookReceiver receiver = new WebhookReceiver();
    private long spent;

    @AfterEach
    void close() {
        receiver.close();
        fixture.close();
    }

    private static WebhookEndpoint endpoint(final int tenantId, final WebhookReceiver at, final String... events) {
        return new WebhookEndpoint(tenantId, "main", at.url(), Set.of(events), () -> WebhookReceiver.SECRET);
    }

    private BillingProcess launch(final List<Long> retryMs, final WebhookEndpoint... endpoints) {
        return launch(20_000, retryMs, endpoints);
    }

    private BillingProcess launch(final int timeoutMs, final List<Long> retryMs, final WebhookEndpoint... endpoints) {
        return BillingProcess.launch(fixture.context(world.frames).webhooks(new WebhookSettings(
            Arrays.asList(endpoints), List.of(new WebhookSettings.AccountUse(4, 1, 1),
            new WebhookSettings.AccountUse(5, 1, 2)), new TargetRules(true, TargetRules.PORTS,
            TargetRules.Lookup.SYSTEM), 20_000, timeoutMs, retryMs, 2, 300, 86_400_000L)));
    }

    /** Charges tenant 1 something, and notes how much. */
    private void spend() {
        for (int i = 0; i < 10; i++) {
            world.sent(world.newOrder(1, null));
        }
        spent = world.debits.get(1);
    }

    private void reach(final int percent) {
        world.budget(1, spent * 100 / percent);
    }

    private <T> T store(final Function<WebhookStore, T> use) {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 1)) {
            final T result = use.apply(new WebhookStore(database));
            database.commit();
            return result;
        }
    }

    private List<WebhookStore.Delivery> rows() {
        return store(store -> store.latest(100));
    }

    private void awaitDelivered(final int count) {
        Fixture.await(count + " delivered", () -> rows().stream().filter(row ->
            row.state() == WebhookStore.State.DELIVERED).count() == count, () -> rows() + " " + receiver.seen);
    }

    private void assertVerified() {
        receiver.seen.forEach(seen -> assertEquals("", seen.fault(), seen::toString));
    }

    @Test
    void shouldTellEachThresholdOnceAlsoWhenOneRecordPassesThree() {
        spend();
        world.budget(1, spent * 100 / 69);
        reach(96);
        reach(96);
        try (WebhookReceiver beta = new WebhookReceiver();
            BillingProcess process = launch(List.of(0L), endpoint(1, receiver), endpoint(2, beta))) {
            awaitDelivered(3);
            assertEquals(Set.of("budget_1_0_70", "budget_1_0_85", "budget_1_0_95"), receiver.thresholds());
            assertEquals(3, receiver.seen.size());
            reach(100);
            awaitDelivered(5);
            world.rollMonth(1);
            final long startS = world.nowNs() / 1_000_000_000L;
            reach(70);
            spend();
            world.budget(1, 1);
            awaitDelivered(10);
            final long periodS = Long.parseLong(receiver.ids().get(receiver.ids().size() - 1).split("_")[2]);
            assertTrue(Math.abs(periodS - startS) <= 1, receiver.ids()::toString);
            assertEquals(10, new HashSet<>(receiver.ids()).size());
            assertEquals(List.of(), beta.ids(), "another tenant hears nothing");
            assertEquals(process.position(), world.frames.size());
        }
        assertVerified();
        final JsonNode body = receiver.seen.stream().filter(seen -> seen.id().startsWith("budget_1_0_85_")).findFirst()
            .orElseThrow().body();
        assertEquals("budget.threshold", body.path("type").asText());
        assertEquals("alpha", body.path("data").path("tenant").asText());
        assertEquals(1, body.path("data").path("tenant_id").asInt());
        assertEquals(85, body.path("data").path("threshold_pct").asInt());
        final JsonNode readonly = receiver.seen.stream().filter(seen -> seen.id().startsWith("budget_1_0_100_")
            && seen.id().endsWith("_readonly")).findFirst().orElseThrow().body();
        assertEquals("tenant.readonly", readonly.path("type").asText());
        assertEquals("BUDGET_EXHAUSTED", readonly.path("data").path("reason").asText());
    }

    @Test
    void shouldTryAgainUnderTheSameIdUntilTheEndpointAccepts() {
        spend();
        reach(71);
        receiver.then(WebhookReceiver.status(500), WebhookReceiver.status(302, "Location", receiver.url() + "/other"),
            WebhookReceiver.stall());
        try (BillingProcess process = launch(1_000, Collections.nCopies(20, 1L), endpoint(1, receiver))) {
            awaitDelivered(1);
            assertTrue(rows().get(0).attempts() >= 4, () -> rows().toString());
            assertTrue(process.position() > 0);
        }
        assertEquals(Set.of("budget_1_0_70"), receiver.thresholds());
        assertTrue(receiver.seen.size() >= 4, receiver.seen::toString);
        assertVerified();
        assertEquals(1, receiver.seen.stream().map(WebhookReceiver.Seen::body).distinct().count(), "one body");
    }

    @Test
    void shouldLeaveAnEndpointAloneThatIsGoneUntilItIsEnabled() {
        spend();
        reach(86);
        receiver.then(WebhookReceiver.status(410));
        try (BillingProcess process = launch(List.of(0L, 1L), endpoint(1, receiver))) {
            Fixture.await("disabled", () -> store(WebhookStore::endpoints).stream()
                .anyMatch(row -> row.disabledWhy().equals("it answered 410")), () -> store(WebhookStore::endpoints));
            reach(96);
            Fixture.await("three wait", () -> store(WebhookStore::endpoints).get(0).pending() == 3, this::rows);
            assertEquals(1, receiver.seen.size());
            final boolean enabled = store(store -> store.enable(MAIN));
            assertTrue(enabled);
            awaitDelivered(3);
            assertEquals(process.position(), world.frames.size());
        }
        assertEquals(3, new HashSet<>(receiver.ids()).size());
    }

    @Test
    void shouldHoldBackWhatIsForAnEndpointThatAsksForIt() {
        spend();
        reach(86);
        receiver.then(WebhookReceiver.status(429, "Retry-After", "1"), WebhookReceiver.status(503));
        try (BillingProcess process = launch(List.of(0L, 1L, 1L), endpoint(1, receiver))) {
            awaitDelivered(2);
            assertTrue(process.position() > 0);
        }
        assertTrue(receiver.seen.get(1).atMs() - receiver.seen.get(0).atMs() >= 900,
            () -> "nothing is sent within the second: " + receiver.seen);
        assertEquals(4, receiver.seen.size());
    }

    @Test
    void shouldKeepWhatWasNeverAcceptedAsADeadLetterAndSendItAgainWhenTold() {
        spend();
        reach(71);
        receiver.otherwise(WebhookReceiver.status(500));
        try (BillingProcess process = launch(List.of(0L, 1L, 1L), endpoint(1, receiver))) {
            Fixture.await("dead", () -> rows().stream().anyMatch(row -> row.state() == WebhookStore.State.DEAD),
                this::rows);
            assertEquals(3, receiver.seen.size());
            assertEquals(500, rows().get(0).status());
            receiver.otherwise(WebhookReceiver.status(204));
            final int all = store(store -> store.redeliver(MAIN, null, System.currentTimeMillis()));
            assertEquals(1, all);
            awaitDelivered(1);
            final int one = store(store -> store.redeliver(MAIN, receiver.ids().get(0), System.currentTimeMillis()));
            assertEquals(1, one);
            Fixture.await("five requests", () -> receiver.seen.size() == 5, this::rows);
            assertTrue(process.position() > 0);
        }
        assertEquals(Set.of("budget_1_0_70"), receiver.thresholds());
        assertVerified();
    }

    @Test
    void shouldTellOfSwitchesAndOfVenuesThatBackOff() {
        world.tradingSwitch(KillScope.TENANT, 1, TradingState.CANCEL_ONLY);
        world.tradingSwitch(KillScope.GLOBAL, 0, TradingState.HALTED);
        world.tradingSwitch(KillScope.GLOBAL, 0, TradingState.ACTIVE);
        world.tradingSwitch(KillScope.SESSION, 1, TradingState.HALTED);
        world.venueBar(4, 1, LimitScope.ACCOUNT);
        world.venueBar(4, 1, LimitScope.IP);
        final int first = world.frames.size() - 5;
        try (WebhookReceiver beta = new WebhookReceiver();
            BillingProcess process = launch(List.of(0L), endpoint(1, receiver),
                endpoint(2, beta, "tenant.killed", "venue.backoff"))) {
            awaitDelivered(6);
            assertEquals(Set.of("tenant_readonly_1_00112233_" + first, "tenant_killed_1_00112233_" + (first + 1),
                "venue_backoff_1_00112233_" + (first + 4), "venue_backoff_1_00112233_" + (first + 5)),
                new HashSet<>(receiver.ids()));
            assertEquals(Set.of("tenant_killed_2_00112233_" + (first + 1), "venue_backoff_2_00112233_" + (first + 5)),
                new HashSet<>(beta.ids()), "a bar of an account is not told to others");
            final JsonNode bar = beta.seen.stream().filter(seen -> seen.id().startsWith("venue"))
                .findFirst().orElseThrow().body();
            assertEquals("address", bar.path("data").path("scope").asText());
            assertEquals(429, bar.path("data").path("status").asInt());
            assertEquals(process.position(), world.frames.size());
        }
        assertVerified();
    }

    @Test
    void shouldTellEveryTenantTheDigestsOfADayThatEnded() {
        world.advance(86_400_000_000_000L);
        world.tick();
        try (WebhookReceiver beta = new WebhookReceiver();
            BillingProcess process = launch(List.of(0L), endpoint(1, receiver), endpoint(2, beta))) {
            awaitDelivered(2);
            assertEquals(List.of("summary_daily_00112233_1"), receiver.ids());
            assertEquals(receiver.ids(), beta.ids());
            assertTrue(receiver.seen.get(0).body().path("data").path("merkle_root").asText().matches("[0-9a-f]{64}"),
                receiver.seen::toString);
            assertTrue(process.position() > 0);
        }
        assertVerified();
    }
}
