package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Orders, edits and cancels against the simulator, over a real WebSocket. */
final class OrderFlowTest extends VenueTest {

    @Test
    void shouldReportFillsWithFeeTradeIdAndLiquidityAndCancelTheRest() {
        launch();
        final UUID id = engine.newOrder(A, 2, BTC, Side.BUY, "300", "50000");
        final String venueOrderId = engine.awaitExecution(2, "NEW").venueOrderId();
        venue.take(BTC, "sell", "50000", "100");
        final EngineSide.Event first = engine.awaitExecution(2, "TRADE");
        assertEquals("PARTIALLY_FILLED", first.status());
        assertEquals(EngineSide.e8("100"), first.lastQty());
        assertEquals(EngineSide.e8("50000"), first.lastPx());
        assertEquals(EngineSide.e8("100"), first.cumQty());
        assertEquals("MAKER", first.liquidity());
        assertEquals("BTC", first.feeCurrency());
        assertEquals(EngineSide.e8("0.0000002"), first.fee(), "100 USD at 0.01 % and 50,000");
        assertTrue(first.tradeId() > 0 && first.transactNs() > 0);
        final UUID cancel = engine.cancel(A, 2, id, venueOrderId, BTC);
        final EngineSide.Event end = engine.awaitExecution(2, "CANCELED");
        assertEquals(cancel, end.requestId(), "the cancel that did it, whether notification or answer came first");
        assertEquals(EngineSide.e8("100"), end.cumQty());
        assertTrue(venue.openOrders("a").isMissingNode());
        final UUID again = engine.cancel(A, 2, id, venueOrderId, BTC);
        assertEquals(RejectReason.ORDER_FINAL.code(), engine.await(e -> "CANCEL_REJECT".equals(e.type())
            && again.equals(e.requestId()), "refusal").reason());
        engine.pollFor(200);
        assertEquals(1, engine.of("TRADE").size());
        assertEquals(1, engine.of("CANCELED").size());
    }

    @Test
    void shouldReportAnImmediateFillOfALinearContractInBaseCurrency() {
        launch();
        venue.quote(LINEAR, "sell", "50000", "0.005");
        engine.newOrder(A, 3, LINEAR, Side.BUY, "0.002", "50000");
        final EngineSide.Event fill = engine.awaitExecution(3, "TRADE");
        assertEquals("FILLED", fill.status());
        assertEquals("TAKER", fill.liquidity());
        assertEquals("USDC", fill.feeCurrency());
        assertEquals(EngineSide.e8("0.05"), fill.fee());
        engine.pollFor(100);
        final List<String> types = engine.events().stream().filter(e -> e.orderId() == 3
            && !"SENT".equals(e.type())).map(EngineSide.Event::type).toList();
        assertEquals(List.of("NEW", "TRADE"), types);
    }

    @Test
    void shouldExpireWhatAnImmediateOrderDoesNotFillAfterItsFills() {
        launch();
        venue.quote(BTC, "sell", "50000", "200");
        engine.newOrders(A, BTC, TimeInForce.IOC, Side.BUY, "500", "50000", 4);
        final EngineSide.Event end = engine.awaitExecution(4, "EXPIRED");
        assertEquals(EngineSide.e8("200"), end.cumQty());
        assertEquals(1, engine.of("TRADE").size(), "told before the end");
        engine.newOrders(A, BTC, TimeInForce.FOK, Side.BUY, "500", "40000", 5);
        engine.awaitExecution(5, "EXPIRED");
    }

    @Test
    void shouldReportRejectWithTheVenuesCodeAndWord() {
        launch();
        engine.newOrder(A, 6, BTC, Side.BUY, "100", "50000.3");
        EngineSide.Event reject = engine.awaitExecution(6, "REJECTED");
        assertEquals(RejectReason.PRICE_PRECISION.code(), reject.reason(), reject.toString());
        assertEquals("10043 price_wrong_tick", reject.text());
        engine.newOrder(A, 7, BTC, Side.BUY, "15", "50000");
        reject = engine.awaitExecution(7, "REJECTED");
        assertEquals(RejectReason.QTY_PRECISION.code(), reject.reason(), reject.toString());
        engine.newOrder(A, 8, "BTC-NOWHERE", Side.BUY, "10", "50000");
        reject = engine.awaitExecution(8, "REJECTED");
        assertEquals(RejectReason.UNKNOWN_SYMBOL.code(), reject.reason(), reject.toString());
    }

    @Test
    void shouldCancelByLabelWhenTheVenuesIdIsNotKnown() {
        launch();
        engine.newOrder(A, 11, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(11, "NEW");
        final String label = venue.openOrders("a").get(0).path("clOrdId").asText();
        adapter.close();
        engine.forget();
        launch();
        final UUID cancel = engine.cancel(A, 11, UUID.fromString(label), "", BTC);
        final EngineSide.Event end = engine.awaitExecution(11, "CANCELED");
        assertEquals(cancel, end.requestId());
        assertTrue(venue.openOrders("a").isMissingNode());
    }

    @Test
    void shouldKeepAccountsApart() {
        launch(context -> context.account(venue.accountB()));
        engine.awaitUp(VenueSide.ACCOUNT_B);
        engine.newOrder(VenueSide.ACCOUNT_B, 51, BTC, Side.SELL, "100", "70000");
        assertEquals(VenueSide.ACCOUNT_B, engine.awaitExecution(51, "NEW").accountId());
        engine.newOrder(A, 52, BTC, Side.BUY, "100", "50000");
        assertEquals(A, engine.awaitExecution(52, "NEW").accountId());
        engine.massCancel(A, "");
        engine.awaitExecution(52, "CANCELED");
        assertEquals(1, venue.openOrders("b").size());
        engine.newOrder(9, 53, BTC, Side.BUY, "100", "50000");
        assertEquals(RejectReason.NO_ROUTE.code(),
            engine.await(e -> e.orderId() == 53 && "NOT_SENT".equals(e.type()), "refusal").reason());
    }
}
