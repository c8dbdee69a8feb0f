package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.billing.rating.MeterKind;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** A desk trades on while the venue's FIX session is down, and has its FIX back. */
class SecondPathFlowTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final InProcessCluster.Edit PER_ORDER =
        edit("plans/demo.yaml", "fillPerOrder: false", "fillPerOrder: true");

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

    private int accounts() {
        return cluster.config().tenants().stream().mapToInt(tenant -> tenant.accounts().size()).sum();
    }

    private void cutFix() throws Exception {
        cluster.control("/faults", "{\"logonRefused\":-1}");
        cluster.control("/disconnect", "");
        awaitPath("FIRST", "DOWN", accounts());
    }

    private void mendFix() throws Exception {
        final int ups = (int)cluster.journal().lastRun("VenueSessionState").stream()
            .filter(record -> "UP".equals(record.path("input").path("state").asText())
                && "FIRST".equals(record.path("input").path("path").asText())).count();
        cluster.control("/faults", "{\"logonRefused\":0}");
        awaitPath("FIRST", "UP", ups + accounts());
    }

    private void fill(final DeskClient desk, final String clOrdId, final String price) throws Exception {
        final int from = desk.reports().size();
        cluster.house("sell", "BTC-USD", "IOC", price + " 0.001");
        final DeskReport fill = desk.awaitFrom(from, report -> report.execType() == 'F', SOON);
        assertEquals(clOrdId + " 0.001", fill.clOrdId() + ' ' + fill.get(32));
    }

    private void replace(final DeskClient desk, final String clOrdId, final String before, final String qty,
        final String price) {
        desk.replace(clOrdId, before, "BTC-USD", '1', '2', '1', qty, price);
        desk.await(report -> report.execType() == '5' && clOrdId.equals(report.clOrdId()), SOON);
    }

    private List<String> atVenue(final String kind) throws Exception {
        return cluster.venue().of(kind).stream().map(line -> line.path("channel").asText() + ' '
            + line.path("qty").asText() + '@' + line.path("price").asText()).toList();
    }

    private void finish(final DeskClient desk) throws Exception {
        desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "all closed", SOON);
        desk.ledger().assertClean();
        cluster.house("sell", "BTC-USD", "IOC", "46000 1"); // nothing of it rests at the venue any more
        final int fills = desk.reports().matching(report -> report.execType() == 'F').size();
        final Books books = cluster.settle();
        assertEquals(List.of(), books.reconciliation().differences(), cluster.venue()::text);
        assertEquals(fills, cluster.venue().of("exec").size(), "each told once");
        assertEquals(1, books.units(1, MeterKind.ORDER_SENT), "one order, whatever stood for it at the venue");
        assertEquals(1, books.units(1, MeterKind.ORDER_FILLED), "by a plan that counts orders");
    }

    @Test
    void shouldReplaceByRestWhileFixIsDownAndGoOnByFixWhenItIsBack() throws Exception {
        cluster = InProcessCluster.start(PER_ORDER,
            edit("venues/coinbase.yaml", "cancelOnDisconnect: session", "cancelOnDisconnect: unset"));
        awaitPath("SECOND", "UP", accounts());
        final DeskClient desk = cluster.desk("ALPHA1");
        desk.newOrder("a", "BTC-USD", '1', '2', '1', "0.005", "50000");
        desk.awaitStatus("a", '0', SOON);
        fill(desk, "a", "50000");
        cutFix();
        replace(desk, "b", "a", "0.005", "49000");
        fill(desk, "b", "49000");
        replace(desk, "c", "b", "0.006", "48000");
        fill(desk, "c", "48000");
        assertEquals(List.of("fix 0.005@50000", "rest 0.004@49000", "rest 0.004@48000"), atVenue("order"));
        mendFix();
        desk.status("c", "BTC-USD", '1');
        final DeskReport state = desk.await(report -> report.execType() == 'I' && "c".equals(report.clOrdId()), SOON);
        assertEquals("0.003 of 0.006", state.get(14) + " of " + state.get(38));
        desk.replace("d", "c", "BTC-USD", '1', '2', '1', "0.007", "47000");
        final DeskReport refused = desk.await(report -> "d".equals(report.clOrdId()) && !report.code().isEmpty(), SOON);
        assertTrue(refused.text().contains("the connection that placed the order"), refused.text());
        assertEquals(1, cluster.venue().received("G").size(), "by FIX, which found it");
        fill(desk, "c", "48000");
        desk.cancel("e", "c", "BTC-USD", '1');
        final DeskReport end = desk.awaitStatus("e", '4', SOON);
        assertEquals("0.004", end.get(14));
        assertEquals(1, cluster.venue().received("F").size(), "by FIX");
        finish(desk);
    }

    @Test
    void shouldGoOnWithWhatRestPutIntoAnOrdersPlaceAfterARestart() throws Exception {
        cluster = InProcessCluster.start(PER_ORDER);
        awaitPath("SECOND", "UP", accounts());
        final DeskClient desk = cluster.desk("ALPHA2");
        cutFix();
        desk.newOrder("a", "BTC-USD", '1', '2', '1', "0.005", "50000");
        desk.awaitStatus("a", '0', SOON);
        fill(desk, "a", "50000");
        replace(desk, "b", "a", "0.005", "49000");
        fill(desk, "b", "49000");
        final int port = cluster.fixPort();
        final int from = desk.reports().size();
        cluster.stopRouter();
        cluster.house("sell", "BTC-USD", "IOC", "49000 0.001");
        cluster.control("/faults", "{\"logonRefused\":0}");
        cluster.change(edit("fix/acceptor.yaml", "port: 0", "port: " + port));
        cluster.startRouter();
        final DeskReport missed = desk.awaitFrom(from, report -> report.execType() == 'F', SOON);
        assertEquals("0.003", missed.get(14));
        fill(desk, "b", "49000");
        desk.replace("c", "b", "BTC-USD", '1', '2', '1', "0.005", "48000");
        desk.await(report -> "c".equals(report.clOrdId()) && "REPLACE_NOT_ALLOWED".equals(report.code()), SOON);
        desk.cancel("d", "b", "BTC-USD", '1');
        assertEquals("0.004", desk.awaitStatus("d", '4', SOON).get(14));
        assertEquals(1, cluster.venue().received("F").size(), "by FIX");
        finish(desk);
    }

    @Test
    void shouldPlaceByRestWhileFixIsDownAndCancelByFixWhenItIsBack() throws Exception {
        cluster = InProcessCluster.start();
        awaitPath("SECOND", "UP", accounts());
        final DeskClient desk = cluster.desk("ALPHA1");
        cutFix();

        desk.newOrder("rest", "BTC-USD", '1', '2', '1', "0.003", "50000");
        desk.awaitStatus("rest", '0', SOON);
        cluster.house("sell", "BTC-USD", "IOC", "50000 0.001");
        final DeskReport fill = desk.await(report -> report.execType() == 'F' && "rest".equals(report.clOrdId()), SOON);
        assertEquals("0.001", fill.get(32));
        final List<JsonNode> orders = cluster.venue().of("order");
        assertEquals(1, orders.size());
        assertEquals("rest", orders.get(0).path("channel").asText());

        mendFix();
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
