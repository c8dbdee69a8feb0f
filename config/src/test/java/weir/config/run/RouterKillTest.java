package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * kill -9 of the router at each named point while desks trade: twice at different depths, then on. One cluster sees all
 * of it, so that each kill stands on the recoveries before it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RouterKillTest {
    private static final long SEED = 20_261_121L;
    private static final long KILL_S = 40;

    private final AtomicInteger round = new AtomicInteger();
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

    @Order(1)
    @ParameterizedTest
    @CsvSource({
        "after-ring-write, 60, 1",
        "before-aeron-send, 20, 1",
        "after-wire, 1, 30",
        "before-chronicle, 40, 1",
        "after-chronicle, 1, 40"
    })
    void shouldLoseAndDoubleNothingWhenRouterIsKilledAt(final String point, final int first, final int second)
        throws Exception {
        final int number = round.incrementAndGet();
        if (!cluster.billingRuns()) {
            cluster.startBilling();
        }
        cluster.armRouter(point, first);
        try (Trading trading = Trading.start(cluster, "r" + number, SEED + number)) {
            cluster.awaitRouterKilled(KILL_S);
            cluster.sweep();
            cluster.armRouter(point, second);
            cluster.awaitRouterKilled(KILL_S);
            cluster.startRouter();
            trading.stop();
        }
        cluster.settleResting();
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, point + " at " + first + " and " + second);
    }

    /** The proof's own proof: each record of the outside world is spoilt in turn and found out. */
    @Order(2)
    @ParameterizedTest
    @CsvSource({
        "client, \"dir\":\"in\", drop, J1 journaled and never received",
        "client, \"dir\":\"in\", change, J1",
        "client, \"type\":\"D\", drop, J4 tenant 1 request",
        "venue, \"kind\":\"order\", double, J3 order",
        "venue, \"kind\":\"order\", foreign, J2 at the venue without a journaled intent",
        "venue, \"kind\":\"order\", drop, J4 tenant",
        "venue, \"kind\":\"exec\", drop, FILL_NOT_AT_VENUE",
        "stripe, \"kind\":\"accepted\", drop, J4 tenant",
        "stripe, \"kind\":\"accepted\", double, J4 accepted twice"
    })
    void shouldFindOutWhenRecordIsSpoilt(final String whose, final String mark, final String how, final String breach)
        throws Exception {
        final Path file = switch (whose) {
            case "client" -> cluster.desks().get("ALPHA1").journalFile();
            case "venue" -> cluster.simulators().venueLog();
            default -> cluster.simulators().stripeLog();
        };
        final List<String> lines = Files.readAllLines(file);
        final List<String> spoilt = new ArrayList<>(lines);
        int at = spoilt.size() / 2;
        while (!spoilt.get(at).contains(mark) || how.equals("change") && !spoilt.get(at).contains("\"39\":\"0\"")) {
            at++;
        }
        final String line = spoilt.remove(at);
        switch (how) {
            case "double" -> spoilt.addAll(at, List.of(line, line));
            case "foreign" -> spoilt.add(at, line.replaceFirst("(\"clOrdId\":\")........", "$1deadbeef"));
            case "change" -> spoilt.add(at, line.replace("\"39\":\"0\"", "\"39\":\"1\""));
            default -> { }
        }
        Files.write(file, spoilt);
        try {
            final AssertionError error =
                assertThrows(AssertionError.class, () -> Invariants.check(cluster, "a spoilt record"));
            assertTrue(error.getMessage().contains(breach), error.getMessage());
        } finally {
            Files.write(file, lines);
        }
    }
}
