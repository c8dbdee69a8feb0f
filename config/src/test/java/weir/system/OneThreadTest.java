package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import weir.sim.desk.DeskClient;

/** Shape one-thread: gateway, engine, adapter and binary entry are one duty cycle; orders, restarts, bills hold. */
class OneThreadTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void rest(final DeskClient desk, final String clOrdId) {
        desk.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.1", "50000");
        desk.awaitStatus(clOrdId, '0', SOON);
    }

    @Test
    void shouldTradeOnOneThreadAndGoOnAfterARestart() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start(InProcessCluster.edit("router.yaml",
            "engine:\n", "threads:\n  shape: one-thread\n  engineCpu: 0\nengine:\n"))) {
            final DeskClient desk = cluster.desk("ALPHA1");
            final Set<String> threads = threads();
            assertTrue(threads.contains("weir-orders"), threads.toString());
            for (final String other : List.of("weir-engine", "weir-fix-egress", "coinbase-adapter", "weir-entry")) {
                assertFalse(threads.contains(other), other + " has a thread of its own: " + threads);
            }
            rest(desk, "a");
            cluster.house("sell", "BTC-USD", "IOC", "50000 0.1");
            desk.awaitStatus("a", '2', SOON);
            rest(desk, "b");
            desk.cancel("b-x", "b", "BTC-USD", '1');
            desk.awaitStatus("b-x", '4', SOON);
            rest(desk, "c");
            cluster.stopRouter();
            assertFalse(threads().contains("weir-orders"), threads().toString());
            cluster.startRouter();
            final DeskClient again = cluster.desk("ALPHA1");
            rest(again, "d");
            again.cancel("d-x", "d", "BTC-USD", '1');
            again.awaitStatus("d-x", '4', SOON);
            assertEquals(List.of(), cluster.settle().reconciliation().differences());
        }
    }
}
