package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** A replace at a venue that has none: whatever happens on the way, never more at the venue than was asked for. */
final class ReplaceTest extends VenueTest {

    private UUID resting(final long orderId, final String qty) {
        final UUID id = engine.newOrder(A, orderId, BTC, Side.BUY, qty, "50000");
        engine.awaitExecution(orderId, "NEW");
        return id;
    }

    private String venueId(final long orderId) {
        return engine.awaitExecution(orderId, "NEW").venueOrderId();
    }

    private void assertOpen(final String leaves) {
        BigDecimal sum = BigDecimal.ZERO;
        for (final JsonNode order : venue.openOrders("a")) {
            sum = sum.add(new BigDecimal(order.path("qty").asText())
                .subtract(new BigDecimal(order.path("cumQty").asText())));
        }
        assertEquals(0, sum.compareTo(new BigDecimal(leaves)), "open at the venue: " + venue.openOrders("a"));
    }

    @Test
    void shouldAmendWhenOnlySmallerAndCancelReplaceInOneRequestWhenNothingIsFilled() {
        launch();
        final UUID id = resting(1, "0.004");
        engine.replace(A, 1, id, venueId(1), BTC, "0.003", "50000");
        final EngineSide.Event smaller = engine.awaitExecution(1, "REPLACED");
        assertEquals(venueId(1), smaller.venueOrderId(), "the same order, its place kept");
        assertEquals(1, adapter.counter(BinanceCounter.AMENDS));
        assertOpen("0.003");
        final int from = engine.size();
        final UUID second = engine.replace(A, 1, id, venueId(1), BTC, "0.005", "49000");
        final EngineSide.Event replaced = engine.await(from, e -> "REPLACED".equals(e.type()), "second replace");
        assertEquals(second, replaced.requestId());
        assertEquals(1, adapter.counter(BinanceCounter.CANCEL_REPLACES));
        assertOpen("0.005");
        engine.pollFor(300);
        assertEquals(0, engine.of("CANCELED").size(), "the old order's end is none of the order's");
    }

    @Test
    void shouldCancelAndPlaceWhatIsLeftWhenPartIsFilled() {
        launch();
        final UUID id = resting(2, "0.004");
        venue.take(BTC, "sell", "50000", "0.001");
        engine.awaitExecution(2, "TRADE");
        final UUID replace = engine.replace(A, 2, id, venueId(2), BTC, "0.006", "49000");
        final EngineSide.Event replaced = engine.awaitExecution(2, "REPLACED");
        assertEquals(replace, replaced.requestId());
        assertEquals(1, adapter.counter(BinanceCounter.CANCEL_THEN_NEWS));
        assertOpen("0.005");
        final int from = engine.size();
        venue.take(BTC, "sell", "49000", "0.005");
        final EngineSide.Event last = engine.await(from, e -> "TRADE".equals(e.type()), "fill of the new order");
        assertEquals("FILLED", last.status());
        assertEquals(EngineSide.e8("0.006"), last.cumQty(), "both orders' fills count to the one");
    }

    @Test
    void shouldNotDoubleWhenTheOrderFillsBeforeTheReplaceArrives() {
        launch();
        final UUID id = resting(3, "0.004");
        // the fill is at the venue, its report is held: the adapter does not know
        venue.fault("{\"streamLateMs\":400}");
        venue.take(BTC, "sell", "50000", "0.003");
        engine.replace(A, 3, id, venueId(3), BTC, "0.004", "49000");
        engine.awaitExecution(3, "REPLACED");
        assertOpen("0.001");
        assertEquals(1, adapter.counter(BinanceCounter.CANCEL_REPLACES), "tried, and refused by ONLY_NEW");
        assertEquals(1, adapter.counter(BinanceCounter.CANCEL_THEN_NEWS));
        engine.awaitExecution(3, "TRADE");
        engine.pollFor(500);
        assertEquals(1, engine.of("TRADE").size());
    }

    @Test
    void shouldEndTheOrderWhenTheCancelWentThroughAndTheNewOneWasRefused() {
        launch();
        final UUID id = resting(4, "0.004");
        venue.fault("{\"partialCancelReplace\":1}");
        final UUID replace = engine.replace(A, 4, id, venueId(4), BTC, "0.004", "49000");
        final EngineSide.Event refused = engine.await(e -> "CANCEL_REJECT".equals(e.type()), "refusal");
        assertEquals(replace, refused.requestId());
        assertTrue(refused.text().contains("insufficient balance"), refused.text());
        engine.awaitExecution(4, "CANCELED");
        assertOpen("0");
    }

    @Test
    void shouldFindTheNewOrderWhenTheAnswerIsLostAndItsReports() {
        launch();
        final UUID id = resting(5, "0.004");
        venue.fault("{\"answerLostAfter\":1,\"dropReport\":2}");
        final UUID replace = engine.replace(A, 5, id, venueId(5), BTC, "0.004", "49000");
        assertEquals(replace, engine.awaitExecution(5, "REPLACED").requestId());
        assertOpen("0.004");
        assertEquals(0, engine.of("CANCELED").size());
    }

    @Test
    void shouldKeepTheOldOrderWhenTheLostReplaceNeverArrived() {
        launch();
        final UUID id = resting(6, "0.004");
        venue.fault("{\"timeoutBefore\":1}");
        final UUID replace = engine.replace(A, 6, id, venueId(6), BTC, "0.004", "49000");
        final EngineSide.Event refused = engine.await(e -> "CANCEL_REJECT".equals(e.type()), "verdict");
        assertEquals(replace, refused.requestId());
        assertEquals(RejectReason.NOT_AT_VENUE.code(), refused.reason());
        assertOpen("0.004");
        engine.cancel(A, 6, id, venueId(6), BTC);
        engine.awaitExecution(6, "CANCELED");
    }

    @Test
    void shouldCountTheFillsBeforeAReplaceToAnOrderThatAFormerRunReplaced() {
        launch();
        final UUID id = resting(7, "0.004");
        venue.take(BTC, "sell", "50000", "0.001");
        engine.awaitExecution(7, "TRADE");
        final String old = venueId(7);
        final UUID replace = engine.replace(A, 7, id, old, BTC, "0.004", "49000");
        engine.awaitExecution(7, "REPLACED");
        adapter.close();
        launch();
        // what a router knows that was killed before it heard of the replace
        final int from = engine.size();
        engine.query(A, 7, id, old, BTC, "0.001", 1);
        final EngineSide.Event state = engine.awaitState(from, 7);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("PARTIALLY_FILLED", state.status());
        assertEquals(EngineSide.e8("0.001"), state.cumQty());
        assertEquals(EngineSide.e8("0.004"), state.orderQty());
        assertEquals(EngineSide.e8("49000"), state.price());
        engine.cancel(A, 7, replace, state.venueOrderId(), BTC);
        assertEquals(EngineSide.e8("0.001"), engine.awaitExecution(7, "CANCELED").cumQty());
        assertOpen("0");
    }
}
