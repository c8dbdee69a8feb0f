package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.stripe.exception.StripeException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchIdentifier;
import weir.billing.batch.BatchState;
import weir.billing.rating.MeterKind;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.world.Fixture;
import weir.billing.world.StripeTotals;

/** A Stripe that does not answer a look-up: billing's cycle goes on, and so does what needs no look-up. */
@Timeout(60)
class DeliveryLookUpTest {
    private static final int READ_TIMEOUT_MS = 1_000;

    private final Fixture fixture = new Fixture();
    private final Database database = Database.open(fixture.jdbcUrl(), 1);
    private final BatchStore batches = new BatchStore(database);
    private long nowMs = System.currentTimeMillis() - 3_600_000;

    @AfterEach
    void close() {
        database.close();
        fixture.close();
    }

    private StripeDirectory directory(final StripeGateway gateway) {
        return directory(gateway, Map.of());
    }

    private StripeDirectory directory(final StripeGateway gateway, final Map<Integer, String> given) {
        final Map<MeterKind, String> events = new EnumMap<>(MeterKind.class);
        for (final MeterKind meter : MeterKind.values()) {
            events.put(meter, meter.label());
        }
        return new StripeDirectory(gateway, batches, database, "j", events, given, tenant -> "t" + tenant);
    }

    private StripeGateway gateway() {
        return new StripeGateway(fixture.stripe.baseUrl(), Fixture.API_KEY, 500, READ_TIMEOUT_MS,
            new StripeClock(() -> nowMs, StripeClock.ALARM_MS));
    }

    private Delivery delivery(final StripeGateway gateway, final StripeDirectory directory) {
        return delivery(gateway, directory, new CallGovernor(1_000_000, 1_000_000));
    }

    private Delivery delivery(final StripeGateway gateway, final StripeDirectory directory,
        final CallGovernor governor) {
        return delivery(gateway, directory, governor, SubscriptionGate.OPEN);
    }

    private Delivery delivery(final StripeGateway gateway, final StripeDirectory directory,
        final CallGovernor governor, final SubscriptionGate gate) {
        return new Delivery(gateway, batches, database, directory, RetryPolicy.DEFAULT, governor,
            () -> nowMs, new SplittableRandom(1), 4, gate);
    }

    private void add(final int tenantId, final long units) {
        add(tenantId, tenantId, units);
    }

    private void add(final int tenantId, final long sequence, final long units) {
        batches.add(new Batch(BatchIdentifier.of("j", tenantId, "request", sequence, sequence), tenantId, 0, sequence,
            sequence, units, units, nowMs * 1_000_000L));
        database.commit();
    }

    private void until(final Delivery delivery, final String what, final BooleanSupplier holds, final long stepMs) {
        final long deadlineNs = System.nanoTime() + 30_000_000_000L;
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, () -> what + ": " + batches.undelivered() + " wait, "
                + delivery.inFlight() + " calls in flight");
            nowMs += stepMs;
            delivery.doWork();
            LockSupport.parkNanos(1_000_000L);
        }
    }

    @Test
    void shouldDeliverForOthersWhileACustomerIsLookedUp() throws StripeException {
        final StripeGateway gateway = gateway();
        final StripeDirectory directory = directory(gateway);
        directory.setUp();
        directory.remember(1, directory.find(1, directory.name(1)));
        fixture.fault("{\"kind\":\"stall\",\"path\":\"/v1/customers\",\"ms\":4000}");
        try (Delivery delivery = delivery(gateway, directory)) {
            add(2, 7);
            add(1, 5);
            assertTrue(delivery.doWork() > 0);
            assertEquals(2, delivery.inFlight(), "a look-up and a call");
            until(delivery, "tenant 1", () -> batches.undelivered() == 1, 0);
            final List<BatchStore.Due> due = batches.due(nowMs, 10);
            assertEquals(2, due.get(0).batch().tenantId());
            assertEquals(0, due.get(0).attempts(), "its customer is not known yet");
            // the look-up ends with its read timeout and is tried again after the back-off
            until(delivery, "tenant 2", () -> batches.undelivered() == 0, 100);
        }
        assertEquals(Map.of("t1/request", 5L, "t2/request", 7L), StripeTotals.read(fixture.stripe.logFile()));
    }

    @Test
    void shouldDeliverForOthersWhenALookUpFailsForEver() throws StripeException {
        final StripeGateway gateway = gateway();
        final StripeDirectory directory = directory(gateway);
        directory.setUp();
        directory.remember(1, directory.find(1, directory.name(1)));
        fixture.fault("{\"kind\":\"error_500\",\"path\":\"/v1/customers\",\"count\":1000000}");
        try (Delivery delivery = delivery(gateway, directory)) {
            // more than are read at once, all before those of the other
            for (int i = 0; i < 300; i++) {
                add(2, 1_000 + i, 7);
            }
            until(delivery, "a look-up that failed", () -> delivery.inFlight() == 0 && fixture.faultHits() > 0, 0);
            for (int i = 1; i <= 3; i++) {
                final long failed = fixture.faultHits();
                add(1, 2_000 + i, 5);
                until(delivery, "tenant 1", () -> batches.undelivered() == 300, 0);
                until(delivery, "the next failure", () -> fixture.faultHits() > failed && delivery.inFlight() == 0,
                    1_000);
            }
            assertTrue(fixture.faultHits() < 20, () -> "backs off: " + fixture.faultHits());
            fixture.clearFaults();
            until(delivery, "tenant 2", () -> batches.undelivered() == 0, 100);
        }
        assertEquals(Map.of("t1/request", 15L, "t2/request", 2_100L), StripeTotals.read(fixture.stripe.logFile()));
    }

    /** A key that lacks one right, and a Stripe that is busy at one endpoint. */
    @ParameterizedTest
    @ValueSource(strings = {"denied_403", "rate_limit_429"})
    void shouldDeliverForOthersWhenOneLookUpIsRefusedForEver(final String fault) throws StripeException {
        final StripeGateway gateway = gateway();
        final StripeDirectory directory = directory(gateway);
        directory.setUp();
        directory.remember(1, directory.find(1, directory.name(1)));
        fixture.fault("{\"kind\":\"" + fault + "\",\"path\":\"/v1/customers\",\"count\":1000000}");
        try (Delivery delivery = delivery(gateway, directory)) {
            for (int i = 0; i < 300; i++) {
                add(2, 1_000 + i, 7);
            }
            until(delivery, "a look-up that failed", () -> delivery.inFlight() == 0 && fixture.faultHits() > 0, 0);
            for (int i = 1; i <= 3; i++) {
                add(1, 2_000 + i, 5);
                until(delivery, "tenant 1", () -> batches.undelivered() == 300, 1_000);
                final long failed = fixture.faultHits();
                until(delivery, "the next failure", () -> fixture.faultHits() > failed && delivery.inFlight() == 0,
                    1_000);
            }
            fixture.clearFaults();
            until(delivery, "tenant 2", () -> batches.undelivered() == 0, 100);
        }
        assertEquals(Map.of("t1/request", 15L, "t2/request", 2_100L), StripeTotals.read(fixture.stripe.logFile()));
    }

    @Test
    void shouldMakeACustomerAfterAnErrorThatStripeReplaysForADay() throws StripeException {
        final StripeGateway gateway = gateway();
        final StripeDirectory directory = directory(gateway);
        directory.setUp();
        // the first is the list, the second the creation
        fixture.fault("{\"kind\":\"error_500\",\"path\":\"/v1/customers\",\"skip\":1}");
        try (Delivery delivery = delivery(gateway, directory)) {
            add(2, 2, 7);
            until(delivery, "tenant 2", () -> batches.undelivered() == 0, 100);
        }
        assertEquals(1, fixture.faultHits());
        assertEquals(Map.of("t2/request", 7L), StripeTotals.read(fixture.stripe.logFile()));
    }

    @Test
    void shouldNotWaitForTheMetersOnceItRuns() {
        final StripeGateway gateway = gateway();
        final StripeDirectory directory = directory(gateway);
        fixture.fault("{\"kind\":\"stall\",\"path\":\"/v1/billing/meters\",\"ms\":4000}");
        try (Delivery delivery = delivery(gateway, directory)) {
            add(1, 5);
            assertEquals(1, delivery.doWork());
            assertEquals(1, delivery.inFlight(), "the meters are asked for");
            assertEquals(0, delivery.doWork(), "once");
            until(delivery, "meters", () -> batches.undelivered() == 0, 100);
        }
        assertEquals(Map.of("t1/request", 5L), StripeTotals.read(fixture.stripe.logFile()));
    }

    /** As after a start at which Stripe did not answer, too: the meters are found later, and customers with them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStoreCustomersThatAreGivenThoughNoCallMayBeMade(final boolean foundLater) throws StripeException {
        final StripeGateway gateway = gateway();
        final Map<Integer, String> given =
            Map.of(1, gateway.ensureCustomer("t1", "one"), 2, gateway.ensureCustomer("t2", "two"));
        final StripeDirectory directory = directory(gateway, given);
        if (!foundLater) {
            directory.setUp();
        }
        // one call now, the next in a second
        try (Delivery delivery = delivery(gateway, directory, new CallGovernor(1, 1))) {
            add(1, 5);
            until(delivery, "tenant 1", () -> batches.undelivered() == 0, 0);
            add(2, 7);
            until(delivery, "tenant 2", () -> {
                // as the agent does when a step found nothing to do: here, while the governor has nothing left
                database.rest();
                return batches.undelivered() == 0;
            }, 0);
        }
        assertEquals(given.get(1), batches.customer(1));
        assertEquals(given.get(2), batches.customer(2));
    }

    /** What may have been taken is looked up when Stripe's sums hold it, a correction goes to the present invoice. */
    @Test
    void shouldTellNothingInVainWhenAPeriodIsClosed() throws StripeException {
        final StripeGateway gateway = gateway();
        final StripeDirectory directory = directory(gateway);
        directory.setUp();
        directory.remember(1, directory.find(1, directory.name(1)));
        final long endNs = nowMs * 1_000_000L + 1;
        final boolean[] over = new boolean[1];
        final SubscriptionGate gate = new SubscriptionGate() {
            @Override
            public long admit(final Batch batch) {
                return batch.eventNs();
            }

            @Override
            public boolean isClosed(final int tenantId, final long toldNs, final long now) {
                return over[0] && toldNs < endNs;
            }
        };
        fixture.fault("{\"kind\":\"drop_after_commit\"}");
        try (Delivery delivery = delivery(gateway, directory, new CallGovernor(1_000_000, 1_000_000), gate)) {
            add(1, 1, 5);
            until(delivery, "an answer that is lost", () -> delivery.inFlight() == 0 && fixture.faultHits() > 0, 0);
            over[0] = true;
            add(1, 2, 7);
            add(1, 3, -2);
            final long beganMs = nowMs;
            until(delivery, "all", () -> batches.undelivered() == 0, 1_000);
            assertTrue(nowMs - beganMs >= 600_000, "asked when the sums hold what was taken");
        }
        final BatchStore.Row lost = batches.row(BatchIdentifier.of("j", 1, "request", 1, 1));
        final BatchStore.Row late = batches.row(BatchIdentifier.of("j", 1, "request", 2, 2));
        final BatchStore.Row correction = batches.row(BatchIdentifier.of("j", 1, "request", 3, 3));
        assertEquals(List.of(BatchState.ACKED, BatchState.QUARANTINED, BatchState.ACKED),
            List.of(lost.state(), late.state(), correction.state()));
        assertEquals(List.of("summary", ClockRules.PERIOD_FINAL), List.of(lost.outcome(), late.outcome()));
        assertTrue(correction.sentNs() > endNs, correction::toString);
        assertEquals(Map.of("t1/request", 3L), StripeTotals.read(fixture.stripe.logFile()));
    }
}
