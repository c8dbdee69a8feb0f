package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import weir.sim.desk.DeskClient;

/**
 * The dead man's switch of one tenant's account at Kraken Futures fires because its router died. Orders of another
 * tenant, on an account without a switch, and orders at the other venue stay as they were.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadManTest {
    private static final int ORDERS = 5;

    private TestCluster cluster;

    @BeforeAll
    void launch() throws Exception {
        cluster = TestCluster.launchAtBoth("cancelOnDisconnect: session", "cancelOnDisconnect: unset",
            "cancelOnDisconnect: on-disconnect-or-logout\n    cancelGrace: 2s", "cancelOnDisconnect: none",
            "timeout: 60s\n    every: 15s", "timeout: 10s\n    every: 5s",
            "defaultAccount: delta-coinbase", "defaultAccount: delta-kraken", // a shared account is routed by its name
            "selfTradePrevention: cancel-newest\n    apiKey: env:WEIR_DEMO_DELTA_KRAKEN_KEY",
            "shared: true\n    selfTradePrevention: cancel-newest\n    apiKey: env:WEIR_DEMO_DELTA_KRAKEN_KEY");
        cluster.ensureRunning();
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    @Test
    void shouldTouchNoOtherTenantsOrdersWhenTheSwitchOfADeadRouterFires() throws Exception {
        final DeskClient gamma = cluster.desks().get("GAMMA1");
        final DeskClient delta = cluster.desks().get("DELTA1");
        placeUntilWorking(gamma, "g", "BTC-PERP");
        placeUntilWorking(delta, "d", "BTC-PERP");
        placeUntilWorking(gamma, "s", "BTC-USD");
        final Map<String, List<JsonNode>> before = cluster.openAtVenues();
        assertEquals(ORDERS, before.get("gamma-kraken").size());
        assertEquals(ORDERS, before.get("delta-kraken").size());

        cluster.killRouter();
        cluster.await("the switch of gamma to fire", 40, this::fired);
        final Map<String, List<JsonNode>> after = cluster.openAtVenues();
        assertEquals(List.of(), after.getOrDefault("gamma-kraken", List.of()));
        assertEquals(ids(before.get("delta-kraken")), ids(after.get("delta-kraken")), "another tenant's orders");
        assertEquals(ids(before.get("gamma-coinbase")), ids(after.get("gamma-coinbase")), "orders at the other venue");
        assertTrue(Files.readAllLines(cluster.simulators().venueLogs().get(1)).stream()
            .noneMatch(line -> line.contains("\"kind\":\"deadMan\"") && line.contains("delta-kraken")));

        cluster.startRouter();
        cluster.awaitDesks();
        cluster.await("gamma's orders told as cancelled", 90, () -> gamma.ledger().orders().stream()
            .filter(order -> order.clOrdId().matches("g[0-9]+") && order.ordStatus() != '8').allMatch(order ->
                order.closed() && order.ordStatus() == '4'));
        cluster.settleResting();
        assertEquals(ids(before.get("delta-kraken")), ids(cluster.openAtVenues().get("delta-kraken")));
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, "a dead man's switch that fired");
    }

    private boolean fired() {
        try {
            return Files.readAllLines(cluster.simulators().venueLogs().get(1)).stream().anyMatch(
                line -> line.contains("\"kind\":\"deadMan\"") && line.contains("gamma-kraken"));
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    /** Orders until so many work: the first may come before prices and line are there. */
    private void placeUntilWorking(final DeskClient desk, final String prefix, final String symbol) throws Exception {
        for (int i = 0; i < 60; i++) {
            final long working = desk.ledger().openOrders().stream().filter(order ->
                order.clOrdId().matches(prefix + "[0-9]+") && order.ordStatus() == '0').count();
            if (working == ORDERS) {
                return;
            }
            final String id = prefix + i;
            desk.newOrder(id, symbol, '1', '2', '1', "0.001", "50000");
            cluster.await("an answer to " + id, 20, () -> desk.ledger().order(id).closed()
                || desk.ledger().order(id).ordStatus() == '0');
            if (desk.ledger().order(id).closed()) {
                Thread.sleep(500);
            }
        }
        throw new AssertionError(desk.dump());
    }

    private static Set<String> ids(final List<JsonNode> orders) {
        final Set<String> ids = new TreeSet<>();
        orders.forEach(order -> ids.add(order.path("orderId").asText()));
        return ids;
    }
}
