package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.protocol.RejectReason;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** What the contract suite does not ask of this venue: faults, self-trade modes, refusals, clock. */
final class OrderFlowTest extends IntxTest {

    @ParameterizedTest
    @ValueSource(strings = {"serverErrorAfter", "truncatedAnswer", "wrongContent", "halfOpen"})
    void shouldFindAnOrderWhoseAnswerWasNone(final String fault) {
        launch(context -> context.requestTimeoutMs(800));
        venue.fault("{\"" + fault + "\":1}");
        engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        final EngineSide.Event found = engine.awaitExecution(1, "NEW");
        assertTrue(found.recovered(), "found by asking");
        assertEquals(1, venue.open("a").size());
        assertTrue(adapter.counter(IntxCounter.UNREADABLE_ANSWERS) + adapter.counter(IntxCounter.LOST_ANSWERS)
            + adapter.counter(IntxCounter.UNKNOWN_WORDS) > 0);
        engine.pollFor(200);
        assertTrue(engine.of("MESSAGE_REJECT").isEmpty() && engine.of("REJECTED").isEmpty(), "no verdict");
    }

    private EngineSide.Event query(final long orderId, final UUID id, final int attempt) {
        final int from = engine.size();
        engine.query(A, orderId, id, "", BTC, "0", attempt);
        return engine.awaitState(from, orderId);
    }

    private EngineSide.Event awaitVerdict(final long orderId, final UUID id) {
        EngineSide.Event state = query(orderId, id, 1);
        for (int attempt = 2; attempt < 100 && "STATE_NO_ANSWER".equals(state.type()); attempt++) {
            engine.pollFor(100);
            state = query(orderId, id, attempt);
        }
        return state;
    }

    @Test
    void shouldNotCallAnOrderAbsentThatTheVenueShowsAfterItsConnectionWasReset() {
        launch();
        venue.fault("{\"answerLostAfter\":1,\"visibilityDelayMs\":3000}");
        final UUID id = engine.newOrder(A, 31, BTC, Side.BUY, "0.001", "50000");
        awaitCounter(IntxCounter.LOST_ANSWERS, 1);
        final EngineSide.Event state = awaitVerdict(31, id);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("NEW", state.status());
        assertEquals(List.of(id.toString()), venue.open("a"));
        venue.take(BTC, "sell", "50000", "0.001");
        engine.awaitExecution(31, "TRADE");
    }

    @Test
    void shouldCallAnOrderAbsentOnceItsSignatureCanBeAcceptedNoMore() {
        launch();
        venue.fault("{\"answerLostBefore\":1}");
        final long sentNs = System.nanoTime();
        final UUID id = engine.newOrder(A, 32, BTC, Side.BUY, "0.001", "50000");
        awaitCounter(IntxCounter.LOST_ANSWERS, 1);
        assertEquals("STATE_NOT_FOUND", awaitVerdict(32, id).type());
        assertTrue(System.nanoTime() - sentNs >= 5_000_000_000L, "the venue takes it for five seconds");
        assertEquals(List.of(), venue.open("a"));
    }

    @Test
    void shouldNotCallAReplaceFailedThatTheVenueMayYetTake() {
        launch();
        final UUID id = engine.newOrder(A, 33, BTC, Side.BUY, "0.001", "50000");
        final String venueId = engine.awaitExecution(33, "NEW").venueOrderId();
        venue.fault("{\"answerLostBefore\":1}");
        final long sentNs = System.nanoTime();
        final UUID replace = engine.replace(A, 33, id, venueId, BTC, "0.002", "49000");
        awaitCounter(IntxCounter.LOST_ANSWERS, 1);
        final EngineSide.Event state = awaitVerdict(33, id);
        assertEquals("STATE_FOUND", state.type());
        assertTrue(System.nanoTime() - sentNs >= 5_000_000_000L, "the venue takes it for five seconds");
        assertTrue(engine.events().stream().noneMatch(e -> "REPLACED".equals(e.type())));
        // one that was carried out is told
        venue.fault("{\"answerLostAfter\":1}");
        final UUID second = engine.replace(A, 33, id, venueId, BTC, "0.002", "49000");
        assertEquals(second, engine.awaitExecution(33, "REPLACED").requestId());
        assertTrue(venue.open("a").size() == 1 && !venue.open("a").contains(replace.toString()));
    }

    @Test
    void shouldCancelAnOrderWhoseAnswerWasLostByAskingForItsId() {
        launch(context -> context.ordersEveryMs(60_000));
        venue.fault("{\"answerLostAfter\":1,\"queryLost\":1}");
        final UUID id = engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "50000");
        engine.await(e -> "SENT".equals(e.type()), "VenueSent");
        engine.pollFor(300);
        engine.cancel(A, 2, id, "", BTC);
        assertEquals(0, engine.awaitExecution(2, "CANCELED").cumQty());
        assertEquals(List.of(), venue.open("a"));
    }

    @Test
    void shouldTellALateFillAfterTheCancel() {
        launch();
        final UUID id = engine.newOrder(A, 3, BTC, Side.BUY, "0.002", "50000");
        final String venueId = engine.awaitExecution(3, "NEW").venueOrderId();
        venue.fault("{\"lateFill\":1}");
        engine.cancel(A, 3, id, venueId, BTC);
        engine.awaitExecution(3, "CANCELED");
        final EngineSide.Event fill = engine.awaitExecution(3, "TRADE");
        assertEquals(EngineSide.e8("0.002"), fill.lastQty());
    }

    @Test
    void shouldTellFillsOnceAndInOrderWhenTheListDoublesAndShufflesThem() {
        launch();
        venue.fault("{\"duplicateFill\":true,\"shuffledFills\":true,\"fillDelayMs\":400}");
        engine.newOrder(A, 4, BTC, Side.SELL, "0.004", "50000");
        engine.awaitExecution(4, "NEW");
        for (int i = 0; i < 4; i++) {
            venue.take(BTC, "buy", "50000", "0.001");
        }
        engine.await(e -> "FILLED".equals(e.status()), "the last fill");
        engine.pollFor(600);
        final List<EngineSide.Event> fills = engine.of("TRADE");
        assertEquals(4, fills.size(), fills.toString());
        for (int i = 0; i < 4; i++) {
            assertEquals(EngineSide.e8("0.001") * (i + 1), fills.get(i).cumQty());
        }
        assertTrue(adapter.counter(IntxCounter.UNREADABLE_ANSWERS) == 0);
    }

    @Test
    void shouldTellFeesOfBothSidesOfTheBook() {
        launch();
        venue.quote(BTC, "sell", "50000", "0.001");
        engine.newOrder(A, 5, BTC, Side.BUY, "0.002", "50000");
        final EngineSide.Event took = engine.awaitExecution(5, "TRADE");
        assertEquals("TAKER", took.liquidity());
        assertEquals(EngineSide.e8("0.01"), took.fee(), "2 bps of 50");
        assertEquals("USDC", took.feeCurrency());
        final int from = engine.size();
        venue.take(BTC, "sell", "50000", "0.001");
        final EngineSide.Event made = engine.await(from, e -> "TRADE".equals(e.type()), "the second fill");
        assertEquals("MAKER", made.liquidity());
        assertEquals(0, made.fee());
    }

    @Test
    void shouldSendTheVenuesSelfTradeModeWithEachOrder() {
        launch();
        engine.selfTrade(SelfTradePrevention.CANCEL_OLDEST);
        engine.newOrder(A, 6, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(6, "NEW");
        engine.newOrder(A, 7, BTC, Side.SELL, "0.001", "50000");
        engine.awaitExecution(7, "NEW");
        engine.awaitExecution(6, "CANCELED");
        engine.selfTrade(SelfTradePrevention.DECREMENT);
        engine.newOrder(A, 8, BTC, Side.BUY, "0.0005", "50000");
        engine.await(e -> e.orderId() == 8 && "CANCELED".equals(e.type()), "end of the smaller one");
        assertEquals(0, engine.of("TRADE").size());
    }

    @Test
    void shouldMapRefusalsToReasonsOfOurs() {
        launch();
        venue.control("POST", "/instrument", "{\"symbol\":\"ETH-PERP\",\"state\":\"HALTED\"}");
        refused(11, "ETH-PERP", "0.01", "3000", RejectReason.INSTRUMENT_HALTED);
        refused(12, BTC, "0.00001", "50000", RejectReason.QTY_PRECISION);
        refused(13, BTC, "0.001", "50000.01", RejectReason.PRICE_PRECISION);
        refused(14, BTC, "0.0001", "50000", RejectReason.NOTIONAL_BELOW_MINIMUM);
        refused(15, "NO-PERP", "1", "50000", RejectReason.UNKNOWN_SYMBOL);
        engine.newOrders(A, BTC, TimeInForce.DAY, Side.BUY, "0.001", "50000", 16);
        assertEquals(RejectReason.TIF_UNSUPPORTED.code(),
            engine.await(e -> e.orderId() == 16 && "NOT_SENT".equals(e.type()), "no form").reason());
    }

    @Test
    void shouldStayDownWithoutAlarmWhileTheKeyIsWrongAndNeverShowIt() {
        final IntxAccount right = venue.accountA();
        adapter = IntxAdapter.launch(new IntxAdapter.Context().aeron(engine.aeron()).reconnectMinMs(50)
            .reconnectMaxMs(100).account(new IntxAccount(A, right.apiKey(), VenueSide.SECRET_B, right.passphrase(),
                right.portfolio(), right.restUri())));
        final EngineSide.Event down = engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        assertTrue(down.text().contains("Unauthorized"), down.text());
        engine.pollFor(300);
        assertEquals(1, engine.of("DOWN").size(), "told once");
        assertTrue(engine.of("UP").isEmpty());
        assertFalse(engine.events().toString().contains(VenueSide.SECRET_B));
    }

    @Test
    void shouldAlarmWellBeforeTheVenueRefusesOurClock() {
        launch(context -> context.idleProbeMs(200));
        assertTrue(engine.of("CLOCK_SKEW").isEmpty());
        venue.fault("{\"clockOffsetMs\":3000}");
        final EngineSide.Event alarm = engine.await(e -> "CLOCK_SKEW".equals(e.type()), "alarm");
        assertEquals("TRUE", alarm.status());
        engine.newOrder(A, 21, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(21, "NEW");
        assertEquals(0, venue.stats("a").get("authenticationErrors").asLong(), "not refused yet");
    }

    private void refused(final long orderId, final String symbol, final String qty, final String price,
        final RejectReason reason) {
        engine.newOrder(A, orderId, symbol, Side.BUY, qty, price);
        final EngineSide.Event event =
            engine.await(e -> e.orderId() == orderId && "MESSAGE_REJECT".equals(e.type()), "refusal");
        assertEquals(reason.code(), event.reason(), event.text());
        assertFalse(event.text().startsWith("io.javalin"), event.text());
    }
}
