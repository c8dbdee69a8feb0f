package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.coinbase.RawFixClient.field;
import static weir.sim.coinbase.RawFixClient.id;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.sim.market.UuidSource;

/** Every application message of FIX order entry, over real TCP. */
class OrderFlowTest {
    @TempDir
    private Path dir;
    private VenueFixture venue;
    private RawFixClient desk;

    @BeforeEach
    void launch() throws Exception {
        venue = new VenueFixture(dir);
        desk = venue.desk();
    }

    @AfterEach
    void close() throws Exception {
        venue.close();
    }

    @Test
    void shouldAcknowledgeRestingLimitOrder() throws Exception {
        final String clOrdId = desk.limit(id(), "1", "0.001", "60000.10", "7928=D");
        final String report = desk.await("35=8", "150=0", "11=" + clOrdId);
        assertEquals("0", field(report, 39));
        assertEquals("0.001", field(report, 38));
        assertEquals("60000.10", field(report, 44));
        assertEquals("0.001", field(report, 151));
        assertEquals("0", field(report, 14));
        assertNull(field(report, 6));
        assertTrue(UuidSource.isV4(field(report, 37)));
        assertTrue(field(report, 52).matches("\\d{8}-\\d{2}:\\d{2}:\\d{2}\\.\\d{6}"), field(report, 52));
    }

    @Test
    void shouldFillInPartsAtRestingPricesAndChargeTakerFee() throws Exception {
        venue.quotes("sell", "60000.00 0.4", "60001.00 0.6");
        final String clOrdId = desk.limit("1", "1", "60001.00");
        desk.await("35=8", "150=0", "11=" + clOrdId);
        final String first = desk.await("35=8", "150=F", "39=1", "11=" + clOrdId);
        assertEquals("0.4", field(first, 32));
        assertEquals("60000.00", field(first, 31));
        assertEquals("0.6", field(first, 151));
        assertEquals("Y", field(first, 1057));
        assertTrue(first.contains("|136=1|137=144|138=USD|139=4|891=0|"), first);
        final String second = desk.await("35=8", "150=F", "39=2", "11=" + clOrdId);
        assertEquals("60001.00", field(second, 31));
        assertEquals("1", field(second, 14));
        assertEquals("0", field(second, 151));
        assertEquals("60000.60", field(second, 6));
        assertEquals(Long.parseLong(field(first, 1003)) + 1, Long.parseLong(field(second, 1003)));
        assertNotEquals(field(first, 17), field(second, 17));
    }

    @Test
    void shouldReportMakerFillWithMakerFee() throws Exception {
        final String clOrdId = desk.limit("1", "0.5", "60000.00");
        desk.await("150=0", "11=" + clOrdId);
        venue.quotes("sell", "60000.00 0.2");
        final String fill = desk.await("150=F", "11=" + clOrdId);
        assertEquals("N", field(fill, 1057));
        assertEquals("48", field(fill, 137));
    }

    @Test
    void shouldCancelByOrderIdAndNameBothClientIds() throws Exception {
        final String clOrdId = desk.limit("1", "0.5", "50000.00");
        final String orderId = field(desk.await("150=0", "11=" + clOrdId), 37);
        final String cancelId = id();
        desk.send("F", "11=" + cancelId + "|37=" + orderId + "|41=" + clOrdId + "|55=BTC-USD");
        final String report = desk.await("150=4", "39=4", "37=" + orderId);
        assertEquals(cancelId, field(report, 11));
        assertEquals(clOrdId, field(report, 41));
        assertEquals("0", field(report, 151));
    }

    @Test
    void shouldRejectCancelOfUnknownOrder() throws Exception {
        final String cancelId = id();
        desk.send("F", "11=" + cancelId + "|41=" + id() + "|55=BTC-USD");
        final String reject = desk.await("35=9", "11=" + cancelId);
        assertEquals("8", field(reject, 39));
        assertEquals("1", field(reject, 102));
        assertEquals("1", field(reject, 434));
    }

    @Test
    void shouldKeepOrderIdAndCarryFillsOverWhenReplaced() throws Exception {
        final String clOrdId = desk.limit("1", "1", "60000.00");
        final String orderId = field(desk.await("150=0", "11=" + clOrdId), 37);
        venue.quotes("sell", "60000.00 0.3");
        desk.await("150=F", "37=" + orderId);
        final String next = id();
        desk.send("G", "11=" + next + "|37=" + orderId + "|38=0.8|40=2|41=" + clOrdId + "|44=59000.00|55=BTC-USD");
        final String report = desk.await("150=5", "39=5", "11=" + next);
        assertEquals(orderId, field(report, 37));
        assertEquals(clOrdId, field(report, 41));
        assertEquals("0.5", field(report, 151));
        assertEquals("0.3", field(report, 14));
        assertEquals("59000.00", field(report, 44));
    }

    @Test
    void shouldRefuseReplaceFromAnotherConnection() throws Exception {
        final RawFixClient first = venue.connect(VenueFixture.B).logon("");
        final String clOrdId = first.limit("1", "1", "60000.00");
        final String orderId = field(first.await("150=0"), 37);
        first.close();
        VenueFixture.await("logoff", () -> !loggedOn(VenueFixture.B));
        final RawFixClient second = venue.connect(VenueFixture.B).logon("");
        second.send("G",
            "11=" + id() + "|37=" + orderId + "|38=0.8|40=2|41=" + clOrdId + "|44=59000.00|55=BTC-USD");
        assertEquals("2", field(second.await("35=9", "434=2"), 102));
    }

    @Test
    void shouldAnswerBatchOrderByOrder() throws Exception {
        final String good = id();
        final String tooPrecise = id();
        desk.send("U6", "8014=" + id() + "|73=2|" + entry(tooPrecise, "BTC-USD", "60000.001") + "|"
            + entry(good, "BTC-USD", "60000.00"));
        assertEquals("0", field(desk.await("35=8", "11=" + good), 39));
        final String reject = desk.await("35=8", "150=8", "11=" + tooPrecise);
        assertEquals("0", field(reject, 103));
    }

    @Test
    void shouldAnswerOneBatchRejectWhenAllOrdersFail() throws Exception {
        final String batchId = id();
        desk.send("U6", "8014=" + batchId + "|73=2|" + entry(id(), "BTC-USD", "0.001") + "|"
            + entry(id(), "BTC-USD", "60000.001"));
        desk.await("35=U7", "8014=" + batchId);
        assertEquals(List.of(), desk.drain(150));
    }

    @Test
    void shouldRejectBatchOfSixteenAndBatchOfTwoSymbols() throws Exception {
        final StringBuilder entries = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            entries.append('|').append(entry(id(), "BTC-USD", "60000.00"));
        }
        desk.send("U6", "8014=" + id() + "|73=16" + entries);
        assertEquals("too many orders in batch", field(desk.await("35=U7"), 58));
        desk.send("U6", "8014=" + id() + "|73=2|" + entry(id(), "BTC-USD", "60000.00") + "|"
            + entry(id(), "ETH-USD", "3000.00"));
        assertTrue(field(desk.await("35=U7"), 58).contains("same symbol"));
        assertEquals(2, venue.log("batchReject").size());
        assertEquals(0, venue.log("order").size());
    }

    @Test
    void shouldAcceptFifteenOrdersInOneBatch() throws Exception {
        final StringBuilder entries = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            entries.append('|').append(entry(id(), "BTC-USD", "60000.00"));
        }
        desk.send("U6", "8014=" + id() + "|73=15" + entries);
        for (int i = 0; i < 15; i++) {
            desk.await("35=8", "150=0");
        }
    }

    @Test
    void shouldRejectBatchWithGroupOutOfOrderOrWrongCount() throws Exception {
        desk.send("U6", "8014=" + id() + "|73=1|11=" + id() + "|55=BTC-USD|38=1|40=2|44=1.00|54=1|59=1");
        assertEquals("15", field(desk.await("35=3"), 373));
        desk.send("U6", "8014=" + id() + "|73=2|" + entry(id(), "BTC-USD", "60000.00"));
        assertEquals("16", field(desk.await("35=3"), 373));
    }

    @Test
    void shouldCancelBatchAndRejectOnlyWhatFails() throws Exception {
        final String clOrdId = desk.limit("1", "1", "60000.00");
        desk.await("150=0");
        final String failing = id();
        desk.send("U4", "8014=" + id() + "|73=2|11=" + id() + "|41=" + clOrdId + "|55=BTC-USD|11=" + failing + "|41="
            + id() + "|55=BTC-USD");
        desk.await("35=8", "150=4", "41=" + clOrdId);
        desk.await("35=9", "11=" + failing, "434=1");
        desk.send("U4", "8014=" + id() + "|73=1|11=" + id() + "|41=" + clOrdId + "|55=BTC-USD");
        desk.await("35=U5");
    }

    @Test
    void shouldMassCancelThisSessionAlone() throws Exception {
        final RawFixClient other = venue.connect(VenueFixture.A2).logon("");
        other.limit("1", "1", "50000.00");
        other.await("150=0");
        desk.limit("1", "1", "50001.00");
        desk.limit("1", "1", "50002.00");
        desk.send("q", "11=" + id() + "|530=6|60=" + RawFixClient.now());
        assertEquals("6", field(desk.await("35=r"), 531));
        desk.await("150=4");
        desk.await("150=4");
        assertEquals(1, venue.control("GET", "/orders", "").path("profile-a").size());
    }

    @Test
    void shouldTellStateOfOpenDoneAndUnknownOrders() throws Exception {
        final String clOrdId = desk.limit("1", "1", "60000.00");
        desk.await("150=0");
        desk.send("H", "11=" + clOrdId + "|55=BTC-USD");
        assertEquals("0", field(desk.await("150=I", "11=" + clOrdId), 39));
        desk.send("F", "11=" + id() + "|41=" + clOrdId + "|55=BTC-USD");
        desk.await("150=4");
        desk.send("H", "11=" + clOrdId + "|55=BTC-USD");
        assertEquals("4", field(desk.await("150=I", "11=" + clOrdId), 39));
        final String unknown = id();
        desk.send("H", "11=" + unknown + "|55=BTC-USD");
        assertEquals("5", field(desk.await("35=8", "150=8", "39=8", "11=" + unknown), 103));
    }

    @Test
    void shouldRejectDuplicateOfOpenOrderOnly() throws Exception {
        final String clOrdId = desk.limit("1", "1", "60000.00");
        desk.await("150=0");
        desk.limit(clOrdId, "1", "1", "60000.00", "");
        assertEquals("Duplicate ClOrdID", field(desk.await("150=8", "11=" + clOrdId), 58));
        desk.send("F", "11=" + id() + "|41=" + clOrdId + "|55=BTC-USD");
        desk.await("150=4");
        desk.limit(clOrdId, "1", "1", "60000.00", "");
        desk.await("150=0", "11=" + clOrdId);
    }

    @Test
    void shouldRejectIdsThatAreNotLowercaseUuidV4() throws Exception {
        for (final String bad : List.of("1985CA2D-61EF-49F1-BFCE-6C39D8462914", "order-1",
            "1985ca2d-61ef-19f1-bfce-6c39d8462914", "1985ca2d-61ef-49f1-cfce-6c39d8462914")) {
            desk.limit(bad, "1", "1", "60000.00", "");
            final String reject = desk.await("35=3", "371=11", "373=5");
            assertEquals("D", field(reject, 372));
        }
        desk.send("U6", "8014=batch-1|73=1|" + entry(id(), "BTC-USD", "60000.00"));
        desk.await("35=3", "371=8014");
        assertEquals(0, venue.log("order").size());
    }

    @Test
    void shouldRejectBadFields() throws Exception {
        desk.limit("1", "01", "60000.00");
        assertEquals("6", field(desk.await("35=3", "371=38"), 373));
        desk.limit("1", "1", "-1");
        desk.await("35=3", "371=44");
        desk.limit("5", "1", "60000.00");
        assertEquals("5", field(desk.await("35=3", "371=54"), 373));
        desk.send("D", "11=" + id() + "|38=1|40=2|44=60000.00|54=1|59=1");
        assertEquals("1", field(desk.await("35=3", "371=55"), 373));
        desk.send("D", "11=" + id() + "|38=1|40=2|44=60000.00|54=1|55=NOPE-USD|59=1");
        assertEquals("1", field(desk.await("150=8"), 103));
        desk.send("D", "11=" + id() + "|38=1|152=10|40=1|54=1|55=BTC-USD|59=3");
        desk.await("150=8");
        desk.limit("1", "0.000000001", "60000.00");
        assertTrue(field(desk.await("150=8"), 58).startsWith("size is too"));
        desk.send("AE", "11=" + id());
        assertEquals("2", field(desk.await("35=j"), 380));
    }

    @Test
    void shouldExpireRemainderOfImmediateOrCancel() throws Exception {
        venue.quotes("sell", "60000.00 0.4");
        final String clOrdId = id();
        desk.send("D", "11=" + clOrdId + "|38=1|40=2|44=60000.00|54=1|55=BTC-USD|59=3");
        desk.await("150=F", "11=" + clOrdId);
        final String report = desk.await("150=C", "39=C", "11=" + clOrdId);
        assertEquals("0.4", field(report, 14));
        assertEquals("0", field(report, 151));
    }

    @Test
    void shouldRejectFillOrKillThatWouldNotFill() throws Exception {
        venue.quotes("sell", "60000.00 0.4");
        desk.send("D", "11=" + id() + "|38=1|40=2|44=60000.00|54=1|55=BTC-USD|59=4");
        desk.await("150=8", "39=8");
        desk.send("D", "11=" + id() + "|38=0.4|40=2|44=60000.00|54=1|55=BTC-USD|59=4");
        desk.await("150=F", "39=2");
    }

    @Test
    void shouldRejectPostOnlyThatWouldTake() throws Exception {
        venue.quotes("sell", "60000.00 0.4");
        desk.limit(id(), "1", "1", "60000.00", "18=A");
        assertEquals("post only", field(desk.await("150=8"), 58));
        desk.limit(id(), "1", "1", "59999.99", "18=A");
        assertEquals("A", field(desk.await("150=0"), 18));
    }

    @Test
    void shouldBuyForFundsAndEndFilled() throws Exception {
        venue.quotes("sell", "50000.00 1");
        desk.send("D", "11=" + id() + "|40=1|54=1|55=BTC-USD|59=3|152=100.60");
        final String ack = desk.await("150=0");
        assertNull(field(ack, 151));
        final String fill = desk.await("150=F", "39=2");
        assertEquals("0.002", field(fill, 32));
        assertEquals("0", field(fill, 8152));
    }

    @Test
    void shouldTriggerStopByLastTrade() throws Exception {
        venue.quotes("sell", "60000.00 1", "60100.00 1");
        final String clOrdId = id();
        desk.send("D", "11=" + clOrdId + "|38=0.5|40=4|44=60100.00|54=1|55=BTC-USD|59=1|99=60050.00");
        desk.await("150=0", "11=" + clOrdId);
        desk.limit("1", "1.1", "60100.00");
        final String fill = desk.await("150=F", "39=2", "11=" + clOrdId);
        assertEquals("60100.00", field(fill, 31));
    }

    @Test
    void shouldRepriceTakeProfitOrderWhenStopIsReached() throws Exception {
        final String clOrdId = id();
        desk.send("D",
            "11=" + clOrdId + "|38=0.5|40=O|44=70000.00|54=2|55=BTC-USD|59=1|99=60000.00|3040=59000.00");
        desk.await("150=0", "11=" + clOrdId);
        venue.quotes("buy", "59900.00 2");
        desk.limit(id(), "2", "1", "59900.00", "");
        final String restated = desk.await("150=D", "378=3", "11=" + clOrdId);
        assertEquals("59000.00", field(restated, 44));
        assertEquals("59900.00", field(desk.await("150=F", "11=" + clOrdId), 31));
    }

    @Test
    void shouldCancelOnExpiry() throws Exception {
        final String clOrdId = id();
        desk.send("D", "11=" + clOrdId + "|38=0.5|40=2|44=50000.00|54=1|55=BTC-USD|59=6|126="
            + RawFixClient.stamp(Instant.now().plusMillis(300)));
        desk.await("150=0");
        assertNotNull(desk.await("150=4", "11=" + clOrdId));
    }

    @Test
    void shouldRefuseMoreThanFiveHundredOpenOrdersPerProduct() throws Exception {
        final List<OrderRequest> orders = new ArrayList<>();
        final List<ExecutionEvent> events = new ArrayList<>();
        final MatchingEngine engine = Engines.engine(events);
        for (int i = 0; i < 501; i++) {
            orders.add(Engines.limit("p", '1', "1", "100"));
        }
        final List<VenueOrder> results = new ArrayList<>();
        orders.forEach(order -> results.add(engine.submit(order, 1)));
        assertEquals(OrderStatus.OPEN, results.get(499).status);
        assertEquals(OrderStatus.REJECTED, results.get(500).status);
    }

    private boolean loggedOn(final VenueAccount account) {
        try {
            return venue.stats(account).path("loggedOn").asBoolean();
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String entry(final String clOrdId, final String product, final String price) {
        return "11=" + clOrdId + "|38=0.001|40=2|44=" + price + "|54=1|55=" + product + "|59=1";
    }
}
