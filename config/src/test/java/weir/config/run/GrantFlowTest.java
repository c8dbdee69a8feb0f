package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import weir.billing.grant.GrantState;
import weir.billing.store.Database;
import weir.billing.store.GrantStore;
import weir.protocol.CrashPoint;
import weir.protocol.sbe.GrantDecoder;

/**
 * Grants from the command line to the engine, while billing, router and media driver die around them: each is applied
 * exactly once. One cluster, with desks that trade on the credit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GrantFlowTest {
    private static final long SOON_S = 40;
    private static final int KILLS = Integer.getInteger("weir.kill.rounds", 1);

    private final TreeMap<Long, Long> ordered = new TreeMap<>();
    private TestCluster cluster;

    @BeforeAll
    void launch() throws Exception {
        cluster = TestCluster.launch();
        cluster.startBilling();
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    private void order(final long id, final String tenant, final String amount, final long micros) throws IOException {
        final JavaProcess done = cluster.weir("grant", "--tenant", tenant, "--amount", amount, "--id",
            Long.toString(id));
        assertEquals(0, done.exitCode(), done::tail);
        ordered.put(id, micros);
    }

    private GrantStore.Row row(final long id) {
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(cluster.config()), 0)) {
            return new GrantStore(database).all().stream().filter(row -> row.order().grantId() == id).findFirst()
                .orElse(null);
        }
    }

    private void awaitState(final long id, final GrantState state) {
        cluster.await("grant " + id + ' ' + state + ", is " + row(id), SOON_S, () -> row(id).state() == state);
    }

    @Test
    @Order(1)
    void shouldKeepGrantUntilThereIsARouter() throws Exception {
        order(5_001, "alpha", "1.25", 1_250_000);
        assertEquals(GrantState.NEW, row(5_001).state());
        cluster.startRouter();
        awaitState(5_001, GrantState.JOURNALED);
        assertTrue(row(5_001).sequence() > 0);
    }

    @Test
    @Order(2)
    void shouldTakeTheSameIdOnceAndAnotherContentNever() throws Exception {
        order(5_001, "alpha", "1.250", 1_250_000);
        for (final List<String> other : List.of(List.of("alpha", "1.26", "5001"), List.of("beta", "1.25", "5001"),
            List.of("beta", "50.00", "1001"))) {
            final JavaProcess taken = cluster.weir("grant", "--tenant", other.get(0), "--amount", other.get(1), "--id",
                other.get(2));
            assertEquals(1, taken.exitCode(), taken::tail);
            assertTrue(taken.tail().contains("GRANT_ID_TAKEN"), taken::tail);
        }
        final JavaProcess dry = cluster.weir("grant", "--tenant", "beta", "--amount", "3", "--id", "5002", "--dry-run");
        assertEquals(0, dry.exitCode(), dry::tail);
        assertEquals(null, row(5_002));
        final JavaProcess given = cluster.weir("grant", "--tenant", "beta", "--amount", "0.000001");
        assertEquals(0, given.exitCode(), given::tail);
        ordered.put(GrantStore.FIRST_ID, 1L);
        awaitState(GrantStore.FIRST_ID, GrantState.JOURNALED);
    }

    @Test
    @Order(3)
    void shouldApplyOnceWhenBillingIsKilledBetweenOfferAndItsRecord() throws Exception {
        cluster.killBilling();
        cluster.armBilling(CrashPoint.AFTER_GRANT_OFFER, 1);
        order(5_003, "beta", "2", 2_000_000);
        cluster.awaitBillingKilled(SOON_S);
        assertEquals(GrantState.NEW, row(5_003).state());
        cluster.startBilling();
        awaitState(5_003, GrantState.JOURNALED);
    }

    @Test
    @Order(4)
    void shouldApplyOnceWhenRouterIsKilledAroundTheGrant() throws Exception {
        final Random random = new Random(5);
        try (Trading trading = Trading.calm(cluster, "g", 7, 10)) {
            for (int kill = 0; kill < KILLS; kill++) {
                cluster.awaitAcknowledged();
                final long id = 5_100 + kill;
                order(id, kill % 2 == 0 ? "alpha" : "beta", "0.5", 500_000);
                Thread.sleep(random.nextInt(120));
                cluster.killRouter();
                cluster.startRouter();
                awaitState(id, GrantState.JOURNALED);
            }
            trading.stop();
        }
    }

    @Test
    @Order(5)
    void shouldApplyOnceWhenTheDriverIsLost() throws Exception {
        assertTrue(Files.deleteIfExists(cluster.driverDir().resolve("cnc.dat")));
        order(5_200, "alpha", "0.75", 750_000);
        cluster.awaitRecovered();
        awaitState(5_200, GrantState.JOURNALED);
    }

    @Test
    @Order(6)
    void shouldShowRefusalWhenRefundIsMoreThanAvailable() throws Exception {
        final JavaProcess done = cluster.weir("grant", "--tenant", "beta", "--amount", "1000000", "--kind", "refund",
            "--id", "5300");
        assertEquals(0, done.exitCode(), done::tail);
        awaitState(5_300, GrantState.REFUSED);
        final JavaProcess shown = cluster.weir("grants", "--tenant", "beta");
        assertTrue(shown.tail().contains("5300") && shown.tail().contains("CREDIT_EXHAUSTED"), shown::tail);
    }

    @Test
    @Order(7)
    void shouldAgreeToTheMicroUnitInTheEnd() throws Exception {
        cluster.settle();
        final JournalPicture journal = JournalPicture.read(cluster);
        final List<JournalPicture.Entry> grants = journal.entries.stream()
            .filter(entry -> entry.templateId() == GrantDecoder.TEMPLATE_ID && entry.creditedMicros() != 0).toList();
        for (final long id : ordered.keySet()) {
            final GrantStore.Row row = row(id);
            assertEquals(GrantState.JOURNALED, row.state(), row::toString);
            assertEquals(ordered.get(id), journal.entry(row.sequence()).creditedMicros(), row::toString);
        }
        final long atBoot = cluster.config().tenants().stream().mapToLong(tenant -> tenant.grants().size()).sum();
        assertEquals(atBoot + ordered.size(), grants.size(), "accepted grants in the journal");
        Invariants.check(cluster, "grants");
    }
}
