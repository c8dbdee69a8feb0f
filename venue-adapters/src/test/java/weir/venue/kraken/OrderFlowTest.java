package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Orders, edits, cancels and batches against the simulator, over real HTTP and WebSocket. */
final class OrderFlowTest extends VenueTest {

    @Test
    void shouldReportSentThenNewWhenOrderIsPlaced() {
        launch();
        final UUID id = engine.newOrder(A, 1, XBT, Side.BUY, "0.001", "50000");

        final EngineSide.Event acknowledged = engine.awaitExecution(1, "NEW");
        assertEquals(36, acknowledged.venueOrderId().length());
        assertEquals(id, acknowledged.requestId());
        final List<EngineSide.Event> events =
            engine.events().stream().filter(e -> e.orderId() == 1).toList();
        assertTrue(events.stream().anyMatch(e -> "SENT".equals(e.type())), events.toString());
        engine.pollFor(200);
        assertEquals(1, engine.of("NEW").size(), "once, whether feed or answer came first");
        assertEquals(id.toString(), venue.openOrders("a").get(0).path("clOrdId").asText());
    }

    @Test
    void shouldReportFillsWithFeeTradeIdAndLiquidity() {
        launch();
        engine.newOrder(A, 2, XBT, Side.BUY, "0.003", "50000");
        engine.awaitExecution(2, "NEW");
        venue.take(XBT, "sell", "50000", "0.001");
        final EngineSide.Event first = engine.awaitExecution(2, "TRADE");
        assertEquals("PARTIALLY_FILLED", first.status());
        assertEquals(EngineSide.e8("0.001"), first.lastQty());
        assertEquals(EngineSide.e8("50000"), first.lastPx());
        assertEquals(EngineSide.e8("0.001"), first.cumQty());
        assertEquals("MAKER", first.liquidity());
        assertTrue(first.tradeId() > 0);
        assertTrue(first.fee() != weir.protocol.Scale.NULL && !first.feeCurrency().isEmpty(), "fee " + first);
        final int from = engine.size();
        venue.take(XBT, "sell", "50000", "0.002");
        final EngineSide.Event last = engine.await(from, e -> "TRADE".equals(e.type()), "last fill");
        assertEquals("FILLED", last.status());
        assertEquals(EngineSide.e8("0.003"), last.cumQty());
        engine.pollFor(300);
        assertEquals(2, engine.of("TRADE").size());
        assertTrue(engine.of("CANCELED").isEmpty(), "is_cancel:true with full_fill is no cancel");
    }

    @Test
    void shouldReportAnImmediateFillInsidePlaced() {
        launch();
        venue.quote(XBT, "sell", "50000", "0.005");
        engine.newOrder(A, 3, XBT, Side.BUY, "0.002", "50000");
        final EngineSide.Event fill = engine.awaitExecution(3, "TRADE");
        assertEquals("FILLED", fill.status());
        assertEquals("TAKER", fill.liquidity());
    }

    @Test
    void shouldExpireWhatAnImmediateOrderDoesNotFillAfterItsFills() {
        launch();
        venue.quote(XBT, "sell", "50000", "0.002");
        engine.newOrders(A, XBT, TimeInForce.IOC, Side.BUY, "0.005", "50000", 4);
        final EngineSide.Event end = engine.await(e -> e.orderId() == 4
            && ("EXPIRED".equals(e.type()) || "CANCELED".equals(e.type())), "end");
        assertEquals(EngineSide.e8("0.002"), end.cumQty());
        assertEquals(1, engine.of("TRADE").size(), "told before the end");
        engine.newOrders(A, XBT, TimeInForce.IOC, Side.BUY, "0.005", "40000", 5);
        engine.awaitExecution(5, "EXPIRED");
    }

    @Test
    void shouldReportRejectWithTheVenuesWord() {
        launch();
        venue.mark(XBT, "50000");
        engine.newOrder(A, 6, XBT, Side.BUY, "0.001", "500000");
        final EngineSide.Event reject = engine.await(e -> e.orderId() == 6
            && ("REJECTED".equals(e.type()) || "MESSAGE_REJECT".equals(e.type())), "reject");
        assertEquals(RejectReason.PRICE_COLLAR.code(), reject.reason(), reject.toString());
        assertEquals("outsidePriceCollar", reject.text());
    }

    @Test
    void shouldCancelAndSayUnknownWhenItIsGone() {
        launch();
        final UUID id = engine.newOrder(A, 7, XBT, Side.BUY, "0.001", "50000");
        final String venueOrderId = engine.awaitExecution(7, "NEW").venueOrderId();
        final UUID cancel = engine.cancel(A, 7, id, venueOrderId, XBT);
        engine.awaitExecution(7, "CANCELED");
        assertTrue(venue.openOrders("a").isEmpty());
        final UUID again = engine.cancel(A, 7, id, venueOrderId, XBT);
        final EngineSide.Event refused =
            engine.await(e -> "CANCEL_REJECT".equals(e.type()) && again.equals(e.requestId()), "refusal");
        assertTrue(refused.reason() == RejectReason.UNKNOWN_ORDER.code()
            || refused.reason() == RejectReason.ORDER_FINAL.code(), "reason " + refused.reason());
        assertTrue(!cancel.equals(again));
    }

    @Test
    void shouldReplaceToTheTotalQuantityAndCancelByTheVenuesId() {
        launch();
        final UUID id = engine.newOrder(A, 8, XBT, Side.BUY, "0.004", "50000");
        final String venueOrderId = engine.awaitExecution(8, "NEW").venueOrderId();
        venue.take(XBT, "sell", "50000", "0.001");
        engine.awaitExecution(8, "TRADE");
        final UUID edit = engine.replace(A, 8, id, venueOrderId, XBT, "0.006", "49000");
        final EngineSide.Event replaced = engine.awaitExecution(8, "REPLACED");
        assertEquals(edit, replaced.requestId());
        assertEquals(EngineSide.e8("0.006"), replaced.orderQty());
        assertEquals("0.006", new java.math.BigDecimal(venue.openOrders("a").get(0).path("qty").asText())
            .stripTrailingZeros().toPlainString());
        engine.cancel(A, 8, edit, venueOrderId, XBT);
        final EngineSide.Event end = engine.awaitExecution(8, "CANCELED");
        final UUID refused = engine.replace(A, 8, edit, venueOrderId, XBT, "0.006", "48000");
        assertEquals(RejectReason.UNKNOWN_ORDER.code(), engine.await(e -> "CANCEL_REJECT".equals(e.type())
            && refused.equals(e.requestId()), "refusal").reason());
        assertEquals(EngineSide.e8("0.001"), end.cumQty());
    }

    @Test
    void shouldCountOnceWhatAReplaceExecutesWhenTheFeedIsFirst() {
        launch();
        venue.quote(XBT, "sell", "50000", "0.002");
        final UUID id = engine.newOrder(A, 9, XBT, Side.BUY, "0.006", "49000");
        final String venueOrderId = engine.awaitExecution(9, "NEW").venueOrderId();
        venue.fault("{\"fillFirstMs\":700}");
        final UUID edit = engine.replace(A, 9, id, venueOrderId, XBT, "0.006", "50000");
        final EngineSide.Event fill = engine.awaitExecution(9, "TRADE");
        assertEquals(EngineSide.e8("0.002"), fill.cumQty());
        engine.awaitExecution(9, "REPLACED");
        venue.fault("{\"fillFirstMs\":0}");
        engine.cancel(A, 9, edit, venueOrderId, XBT);
        assertEquals(EngineSide.e8("0.002"), engine.awaitExecution(9, "CANCELED").cumQty());
        assertEquals(1, engine.of("TRADE").size());
    }

    @Test
    void shouldSendOneBatchOfNewOrdersAndOneOfCancelsThatTheVenueCountsSo() {
        launch();
        final long[] orderIds = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30};
        final List<UUID> ids = engine.newOrders(A, XBT, TimeInForce.GTC, Side.BUY, "0.001", "50000", orderIds);
        final List<String> venueIds = new java.util.ArrayList<>();
        for (final long orderId : orderIds) {
            venueIds.add(engine.awaitExecution(orderId, "NEW").venueOrderId());
        }
        assertEquals(10, venue.openOrders("a").size());
        venueIds.set(3, "");
        engine.cancels(A, XBT, orderIds, ids, venueIds);
        for (final long orderId : orderIds) {
            engine.awaitExecution(orderId, "CANCELED");
        }
        final com.fasterxml.jackson.databind.JsonNode batches =
            venue.stats("a").path("byEndpoint").path("POST batchorder");
        assertEquals(2, batches.path("count").asInt(), venue.stats("a").toString());
        assertEquals(2 * (9 + 10), batches.path("cost").asInt(), "9 + n each, not 10 n");
        assertEquals(2, adapter.counter(KrakenCounter.BATCHES));
        assertEquals(20, adapter.counter(KrakenCounter.INSTRUCTIONS));
    }

    @Test
    void shouldCancelAllOfASymbolWhenMassCancelled() {
        launch();
        engine.newOrder(A, 41, XBT, Side.BUY, "0.001", "50000");
        engine.newOrder(A, 42, "PF_ETHUSD", Side.BUY, "0.01", "2500");
        engine.awaitExecution(41, "NEW");
        engine.awaitExecution(42, "NEW");
        engine.massCancel(A, XBT);
        engine.awaitExecution(41, "CANCELED");
        assertEquals(1, venue.openOrders("a").size(), "the other symbol stays");
        engine.massCancel(A, "");
        engine.awaitExecution(42, "CANCELED");
    }

    @Test
    void shouldKeepAccountsApart() {
        launch(context -> context.account(venue.accountB()));
        engine.awaitUp(VenueSide.ACCOUNT_B);
        engine.newOrder(VenueSide.ACCOUNT_B, 51, XBT, Side.SELL, "0.001", "70000");
        assertEquals(VenueSide.ACCOUNT_B, engine.awaitExecution(51, "NEW").accountId());
        engine.newOrder(A, 52, XBT, Side.BUY, "0.001", "50000");
        assertEquals(A, engine.awaitExecution(52, "NEW").accountId());
        engine.massCancel(A, "");
        engine.awaitExecution(52, "CANCELED");
        assertEquals(1, venue.openOrders("b").size());
        engine.newOrder(9, 53, XBT, Side.BUY, "0.001", "50000");
        assertEquals(RejectReason.NO_ROUTE.code(),
            engine.await(e -> e.orderId() == 53 && "NOT_SENT".equals(e.type()), "refusal").reason());
    }

    @Test
    void shouldSignWhatItSendsAndBeRefusedWhenItSignsSomethingElse() {
        adapter = KrakenAdapter.launch(new KrakenAdapter.Context().aeron(engine.aeron()).account(venue.accountA())
            .rules(new WireRules() {
                @Override
                String signedData(final String sent) {
                    return sent + "x";
                }
            }));
        final EngineSide.Event down = engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        assertEquals("refused: authenticationError", down.text());
    }
}
