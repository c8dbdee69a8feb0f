package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** Answers that leave the outcome open, over both ways: never a verdict, never sent again, found by asking. */
final class UnknownTest extends VenueTest {
    private static final Set<String> VERDICTS = Set.of("REJECTED", "MESSAGE_REJECT", "NOT_SENT", "CANCELED");

    @ParameterizedTest
    @CsvSource({"timeoutAfter,false", "serverErrorAfter,false", "answerLostAfter,false", "truncatedAnswer,false",
        "wrongAnswer,false", "timeoutAfter,true", "serverErrorAfter,true", "truncatedAnswer,true", "wrongAnswer,true"})
    void shouldFindAnOrderWhoseAnswerIsNone(final String fault, final boolean rest) {
        launch();
        if (rest) {
            venue.fault("{\"wsRefuse\":-1}");
            venue.dropSockets();
            awaitCounter(BinanceCounter.FALLBACKS, 1);
        }
        venue.fault("{\"" + fault + "\":1,\"dropReport\":1}");
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.003", "50000");
        final EngineSide.Event accepted = engine.awaitExecution(1, "NEW");
        assertEquals(id, accepted.requestId());
        assertTrue(accepted.recovered(), "found by asking");
        engine.pollFor(100);
        assertEquals(1, venue.openOrders("a").size());
        assertTrue(engine.events().stream().noneMatch(e -> VERDICTS.contains(e.type())), engine.events().toString());
    }

    @Test
    void shouldNotTakeWhatIsNotShownYetForWhatIsNotThere() {
        launch();
        venue.fault("{\"timeoutAfter\":1,\"dropReport\":1,\"visibilityDelayMs\":800}");
        final UUID id = engine.newOrder(A, 2, BTC, Side.BUY, "0.003", "50000");
        engine.pollFor(100);
        final int from = engine.size();
        engine.query(A, 2, id, "", BTC, "0", 1);
        assertEquals("STATE_NO_ANSWER", engine.awaitState(from, 2).type(), "it may yet be taken in");
        engine.pollFor(1_300);
        final int again = engine.size();
        engine.query(A, 2, id, "", BTC, "0", 2);
        assertEquals("STATE_FOUND", engine.awaitState(again, 2).type());
    }

    @Test
    void shouldTellTheFillsOfAnOrderFoundAfterItsCancelWasLost() {
        launch();
        final UUID id = engine.newOrder(A, 3, BTC, Side.BUY, "0.003", "50000");
        final String venueOrderId = engine.awaitExecution(3, "NEW").venueOrderId();
        venue.fault("{\"dropReport\":-1}");
        venue.take(BTC, "sell", "50000", "0.001");
        venue.fault("{\"dropReport\":-1,\"timeoutAfter\":1}");
        engine.cancel(A, 3, id, venueOrderId, BTC);
        final EngineSide.Event end = engine.awaitExecution(3, "CANCELED");
        assertEquals(EngineSide.e8("0.001"), end.cumQty());
        assertEquals(1, engine.of("TRADE").size(), "its fill first, though no report ever came");
    }
}
