package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** Orders that ended without a fill before anyone could ask: only the venue's history still knows them. */
final class HistoryTest extends VenueTest {
    private static final long FORGOTTEN_MS = 5_500;

    private EngineSide.Event query(final long orderId, final UUID id) {
        final int from = engine.size();
        engine.query(A, orderId, id, "", XBT, "0", 1);
        return engine.awaitState(from, orderId);
    }

    private UUID lostThenCancelled(final long orderId) {
        venue.fault("{\"answerLostAfter\":1,\"wsSilent\":1,\"queryLost\":-1}");
        final UUID id = engine.newOrder(A, orderId, XBT, Side.BUY, "0.003", "50000");
        awaitCounter(KrakenCounter.LOST_ANSWERS, 1);
        final JsonNode open = venue.openOrders("a");
        assertEquals(1, open.size(), "the venue has it");
        venue.control("POST", "/cancel?orderId=" + open.get(0).path("orderId").asText(), "");
        engine.pollFor(FORGOTTEN_MS);
        venue.fault("{\"queryLost\":0,\"wsSilent\":0}");
        engine.pollFor(1_000); // questions that are out come back before the account is asked anew
        return id;
    }

    @Test
    void shouldFindAnOrderCancelledWhileNobodyHeardOfIt() {
        launch(context -> context.failuresToDown(1_000));
        final UUID id = lostThenCancelled(1);

        final EngineSide.Event state = query(1, id);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("CANCELED", state.status());
        assertEquals(0, state.cumQty());
        assertEquals(36, state.venueOrderId().length());
        assertTrue(adapter.counter(KrakenCounter.HISTORY_REQUESTS) > 0);
    }

    @Test
    void shouldSayNotFoundOfAnOrderThatTheHistoryDoesNotKnowEither() {
        launch();
        assertEquals("STATE_NOT_FOUND", query(2, EngineSide.id(77, 0)).type());
        assertEquals(1, adapter.counter(KrakenCounter.HISTORY_REQUESTS));
    }

    @Test
    void shouldSayNothingWhenTheHistoryCannotBeAsked() {
        launch(context -> context.historyTokens(1));
        assertEquals("STATE_NOT_FOUND", query(3, EngineSide.id(78, 0)).type());
        assertEquals("STATE_NO_ANSWER", query(4, EngineSide.id(79, 0)).type(), "its pool is spent");
        assertEquals(1, adapter.counter(KrakenCounter.HISTORY_REQUESTS));
        assertEquals(1, adapter.counter(KrakenCounter.HISTORY_HELD));
    }

    @Test
    void shouldKeepTradingWhenTheVenueSaysThatItsHistoryIsSpent() {
        launch();
        venue.fault("{\"limitStorm\":4}"); // status, openorders and fills go first: each holds and is asked again
        final int from = engine.size();
        engine.query(A, 5, EngineSide.id(80, 0), "", XBT, "0", 1);
        engine.awaitState(from, 5);
        venue.fault("{\"limitStorm\":0}");
        engine.newOrder(A, 6, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(6, "NEW");
        assertFalse(engine.of("NEW").isEmpty());
    }

    @Test
    void shouldTakeTokensNoFasterThanTheyRefill() {
        final HistoryPool pool = new HistoryPool(90, 0);
        int taken = 0;
        for (long nowMs = 0; nowMs <= 600_000; nowMs += 100) {
            taken += pool.take(nowMs * 1_000_000L) ? 1 : 0;
        }
        assertEquals(180, taken, "what was there, and what ten minutes bring");
        pool.drain(600_000_000_000L);
        assertFalse(pool.take(606_000_000_000L), "a token takes longer than the venue's six seconds");
        assertTrue(pool.take(606_700_000_000L));
    }
}
