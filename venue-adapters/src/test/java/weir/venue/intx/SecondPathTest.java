package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenuePath;
import weir.venue.EngineSide;

/** Orders and cancels by FIX while REST is down or barred, and one life of an order over both paths. */
final class SecondPathTest extends TwoPathTest {

    @Test
    void shouldTradeByFixWhileRestIsDownAndReplaceAndCancelByRestWhenItIsBack() {
        launchTwo(context -> context);
        restDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.004", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderIds().contains(1L), "VenueSent");
        final EngineSide.Event accepted = engine.awaitExecution(1, "NEW");
        assertEquals(id, accepted.requestId());
        venue.take(BTC, "sell", "50000", "0.001");
        final EngineSide.Event fill = engine.awaitExecution(1, "TRADE");
        assertEquals("MAKER", fill.liquidity());
        assertEquals(0, fill.fee());
        assertEquals("USDC", fill.feeCurrency());
        final JsonNode executed = venue.log("exec").get(0);
        assertEquals(executed.get("tradeId").asLong(), fill.tradeId());
        restUp();
        venue.take(BTC, "sell", "50000", "0.001");
        engine.await(e -> "TRADE".equals(e.type()) && e.cumQty() == EngineSide.e8("0.002"), "the second fill");
        final UUID replace =
            engine.replace(A, 1, id, accepted.venueOrderId(), BTC, "0.004", "49000");
        engine.awaitExecution(1, "REPLACED");
        engine.cancel(A, 1, replace, accepted.venueOrderId(), BTC);
        assertEquals(EngineSide.e8("0.002"), engine.awaitExecution(1, "CANCELED").cumQty());
        engine.pollFor(400);
        assertEquals(2, trades(1), "FIX and REST both told them");
        assertEquals(1, engine.of("CANCELED").size());
        assertEquals(List.of(id.toString()), byFix("D"));
        assertEquals(List.of(), byFix("F"), "cancelled by REST");
        assertEquals("fix", venue.log("order").get(0).path("channel").asText());
        assertEquals(List.of(), venue.open("a"));
        assertTrue(engine.of("TRADE").stream().allMatch(e -> "MAKER".equals(e.liquidity())),
            engine.of("TRADE").toString());
    }

    @Test
    void shouldCancelByFixWhatRestPlacedAndAllThereIs() {
        launchTwo(context -> context);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "49000");
        engine.awaitExecution(2, "NEW");
        restDown();
        final UUID cancel = engine.cancel(A, 1, id, venueId, BTC);
        assertEquals(cancel, engine.awaitExecution(1, "CANCELED").requestId());
        assertEquals(List.of(cancel.toString()), byFix("F"));
        engine.newOrder(A, 3, BTC, Side.BUY, "0.001", "48000");
        engine.awaitExecution(3, "NEW");
        engine.massCancel(A, "");
        engine.awaitExecution(2, "CANCELED");
        engine.awaitExecution(3, "CANCELED");
        final UUID again = engine.cancel(A, 1, id, venueId, BTC);
        final EngineSide.Event refused =
            engine.await(e -> "CANCEL_REJECT".equals(e.type()) && again.equals(e.requestId()), "too late");
        assertEquals(RejectReason.ORDER_FINAL.code(), refused.reason());
        assertEquals(1, byFix("q").size());
    }

    @Test
    void shouldTellTakersAndRefusalsByFix() {
        launchTwo(context -> context);
        restDown();
        venue.quote(BTC, "sell", "50000", "0.001");
        engine.newOrders(A, BTC, TimeInForce.IOC, Side.BUY, "0.003", "50000", 1);
        final EngineSide.Event end = engine.await(e -> e.orderId() == 1 && "EXPIRED".equals(e.type()), "the end");
        assertEquals(EngineSide.e8("0.001"), end.cumQty());
        final EngineSide.Event took = engine.of("TRADE").get(0);
        assertEquals("TAKER", took.liquidity());
        assertEquals(EngineSide.e8("0.01"), took.fee(), "2 bps of 50");
        refused(2, BTC, "0.00001", RejectReason.QTY_PRECISION);
        refused(3, "NO-PERP", "1", RejectReason.UNKNOWN_SYMBOL);
        refused(4, BTC, "0.0001", RejectReason.NOTIONAL_BELOW_MINIMUM);
        engine.newOrders(A, BTC, TimeInForce.DAY, Side.BUY, "0.001", "50000", 5);
        assertEquals(RejectReason.TIF_UNSUPPORTED.code(),
            engine.await(e -> e.orderId() == 5 && "NOT_SENT".equals(e.type()), "no form").reason());
        assertEquals(List.of(), venue.open("a"));
    }

    private void refused(final long orderId, final String symbol, final String qty, final RejectReason reason) {
        engine.newOrder(A, orderId, symbol, Side.BUY, qty, "50000");
        assertEquals(reason.code(), engine.await(e -> e.orderId() == orderId && "MESSAGE_REJECT".equals(e.type()),
            "refusal").reason());
    }

    @Test
    void shouldAskRestForAnOrderWhoseReportWasLostWithTheSession() {
        launchTwo(context -> context);
        engine.path(VenuePath.SECOND);
        venue.fault("{\"fixAnswerLostAfter\":1}");
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.002", "50000");
        engine.await(e -> "SECOND_DOWN".equals(e.type()), "the session is lost");
        int from = engine.size();
        engine.query(A, 1, id, "", BTC, "0", 1);
        final EngineSide.Event found = engine.awaitState(from, 1);
        assertEquals("STATE_FOUND", found.type());
        assertEquals("NEW", found.status());
        engine.await(e -> "SECOND_UP".equals(e.type()) && engine.of("SECOND_UP").size() == 2, "back");
        venue.take(BTC, "sell", "50000", "0.001");
        engine.awaitExecution(1, "TRADE");
        engine.pollFor(400);
        assertEquals(1, trades(1));
        assertEquals(1, venue.open("a").size(), "never sent again");

        venue.fault("{\"fixAnswerLostBefore\":1}");
        final long sentNs = System.nanoTime();
        final UUID lost = engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "50000");
        EngineSide.Event state = null;
        for (int attempt = 1; attempt < 60 && (state == null || "STATE_NO_ANSWER".equals(state.type())); attempt++) {
            engine.pollFor(100);
            from = engine.size();
            engine.query(A, 2, lost, "", BTC, "0", attempt);
            state = engine.awaitState(from, 2);
        }
        assertEquals("STATE_NOT_FOUND", state.type());
        assertTrue(System.nanoTime() - sentNs >= 2_400_000_000L, "not while the message could be on its way");
        assertEquals(1, venue.log("order").size());
    }

    @Test
    void shouldTellWhatTheVenueCancelsWithTheSession() {
        launchTwo(context -> context.fixTerms(TERMS.cancelling('Y')));
        engine.path(VenuePath.SECOND);
        engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        engine.path(VenuePath.FIRST);
        engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "49000");
        engine.awaitExecution(2, "NEW");
        final int from = engine.size();
        venue.disconnect("fix");
        engine.await(from, e -> "SECOND_DOWN".equals(e.type()), "SECOND_DOWN");
        engine.awaitExecution(1, "CANCELED");
        engine.await(from, e -> "SECOND_UP".equals(e.type()), "SECOND_UP");
        assertEquals(1, venue.open("a").size(), "REST's stays");
        assertTrue(engine.of("CANCELED").stream().noneMatch(e -> e.orderId() == 2));
    }

    @Test
    void shouldStandByUntilALogonIsTakenAndShowNoSecret() {
        venue.fault("{\"fixRefuseLogon\":3}");
        launchTwo(context -> context);
        final List<EngineSide.Event> down = engine.of("SECOND_DOWN");
        assertEquals(1, down.size(), "told once");
        assertTrue(down.get(0).text().contains("logon refused"), down.get(0).text());
        assertEquals(3, venue.stats("a").path("fix").path("refusedLogons").asInt());
        final String all = engine.events().toString();
        assertFalse(all.contains(VenueSide.SECRET_A) || all.contains(VenueSide.PASSPHRASE) || all.contains(venue.keyA));
        engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        assertEquals(List.of(), byFix("D"), "REST was up all the time");
    }

    @Test
    void shouldBeToldWhatIsWrongWithASignatureThatIsNotTheVenues() {
        startTwo(context -> context.rules(new WireRules() {
            @Override
            String logonSignature(final IntxSigner signer, final IntxAccount account, final String sendingTime,
                final String targetCompId) {
                return signer.signLogon(sendingTime, account.apiKey(), "Coinbase", account.passphrase());
            }
        }));
        final EngineSide.Event down = engine.await(e -> "SECOND_DOWN".equals(e.type()), "refused");
        assertTrue(down.text().contains("Invalid signature"), down.text());
        engine.path(VenuePath.SECOND);
        engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        assertEquals(RejectReason.VENUE_DOWN.code(),
            engine.await(e -> e.orderId() == 1 && "NOT_SENT".equals(e.type()), "never left").reason());
    }

    @Test
    void shouldLeaveRestToFixWhileTheVenueBarsRestAlone() {
        launchTwo(context -> context.idleProbeMs(5_000));
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        final int from = engine.size();
        venue.fault("{\"limitStorm\":1}");
        engine.await(from, e -> "DOWN".equals(e.type()) && e.text().contains("429"), "DOWN");
        engine.path(VenuePath.SECOND);
        engine.cancel(A, 1, id, venueId, BTC);
        engine.awaitExecution(1, "CANCELED");
        assertEquals(1, byFix("F").size());
        engine.awaitUp(from, A);
        assertTrue(engine.of("BAR").isEmpty(), "of the account");
    }

    @Test
    void shouldHoldFixAloneWhenItsRateIsRefused() {
        launchTwo(context -> context);
        engine.path(VenuePath.SECOND);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        venue.fault("{\"fixLimitStorm\":1}");
        engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "50000");
        assertEquals(RejectReason.VENUE_THROTTLED.code(),
            engine.await(e -> e.orderId() == 2 && "MESSAGE_REJECT".equals(e.type()), "throttled").reason());
        engine.await(e -> "SECOND_BARRED".equals(e.type()), "barred");
        final long barredNs = System.nanoTime();
        engine.cancel(A, 1, id, "", BTC);
        engine.awaitExecution(1, "CANCELED");
        assertTrue(System.nanoTime() - barredNs >= 800_000_000L, "the cancel waited for the end of the bar");
        assertTrue(engine.of("DOWN").stream().noneMatch(e -> e.text().contains("rate")), "REST goes on");
    }

    @Test
    void shouldKeepToTheRateAtMoreThanItsDemand() {
        launchTwo(context -> context.newsWaitMs(20_000));
        engine.path(VenuePath.SECOND);
        final int orders = 900;
        for (int i = 0; i < orders; i++) {
            engine.newOrder(A, 1 + i, BTC, Side.BUY, "0.001", Integer.toString(40_000 + i));
        }
        engine.await(e -> engine.of("NEW").size() == orders, "all of them");
        final JsonNode fix = venue.stats("a").path("fix");
        assertEquals(0, fix.path("throttled").asInt(), fix.toString());
        assertTrue(fix.path("peakPerSecond").asInt() <= 720, fix.toString());
        assertTrue(fix.path("peakPerSecond").asInt() > 300, "the rate is used: " + fix);
    }

    @Test
    void shouldBeCaughtByTheVenueWhereTheRateIsNotKept() {
        launchTwo(context -> context.fixTerms(TERMS.pacing(5_000, 5_000, 6_000, 7_000)));
        engine.path(VenuePath.SECOND);
        for (int i = 0; i < 1_400; i++) {
            engine.newOrder(A, 1 + i, BTC, Side.BUY, "0.001", Integer.toString(40_000 + i));
        }
        engine.await(e -> "SECOND_BARRED".equals(e.type()), "the venue's refusal");
        assertTrue(venue.stats("a").path("fix").path("throttled").asInt() > 0);
    }

    @Test
    void shouldTellOnceWhatComesTwiceAndOverBothPaths() {
        venue.fault("{\"fixDuplicateFill\":true,\"fixReportsAll\":true}");
        launchTwo(context -> context);
        engine.newOrder(A, 1, BTC, Side.BUY, "0.002", "50000");
        engine.awaitExecution(1, "NEW");
        engine.path(VenuePath.SECOND);
        engine.newOrder(A, 2, BTC, Side.BUY, "0.002", "49000");
        engine.awaitExecution(2, "NEW");
        venue.take(BTC, "sell", "50000", "0.001");
        venue.take(BTC, "sell", "49000", "0.003");
        engine.await(e -> e.orderId() == 2 && "FILLED".equals(e.status()), "filled");
        engine.pollFor(600);
        assertEquals(2, trades(1), engine.of("TRADE").toString());
        assertEquals(1, trades(2), engine.of("TRADE").toString());
        assertEquals(2, engine.of("NEW").size());
        assertTrue(adapter.counter(IntxCounter.DOUBLED_FILLS) > 0);
    }

    @Test
    void shouldNoticeASessionThatSaysNothingAnyMore() {
        launchTwo(context -> context.fixTerms(TERMS.beating(1)));
        engine.path(VenuePath.SECOND);
        venue.fault("{\"fixHalfOpen\":1}");
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        final EngineSide.Event down = engine.await(e -> "SECOND_DOWN".equals(e.type()), "SECOND_DOWN");
        assertTrue(down.text().contains("heartbeat"), down.text());
        final int from = engine.size();
        engine.query(A, 1, id, "", BTC, "0", 1);
        assertEquals("STATE_FOUND", engine.awaitState(from, 1).type());
    }

    @Test
    void shouldAlarmBeforeTheVenueRefusesOurClockAndSendACancelAgain() {
        launchTwo(context -> context);
        engine.path(VenuePath.SECOND);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        venue.fault("{\"clockOffsetMs\":2000}");
        engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "49000");
        engine.awaitExecution(2, "NEW");
        assertEquals("TRUE", engine.await(e -> "CLOCK_SKEW".equals(e.type()), "alarm").status());
        venue.fault("{\"clockOffsetMs\":4000}");
        final UUID cancel = engine.cancel(A, 1, id, "", BTC);
        final EngineSide.Event refused =
            engine.await(e -> "CANCEL_REJECT".equals(e.type()) && cancel.equals(e.requestId()), "refusal");
        assertTrue(refused.text().contains("SendingTime"), refused.text());
        assertEquals(4, venue.log("sessionReject").size(), "three times again");
        venue.fault("{\"clockOffsetMs\":0}");
        engine.cancel(A, 1, id, "", BTC);
        engine.awaitExecution(1, "CANCELED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logout", "internal-disconnect"})
    void shouldLiveThroughWhatTheVenueDoesByItself(final String what) {
        launchTwo(context -> context.fixTerms(TERMS.cancelling('Y')));
        engine.path(VenuePath.SECOND);
        engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        venue.control("POST", "/" + what, "");
        engine.awaitExecution(1, "CANCELED");
        engine.await(e -> engine.of("SECOND_UP").size() > engine.of("SECOND_DOWN").size(), "up");
        assertEquals("logout".equals(what) ? 1 : 0, engine.of("SECOND_DOWN").size());
        engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(2, "NEW");
    }
}
