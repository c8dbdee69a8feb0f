package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** Instruments and prices from the venue, through the whole router: loaded, journaled, changed while desks trade. */
class MarketDataFlowTest {
    private static final String INSTRUMENTS = "instruments/coinbase.yaml";
    private static final Duration SOON = Duration.ofSeconds(20);

    private InProcessCluster cluster;
    private DeskClient desk;

    @BeforeEach
    void start() throws Exception {
        cluster = InProcessCluster.start(edit(INSTRUMENTS, "venue: coinbase\n", "venue: coinbase\nload: venue\n"),
            edit(INSTRUMENTS, "    reference: { bid: 59999.00, ask: 60001.00, last: 60000.00 }\n",
                "    priceMaxAge: 1s\n"));
        cluster.house("buy", "BTC-USD", "GTC", "59990.00 1");
        cluster.house("sell", "BTC-USD", "GTC", "60010.00 5");
        cluster.journalWhen("a price of the venue", lines -> lines.of("ReferencePrice").stream().anyMatch(record ->
            record.path("input").path("instrumentId").asInt() == 1));
        desk = cluster.desk("ALPHA1");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void shouldRefuseWhatNeedsAPriceWhileItIsStaleAndRecover() throws Exception {
        assertEquals("", market("fresh"));
        cluster.control("/faults", "{\"feedSilent\":true,\"restGarbage\":-1}");
        Thread.sleep(1_200);
        final String refused = market("stale");
        assertTrue(refused.matches("NO_REFERENCE_PRICE instrumentId=1 ageMs=[0-9]{4,5}"), refused);
        cluster.control("/faults", "{\"feedSilent\":false,\"restGarbage\":0}");
        InProcessCluster.await("a fresh price", () -> market("again" + System.nanoTime()).isEmpty(),
            () -> cluster.journal().text());
    }

    @Test
    void shouldFollowTickAndHaltWhileOrdersStayOpen() throws Exception {
        desk.newOrder("open", "BTC-USD", '1', '2', '1', "0.001", "50000.01");
        desk.awaitStatus("open", '0', SOON);
        cluster.control("/products", "{\"id\":\"BTC-USD\",\"baseIncrement\":\"0.00000001\",\"quoteIncrement\":\"1\","
            + "\"minMarketFunds\":\"1\"}");
        cluster.journalWhen("the new tick", lines -> lines.of("InstrumentConfig").stream().anyMatch(record ->
            record.path("input").path("instrumentId").asInt() == 1 && record.toString().contains("\"1.00000000\"")
                || tick(record) == 100_000_000L));
        desk.newOrder("fine", "BTC-USD", '1', '2', '1', "0.001", "50000.01");
        assertEquals("PRICE_PRECISION step=1 value=50000.01", refusal("fine").text());
        cluster.control("/mode?product=BTC-USD&mode=DISABLED", "");
        cluster.journalWhen("the halt", lines -> status(lines).equals("HALTED"));
        desk.newOrder("halted", "BTC-USD", '1', '2', '1', "0.001", "50000");
        assertEquals("INSTRUMENT_HALTED", refusal("halted").code());
        cluster.control("/mode?product=BTC-USD&mode=ONLINE", "");
        cluster.journalWhen("trading again", lines -> status(lines).equals("TRADING"));
        desk.cancel("end", "open", "BTC-USD", '1');
        desk.awaitStatus("end", '4', SOON);
    }

    @Test
    void shouldReplayPricesAndKeepTermsOverARestart() throws Exception {
        assertEquals("", market("before"));
        desk.close();
        cluster.stopRouter();
        cluster.startRouter(); // stops with JOURNAL_DIVERGED when a verdict or an output does not come out the same
        desk = cluster.desk("ALPHA1");
        assertEquals(List.of(), cluster.journal().lastRun("InstrumentConfig"), "nothing changed, nothing flaps");
        cluster.journalWhen("a price of the new run", lines -> lines.lastRun("ReferencePrice").stream()
            .anyMatch(record -> record.path("input").path("instrumentId").asInt() == 1));
        assertEquals("", market("after"));
    }

    /** Sends a market order. @return the text of its refusal, empty when it was filled */
    private String market(final String clOrdId) {
        desk.newOrder(clOrdId, "BTC-USD", '1', '1', '3', "0.001", null);
        final DeskReport report = desk.await(r -> clOrdId.equals(r.clOrdId())
            && (r.execType() == 'F' || r.execType() == '8'), SOON);
        return report.execType() == '8' ? report.text() : "";
    }

    private DeskReport refusal(final String clOrdId) {
        return desk.awaitStatus(clOrdId, '8', SOON);
    }

    private static long tick(final JsonNode record) {
        return record.path("input").path("tickSize").asLong();
    }

    private static String status(final JournalLines lines) {
        return lines.of("InstrumentConfig").stream().filter(r -> r.path("input").path("instrumentId").asInt() == 1)
            .reduce((a, b) -> b).orElseThrow().path("input").path("status").asText();
    }
}
