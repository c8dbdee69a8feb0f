package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.cli.WeirCli;
import weir.config.run.Actions;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** The venue's request budget under bursts: paced, batched, queued, and refused with a code when it cannot pass. */
class VenueLimitFlowTest {
    private static final String VENUE = "venues/coinbase.yaml";
    private static final int BURST = 400;
    private static final int OVER = 180;
    /** Of capacity 20: margin 10 %, cancel reserve 10. */
    private static final int SMALL_BUDGET = 8;

    private InProcessCluster cluster;

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private static void send(final DeskClient desk, final String clOrdId, final Map<Integer, String> further) {
        desk.newOrder(clOrdId, "BTC-USD", '1', '2', '1', "0.001", "50000", further);
    }

    private static List<DeskReport> ofOrder(final DeskClient desk, final String clOrdId) {
        return desk.reports().matching(report -> clOrdId.equals(report.clOrdId()));
    }

    /** Spends the small budget; each order of it leaves at once. */
    private DeskClient spend(final String... deadlineAndBatch) throws Exception {
        cluster = InProcessCluster.start(edit(VENUE, "capacity: 100", "capacity: 20"),
            edit(VENUE, "      second-new: 1\n", ""), // FIX alone
            edit(VENUE, "deadline: 2s", "deadline: " + deadlineAndBatch[0]),
            edit(VENUE, "  max: 15", "  max: " + deadlineAndBatch[1]));
        final DeskClient desk = cluster.desk("ALPHA1");
        for (int i = 0; i < SMALL_BUDGET; i++) {
            send(desk, "s" + i, Map.of());
        }
        return desk;
    }

    private void assertReconciled(final DeskClient desk) throws Exception {
        desk.massCancel("end", '7', null);
        desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "all closed", Duration.ofSeconds(20));
        desk.ledger().assertClean();
        assertEquals(List.of(), cluster.settle().reconciliation().differences());
    }

    /** The contract promises half as much again as the venue takes: refusals open the circuit, and it closes again. */
    @Test
    void shouldOpenTheCircuitWhenTheVenueRefusesForItsLimitAndTradeOnAfterAProbe() throws Exception {
        cluster = InProcessCluster.start(edit(VENUE, "capacity: 100", "capacity: 160"),
            edit(VENUE, "deadline: 2s", "deadline: 30s"), edit(VENUE, "  max: 15", "  max: 1"));
        final DeskClient desk = cluster.desk("ALPHA1");
        for (int i = 0; i < OVER; i++) {
            send(desk, "c" + i, Map.of());
        }
        desk.await(r -> "B".equals(r.msgType()) && "VENUE_BARRED".equals(r.get(148)), Duration.ofSeconds(30));
        assertTrue(explained().contains("circuit: coinbase (alpha-coinbase)"), explained());
        desk.await(r -> "B".equals(r.msgType()) && "VENUE_BAR_OVER".equals(r.get(148)), Duration.ofSeconds(30));
        desk.awaitThat(() -> desk.reports().matching(r -> r.execType() == '0' || r.execType() == '8').size() >= OVER,
            "every order answered", Duration.ofSeconds(60));
        final List<DeskReport> refused = desk.reports().matching(r -> r.execType() == '8');
        assertTrue(!refused.isEmpty() && refused.size() < OVER / 2, () -> "refused " + refused.stream()
            .collect(Collectors.groupingBy(DeskReport::code, Collectors.counting())));
        assertTrue(refused.stream().allMatch(r -> "VENUE_THROTTLED".equals(r.code())), refused.toString());
        assertTrue(!cluster.journal().of("VenueBar").isEmpty(), "the journal says why");
        final List<String> atVenue = cluster.venue().of("order").stream().map(l -> l.path("clOrdId").asText()).toList();
        assertEquals(OVER - refused.size(), atVenue.size(), "what was not refused, and nothing twice");
        assertEquals(atVenue.size(), atVenue.stream().distinct().count());
        desk.massCancel("end", '7', null);
        desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "cancels too, though the venue refuses some",
            Duration.ofSeconds(30));
        desk.ledger().assertClean();
    }

    private String explained() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(0, new WeirCli(new Actions(), stream, stream, false, Map.of()).run("explain", "--tenant",
            "alpha", "--config", cluster.configDir().toString()));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldPaceAndBatchBurstOverTheVenuesBudget() throws Exception {
        cluster = InProcessCluster.start(edit(VENUE, "deadline: 2s", "deadline: 20s"));
        final DeskClient desk = cluster.desk("ALPHA1");
        for (int i = 0; i < BURST; i++) {
            send(desk, "p" + i, Map.of());
        }
        desk.awaitThat(() -> desk.reports().matching(report -> report.execType() == '0').size() == BURST,
            "every order acknowledged", Duration.ofSeconds(30));
        final VenueLines venue = cluster.venue();
        assertEquals(BURST, venue.of("order").size());
        assertEquals(BURST, venue.of("order").stream().map(line -> line.path("clOrdId").asText()).distinct().count());
        final List<JsonNode> batches = venue.received("U6");
        assertTrue(!batches.isEmpty(), "batches among " + venue.of("recv").size() + " messages");
        final Map<String, Long> sizes = venue.of("order").stream().filter(line -> !line.path("batchId").isNull())
            .collect(Collectors.groupingBy(line -> line.path("batchId").asText(),
                Collectors.counting()));
        assertEquals(batches.size(), sizes.size());
        assertTrue(sizes.values().stream().allMatch(size -> size >= 2 && size <= 15), sizes.toString());
        final JsonNode stats = cluster.venueStats("ALPHA");
        final long peak = stats.path("peak").path("requestsPerSlidingSecond").asLong(-1);
        assertTrue(peak > 0 && peak <= 100, stats.toString());
        assertEquals(0, stats.path("limitRejects").asLong(-1), stats.toString());
        assertReconciled(desk);
        final JsonNode after = cluster.venueStats("ALPHA");
        assertTrue(after.path("peak").path("requestsPerSlidingSecond").asLong(-1) <= 100, after.toString());
        assertEquals(0, after.path("limitRejects").asLong(-1), after.toString());
    }

    @Test
    void shouldRejectAtTheDeadlineWhatCannotPass() throws Exception {
        final DeskClient desk = spend("300ms", "1");
        for (int i = 0; i < 20; i++) {
            send(desk, "d" + i, Map.of());
        }
        desk.awaitThat(() -> desk.reports().matching(report -> report.execType() == '0' || report.execType() == '8')
            .size() == SMALL_BUDGET + 20, "an answer to each order", SOON);
        final List<DeskReport> late = desk.reports().matching(report -> report.execType() == '8');
        assertTrue(late.size() >= 1, desk.dump());
        final JournalLines journal = cluster.journal();
        for (final DeskReport report : late) {
            if (report.text().startsWith("VENUE_THROTTLED")) { // refused at once: it could not pass in time
                assertTrue(Long.parseLong(report.text().replaceAll(".*retryAfterMs=", "")) >= 300, report.text());
                continue;
            }
            assertTrue(report.text().matches("QUEUE_DEADLINE venueId=1 waitedMs=[0-9]+"), report.text());
            assertEquals("4", report.get(103));
            assertEquals("150=A 39=A", Trail.shown(ofOrder(desk, report.clOrdId()).get(0)).substring(0, 10));
            final long orderId = Long.parseLong(report.get(37));
            assertEquals(List.of(), cluster.venue().trail(orderId));
            final long waitedMs = (seconds(report.get(60)) - journal.lines().get((int) orderId - 1).path("epochNs")
                .asLong()) / 1_000_000;
            assertTrue(waitedMs >= 300, report.clOrdId() + " waited " + waitedMs + " ms");
        }
        assertEquals(SMALL_BUDGET + 20 - late.size(), cluster.venue().of("order").size());
        assertReconciled(desk);
    }

    /** TransactTime(60) as epoch nanoseconds. */
    private static long seconds(final String transactTime) {
        final LocalDateTime time = LocalDateTime.parse(transactTime,
            DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSSSSSSSS"));
        return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000_000L + time.getNano();
    }

    @Test
    void shouldRefuseAtOnceAnOrderThatMayNotWait() throws Exception {
        final DeskClient desk = spend("20s", "15");
        send(desk, "now", Map.of(20003, "0"));
        final DeskReport refused = desk.awaitStatus("now", '8', SOON);
        assertTrue(refused.text().matches("VENUE_THROTTLED venueId=1 retryAfterMs=[1-9][0-9]*"), refused.text());
        assertReconciled(desk);
    }

    @Test
    void shouldReplaceAndCancelQueuedOrdersAtOnceWithoutTheVenue() throws Exception {
        final DeskClient desk = spend("20s", "15");
        for (int i = 0; i < 3; i++) {
            send(desk, "w" + i, Map.of());
        }
        desk.replace("w0r", "w0", "BTC-USD", '1', '2', '1', "0.002", "51000");
        desk.cancel("w1x", "w1", "BTC-USD", '1');
        desk.awaitStatus("w1x", '4', SOON);
        desk.await(report -> report.execType() == '0' && "w0r".equals(report.clOrdId()), SOON);
        desk.awaitStatus("w2", '0', SOON);
        assertEquals(List.of("150=A 39=A 11=w0 14=0 151=0.001 6=0", "150=5 39=A 11=w0r 41=w0 14=0 151=0.002 6=0",
            "150=0 39=0 11=w0r 14=0 151=0.002 6=0"), Trail.of(desk, "w0"));
        assertEquals(List.of("150=A 39=A 11=w1 14=0 151=0.001 6=0", "150=4 39=4 11=w1x 41=w1 14=0 151=0 6=0"),
            Trail.of(desk, "w1"));
        final VenueLines venue = cluster.venue();
        assertEquals(SMALL_BUDGET + 2, venue.of("order").size());
        assertEquals(1, venue.of("order").stream().filter(line -> VenueLines.shown(line)
            .equals("order buy 21 0.002@51000")).count());
        assertEquals(List.of(), venue.received("G"));
        assertEquals(List.of(), venue.received("F"));
        final JournalLines journal = cluster.journal();
        assertEquals("NewOrder request=1 debit=100 reserved=22000", journal.trail(Trail.orderId(desk, "w1")).get(0));
        assertEquals("CancelOrder reserved=-22000", journal.trail(Trail.orderId(desk, "w1")).get(1));
        assertEquals("ReplaceOrder request=1 debit=100", journal.trail(Trail.orderId(desk, "w0")).get(1));
        assertReconciled(desk);
    }

    @Test
    void shouldLetCancelsPassWhileNewsWait() throws Exception {
        final DeskClient desk = spend("20s", "15");
        desk.awaitThat(() -> desk.reports().matching(report -> report.execType() == '0').size() == SMALL_BUDGET,
            "the budget's orders acknowledged", SOON);
        send(desk, "wait", Map.of());
        for (int i = 0; i < SMALL_BUDGET; i++) {
            desk.cancel("x" + i, "s" + i, "BTC-USD", '1');
        }
        for (int i = 0; i < SMALL_BUDGET; i++) {
            desk.awaitStatus("x" + i, '4', SOON);
        }
        desk.awaitStatus("wait", '0', SOON);
        final VenueLines venue = cluster.venue();
        final List<JsonNode> cancels = venue.received("F");
        assertEquals(SMALL_BUDGET, cancels.size());
        final long waited = venue.of("order").get(SMALL_BUDGET).path("ts").asLong();
        assertTrue(cancels.get(0).path("ts").asLong() < waited, "the first cancel overtook the order that waited");
        assertReconciled(desk);
    }
}
