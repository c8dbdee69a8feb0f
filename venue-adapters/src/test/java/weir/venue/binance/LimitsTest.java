package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.Side;
import weir.sim.binance.BinanceSimulator;
import weir.venue.EngineSide;
import weir.venue.Lesson;
import weir.venue.SkewedClock;

/** The venue's limits: read, told, obeyed on the wire, and what follows when the venue says stop. */
final class LimitsTest extends VenueTest {

    @Override
    BinanceSimulator.Context venueSettings(final BinanceSimulator.Context context) {
        return context.orders(20, 160_000).weight(5_000);
    }

    private void launchTelling() {
        launch(this::telling);
    }

    /** As the deployed contract teaches, and told at any time of a window. */
    private BinanceAdapter.Context telling(final BinanceAdapter.Context context) {
        return context.weightLimitId(301).orders10sLimitId(311).orders1dLimitId(312).readingEveryMs(1).windowSkewMs(0)
            .orderSkewMs(0).lessons(List.of(Lesson.usedByHeader("X-MBX-USED-WEIGHT-1M", 301),
                Lesson.usedByHeader("X-MBX-ORDER-COUNT-10S", 311), Lesson.usedByHeader("X-MBX-ORDER-COUNT-1D", 312),
                Lesson.barByRetryAfter(List.of(429, 418), LimitScope.IP), Lesson.barByStatus(418, LimitScope.IP)));
    }

    @Test
    void shouldTellUsedWeightOrderCountsAndTheSizesThatTheVenueStates() {
        launchTelling();
        engine.newOrder(A, 1, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(1, "NEW");
        assertEquals(1, engine.await(e -> "READING".equals(e.type()) && e.reason() == 311 && e.lastQty() > 0,
            "order count").lastQty());
        engine.await(e -> "READING".equals(e.type()) && e.reason() == 301 && e.lastQty() >= 60, "weight");
        assertEquals(20, engine.await(e -> "TIER".equals(e.type()) && e.reason() == 311, "size").lastQty());
        assertEquals(5_000, engine.await(e -> "TIER".equals(e.type()) && e.reason() == 301, "size").lastQty());
    }

    @Test
    void shouldTellTheSameByTheHeadersOfRest() {
        venue.fault("{\"wsRefuse\":-1}");
        launchTelling();
        venue.fault("{\"weightJump\":400}");
        engine.newOrder(A, 20, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(20, "NEW");
        assertEquals(1, engine.await(e -> "READING".equals(e.type()) && e.reason() == 311 && e.lastQty() > 0,
            "order count").lastQty());
        engine.await(e -> "READING".equals(e.type()) && e.reason() == 312 && e.lastQty() > 0, "order count of the day");
        engine.await(e -> "READING".equals(e.type()) && e.reason() == 301 && e.lastQty() > 400, "what others use too");
    }

    /** Told in the next window, it would hold that one back. */
    @Test
    void shouldTellNoReadingNearTheEdgeOfItsWindow() {
        launch(context -> telling(context).windowSkewMs(29_999).orderSkewMs(4_999));
        engine.newOrder(A, 21, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(21, "NEW");
        engine.await(e -> "READING".equals(e.type()) && e.reason() == 312, "of the day");
        engine.pollFor(50);
        assertTrue(engine.of("READING").stream().allMatch(e -> e.reason() == 312), engine.of("READING").toString());
    }

    @Test
    void shouldStopTheWorldWhenTheConnectionIsRefusedForABan() {
        launch();
        venue.control("POST", "/ban?ms=1500", "");
        venue.dropSockets();
        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "VenueBar");
        assertEquals("IP 418", bar.status() + ' ' + bar.reason());
        assertTrue(bar.lastQty() > 500 && bar.lastQty() <= 2_100, "ms " + bar.lastQty());
        engine.newOrder(A, 22, BTC, Side.BUY, "0.003", "49000");
        final long untilNs = System.nanoTime() + bar.lastQty() * 1_000_000L;
        engine.await(e -> e.orderId() == 22 && List.of("NEW", "NOT_SENT").contains(e.type()), "its end");
        awaitCounter(BinanceCounter.SOCKET_LIVE, 2);
        assertTrue(System.nanoTime() - untilNs > -100_000_000L, "nothing before the venue's time");
        assertEquals(1, venue.address().path("refused").asInt(), "one attempt, and no other before the ban was over");
    }

    @Test
    void shouldSendNothingWhileBarredAndHeldCancelsFirstWhenItIsOver() {
        launch();
        final UUID id = engine.newOrder(A, 2, BTC, Side.BUY, "0.003", "50000");
        final String venueOrderId = engine.awaitExecution(2, "NEW").venueOrderId();
        venue.fault("{\"limitStorm\":1}");
        engine.newOrder(A, 3, BTC, Side.BUY, "0.003", "50000");
        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "VenueBar");
        assertEquals("IP", bar.status());
        assertEquals(429, bar.reason());
        assertTrue(bar.lastQty() > 500 && bar.lastQty() <= 1_100, "ms " + bar.lastQty());
        assertEquals(RejectReason.VENUE_THROTTLED.code(),
            engine.await(e -> e.orderId() == 3 && "MESSAGE_REJECT".equals(e.type()), "refusal").reason());
        engine.newOrder(A, 4, BTC, Side.BUY, "0.003", "49000");
        engine.cancel(A, 2, id, venueOrderId, BTC);
        engine.awaitExecution(2, "CANCELED");
        engine.awaitExecution(4, "NEW");
        assertEquals(0, venue.address().path("whileBarred").asInt(-1), "nothing left while barred");
        final String log = venue.log();
        assertTrue(log.indexOf("\"call\":\"CANCEL\"") < log.lastIndexOf("\"call\":\"ORDER\""), "the cancel first");
    }

    @Test
    void shouldStopTheWorldWhileBanned() {
        launch();
        engine.newOrder(A, 5, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(5, "NEW");
        venue.control("POST", "/ban?ms=1200", "");
        engine.newOrder(A, 6, BTC, Side.BUY, "0.003", "50000");
        assertEquals(418, engine.await(e -> "BAR".equals(e.type()), "VenueBar").reason());
        engine.newOrder(A, 7, BTC, Side.BUY, "0.003", "49000");
        engine.awaitExecution(7, "NEW");
        assertEquals(1, venue.address().path("refused").asInt(), "asked once, and not again before the ban was over");
    }

    @Test
    void shouldHoldOrdersAtTheirCountAndLetCancelsPass() {
        launch(context -> context.newsWaitMs(300));
        final UUID[] ids = new UUID[40];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = engine.newOrder(A, 100 + i, BTC, Side.BUY, "0.003", "50000");
        }
        engine.await(e -> "NOT_SENT".equals(e.type()) && e.reason() == RejectReason.VENUE_THROTTLED.code(), "held");
        engine.pollFor(400);
        final long accepted = engine.of("NEW").size();
        // an edge of the window may lie between: then there are two windows' worth
        assertTrue(accepted >= 18 && accepted <= 40, "accepted " + accepted);
        assertEquals(0, venue.stats("a").path("refused").asInt(-1), "the venue had to refuse none");
        assertTrue(venue.stats("a").path("peakOrders10s").asInt() <= 20);
        engine.cancel(A, 100, ids[0], "", BTC);
        engine.awaitExecution(100, "CANCELED");
    }

    @Test
    void shouldStayBelowTheWeightThatOthersBehindTheAddressUseToo() {
        launch(context -> context.newsWaitMs(300).cancelReserve(100));
        engine.newOrder(A, 8, BTC, Side.BUY, "0.003", "50000");
        final String venueOrderId = engine.awaitExecution(8, "NEW").venueOrderId();
        venue.fault("{\"weightJump\":4700}");
        engine.newOrder(A, 9, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(9, "NEW");
        venue.fault("{\"weightJump\":0}");
        engine.newOrder(A, 10, BTC, Side.BUY, "0.003", "50000");
        final EngineSide.Event last = engine.await(e -> e.orderId() == 10
            && ("NOT_SENT".equals(e.type()) || "NEW".equals(e.type())), "held, or a new minute began");
        if ("NOT_SENT".equals(last.type())) {
            assertTrue(adapter.counter(BinanceCounter.USED_WEIGHT) > 4_700);
            engine.cancel(A, 8, engine.await(e -> e.orderId() == 8 && "NEW".equals(e.type()), "NEW").requestId(),
                venueOrderId, BTC);
            engine.awaitExecution(8, "CANCELED");
        }
        assertEquals(0, venue.address().path("refused").asInt(-1));
    }

    @Test
    void shouldAlarmBeforeTheVenueRefusesAndStampByTheVenuesClock() {
        venue.fault("{\"clockOffsetMs\":-2500}");
        launch();
        final EngineSide.Event alarm = engine.await(e -> "CLOCK_SKEW".equals(e.type()), "the alarm");
        assertTrue(alarm.lastQty() < -2_000, "skew " + alarm.lastQty());
        engine.newOrder(A, 11, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(11, "NEW");
        assertEquals(0, venue.stats("a").path("timestampErrors").asInt(-1), "none was refused");
        // the venue's clock steps: the refused request was not carried out and leaves again with another stamp
        venue.fault("{\"clockOffsetMs\":3000}");
        engine.newOrder(A, 12, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(12, "NEW");
        assertTrue(adapter.counter(BinanceCounter.TIMESTAMPS_REFUSED) >= 1);
        assertTrue(engine.of("MESSAGE_REJECT").isEmpty() && engine.of("REJECTED").isEmpty());
        assertEquals(2, venue.logged("\"kind\":\"order\""));
    }

    @Test
    void shouldNotHoldOrdersForAsLongAsTheClockOfTheHostSteppedForward() {
        final SkewedClock clock = new SkewedClock();
        launch(context -> context.epochClock(clock).newsWaitMs(40_000));
        engine.newOrder(A, 1, BTC, Side.BUY, "0.003", "50000");
        engine.awaitExecution(1, "NEW");
        clock.ahead(60_000);
        // more than a window of ten seconds takes: the others wait for the next, and not for a minute
        for (int i = 0; i < 30; i++) {
            engine.newOrder(A, 100 + i, BTC, Side.BUY, "0.003", "50000");
        }
        for (int i = 0; i < 30; i++) {
            final long orderId = 100 + i;
            assertEquals("NEW", engine.await(e -> e.orderId() == orderId && List.of("NEW", "NOT_SENT",
                "MESSAGE_REJECT").contains(e.type()), "an end of " + orderId).type());
        }
        assertTrue(adapter.counter(BinanceCounter.TIMESTAMPS_REFUSED) >= 1, "the venue refused a stamp of the step");
        assertTrue(venue.stats("a").path("peakOrders10s").asInt() <= 20);
    }

    @Test
    void shouldReplaceNothingThatItCannotSay() {
        launch();
        assertFalse(venue.accountA().toString().contains(VenueSide.SECRET_A));
        engine.replace(A, 99, EngineSide.id(1, 1), "", BTC, "0.0000001", "50000");
        assertEquals(RejectReason.QTY_BELOW_MINIMUM.code(),
            engine.await(e -> "NOT_SENT".equals(e.type()), "refusal").reason());
    }
}
