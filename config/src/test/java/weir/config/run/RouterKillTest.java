package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * kill -9 of the router at each named point while desks trade: twice at different depths, then on. One cluster sees all
 * of it, so that each kill stands on the recoveries before it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RouterKillTest {
    private static final long SEED = 20_261_121L;
    private static final long KILL_S = 40;
    private static final Pattern IN_PLACE_OF_ANOTHER =
        Pattern.compile("\"clOrdId\":\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[89a-f]");
    private static final List<String> KILLS = List.of(
        "after-ring-write:60", "after-ring-write:1", "before-aeron-send:20", "before-aeron-send:1",
        "after-wire:1", "after-wire:30",
        "before-chronicle:40", "before-chronicle:1", "after-chronicle:1", "after-chronicle:40");

    private boolean traded;
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

    /** What is in doubt takes the life of a signature and a question more: one wait for all kills, at the end. */
    @Order(1)
    @Test
    void shouldLoseAndDoubleNothingWhenRouterIsKilledAtEachPoint() throws Exception {
        final Iterator<String> kills = KILLS.iterator();
        arm(kills.next());
        try (Trading trading = Trading.start(cluster, "r", SEED + 1)) {
            cluster.awaitRouterKilled(KILL_S);
            while (kills.hasNext()) {
                cluster.sweep();
                arm(kills.next());
                cluster.awaitRouterKilled(KILL_S);
            }
            cluster.startRouter();
            cluster.awaitAcknowledged();
            trading.stop();
        }
        cluster.settleResting();
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, KILLS.toString());
    }

    private void arm(final String kill) throws IOException {
        final int colon = kill.indexOf(':');
        cluster.armRouter(kill.substring(0, colon), Integer.parseInt(kill.substring(colon + 1)));
    }

    /** FIX stays cut through two deaths: what rests is replaced by REST, half of it when the router dies. */
    @Order(2)
    @Test
    void shouldLoseAndDoubleNothingWhenRouterIsKilledWhileItReplacesByRest() throws Exception {
        cluster.fault("{\"logonRefused\":-1}");
        cluster.ensureBilling();
        cluster.startRouter();
        try (Trading trading = Trading.start(cluster, "rest", SEED)) {
            for (int death = 0; death < 2; death++) {
                final long before = replacedByRest();
                cluster.await("orders replaced by REST", KILL_S, () -> replacedByRest() > before + 1);
                cluster.killRouter();
                cluster.sweep();
                cluster.startRouter();
            }
            cluster.fault("{\"logonRefused\":0}");
            cluster.awaitAcknowledged();
            trading.stop();
        }
        cluster.settleResting();
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, "deaths while REST replaces");
        traded = true;
    }

    private long replacedByRest() {
        try (Stream<String> lines = Files.lines(cluster.simulators().venueLogs().get(0))) {
            return lines.filter(line -> line.contains("\"kind\":\"order\"")
                && IN_PLACE_OF_ANOTHER.matcher(line).find()).count();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The proof's own proof: each record of the outside world is spoilt and found out. */
    @Order(3)
    @Test
    void shouldFindOutWhenDesksRecordIsSpoilt() throws Exception {
        assertFindsOut(cluster.desks().get("ALPHA1").journalFile(), Map.of(
            "\"150\":\"F\"", line -> List.of(),
            "\"39\":\"0\"", line -> List.of(line.replace("\"39\":\"0\"", "\"39\":\"1\"")),
            "\"type\":\"G\"", line -> List.of(line, line.replaceFirst("\"seq\":\\d+", "\"seq\":99999"))),
            "J1 journaled and never received", "J1 journal says", "J4 tenant 1 request");
    }

    @Order(3)
    @Test
    void shouldFindOutWhenVenuesRecordIsSpoilt() throws Exception {
        assertFindsOut(cluster.simulators().venueLogs().get(0), Map.of(
            "\"kind\":\"order\"",
            line -> List.of(line, line, line.replaceFirst("(\"clOrdId\":\")........", "$1deadbeef")),
            "\"kind\":\"order\".*" + IN_PLACE_OF_ANOTHER,
            line -> List.of(line.replaceFirst("(\"qty\":\")[^\"]+", "$19")),
            "\"kind\":\"exec\"", line -> List.of()),
            "of which is left", "J3 order", "J2 at the venue without a journaled intent", "J4 tenant",
            "FILL_NOT_AT_VENUE");
    }

    @Order(3)
    @Test
    void shouldFindOutWhenStripesRecordIsSpoilt() throws Exception {
        assertFindsOut(cluster.simulators().stripeLog(),
            Map.of("\"kind\":\"accepted\"", line -> List.of(line, line)), "J4 tenant", "J4 accepted twice");
    }

    /** Replaces, for each pattern, the first line that holds it; puts the file back afterwards. */
    private void assertFindsOut(final Path file, final Map<String, Function<String, List<String>>> changes,
        final String... breaches) throws Exception {
        if (!traded) { // run alone
            shouldLoseAndDoubleNothingWhenRouterIsKilledWhileItReplacesByRest();
        }
        final List<String> lines = Files.readAllLines(file);
        final List<String> spoilt = new ArrayList<>(lines);
        changes.forEach((mark, change) -> {
            final Pattern pattern = Pattern.compile(mark);
            int at = 0;
            while (!pattern.matcher(spoilt.get(at)).find()) {
                at++;
            }
            spoilt.addAll(at, change.apply(spoilt.remove(at)));
        });
        Files.write(file, spoilt);
        try {
            final AssertionError error =
                assertThrows(AssertionError.class, () -> Invariants.check(cluster, "a spoilt record"));
            for (final String breach : breaches) {
                assertTrue(error.getMessage().contains(breach), breach + " in " + error.getMessage());
            }
        } finally {
            Files.write(file, lines);
        }
    }
}
