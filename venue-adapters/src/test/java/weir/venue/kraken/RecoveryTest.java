package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Lost answers, lost sockets, doubled and dropped fills: what the engine is told in the end, once. */
final class RecoveryTest extends VenueTest {

    private EngineSide.Event query(final long orderId, final UUID id, final String venueOrderId, final String cumQty) {
        final int from = engine.size();
        engine.query(A, orderId, id, venueOrderId, XBT, cumQty, 1);
        return engine.awaitState(from, orderId);
    }

    @Test
    void shouldFindAnOrderWhoseAnswerWasLostByItself() {
        launch();
        venue.fault("{\"answerLostAfter\":1}");
        engine.newOrder(A, 1, XBT, Side.BUY, "0.001", "50000");
        assertEquals(36, engine.awaitExecution(1, "NEW").venueOrderId().length());
        engine.pollFor(200);
        assertEquals(1, engine.of("NEW").size());
        assertEquals(1, adapter.counter(KrakenCounter.LOST_ANSWERS));
        assertTrue(engine.of("NOT_SENT").isEmpty());
    }

    @Test
    void shouldSayNothingOfAnOrderThatNeverArrivedUntilTheEngineAsks() {
        launch();
        venue.fault("{\"answerLostBefore\":1}");
        final UUID id = engine.newOrder(A, 2, XBT, Side.BUY, "0.001", "50000");
        awaitCounter(KrakenCounter.LOST_ANSWERS, 1);
        engine.pollFor(500);
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() == 2 && !"SENT".equals(e.type())),
            engine.events().toString());
        assertEquals("STATE_NOT_FOUND", query(2, id, "", "0").type());
    }

    @Test
    void shouldFindEachOrderOfABatchThatWasCutInTheMiddle() {
        launch();
        venue.fault("{\"disconnectMidBatch\":1,\"batchCutAfter\":3}");
        final List<UUID> ids = engine.newOrders(A, XBT, TimeInForce.GTC, Side.BUY, "0.001", "50000",
            11, 12, 13, 14, 15, 16);
        awaitCounter(KrakenCounter.LOST_ANSWERS, 1);
        engine.pollFor(700);
        int found = 0;
        for (int i = 0; i < 6; i++) {
            final EngineSide.Event state = query(11 + i, ids.get(i), "", "0");
            found += "STATE_FOUND".equals(state.type()) ? 1 : 0;
            assertTrue(!"STATE_NO_ANSWER".equals(state.type()), state.toString());
        }
        assertEquals(3, found);
        assertEquals(3, venue.openOrders("a").size(), "none is sent again");
        assertEquals(3, engine.of("NEW").size(), "and those found were told without being asked for");
    }

    @Test
    void shouldAskLaterWhenTheVenueDoesNotShowTheOrderYet() {
        launch();
        venue.fault("{\"answerLostAfter\":1,\"visibilityDelayMs\":1500,\"wsSilent\":1}");
        final UUID id = engine.newOrder(A, 21, XBT, Side.BUY, "0.001", "50000");
        awaitCounter(KrakenCounter.LOST_ANSWERS, 1);
        assertEquals("STATE_NOT_FOUND", query(21, id, "", "0").type(), "too early: the engine does not count it");
        engine.pollFor(1600);
        assertEquals("STATE_FOUND", query(21, id, "", "0").type());
    }

    @Test
    void shouldTellCancelledAfterTheVenueForgotTheOrder() throws Exception {
        venue.close();
        venue = new VenueSide(directory.resolve("forgets"), context -> context.orderRetentionNs(1_000_000_000L));
        launch();
        final UUID id = engine.newOrder(A, 31, XBT, Side.BUY, "0.003", "50000");
        final String venueOrderId = engine.awaitExecution(31, "NEW").venueOrderId();
        venue.take(XBT, "sell", "50000", "0.001");
        engine.awaitExecution(31, "TRADE");
        engine.cancel(A, 31, id, venueOrderId, XBT);
        engine.awaitExecution(31, "CANCELED");
        engine.pollFor(1_200);
        final EngineSide.Event state = query(31, id, venueOrderId, "0.001");
        assertEquals("STATE_FOUND", state.type());
        assertEquals("CANCELED", state.status());
        assertEquals(EngineSide.e8("0.001"), state.cumQty());
    }

    @Test
    void shouldTellDoubledFillsOnceAndFindDroppedOnes() {
        launch();
        engine.newOrder(A, 41, XBT, Side.BUY, "0.003", "50000");
        engine.awaitExecution(41, "NEW");
        venue.fault("{\"duplicateFill\":1}");
        venue.take(XBT, "sell", "50000", "0.001");
        engine.awaitExecution(41, "TRADE");
        awaitCounter(KrakenCounter.DOUBLED_FILLS, 1);
        venue.fault("{\"dropFill\":1}");
        final int from = engine.size();
        venue.take(XBT, "sell", "50000", "0.001");
        final EngineSide.Event recovered = engine.await(from, e -> "TRADE".equals(e.type()), "the dropped fill");
        assertTrue(recovered.recovered(), "over REST");
        assertEquals(EngineSide.e8("0.002"), recovered.cumQty());
        engine.pollFor(300);
        assertEquals(2, engine.of("TRADE").size());
    }

    @Test
    void shouldTakeFillsThatComeBeforeTheAnswer() {
        launch();
        venue.fault("{\"fillFirstMs\":300}");
        venue.quote(XBT, "sell", "50000", "0.005");
        engine.newOrder(A, 51, XBT, Side.BUY, "0.002", "50000");
        final EngineSide.Event fill = engine.awaitExecution(51, "TRADE");
        assertEquals("FILLED", fill.status());
        engine.pollFor(500);
        assertEquals(List.of("SENT", "NEW", "TRADE"), engine.events().stream().filter(e -> e.orderId() == 51)
            .map(EngineSide.Event::type).sorted((a, b) -> "SENT".equals(a) ? -1 : "SENT".equals(b) ? 1 : 0).toList());
    }

    @Test
    void shouldPollOverRestWhileTheSocketIsDownAndCatchUpOnce() {
        launch(context -> context.reconnectMinMs(3_000).reconnectMaxMs(3_000).pollMs(200));
        final UUID id = engine.newOrder(A, 61, XBT, Side.BUY, "0.003", "50000");
        final String venueOrderId = engine.awaitExecution(61, "NEW").venueOrderId();
        venue.dropSockets();
        awaitCounter(KrakenCounter.SOCKET_LOST, 1);
        venue.take(XBT, "sell", "50000", "0.001");
        final EngineSide.Event fill = engine.awaitExecution(61, "TRADE");
        assertTrue(fill.recovered());
        engine.cancel(A, 61, id, venueOrderId, XBT);
        engine.awaitExecution(61, "CANCELED");
        awaitCounter(KrakenCounter.SOCKET_LIVE, 2);
        engine.pollFor(300);
        assertEquals(1, engine.of("TRADE").size());
    }

    @Test
    void shouldLookAgainAtAnOrderThatIsGoneWhenTheSocketComesBack() {
        launch(context -> context.reconnectMinMs(1_500).reconnectMaxMs(1_500).pollMs(60_000));
        final int count = 25; // more than orders/status is asked for at once
        final long[] orderIds = LongStream.range(200, 200 + count).toArray();
        for (int i = 0; i < count; i += 5) {
            engine.newOrders(A, XBT, TimeInForce.GTC, Side.BUY, "0.001", "50000",
                Arrays.copyOfRange(orderIds, i, i + 5));
        }
        for (final long orderId : orderIds) {
            engine.awaitExecution(orderId, "NEW");
        }
        final long polls = adapter.counter(KrakenCounter.ROUNDS);
        venue.dropSockets();
        awaitCounter(KrakenCounter.SOCKET_LOST, 1);
        awaitCounter(KrakenCounter.ROUNDS, polls + 1);
        engine.pollFor(300);
        final String goneAtVenue = engine.events().stream().filter(e -> e.orderId() == 212 && "NEW".equals(e.type()))
            .findFirst().orElseThrow().venueOrderId();
        venue.control("POST", "/cancel?orderId=" + goneAtVenue, "");
        awaitCounter(KrakenCounter.SOCKET_LIVE, 2);
        final EngineSide.Event end = engine.awaitExecution(212, "CANCELED");
        assertEquals(0, end.cumQty());
        assertEquals(count - 1, venue.openOrders("a").size());
        engine.pollFor(1_500);
        assertEquals(1, engine.of("CANCELED").size(), "the others live");
    }

    @Test
    void shouldNoticeASilentSocketAndFindWhatItMissed() {
        launch(context -> context.pingMs(300).silenceMs(1_500).pollMs(300));
        engine.newOrder(A, 71, XBT, Side.BUY, "0.003", "50000");
        engine.awaitExecution(71, "NEW");
        venue.fault("{\"wsSilent\":1}");
        venue.take(XBT, "sell", "50000", "0.003");
        assertEquals("FILLED", engine.awaitExecution(71, "TRADE").status());
        venue.fault("{\"wsSilent\":0}");
        awaitCounter(KrakenCounter.SOCKET_LIVE, 2);
    }

    @Test
    void shouldAdoptAThousandOrdersOfAFormerRunInAFewRounds() throws Exception {
        venue.close();
        venue = new VenueSide(directory.resolve("big"), context -> context.openOrdersMax(2_000).costLimit(1_000_000));
        launch(context -> context.newsWaitMs(60_000).rules(new WireRules() {
            @Override
            int units(final KrakenAdapter.Context settings) {
                return 1_000_000;
            }
        }));
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i += 10) {
            final long[] orderIds = new long[10];
            for (int k = 0; k < 10; k++) {
                orderIds[k] = 10_000 + i + k;
            }
            ids.addAll(engine.newOrders(A, XBT, TimeInForce.GTC, Side.BUY, "0.001", "50000", orderIds));
        }
        for (int i = 0; i < 1_000; i++) {
            engine.awaitExecution(10_000 + i, "NEW");
        }
        adapter.close();
        for (int i = 0; i < 120; i++) {
            venue.take(XBT, "sell", "50000", "0.001");
        }
        engine.forget();
        launch(context -> context.queryTimeoutMs(20_000));
        final long requestsBefore = adapter.counter(KrakenCounter.REQUESTS);
        final long startNs = System.nanoTime();
        final int from = engine.size();
        for (int i = 0; i < 1_000; i++) {
            engine.query(A, 10_000 + i, ids.get(i), "", XBT, "0", 1);
        }
        final Set<Long> answered = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            final EngineSide.Event state = engine.awaitState(from, 10_000 + i);
            assertEquals("STATE_FOUND", state.type(), state.toString());
            answered.add(state.orderId());
        }
        assertEquals(1_000, answered.size());
        assertEquals(120, engine.of("TRADE").stream().map(EngineSide.Event::tradeId).distinct().count());
        final long requests = adapter.counter(KrakenCounter.REQUESTS) - requestsBefore;
        assertTrue(requests < 30, requests + " requests for 1,000 orders");
        System.out.printf("1,000 orders and 120 fills adopted with %d requests in %d ms%n", requests,
            (System.nanoTime() - startNs) / 1_000_000L);
    }
}
