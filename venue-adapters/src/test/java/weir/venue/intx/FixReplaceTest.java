package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.VenuePath;
import weir.venue.EngineSide;

/** OrderCancelReplaceRequest(G): an order changes by FIX, once; where the report was lost REST says which values. */
final class FixReplaceTest extends TwoPathTest {

    private EngineSide.Event refused(final UUID request) {
        return engine.await(e -> "CANCEL_REJECT".equals(e.type()) && request.equals(e.requestId()), "the refusal");
    }

    private EngineSide.Event awaitTrade(final long orderId, final String cumQty) {
        return engine.await(e -> e.orderId() == orderId && "TRADE".equals(e.type())
            && e.cumQty() == EngineSide.e8(cumQty), cumQty + " filled");
    }

    private long count(final long orderId, final String type) {
        return engine.of(type).stream().filter(e -> e.orderId() == orderId).count();
    }

    @Test
    void shouldReplaceByFixWhatRestPlacedAndCancelItByItsNewId() {
        launchTwo(context -> context);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.004", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        restDown();
        final UUID replace = engine.replace(A, 1, id, venueId, BTC, "0.003", "49000");
        final EngineSide.Event replaced = engine.awaitExecution(1, "REPLACED");
        assertEquals(replace, replaced.requestId());
        assertEquals(EngineSide.e8("49000"), replaced.price());
        assertEquals(EngineSide.e8("0.003"), replaced.orderQty());
        assertEquals(venueId, replaced.venueOrderId(), "the same order");
        engine.await(e -> "SENT".equals(e.type()) && "REPLACE".equals(e.kind()) && e.orderIds().contains(1L), "Sent");
        final UUID again = engine.replace(A, 1, replace, venueId, BTC, "0.003", "48000");
        engine.await(e -> "REPLACED".equals(e.type()) && again.equals(e.requestId()), "the second one");
        assertEquals(List.of(again.toString()), venue.open("a"));
        final UUID cancel = engine.cancel(A, 1, again, venueId, BTC);
        assertEquals(cancel, engine.awaitExecution(1, "CANCELED").requestId());
        assertEquals(List.of(replace.toString(), again.toString()), byFix("G"));
        assertEquals(List.of(cancel.toString()), byFix("F"));
        restUp();
        engine.pollFor(400);
        assertEquals(2, count(1, "REPLACED"));
        assertEquals(1, count(1, "CANCELED"));
        assertEquals(List.of(), venue.open("a"));
    }

    @Test
    void shouldTellWhyAReplaceWasRefusedAndLeaveTheOrderAsItIs() {
        launchTwo(context -> context);
        restDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.002", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        assertEquals(RejectReason.QTY_PRECISION.code(),
            refused(engine.replace(A, 1, id, venueId, BTC, "0.00200001", "50000")).reason());
        venue.take(BTC, "sell", "50000", "0.001");
        awaitTrade(1, "0.001");
        assertEquals(RejectReason.REPLACE_NOT_ALLOWED.code(),
            refused(engine.replace(A, 1, id, venueId, BTC, "0.001", "49000")).reason(), "not above what is executed");
        venue.fault("{\"fixLimitStorm\":1}");
        assertEquals(RejectReason.VENUE_THROTTLED.code(),
            refused(engine.replace(A, 1, id, venueId, BTC, "0.002", "49000")).reason());
        assertEquals(List.of(id.toString()), venue.open("a"));
        venue.take(BTC, "sell", "50000", "0.001");
        assertEquals("FILLED", awaitTrade(1, "0.002").status());
        final int from = engine.size();
        final UUID late = engine.replace(A, 1, id, venueId, BTC, "0.003", "49000");
        final EngineSide.Event end = engine.await(from, e -> late.equals(e.requestId()), "the end of the late one");
        assertEquals("CANCEL_REJECT", end.type(), end.toString());
        assertEquals(RejectReason.ORDER_FINAL.code(), end.reason());
        assertEquals(0, count(1, "REPLACED"));
        assertEquals(2, trades(1));
    }

    @Test
    void shouldLeaveAReplaceWhoseReportWasLostUnknownUntilRestSaysThatItTook() {
        launchTwo(context -> context);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.002", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        restDown();
        venue.fault("{\"fixAnswerLostAfter\":1}");
        final UUID replace = engine.replace(A, 1, id, venueId, BTC, "0.004", "49000");
        engine.await(e -> "SECOND_DOWN".equals(e.type()), "the session is lost");
        int from = engine.size();
        engine.query(A, 1, replace, venueId, BTC, "0", 1);
        assertEquals("STATE_NO_ANSWER", engine.awaitState(from, 1).type(), "nobody to ask");
        venue.take(BTC, "sell", "49000", "0.002");
        restUp();
        from = engine.size();
        engine.query(A, 1, replace, venueId, BTC, "0", 2);
        final EngineSide.Event state = engine.awaitState(from, 1);
        assertEquals("STATE_FOUND", state.type());
        assertEquals(EngineSide.e8("0.004"), state.orderQty());
        assertEquals(EngineSide.e8("49000"), state.price());
        assertEquals("PARTIALLY_FILLED", awaitTrade(1, "0.002").status(), "of four, not of two");
        engine.await(e -> "SECOND_UP".equals(e.type()) && engine.of("SECOND_UP").size() == 2, "back");
        engine.path(VenuePath.SECOND);
        engine.cancel(A, 1, replace, venueId, BTC);
        assertEquals(EngineSide.e8("0.002"), engine.awaitExecution(1, "CANCELED").cumQty());
        engine.pollFor(400);
        assertEquals(1, byFix("G").size(), "never sent again");
        assertEquals(1, count(1, "REPLACED"), "told once");
        assertEquals(1, trades(1));
        assertTrue(engine.of("CANCEL_REJECT").isEmpty(), "never called refused");
    }

    @Test
    void shouldNotSayThatAReplaceFailedWhileItMayBeOnItsWay() {
        launchTwo(context -> context);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.002", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        engine.path(VenuePath.SECOND);
        venue.fault("{\"fixAnswerLostBefore\":1}");
        final long sentNs = System.nanoTime();
        final UUID replace = engine.replace(A, 1, id, venueId, BTC, "0.003", "49000");
        engine.await(e -> "SECOND_DOWN".equals(e.type()), "the session is lost");
        EngineSide.Event state = null;
        for (int attempt = 1; attempt < 100 && (state == null || "STATE_NO_ANSWER".equals(state.type())); attempt++) {
            engine.pollFor(100);
            final int from = engine.size();
            engine.query(A, 1, replace, venueId, BTC, "0", attempt);
            state = engine.awaitState(from, 1);
        }
        assertEquals("STATE_FOUND", state.type());
        assertTrue(System.nanoTime() - sentNs >= 2_400_000_000L, "not while the message could be on its way");
        assertEquals(EngineSide.e8("0.002"), state.orderQty());
        assertEquals(EngineSide.e8("50000"), state.price());
        assertEquals(0, count(1, "REPLACED"));
        engine.await(e -> "SECOND_UP".equals(e.type()) && engine.of("SECOND_UP").size() == 2, "back");
        final UUID next = engine.replace(A, 1, id, venueId, BTC, "0.003", "48000");
        assertEquals(next, engine.awaitExecution(1, "REPLACED").requestId());
        assertEquals(List.of(next.toString()), venue.open("a"));
    }

    @Test
    void shouldTellFillsThatCrossAReplaceOnceAndSayWhoMadeTheMarket() {
        venue.fault("{\"fixDelayMs\":300,\"fixDuplicateFill\":true}");
        launchTwo(context -> context);
        engine.path(VenuePath.SECOND);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.003", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.quote(BTC, "sell", "51000", "0.001");
        venue.take(BTC, "sell", "50000", "0.001");
        final UUID replace = engine.replace(A, 1, id, venueId, BTC, "0.003", "51000");
        assertEquals(replace, engine.awaitExecution(1, "REPLACED").requestId());
        awaitTrade(1, "0.002");
        venue.take(BTC, "sell", "51000", "0.001");
        assertEquals("FILLED", awaitTrade(1, "0.003").status());
        engine.pollFor(600);
        assertEquals(3, trades(1), engine.of("TRADE").toString());
        assertEquals(1, count(1, "REPLACED"));
        assertTrue(engine.of("TRADE").stream().noneMatch(e -> e.cumQty() == EngineSide.e8("0.002")
            && "MAKER".equals(e.liquidity())), "the replace took it: " + engine.of("TRADE"));
    }

    @Test
    void shouldNotGuessWhoMadeTheMarketWhereFixDoesNotSayIt() {
        launchTwo(context -> context);
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.002", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.quote(BTC, "sell", "51000", "0.001");
        engine.path(VenuePath.SECOND);
        engine.replace(A, 1, id, venueId, BTC, "0.002", "51000");
        engine.awaitExecution(1, "REPLACED");
        assertEquals("UNKNOWN", awaitTrade(1, "0.001").liquidity(), "REST's list tells it");
    }
}
