package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Orders by socket and by REST, with both kinds of key, in the forms that are this venue's own. */
final class OrderFlowTest extends VenueTest {

    @Test
    void shouldTradeInASessionWithAnEd25519Key() {
        adapter = BinanceAdapter.launch(context().account(venue.accountB()));
        engine.awaitUp(B);
        final UUID id = engine.newOrder(B, 1, BTC, Side.BUY, "0.003", "50000");
        final EngineSide.Event accepted = engine.awaitExecution(1, "NEW");
        assertEquals(id, accepted.requestId());
        venue.take(BTC, "sell", "50000", "0.003");
        final EngineSide.Event fill = engine.awaitExecution(1, "TRADE");
        assertEquals("FILLED", fill.status());
        assertEquals("BTC", fill.feeCurrency());
        assertEquals(EngineSide.e8("0.000003"), fill.fee());
        assertEquals(1, venue.logged("\"call\":\"LOGON\"", "\"status\":200"));
    }

    @Test
    void shouldTellFillsOfTheAnswerOnceWhenTheStreamIsLateOrDoubledOrFirst() {
        launch();
        venue.quote(BTC, "sell", "50000", "0.001");
        venue.quote(BTC, "sell", "50001", "0.002");
        venue.fault("{\"streamLateMs\":150,\"duplicateReport\":3}");
        engine.newOrder(A, 2, BTC, Side.BUY, "0.003", "50001");
        engine.await(e -> e.orderId() == 2 && "FILLED".equals(e.status()), "last fill");
        venue.fault("{\"streamLateMs\":0,\"answerLateMs\":150,\"reorderReport\":1}");
        venue.quote(BTC, "sell", "50000", "0.003");
        engine.newOrder(A, 3, BTC, Side.BUY, "0.003", "50000");
        engine.await(e -> e.orderId() == 3 && "FILLED".equals(e.status()), "fill");
        engine.pollFor(400);
        assertEquals(List.of("NEW", "TRADE", "TRADE"), types(2));
        assertEquals(List.of("NEW", "TRADE"), types(3));
        assertTrue(adapter.counter(BinanceCounter.DOUBLED_FILLS) >= 3);
    }

    private List<String> types(final long orderId) {
        return engine.events().stream().filter(e -> e.orderId() == orderId && !"SENT".equals(e.type()))
            .map(EngineSide.Event::type).toList();
    }

    @Test
    void shouldRefuseWhatAFilterWouldRefuseBeforeItLeaves() {
        launch();
        final String[][] wrong = {{"0.003", "50000.001"}, {"0.000011111", "50000"}, {"0.00001", "50000"},
            {"0.00001", "1"}};
        final RejectReason[] reasons = {RejectReason.PRICE_PRECISION, RejectReason.QTY_PRECISION,
            RejectReason.NOTIONAL_BELOW_MINIMUM, RejectReason.NOTIONAL_BELOW_MINIMUM};
        for (int i = 0; i < wrong.length; i++) {
            final long orderId = 10 + i;
            engine.newOrder(A, orderId, BTC, Side.BUY, i == 1 ? "0.00300001" : wrong[i][0], wrong[i][1]);
            assertEquals(reasons[i].code(), engine.await(e -> e.orderId() == orderId && "NOT_SENT".equals(e.type()),
                "refusal " + i).reason());
        }
        assertEquals(4, adapter.counter(BinanceCounter.FILTER_REFUSALS));
        assertEquals(0, venue.logged("\"kind\":\"reject\""));
    }

    @Test
    void shouldTellTheVenuesOwnRefusalWithOurCode() {
        launch();
        venue.control("POST", "/symbol", "{\"symbol\":\"BTCUSDT\",\"tick\":\"0.5\"}");
        engine.newOrder(A, 20, BTC, Side.BUY, "0.003", "50000.01");
        final EngineSide.Event refused = engine.await(e -> e.orderId() == 20 && e.reason() != 0, "refusal");
        assertEquals("MESSAGE_REJECT", refused.type());
        assertEquals(RejectReason.PRICE_PRECISION.code(), refused.reason());
        assertEquals("-1013 Filter failure: PRICE_FILTER", refused.text());
    }

    @Test
    void shouldAlwaysSendTheSelfTradeModeAndReportWhatItPrevents() {
        launch();
        engine.selfTrade(SelfTradePrevention.CANCEL_OLDEST);
        engine.newOrder(A, 30, BTC, Side.SELL, "0.003", "50000");
        engine.awaitExecution(30, "NEW");
        assertEquals("EXPIRE_MAKER", venue.openOrders("a").get(0).path("stp").asText());
        engine.newOrder(A, 31, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(31, "NEW");
        assertEquals("EXPIRED_IN_MATCH", engine.awaitExecution(30, "EXPIRED").text());
        engine.selfTrade(SelfTradePrevention.DECREMENT);
        engine.newOrder(A, 32, BTC, Side.SELL, "0.001", "50000");
        engine.awaitExecution(32, "EXPIRED");
        final EngineSide.Event smaller = engine.awaitExecution(31, "REPLACED");
        assertEquals(EngineSide.e8("0.002"), smaller.orderQty());
        engine.selfTrade(SelfTradePrevention.CANCEL_NEWEST);
        engine.newOrder(A, 33, BTC, Side.SELL, "0.001", "50000");
        engine.awaitExecution(33, "EXPIRED");
        assertEquals(0, engine.of("TRADE").size(), "no trade with ourselves");
        engine.selfTrade(SelfTradePrevention.NONE);
        engine.newOrder(A, 34, "ETHUSDT", Side.BUY, "0.1", "3000");
        engine.awaitExecution(34, "NEW");
        assertTrue(venue.log().contains("\"stp\":\"EXPIRE_MAKER\",") || venue.logged("ETHUSDT", "EXPIRE_MAKER") > 0,
            "the pair's own where none is asked for");
    }

    @Test
    void shouldTakeARefusalOfASignatureForOneOfTheKey() {
        adapter = BinanceAdapter.launch(context().account(venue.accountA()).rules(new WireRules() {
            @Override
            String signedPayload(final String payload) {
                return payload + "x";
            }
        }));
        final EngineSide.Event down = engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        assertTrue(down.text().contains("-1022"), down.text());
        assertTrue(venue.stats("a").path("authenticationErrors").asInt() > 0);
    }

    @Test
    void shouldUseRestWhileTheSocketIsDownAndGoBack() {
        launch();
        final UUID resting = engine.newOrder(A, 40, BTC, Side.BUY, "0.003", "49000");
        final String venueOrderId = engine.awaitExecution(40, "NEW").venueOrderId();
        final int from = engine.size();
        venue.fault("{\"wsRefuse\":-1}");
        venue.dropSockets();
        awaitCounter(BinanceCounter.FALLBACKS, 1);
        engine.newOrders(A, BTC, TimeInForce.GTC, Side.BUY, "0.003", "50000", 41);
        engine.awaitExecution(41, "NEW");
        assertEquals(1, venue.logged("\"kind\":\"order\"", "\"channel\":\"rest\""));
        venue.take(BTC, "sell", "50000", "0.001");
        final EngineSide.Event fill = engine.awaitExecution(41, "TRADE");
        assertEquals("MAKER", fill.liquidity());
        assertEquals(EngineSide.e8("0.001"), fill.cumQty());
        engine.cancel(A, 40, resting, venueOrderId, BTC);
        engine.awaitExecution(40, "CANCELED");
        venue.fault("{\"wsRefuse\":0}");
        awaitCounter(BinanceCounter.SOCKET_LIVE, 2);
        engine.newOrder(A, 42, BTC, Side.BUY, "0.003", "48000");
        engine.awaitExecution(42, "NEW");
        assertEquals(2, venue.logged("\"kind\":\"order\"", "\"channel\":\"ws\""));
        for (final EngineSide.Event event : engine.events().subList(from, engine.size())) {
            assertTrue(!"DOWN".equals(event.type()), "REST took over: the account was never down");
        }
    }

    @Test
    void shouldReconnectWithoutLossWhenTheVenueAnnouncesItsEndOrTheConnectionIsOld() {
        launch(context -> context.connectionLifeMs(1_500));
        engine.newOrder(A, 50, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(50, "NEW");
        venue.control("POST", "/shutdown?ms=5000", "");
        awaitCounter(BinanceCounter.SOCKET_LIVE, 2);
        venue.take(BTC, "sell", "50000", "0.001");
        engine.awaitExecution(50, "TRADE");
        awaitCounter(BinanceCounter.SOCKET_LIVE, 3);
        final int from = engine.size();
        venue.take(BTC, "sell", "50000", "0.002");
        assertEquals("FILLED", engine.await(from, e -> "TRADE".equals(e.type()), "last fill").status());
        assertTrue(engine.of("DOWN").size() <= 1, "only the one that begins a run");
    }

    /** What fills between the venue's answer by REST and the first word of the stream only a question can tell. */
    @Test
    void shouldTellAFillOfAnOrderThatWasWithTheVenueByRestWhenTheSocketCameBack() {
        venue.fault("{\"wsRefuse\":-1}");
        launch(context -> context.requestTimeoutMs(20_000).queryTimeoutMs(30_000).pollMs(60_000));
        final UUID amended = engine.newOrder(A, 41, BTC, Side.BUY, "0.005", "49000");
        final String venueId = engine.awaitExecution(41, "NEW").venueOrderId();
        venue.fault("{\"answerLateMs\":6000}");
        engine.newOrder(A, 42, BTC, Side.BUY, "0.003", "50000");
        engine.replace(A, 41, amended, venueId, BTC, "0.004", "49000");
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!venue.openOrders("a").toString().contains("50000")) {
            assertTrue(System.nanoTime() - deadlineNs < 0, venue.log());
        }
        venue.take(BTC, "sell", "50000", "0.001");
        venue.take(BTC, "sell", "49000", "0.003");
        venue.fault("{\"wsRefuse\":0}");
        engine.await(e -> e.orderId() == 42 && "TRADE".equals(e.type()), "the fill of the new order");
        engine.await(e -> e.orderId() == 41 && "TRADE".equals(e.type()), "the fill of the other");
        assertEquals(1, adapter.counter(BinanceCounter.SOCKET_LIVE));
        engine.awaitExecution(41, "REPLACED");
    }
}
