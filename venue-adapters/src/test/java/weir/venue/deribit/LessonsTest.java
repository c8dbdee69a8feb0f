package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** What the venue's answers teach of its credits: a smaller pool, an empty one, and how long to stay away. */
final class LessonsTest extends VenueTest {
    private static final int BURST = 60;

    private int refused() {
        return venue.stats("a").path("refused").asInt();
    }

    private int bought() {
        return venue.stats("a").path("requests").path("private/buy").asInt();
    }

    private void burst(final long firstOrderId) {
        for (int i = 0; i < BURST; i++) {
            engine.newOrder(A, firstOrderId + i, BTC, Side.BUY, "10", "50000");
        }
        for (int i = 0; i < BURST; i++) {
            final long orderId = firstOrderId + i;
            engine.await(e -> e.orderId() == orderId && ("NEW".equals(e.type()) || "NOT_SENT".equals(e.type())),
                "an end of " + orderId);
        }
    }

    @Test
    void shouldBeHeldBackByASmallerPoolThanThoughtAndUseALargerOne() {
        launch(context -> context.limitsEveryMs(100).newsWaitMs(1_000));
        assertEquals(List.of("100 30"), engine.of("TIER").stream().map(e -> e.lastQty() + " " + e.lastPx()).distinct()
            .toList(), "burst and rate in one reading");
        burst(1_000);
        assertEquals(BURST, bought(), "all at once: " + venue.stats("a"));
        venue.control("POST", "/tier?account=a&tier=TIER_4", "");
        final EngineSide.Event less = engine.await(e -> "TIER".equals(e.type()) && e.lastQty() == 20, "the reading");
        assertEquals(401, less.reason());
        assertEquals(5, less.lastPx());
        final int before = bought();
        burst(2_000);
        assertTrue(bought() - before < BURST / 2, "the pool of 20 and 5 a second: " + venue.stats("a"));
        assertTrue(engine.of("NOT_SENT").stream().allMatch(e -> e.reason() == RejectReason.VENUE_THROTTLED.code()));
        assertEquals(0, refused(), venue.stats("a").toString());
    }

    @Test
    void shouldTakeARefusalForAnEmptyPoolAndTheSessionForLost() {
        launch();
        final UUID id = engine.newOrder(A, 11, BTC, Side.BUY, "10", "50000");
        final String venueOrderId = engine.awaitExecution(11, "NEW").venueOrderId();
        venue.control("POST", "/drain?account=a&pool=matching_engine", "");
        final int from = engine.size();
        engine.cancel(A, 11, id, venueOrderId, BTC);
        for (long orderId = 12; orderId < 20; orderId++) {
            engine.newOrder(A, orderId, BTC, Side.BUY, "10", "50000");
        }
        final EngineSide.Event bar = engine.await(from, e -> "BAR".equals(e.type()), "VenueBar");
        assertEquals("ACCOUNT 10028", bar.status() + ' ' + bar.reason());
        final EngineSide.Event down = engine.await(from, e -> "DOWN".equals(e.type()), "the session lost");
        engine.awaitUp(from, A);
        engine.pollFor(300);
        final List<EngineSide.Event> events = engine.events();
        assertTrue(events.indexOf(bar) < events.indexOf(down), "first why, then that it is down");
        assertEquals(1, engine.of("BAR").size(), "once, however many were refused");
        assertEquals(1, venue.allStats().path("webSocket").path("ended").asInt());
        final int offences = refused();
        final long cancelAgain = engine.of("NOT_SENT").stream().filter(e -> e.orderId() == 11).count();
        assertTrue(cancelAgain == 1 || engine.of("CANCELED").size() == 1, "a cancel is handed back or done: " + events);
        for (long orderId = 30; orderId < 40; orderId++) {
            engine.newOrder(A, orderId, BTC, Side.BUY, "10", "50000");
        }
        for (long orderId = 30; orderId < 40; orderId++) {
            engine.awaitExecution(orderId, "NEW");
        }
        assertEquals(offences, refused(), "no second offence: " + venue.stats("a"));
    }

    @Test
    void shouldStayAwayOverHttpForAsLongAsTheEdgeSays() {
        venue.fault("{\"wsRefused\":1}");
        adapter = DeribitAdapter.launch(context().lessons(List.of(
            weir.venue.Lesson.barByStatus(10028, weir.protocol.sbe.LimitScope.ACCOUNT),
            weir.venue.Lesson.barByRetryAfter(List.of(10028, 429), weir.protocol.sbe.LimitScope.ACCOUNT))));
        engine.awaitUp(A);
        venue.fault("{\"limitStorm\":1,\"retryAfterS\":2}");
        final int from = engine.size();
        engine.newOrder(A, 51, BTC, Side.BUY, "10", "50000");
        final EngineSide.Event bar = engine.await(from, e -> "BAR".equals(e.type()), "VenueBar");
        assertEquals(2_000, bar.lastQty());
        final int calls = httpCalls();
        engine.pollFor(1_200);
        assertEquals(calls, httpCalls(), "nothing is sent, not even questions");
    }

    private int httpCalls() {
        int count = 0;
        for (final JsonNode requests : venue.stats("a").path("requests")) {
            count += requests.asInt();
        }
        return count;
    }

    @Test
    void shouldHoldItselfAndTellNoBarWhenTheContractTeachesNone() {
        launch(context -> context.lessons(List.of()));
        venue.fault("{\"limitStorm\":1,\"limitErrorOnly\":1}");
        engine.newOrder(A, 61, BTC, Side.BUY, "10", "50000");
        assertEquals(RejectReason.VENUE_THROTTLED.code(), engine.awaitExecution(61, "REJECTED").reason());
        final long sinceNs = System.nanoTime();
        engine.newOrder(A, 62, BTC, Side.BUY, "10", "50000");
        engine.awaitExecution(62, "NEW");
        assertTrue(System.nanoTime() - sinceNs > 300_000_000L, "held");
        assertEquals(List.of(), engine.of("BAR"));
        assertEquals(List.of(), engine.of("TIER"));
    }
}
