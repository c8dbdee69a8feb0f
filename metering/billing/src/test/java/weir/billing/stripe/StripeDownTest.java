package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.stripe.exception.StripeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchIdentifier;
import weir.billing.rating.MeterKind;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.world.Fixture;
import weir.billing.world.LiveObjects;
import weir.billing.world.StripeTotals;
import weir.sim.stripe.StripeContext;
import weir.sim.stripe.StripeSimulator;

/** A day without Stripe, on a virtual clock; more tenants and windows with {@code -Dweir.stripe.down.windows=N}. */
@Timeout(120)
class StripeDownTest {
    private static final long DAY_MS = 86_400_000L;
    private static final int TENANTS = 25;
    private static final int WINDOWS = Integer.getInteger("weir.stripe.down.windows", 24);

    @TempDir
    private Path dir;
    private long nowMs = System.currentTimeMillis() - DAY_MS;

    private StripeSimulator simulator(final int port) {
        return StripeSimulator.launch(new StripeContext().logDir(dir.resolve("stripe")).apiKey(Fixture.API_KEY)
            .summaryLagMs(0).port(port));
    }

    @Test
    void shouldLoseNoUnitAndHoldNoMemoryWhenStripeIsDownForADay() {
        final StripeSimulator up = simulator(0);
        final int port = up.port();
        final String base = up.baseUrl();
        final Map<MeterKind, String> events = new EnumMap<>(MeterKind.class);
        for (final MeterKind meter : MeterKind.values()) {
            events.put(meter, meter.label());
        }
        final Map<String, Long> expected = new TreeMap<>();
        try (Database database = Database.open("jdbc:sqlite:" + dir.resolve("billing.db"), nowMs)) {
            final BatchStore batches = new BatchStore(database);
            final StripeGateway gateway = new StripeGateway(base, Fixture.API_KEY, 500, 5_000,
                new StripeClock(() -> nowMs, StripeClock.ALARM_MS));
            final StripeDirectory directory = new StripeDirectory(gateway, batches, database, "j", events, Map.of(),
                tenant -> "t" + tenant);
            try (Delivery delivery = new Delivery(gateway, batches, database, directory, RetryPolicy.DEFAULT,
                new CallGovernor(1_000_000, 1_000_000), () -> nowMs, new SplittableRandom(1), 4,
                SubscriptionGate.OPEN)) {
                delivery.begin();
                assertTrue(directory.ready());
                try {
                    for (int tenant = 1; tenant <= TENANTS; tenant++) {
                        directory.remember(tenant, directory.find(tenant, directory.name(tenant)));
                    }
                } catch (final StripeException ex) {
                    throw new AssertionError(ex);
                }
                up.close();
                final Map<String, Long> before = day(batches, database, delivery, expected);
                assertEquals((long)TENANTS * WINDOWS, batches.undelivered());
                // whatever held something of each window that waits would have an object of some class for each
                assertEquals(Map.of(), LiveObjects.grown(before, TENANTS * (WINDOWS - 2) / 2));
                try (StripeSimulator again = simulator(port)) {
                    final long startMs = nowMs;
                    while (batches.undelivered() > 0) {
                        assertTrue(nowMs - startMs < DAY_MS, () -> batches.undelivered() + " wait");
                        if (delivery.doWork() == 0) {
                            nowMs += 100;
                            LockSupport.parkNanos(100_000);
                        }
                    }
                    assertEquals(expected, StripeTotals.read(again.logFile()));
                }
            }
        } finally {
            up.close();
        }
    }

    /** The bound above is one that fails. */
    @Test
    void shouldSeeWindowsThatAreHeld() {
        final Map<String, Long> before = LiveObjects.count();
        final List<Batch> held = new ArrayList<>();
        for (int i = 0; i < TENANTS * (WINDOWS - 2); i++) {
            held.add(new Batch("w1:" + i, 1, 0, i, i, 1, 1, nowMs));
        }
        final Map<String, Long> grown = LiveObjects.grown(before, TENANTS * (WINDOWS - 2) / 2);
        assertTrue(grown.getOrDefault(Batch.class.getName(), 0L) >= held.size(), grown::toString);
    }

    /** Usage comes in every window while no call gets through. @return what lives after the second window */
    private Map<String, Long> day(final BatchStore batches, final Database database, final Delivery delivery,
        final Map<String, Long> expected) {
        Map<String, Long> before = Map.of();
        long calls = 0;
        long sequence = 0;
        final long stepMs = DAY_MS / WINDOWS;
        for (int window = 0; window < WINDOWS; window++) {
            for (int tenant = 1; tenant <= TENANTS; tenant++) {
                sequence++;
                final long units = 1 + sequence % 17;
                batches.add(new Batch(BatchIdentifier.of("j", tenant, "request", sequence, sequence), tenant, 0,
                    sequence, sequence, units, units, nowMs * 1_000_000L));
                expected.merge("t" + tenant + "/request", units, Long::sum);
            }
            database.commit();
            for (final long untilMs = nowMs + stepMs; nowMs < untilMs; nowMs += 20_000) {
                calls += delivery.doWork();
                assertTrue(delivery.inFlight() <= 4, "calls in flight are bounded");
                for (int i = 0; i < 2_000 && delivery.inFlight() > 0; i++) {
                    LockSupport.parkNanos(500_000);
                    delivery.storeAnswers();
                }
            }
            if (window == 1) {
                before = LiveObjects.count();
            }
        }
        assertTrue(calls > 100 && calls < 2 * DAY_MS / 30_000, "it goes on trying, with pauses: " + calls);
        return before;
    }
}
