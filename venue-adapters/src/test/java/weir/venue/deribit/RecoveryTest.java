package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** Lost answers, lost sockets, doubled, late and dropped notifications: what the engine is told in the end, once. */
final class RecoveryTest extends VenueTest {

    @Test
    void shouldFindAnOrderWhoseAnswerAndNotificationWereLostByItself() {
        launch(context -> context.requestTimeoutMs(400));
        venue.fault("{\"answerLostAfter\":1,\"dropChange\":1}");
        engine.newOrder(A, 1, BTC, Side.BUY, "100", "50000");
        assertTrue(engine.awaitExecution(1, "NEW").recovered());
        engine.pollFor(100);
        assertEquals(1, engine.of("NEW").size());
        assertEquals(1, adapter.counter(DeribitCounter.LOST_ANSWERS));
        assertTrue(engine.of("NOT_SENT").isEmpty());
    }

    @Test
    void shouldSayNothingOfAnOrderThatNeverArrivedUntilTheEngineAsks() {
        launch(context -> context.requestTimeoutMs(300));
        venue.fault("{\"answerLostBefore\":1}");
        final UUID id = engine.newOrder(A, 2, BTC, Side.BUY, "100", "50000");
        awaitCounter(DeribitCounter.LOST_ANSWERS, 1);
        engine.pollFor(300);
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() == 2 && !"SENT".equals(e.type())),
            engine.events().toString());
        assertEquals("STATE_NOT_FOUND", query(2, id, "", "0").type());
    }

    @Test
    void shouldResolveOrdersOfASocketThatBrokeInTheMiddleByLabelAndTrades() {
        launch();
        venue.fault("{\"dropAfter\":1}");
        final UUID there = engine.newOrder(A, 3, BTC, Side.BUY, "100", "50000");
        final EngineSide.Event down = engine.await(e -> "DOWN".equals(e.type()) && !e.text().isEmpty()
            && !"adapter started".equals(e.text()), "DOWN");
        assertTrue(!down.text().isEmpty());
        awaitCounter(DeribitCounter.SOCKET_LIVE, 2);
        final EngineSide.Event found = query(3, there, "", "0");
        assertEquals("STATE_FOUND", found.type());
        assertEquals("NEW", found.status());
        venue.fault("{\"dropBefore\":1}");
        final UUID absent = engine.newOrder(A, 4, BTC, Side.BUY, "100", "49000");
        awaitCounter(DeribitCounter.SOCKET_LIVE, 3);
        assertEquals("STATE_NOT_FOUND", query(4, absent, "", "0").type());
        assertEquals(1, venue.openOrders("a").size(), "none is sent again");
    }

    @Test
    void shouldTellDoubledFillsOnceAndFindDroppedOnes() {
        launch();
        final UUID id = engine.newOrder(A, 5, BTC, Side.BUY, "300", "50000");
        final String venueOrderId = engine.awaitExecution(5, "NEW").venueOrderId();
        venue.fault("{\"duplicateChange\":1}");
        venue.take(BTC, "sell", "50000", "100");
        engine.awaitExecution(5, "TRADE");
        awaitCounter(DeribitCounter.DOUBLED_FILLS, 1);
        venue.fault("{\"dropChange\":1}");
        venue.take(BTC, "sell", "50000", "100");
        // the cancel's answer counts what was never told: the fill comes first, then the end
        final UUID cancel = engine.cancel(A, 5, id, venueOrderId, BTC);
        final EngineSide.Event end = engine.awaitExecution(5, "CANCELED");
        assertEquals(cancel, end.requestId());
        assertEquals(EngineSide.e8("200"), end.cumQty());
        assertEquals(2, engine.of("TRADE").size());
        assertEquals(1, adapter.counter(DeribitCounter.RECOVERED_FILLS));
    }

    @Test
    void shouldConcludeAnOrderThatTheVenueForgotHoweverManyTradesCameSince() throws Exception {
        venue.close();
        venue = new VenueSide(directory.resolve("forgets"), TIER_1_USD,
            context -> context.orderRetentionNs(1_000_000L));
        launch();
        final UUID id = engine.newOrder(A, 51, BTC, Side.BUY, "20", "49000");
        final String atVenue = engine.awaitExecution(51, "NEW").venueOrderId();
        engine.newOrder(A, 52, BTC, Side.BUY, "20000", "50000");
        engine.awaitExecution(52, "NEW");
        final String level = "{\"price\":\"50000\",\"qty\":\"10\"}";
        venue.control("POST", "/quotes", "{\"symbol\":\"" + BTC + "\",\"side\":\"sell\",\"immediate\":true,"
            + "\"levels\":[" + String.join(",", Collections.nCopies(1_001, level)) + "]}");
        venue.control("POST", "/cancel?orderId=" + atVenue, "");
        engine.awaitExecution(51, "CANCELED");
        engine.pollFor(100);
        assertEquals("STATE_NOT_FOUND", query(51, id, atVenue, "0").type());
    }

    @Test
    void shouldLookAgainAtAnOrderThatIsGoneWhenTheSocketComesBack() throws Exception {
        venue.close();
        venue = new VenueSide(directory.resolve("forgets"), TIER_1_USD,
            context -> context.orderRetentionNs(1_000_000L));
        launch();
        engine.newOrder(A, 53, BTC, Side.BUY, "100", "50000");
        final String atVenue = engine.awaitExecution(53, "NEW").venueOrderId();
        venue.dropSockets();
        venue.control("POST", "/cancel?orderId=" + atVenue, "");
        assertEquals(0, engine.awaitExecution(53, "CANCELED").cumQty());
    }

    @Test
    void shouldTellAFillThatComesAfterTheCancelsAnswerBeforeTheEnd() {
        launch();
        final UUID id = engine.newOrder(A, 6, BTC, Side.BUY, "300", "50000");
        final String venueOrderId = engine.awaitExecution(6, "NEW").venueOrderId();
        engine.pollFor(50);
        venue.fault("{\"fillBeforeCancel\":1,\"notifyLateMs\":250}");
        engine.cancel(A, 6, id, venueOrderId, BTC);
        final EngineSide.Event end = engine.awaitExecution(6, "CANCELED");
        assertEquals(EngineSide.e8("10"), end.cumQty());
        engine.pollFor(400);
        final List<String> types = engine.events().stream().filter(e -> e.orderId() == 6
            && !"SENT".equals(e.type())).map(EngineSide.Event::type).toList();
        assertEquals(List.of("NEW", "TRADE", "CANCELED"), types);
    }

    @Test
    void shouldTakeAnswersInAnyOrderAndTruncatedOnesForLost() {
        launch(context -> context.requestTimeoutMs(600));
        venue.fault("{\"slowAnswer\":1,\"slowAnswerMs\":300,\"notifyLateMs\":500}");
        engine.newOrder(A, 7, BTC, Side.BUY, "100", "50000");
        engine.newOrder(A, 8, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(7, "NEW");
        final List<Long> order = engine.of("NEW").stream().map(EngineSide.Event::orderId).toList();
        assertEquals(List.of(8L, 7L), order, "the second answer came first");
        venue.fault("{\"truncatedAnswer\":1,\"dropChange\":1,\"notifyLateMs\":0}");
        engine.newOrder(A, 9, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(9, "NEW");
        assertEquals(1, adapter.counter(DeribitCounter.UNREADABLE_ANSWERS));
        assertEquals(3, venue.openOrders("a").size());
    }

    @Test
    void shouldCallNothingRefusedThatTheVenueLeavesOpen() {
        launch();
        venue.fault("{\"errorAfter\":1,\"dropChange\":1}");
        engine.newOrder(A, 10, BTC, Side.BUY, "100", "50000");
        assertTrue(engine.awaitExecution(10, "NEW").recovered());
        venue.fault("{\"errorBefore\":1,\"errorCode\":10047}");
        engine.newOrder(A, 11, BTC, Side.BUY, "100", "50000");
        assertEquals(RejectReason.VENUE_THROTTLED.code(), engine.awaitExecution(11, "REJECTED").reason());
    }

    @Test
    void shouldRepeatACancelThatTheVenueWasTooBusyFor() {
        launch();
        final UUID id = engine.newOrder(A, 12, BTC, Side.BUY, "100", "50000");
        final String venueOrderId = engine.awaitExecution(12, "NEW").venueOrderId();
        venue.fault("{\"errorBefore\":1,\"errorCode\":10047}");
        engine.cancel(A, 12, id, venueOrderId, BTC);
        engine.awaitExecution(12, "CANCELED");
        assertTrue(engine.of("CANCEL_REJECT").isEmpty());
    }

    @Test
    void shouldAdoptAThousandOrdersOfAFormerRun() {
        launch(context -> context.newsWaitMs(60_000).rules(new WireRules() {
            @Override
            boolean guards() {
                return false;
            }
        }));
        // the venue's limits are not what is looked at here
        venue.fault("{\"limitErrorOnly\":true}");
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            if (i % 60 == 0) {
                venue.control("POST", "/tier?account=a&tier=TIER_4", "");
                venue.control("POST", "/tier?account=a&tier=TIER_1", "");
            }
            ids.add(engine.newOrder(A, 10_000 + i, BTC, Side.BUY, "10", "50000"));
            if (i % 60 == 59 || i == 999) {
                engine.awaitExecution(10_000 + i, "NEW");
            }
        }
        for (int i = 0; i < 1_000; i++) {
            engine.awaitExecution(10_000 + i, "NEW");
        }
        adapter.close();
        for (int i = 0; i < 40; i++) {
            venue.take(BTC, "sell", "50000", "10");
        }
        engine.forget();
        launch(context -> context.queryTimeoutMs(20_000));
        final long requestsBefore = adapter.counter(DeribitCounter.REQUESTS);
        final int from = engine.size();
        for (int i = 0; i < 1_000; i++) {
            engine.query(A, 10_000 + i, ids.get(i), "", BTC, "0", 1);
        }
        final Set<Long> answered = new HashSet<>();
        int filled = 0;
        for (int i = 0; i < 1_000; i++) {
            final EngineSide.Event state = engine.awaitState(from, 10_000 + i);
            assertEquals("STATE_FOUND", state.type(), state.toString());
            filled += "FILLED".equals(state.status()) ? 1 : 0;
            answered.add(state.orderId());
        }
        assertEquals(1_000, answered.size());
        assertEquals(40, filled);
        assertEquals(40, engine.of("TRADE").stream().map(EngineSide.Event::tradeId).distinct().count());
        assertEquals(960, venue.openOrders("a").size());
        final long requests = adapter.counter(DeribitCounter.REQUESTS) - requestsBefore;
        assertTrue(requests < 120, requests + " requests for 1,000 orders");
    }
}
