package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** Orders over signed HTTP while no socket can be had, and the way back. */
final class HttpFallbackTest extends VenueTest {

    @Test
    void shouldTradeOverHttpWhileTheSocketIsRefusedAndGoBackToIt() {
        venue.fault("{\"wsRefused\":1}");
        adapter = DeribitAdapter.launch(context().pollMs(200));
        assertEquals("HTTP answers", engine.awaitUp(A).text());
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "300", "50000");
        final String venueOrderId = engine.awaitExecution(1, "NEW").venueOrderId();
        engine.await(e -> "SENT".equals(e.type()) && e.orderIds().contains(1L), "SENT");
        venue.take(BTC, "sell", "50000", "100");
        final EngineSide.Event fill = engine.awaitExecution(1, "TRADE");
        assertTrue(fill.recovered(), "nobody tells it: it was asked for");
        final UUID edit = engine.replace(A, 1, id, venueOrderId, BTC, "200", "49000");
        assertEquals(edit, engine.awaitExecution(1, "REPLACED").requestId());
        assertTrue(adapter.counter(DeribitCounter.HTTP_REQUESTS) > 0);
        venue.fault("{\"wsRefused\":0}");
        awaitCounter(DeribitCounter.SOCKET_LIVE, 1);
        assertEquals(1, engine.of("UP").size(), "the engine does not notice");
        final long overHttp = adapter.counter(DeribitCounter.HTTP_REQUESTS);
        engine.cancel(A, 1, edit, venueOrderId, BTC);
        assertEquals(EngineSide.e8("100"), engine.awaitExecution(1, "CANCELED").cumQty());
        assertEquals(overHttp, adapter.counter(DeribitCounter.HTTP_REQUESTS));
        assertEquals(1, engine.of("TRADE").size());
    }

    @Test
    void shouldFindAnOrderWhoseHttpAnswerWasCut() {
        venue.fault("{\"wsRefused\":1}");
        adapter = DeribitAdapter.launch(context());
        engine.awaitUp(A);
        venue.fault("{\"answerLostAfter\":1}");
        engine.newOrder(A, 2, BTC, Side.BUY, "100", "50000");
        assertTrue(engine.awaitExecution(2, "NEW").recovered());
        venue.fault("{\"truncatedAnswer\":1}");
        engine.newOrder(A, 3, BTC, Side.BUY, "100", "50000");
        assertTrue(engine.awaitExecution(3, "NEW").recovered());
        assertEquals(2, venue.openOrders("a").size());
    }

    @Test
    void shouldBeRefusedWhenItSignsSomethingElse() {
        venue.fault("{\"wsRefused\":1}");
        adapter = DeribitAdapter.launch(context().rules(new WireRules() {
            @Override
            String signedBody(final String sent) {
                return sent + "x";
            }
        }));
        engine.await(e -> "DOWN".equals(e.type()) && e.text().contains("invalid_credentials"), "refusal");
    }
}
