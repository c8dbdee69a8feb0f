package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.sim.binance.BinanceSimulator;
import weir.venue.EngineSide;

/** Cancels and replaces that get no answer, while questions get none either: each ends in an event all the same. */
final class LostRequestTest extends VenueTest {
    /** More than a lane is scanned for what may leave. */
    private static final int UNANSWERED = 70;

    @Override
    BinanceSimulator.Context venueSettings(final BinanceSimulator.Context context) {
        return context.orders(500, 160_000);
    }

    private String resting(final long orderId) {
        engine.newOrder(A, orderId, BTC, Side.BUY, "0.003", "50000");
        return engine.awaitExecution(orderId, "NEW").venueOrderId();
    }

    private UUID idOf(final long orderId) {
        return engine.awaitExecution(orderId, "NEW").requestId();
    }

    @Test
    void shouldAskUntilItIsToldWhatBecameOfACancel() {
        launch();
        final String venueOrderId = resting(1);
        venue.fault("{\"fillBeforeCancel\":1,\"timeoutAfter\":1,\"queryLost\":2,\"dropReport\":-1}");
        engine.cancel(A, 1, idOf(1), venueOrderId, BTC);
        final EngineSide.Event end = engine.awaitExecution(1, "CANCELED");
        assertEquals(EngineSide.e8("0.00001"), end.cumQty());
        assertEquals(1, engine.of("TRADE").size(), "its fill first");
        assertEquals(0, engine.of("CANCEL_REJECT").size());
    }

    @Test
    void shouldGiveACancelBackThatNeverArrivedWhenItCanBeTakenInNoMore() {
        launch();
        final String venueOrderId = resting(2);
        venue.fault("{\"timeoutBefore\":1}");
        final long sentNs = System.nanoTime();
        final UUID lost = engine.cancel(A, 2, idOf(2), venueOrderId, BTC);
        final EngineSide.Event back = engine.await(e -> "NOT_SENT".equals(e.type()), "the cancel's end");
        assertEquals(lost, back.requestId());
        assertEquals("CANCEL", back.kind());
        assertFalse(System.nanoTime() - sentNs < 1_300_000_000L, "before the venue can take it in no more");
        final UUID again = engine.cancel(A, 2, idOf(2), venueOrderId, BTC);
        assertEquals(again, engine.awaitExecution(2, "CANCELED").requestId());
        assertEquals(1, engine.of("NOT_SENT").size());
    }

    /** Cancelled for its replacement, which a bar of the venue holds here: the order is not over. */
    @Test
    void shouldNotTellTheEndOfAnOrderWhoseReplacementWaits() {
        launch(context -> context.newsWaitMs(10_000));
        final String venueOrderId = resting(3);
        venue.take(BTC, "sell", "50000", "0.001");
        engine.awaitExecution(3, "TRADE");
        venue.fault("{\"answerLateMs\":500}");
        final UUID replace = engine.replace(A, 3, idOf(3), venueOrderId, BTC, "0.004", "49000");
        awaitCounter(BinanceCounter.CANCEL_THEN_NEWS, 1);
        engine.pollFor(100);
        venue.fault("{\"answerLateMs\":0,\"limitStorm\":1,\"retryAfterS\":3}");
        engine.newOrder(A, 4, BTC, Side.BUY, "0.003", "48000");
        engine.await(e -> "BAR".equals(e.type()), "VenueBar");
        engine.pollFor(900);
        assertEquals(0, venue.openOrders("a").size(), "the old order is gone, the new one waits");
        final int from = engine.size();
        engine.query(A, 3, idOf(3), venueOrderId, BTC, "0.001", 1);
        assertEquals("STATE_NO_ANSWER", engine.awaitState(from, 3).type());
        assertEquals(replace, engine.awaitExecution(3, "REPLACED").requestId());
        assertEquals(1, venue.openOrders("a").size());
        assertEquals(0, engine.of("CANCELED").size());
    }

    /** Told as sent, refused for its stamp and held by a bar before it could leave again. */
    @Test
    void shouldEndAnOrderThatWasSentInVainAndIsCancelledBeforeItLeavesAgain() {
        launch(context -> context.newsWaitMs(10_000));
        venue.fault("{\"clockOffsetMs\":3000,\"answerLateMs\":500}");
        final UUID id = engine.newOrder(A, 6, BTC, Side.BUY, "0.003", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 6, "sent");
        engine.pollFor(100);
        venue.fault("{\"answerLateMs\":0,\"limitStorm\":1,\"retryAfterS\":3}");
        engine.newOrder(A, 7, BTC, Side.BUY, "0.003", "48000");
        engine.await(e -> "BAR".equals(e.type()), "VenueBar");
        awaitCounter(BinanceCounter.TIMESTAMPS_REFUSED, 1);
        engine.cancel(A, 6, id, "", BTC);
        final EngineSide.Event end = engine.await(e -> e.orderId() == 6 && !"SENT".equals(e.type()), "its end");
        assertEquals("MESSAGE_REJECT NEW " + id, end.type() + ' ' + end.kind() + ' ' + end.requestId());
        assertEquals(0, venue.address().path("whileBarred").asInt(-1), "nor is the clock asked for while barred");
        assertEquals(0, venue.openOrders("a").size());
    }

    @Test
    void shouldLetACancelPassThoseThatWaitForAnswers() {
        launch(context -> context.inFlightMax(2 * UNANSWERED).requestTimeoutMs(5_000));
        final String venueOrderId = resting(5);
        venue.fault("{\"answerLostBefore\":" + UNANSWERED + "}");
        final UUID[] ids = new UUID[UNANSWERED];
        for (int i = 0; i < UNANSWERED; i++) {
            ids[i] = engine.newOrder(A, 100 + i, BTC, Side.BUY, "0.003", "50000");
        }
        engine.await(e -> engine.of("SENT").size() > UNANSWERED, "all with the venue");
        for (int i = 0; i < UNANSWERED; i++) {
            engine.cancel(A, 100 + i, ids[i], "", BTC);
        }
        engine.cancel(A, 5, idOf(5), venueOrderId, BTC);
        engine.awaitExecution(5, "CANCELED");
        assertEquals(0, adapter.counter(BinanceCounter.LOST_ANSWERS), "and not when theirs were given up");
        venue.dropSockets(); // and none is waited for any more
    }
}
