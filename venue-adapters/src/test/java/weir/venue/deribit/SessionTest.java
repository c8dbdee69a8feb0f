package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** What a session lives by: authentication, tokens, heartbeats, cancel on disconnect, credits, the venue's clock. */
final class SessionTest extends VenueTest {
    /** Heartbeats faster than the venue allows, so that a test need not wait for them. */
    private static final class FastRules extends WireRules {
        private final boolean answers;

        FastRules(final boolean answers) {
            this.answers = answers;
        }

        @Override
        boolean answersTests() {
            return answers;
        }
    }

    @Test
    void shouldAnswerTestRequestsInTimeAndLoseTheSessionWhenItDoesNot() throws Exception {
        launch(context -> context.heartbeatS(1).rules(new FastRules(true)));
        awaitCounter(DeribitCounter.TESTS_ANSWERED, 2);
        assertEquals(0, adapter.counter(DeribitCounter.SOCKET_LOST));
        adapter.close();
        launch(context -> context.heartbeatS(1).rules(new FastRules(false)));
        awaitCounter(DeribitCounter.SOCKET_LOST, 1);
    }

    @Test
    void shouldLeaveOrdersWhenItLeavesInOrderAndHaveThemCancelledWhenTheConnectionBreaks() {
        launch(context -> context.cancelOnDisconnect("connection"));
        engine.newOrder(A, 1, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(1, "NEW");
        adapter.close();
        engine.pollFor(100);
        assertEquals(1, venue.openOrders("a").size(), "private/logout cancels nothing");
        launch(context -> context.cancelOnDisconnect("connection"));
        engine.newOrder(A, 2, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(2, "NEW");
        venue.dropSockets();
        final EngineSide.Event end = engine.awaitExecution(2, "CANCELED");
        assertEquals("cancel_on_disconnect", end.text());
        assertEquals(1, venue.openOrders("a").size(), "an order of another connection stays");
    }

    @Test
    void shouldRefreshItsTokenBeforeItEnds() throws Exception {
        venue.close();
        venue = new VenueSide(directory.resolve("short"), TIER_1_USD, context -> context.tokenExpiryS(1));
        launch();
        awaitCounter(DeribitCounter.TOKENS_REFRESHED, 2);
        engine.newOrder(A, 3, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(3, "NEW");
        assertEquals(0, adapter.counter(DeribitCounter.SOCKET_LOST));
    }

    @Test
    void shouldTryAgainWhenAuthenticationIsRefusedAndNeverShowASecret() {
        venue.fault("{\"authRefused\":1}");
        adapter = DeribitAdapter.launch(context().httpFallback(false));
        final EngineSide.Event down = engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        assertEquals("authentication: invalid_credentials", down.text());
        engine.awaitUp(A);
        assertFalse(venue.log().contains(VenueSide.SECRET_A));
    }

    @Test
    void shouldBarItselfAndReconnectWhenTheVenueEndsTheSessionFor10028() {
        launch();
        engine.newOrder(A, 4, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(4, "NEW");
        venue.fault("{\"limitStorm\":1}");
        engine.newOrder(A, 5, BTC, Side.BUY, "100", "50000");
        final EngineSide.Event refused = engine.awaitExecution(5, "REJECTED");
        assertEquals(RejectReason.VENUE_THROTTLED.code(), refused.reason());
        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "VenueBar");
        assertEquals(10028, bar.reason());
        awaitCounter(DeribitCounter.SOCKET_LOST, 1);
        awaitCounter(DeribitCounter.SOCKET_LIVE, 2);
        assertEquals(1, venue.allStats().path("webSocket").path("ended").asInt());
        engine.newOrder(A, 6, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(6, "NEW");
        assertEquals(2, venue.openOrders("a").size());
    }

    @Test
    void shouldStayWithinTheLowestTierUnderOverloadAndKeepRoomForCancels() throws Exception {
        venue.close();
        venue = new VenueSide(directory.resolve("low"), java.math.BigDecimal.ZERO, context -> context);
        launch(context -> context.newsWaitMs(2_500));
        final UUID first = engine.newOrder(A, 100, BTC, Side.BUY, "10", "50000");
        final String venueOrderId = engine.awaitExecution(100, "NEW").venueOrderId();
        for (int i = 1; i < 60; i++) {
            engine.newOrder(A, 100 + i, BTC, Side.BUY, "10", "50000");
        }
        engine.pollFor(300);
        engine.cancel(A, 100, first, venueOrderId, BTC);
        final long askedNs = System.nanoTime();
        engine.awaitExecution(100, "CANCELED");
        assertTrue(System.nanoTime() - askedNs < 2_000_000_000L, "cancels do not wait behind news");
        engine.await(e -> "NOT_SENT".equals(e.type()) && e.orderId() == 159, "the last one's end");
        final JsonNode stats = venue.stats("a");
        assertEquals(0, stats.path("refused").asInt(), stats.toString());
        final int sent = stats.path("requests").path("private/buy").asInt();
        assertTrue(sent >= 20 && sent < 60, "burst and rate were used: " + stats);
        assertEquals(0, adapter.counter(DeribitCounter.LIMIT_REFUSALS));
    }

    @Test
    void shouldSetTheSelfTradeModeBeforeTheFirstOrderAndRefuseOthers() {
        adapter = DeribitAdapter.launch(new DeribitAdapter.Context().aeron(engine.aeron()).account(
            new DeribitAccount(A, venue.keyA, VenueSide.SECRET_A, venue.http(), venue.socket(), false,
                SelfTradePrevention.CANCEL_OLDEST)));
        engine.awaitUp(A);
        assertEquals(1, adapter.counter(DeribitCounter.SELF_TRADE_CONFIRMED));
        engine.selfTrade(SelfTradePrevention.CANCEL_OLDEST);
        engine.newOrder(A, 7, BTC, Side.BUY, "100", "50000");
        engine.awaitExecution(7, "NEW");
        engine.newOrder(A, 8, BTC, Side.SELL, "100", "50000");
        engine.awaitExecution(7, "CANCELED");
        engine.awaitExecution(8, "NEW");
        engine.selfTrade(SelfTradePrevention.CANCEL_NEWEST);
        engine.newOrder(A, 9, BTC, Side.SELL, "100", "50000");
        assertEquals(RejectReason.SELF_TRADE_UNSUPPORTED.code(),
            engine.await(e -> "NOT_SENT".equals(e.type()) && e.orderId() == 9, "refusal").reason());
    }

    @Test
    void shouldAlarmWhenTheVenuesClockIsFarOffLongBeforeItRefuses() {
        venue.fault("{\"clockOffsetMs\":5000}");
        launch();
        final EngineSide.Event alarm = engine.await(e -> "CLOCK_SKEW".equals(e.type()), "alarm");
        assertTrue(alarm.lastQty() > 4_000 && alarm.lastQty() < 6_000, alarm.toString());
        assertEquals(List.of(), engine.of("NOT_SENT"));
    }

    @Test
    void shouldNoticeASilentSocketAndFindWhatItMissedOverHttp() {
        launch(context -> context.heartbeatS(1).silenceMs(1_500).pollMs(200).rules(new FastRules(true)));
        engine.newOrder(A, 10, BTC, Side.BUY, "300", "50000");
        engine.awaitExecution(10, "NEW");
        venue.fault("{\"wsSilent\":1}");
        engine.pollFor(150);
        venue.take(BTC, "sell", "50000", "300");
        final EngineSide.Event fill = engine.awaitExecution(10, "TRADE");
        assertTrue(fill.recovered());
        venue.fault("{\"wsSilent\":0}");
        awaitCounter(DeribitCounter.SOCKET_LIVE, 2);
        engine.pollFor(100);
        assertEquals(1, engine.of("TRADE").size());
    }
}
