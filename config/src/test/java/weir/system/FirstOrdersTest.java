package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.load.DemoSource;
import weir.config.run.JavaProcess;
import weir.sim.desk.DeskClient;

/**
 * The first 100 orders after a start with the warm-up and after one without, each in a JVM of its own. Latencies are
 * printed; what must hold is counted: the path is optimised before the first order, and stays so.
 */
class FirstOrdersTest {
    private static final long BOUND_MS = 240_000;
    private static final int ORDERS = 20_000;
    private static final int OPTIMISED_MIN = 150;
    private static final List<String> JVM = List.of("-Xms768m", "-Xmx768m", "-XX:+UseSerialGC", "-XX:-UsePerfData");
    private static final List<String> WIDE = List.of(
        "venues/coinbase.yaml", "capacity: 100\n    period: 1s\n", "capacity: 30000\n    period: 10ms\n",
        "venues/coinbase.yaml", "capacity: 200\n", "capacity: 4000000\n");

    @TempDir
    private Path directory;

    /** What {@link FirstOrders} counted: methods optimised before, and not any more after; orders filled. */
    private record Counted(int compiled, int lost, int fills, String line) {
    }

    private Counted first(final String shape, final int orders) throws Exception {
        final String name = shape + '-' + orders;
        final Path root = Files.createDirectories(directory.resolve(name));
        final Map<String, String> environment = new TreeMap<>(DemoSource.newSecrets());
        environment.put("WEIR_THREADS_SHAPE", shape);
        environment.put("WEIR_WARM_UP_ORDERS", Integer.toString(orders));
        environment.put("WEIR_WARM_UP_LIMIT", "120s");
        environment.put("WEIR_SNAPSHOT_ENABLED", "false");
        final List<String> args = new ArrayList<>(List.of(root.toString()));
        args.addAll(WIDE);
        try (JavaProcess child = JavaProcess.start(name, root, JVM, FirstOrders.class.getName(), args, environment)) {
            final String line = child.awaitLine("FIRST", BOUND_MS);
            System.out.println(name + ": " + line + child.tail());
            return new Counted(number(line, "compiled"), number(line, "lost"), number(line, "fills"), line);
        }
    }

    private static int number(final String line, final String key) {
        return Integer.parseInt(JavaProcess.value(line, key));
    }

    private void shouldBeOptimised(final String shape) throws Exception {
        final Counted warm = first(shape, ORDERS);
        final Counted cold = first(shape, 0);
        assertTrue(warm.fills > 50, warm.line);
        assertTrue(cold.fills > 50, cold.line);
        assertTrue(warm.compiled >= OPTIMISED_MIN, warm.line);
        assertTrue(warm.compiled >= 5 * cold.compiled, warm.line + " cold: " + cold.line);
        assertTrue(warm.lost <= warm.compiled / 10, warm.line);
    }

    @Test
    void shouldLeaveNothingInTheJournalAndTradeOn() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start(InProcessCluster.edit("router.yaml", "engine:\n",
            "warmUp:\n  orders: 200\n  limit: 60s\nengine:\n"))) {
            final String ring = "weir-warm-up-";
            try (Stream<Path> files = Files.walk(cluster.configDir().resolveSibling("data"))) {
                assertEquals(List.of(), files.filter(file -> file.toString().contains(ring)).toList());
            }
            final DeskClient desk = cluster.desk("ALPHA1");
            desk.newOrder("first", "BTC-USD", '1', '2', '1', "0.1", "50000");
            desk.awaitStatus("first", '0', InProcessCluster.SOON);
            desk.cancel("first-x", "first", "BTC-USD", '1');
            desk.awaitStatus("first-x", '4', InProcessCluster.SOON);
            final String journal = cluster.journal().text();
            assertFalse(journal.contains("WARM-UP"), journal);
            assertEquals(1, cluster.journal().lastRun("NewOrder").size(), journal);
            assertEquals(List.of(), cluster.settle().reconciliation().differences());
        }
    }

    @Test
    void shouldMeetOptimisedCodeWithTheFirstOrderOnOneThread() throws Exception {
        shouldBeOptimised("one-thread");
    }

    @Test
    void shouldMeetOptimisedCodeWithTheFirstOrderWithAThreadPerAgent() throws Exception {
        shouldBeOptimised("per-agent");
    }
}
