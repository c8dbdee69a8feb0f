package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import weir.protocol.sbe.TradingState;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/**
 * The kill switch of a router that is a process: killed with SIGKILL in the middle of a mass kill it goes on where it
 * was; a dead man's timer holds while {@code weir heartbeat} runs, and stops the tenant when that process is gone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillSwitchKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ORDERS = 150;
    private static final int CHUNK = 60;
    private static final long DEAD_MAN_MS = 2_000;
    private static final String[][] TERMS = {{"BTC-USD", "0.001", "50000"}, {"ETH-USD", "0.01", "2500"}};

    private TestCluster cluster;
    private int number;
    private boolean massKilled;

    @BeforeAll
    void launch() throws Exception {
        // what is open stays at the venue while the router is away: its own cancels have to do it
        cluster = TestCluster.launch("cancelOnDisconnect: session", "cancelOnDisconnect: unset",
            "cancelOnDisconnect: on-disconnect-or-logout\n    cancelGrace: 2s", "cancelOnDisconnect: none");
        cluster.configure("tenants/beta.yaml", "quotas:\n", "deadMan: { within: " + DEAD_MAN_MS + "ms }\nquotas:\n");
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    private String place(final DeskClient desk) {
        final String id = "s" + ++number;
        final String[] terms = TERMS[number % TERMS.length];
        desk.newOrder(id, terms[0], '1', '2', '1', terms[1], terms[2]);
        return id;
    }

    private static String settled(final DeskClient desk, final String id) {
        final DeskReport report = desk.await(r -> id.equals(r.clOrdId())
            && (r.ordStatus() == '0' || r.ordStatus() == '8'), PATIENCE);
        return report.ordStatus() == '0' ? "OK" : report.code();
    }

    private void awaitTrading(final DeskClient desk) throws Exception {
        for (int i = 0; i < 100; i++) {
            if (settled(desk, place(desk)).equals("OK")) {
                return;
            }
            Thread.sleep(200);
        }
        throw new AssertionError(desk.dump());
    }

    private void move(final String tenant, final TradingState state, final boolean cancel) throws Exception {
        try (ControlLink control = ControlLink.connect(cluster.config().router())) {
            control.move(SwitchTarget.of(cluster.config(), "tenant", tenant), state, cancel, "test", "test");
        }
    }

    private int atVenue() throws IOException {
        return cluster.openAtVenues().getOrDefault("alpha-coinbase", List.of()).size();
    }

    private void awaitAtVenue(final String what, final java.util.function.IntPredicate wanted) {
        cluster.await(what, PATIENCE.toSeconds(), () -> {
            try {
                return wanted.test(atVenue());
            } catch (final IOException ex) {
                throw new AssertionError(ex);
            }
        });
    }

    @Order(1)
    @Test
    void shouldCancelTheRestAndAdmitNothingWhenRouterIsKilledInTheMiddleOfAMassKill() throws Exception {
        cluster.ensureRunning();
        final DeskClient alpha = cluster.desks().get("ALPHA1");
        awaitTrading(alpha);
        final List<String> ids = new ArrayList<>();
        while (ids.size() < ORDERS) {
            final int from = ids.size();
            while (ids.size() < Math.min(ORDERS, from + CHUNK)) {
                ids.add(place(alpha));
            }
            for (final String id : ids.subList(from, ids.size())) {
                assertEquals("OK", settled(alpha, id));
            }
        }
        final int open = atVenue();
        assertTrue(open >= ORDERS, "open at the venue " + open);
        move("alpha", TradingState.HALTED, true);
        awaitAtVenue("the first cancels at the venue", left -> left <= open - 10);
        cluster.killRouter();
        final int left = atVenue();
        System.out.println("killed with " + left + " of " + open + " orders left at the venue");
        assertTrue(left > 0, "the kill came too late to be in the middle");
        Thread.sleep(500);
        assertEquals(left, atVenue(), "nobody cancels while the router is away");

        cluster.startRouter();
        cluster.awaitDesks();
        awaitAtVenue("the rest cancelled", now -> now == 0);
        cluster.await("every order told as cancelled", 60, () -> alpha.ledger().openOrders().isEmpty());
        ids.forEach(id -> assertEquals('4', alpha.ledger().order(id).ordStatus(), id));
        assertEquals("TENANT_HALTED", settled(alpha, place(alpha)), "the state outlives the process");
        assertEquals(0, atVenue());
        move("alpha", TradingState.ACTIVE, false);
        awaitTrading(alpha);
        massKilled = true;
    }

    @Order(2)
    @Test
    void shouldStopTheTenantWhenTheProcessThatBeatsIsGone() throws Exception {
        cluster.ensureRunning();
        final DeskClient beta = cluster.desks().get("BETA1");
        cluster.await("nobody is there", PATIENCE.toSeconds(), () -> settled(beta, place(beta)).startsWith("TENANT_"));
        final JavaProcess operator = cluster.begin("heartbeat", "--tenant", "beta", "--every", "200");
        try {
            operator.awaitLine("{\"kind\":\"heartbeat\"", PATIENCE.toMillis());
            move("beta", TradingState.ACTIVE, false);
            Thread.sleep(2 * DEAD_MAN_MS);
            final String id = place(beta);
            assertEquals("OK", settled(beta, id), "it holds while the heart beats");
            operator.kill();
            beta.awaitStatus(id, '4', PATIENCE);
            final String code = settled(beta, place(beta));
            assertTrue(code.startsWith("TENANT_"), code);
        } finally {
            operator.close();
        }
        move("beta", TradingState.ACTIVE, false);
        cluster.settle();
        final List<String> ids = new ArrayList<>();
        for (final String line : Files.readAllLines(cluster.simulators().venueLogs().get(0))) {
            if (line.contains("\"kind\":\"order\"") && line.contains("\"profile\":\"")) {
                ids.add(line.replaceFirst(".*\"clOrdId\":\"([^\"]*)\".*", "$1"));
            }
        }
        assertTrue(ids.size() > (massKilled ? ORDERS : 0), "orders at the venue: " + ids.size());
        assertEquals(ids.size(), ids.stream().distinct().count(), "none reached the venue twice");
    }
}
