package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** A desk trades on while the venue's FIX session is down, and has its FIX back. */
class SecondPathFlowTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private InProcessCluster cluster;

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private void awaitPath(final String path, final String state, final int atLeast) throws Exception {
        InProcessCluster.await(path + ' ' + state, () -> cluster.journal().lastRun("VenueSessionState").stream()
            .filter(record -> state.equals(record.path("input").path("state").asText())
                && path.equals(record.path("input").path("path").asText())).count() >= atLeast,
            () -> cluster.journal().lines().toString());
    }

    @Test
    void shouldPlaceByRestWhileFixIsDownAndCancelByFixWhenItIsBack() throws Exception {
        cluster = InProcessCluster.start();
        final int accounts = cluster.config().tenants().stream().mapToInt(tenant -> tenant.accounts().size()).sum();
        awaitPath("SECOND", "UP", accounts);
        final DeskClient desk = cluster.desk("ALPHA1");
        cluster.control("/faults", "{\"refuseLogon\":1000}");
        cluster.control("/disconnect", "");
        awaitPath("FIRST", "DOWN", accounts);

        desk.newOrder("rest", "BTC-USD", '1', '2', '1', "0.003", "50000");
        desk.awaitStatus("rest", '0', SOON);
        cluster.house("sell", "BTC-USD", "IOC", "50000 0.001");
        final DeskReport fill = desk.await(report -> report.execType() == 'F' && "rest".equals(report.clOrdId()), SOON);
        assertEquals("0.001", fill.get(32));
        final List<JsonNode> orders = cluster.venue().of("order");
        assertEquals(1, orders.size());
        assertEquals("rest", orders.get(0).path("channel").asText());

        final int ups = (int) cluster.journal().lastRun("VenueSessionState").stream()
            .filter(record -> "UP".equals(record.path("input").path("state").asText())
                && "FIRST".equals(record.path("input").path("path").asText())).count();
        cluster.control("/faults", "{\"refuseLogon\":0}");
        awaitPath("FIRST", "UP", ups + accounts);
        desk.newOrder("fix", "BTC-USD", '1', '2', '1', "0.002", "49000");
        desk.awaitStatus("fix", '0', SOON);
        desk.cancel("restx", "rest", "BTC-USD", '1');
        desk.awaitStatus("restx", '4', SOON);
        assertEquals(1, cluster.venue().received("F").size(), "the cancel went by FIX");
        assertEquals("fix", cluster.venue().of("order").get(1).path("channel").asText());
        assertEquals(1, desk.reports().matching(report -> report.execType() == 'F').size(), "told once");
        desk.massCancel("end", '7', null);
        desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "all closed", SOON);
        desk.ledger().assertClean();
        assertTrue(cluster.settle().reconciliation().differences().isEmpty(),
            () -> cluster.venueLog() + ": the venue's log and ours differ");
    }
}
