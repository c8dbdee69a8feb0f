package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Every flow of orders over real TCP to the simulated venue and real Aeron IPC. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class OrderFlowTest {
    private static final String BTC = "BTC-USD";

    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private static Path directory;
    private static VenueSide venue;
    private static EngineSide engine;
    private static CoinbaseAdapter adapter;

    @BeforeParameterizedClassInvocation
    static void start(final CoinbaseTransport transport) throws Exception {
        final Path own = directory.resolve(transport.name());
        venue = new VenueSide(own);
        engine = new EngineSide(own, Venues.COINBASE);
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .account(venue.accountA()).account(venue.accountB()));
        engine.awaitUp(VenueSide.ACCOUNT_A);
        engine.awaitUp(VenueSide.ACCOUNT_B);
    }

    @BeforeEach
    void emptyVenue() {
        venue.control("POST", "/reset", "");
        engine.pollFor(20);
        engine.forget();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        adapter.close();
        engine.close();
        venue.close();
    }

    @Test
    void shouldReportSentThenNewWhenOrderIsAccepted() {
        final UUID id = engine.newOrder(1, 501, BTC, Side.BUY, "0.5", "60000.10");

        final EngineSide.Event accepted = engine.awaitExecution(501, "NEW");
        final List<String> types =
            engine.events().stream().filter(e -> e.orderId() == 501).map(EngineSide.Event::type).toList();
        assertEquals(List.of("SENT", "NEW"), types);
        assertEquals(id, accepted.requestId());
        assertEquals(EngineSide.e8("60000.10"), accepted.price());
        assertEquals(EngineSide.e8("0.5"), accepted.leavesQty());
        assertEquals(36, accepted.venueOrderId().length());
        assertTrue(accepted.transactNs() > 1_700_000_000_000_000_000L, "transactNs " + accepted.transactNs());
    }

    @Test
    void shouldReportExactFillsWithFeeAndTradeIdWhenOrderTrades() {
        venue.quote(BTC, "sell", "60000.00", "0.2");
        engine.newOrder(1, 502, BTC, Side.BUY, "0.5", "60000.10");

        final EngineSide.Event fill = engine.awaitExecution(502, "TRADE");
        assertEquals(EngineSide.e8("0.2"), fill.lastQty());
        assertEquals(EngineSide.e8("60000"), fill.lastPx());
        assertEquals(EngineSide.e8("0.2"), fill.cumQty());
        assertEquals(EngineSide.e8("0.3"), fill.leavesQty());
        assertEquals("PARTIALLY_FILLED", fill.status());
        assertEquals("TAKER", fill.liquidity());
        assertEquals(EngineSide.e8("72"), fill.fee(), "60 bps of 12000");
        assertEquals("USD", fill.feeCurrency());
        assertTrue(fill.tradeId() > 0, "tradeId " + fill.tradeId());

        venue.take(BTC, "sell", "60000.10", "0.3");
        final EngineSide.Event last = engine.await(e -> e.orderId() == 502 && "FILLED".equals(e.status()), "full fill");
        assertEquals("MAKER", last.liquidity());
        assertEquals(EngineSide.e8("60000.10"), last.lastPx());
        assertEquals(0, last.leavesQty());
    }

    @Test
    void shouldSendOneBatchWhenMessageHoldsSeveralOrders() {
        final List<UUID> ids = engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000", 511, 512, 513);

        engine.awaitExecution(513, "NEW");
        assertEquals(ids.get(1), engine.awaitExecution(512, "NEW").requestId());
        final EngineSide.Event sent = engine.of("SENT").get(0);
        assertEquals(List.of(511L, 512L, 513L), sent.orderIds());
        assertEquals("NEW_BATCH", sent.kind());
        assertEquals(1, venue.stats(venue.keyA).path("messagesByType").path("U6").asInt());
        assertEquals(0, venue.stats(venue.keyA).path("messagesByType").path("D").asInt());
        assertEquals(3, venue.openOrders("profile-a").size());
    }

    @Test
    void shouldRejectEachOrderWhenWholeBatchIsRefused() {
        final int rejectsBefore = venue.stats(venue.keyA).path("messagesByType").path("3").asInt();
        engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000.123", 521, 522);

        final EngineSide.Event first = engine.await(e -> e.orderId() == 521 && "MESSAGE_REJECT".equals(e.type()), "U7");
        engine.await(e -> e.orderId() == 522 && "MESSAGE_REJECT".equals(e.type()), "U7 for the second");
        assertEquals(rejectsBefore, venue.stats(venue.keyA).path("messagesByType").path("3").asInt());
        assertEquals("NEW_BATCH", first.kind());
        assertEquals(RejectReason.VENUE_REJECTED.code(), first.reason());
        assertTrue(!first.text().isEmpty(), "the venue's text is carried");
    }

    @Test
    void shouldReportRejectWithTextWhenVenueRefusesOrder() {
        engine.newOrder(1, 531, BTC, Side.BUY, "0.1", "50000.123");

        final EngineSide.Event rejected = engine.awaitExecution(531, "REJECTED");
        assertEquals(RejectReason.VENUE_REJECTED.code(), rejected.reason());
        assertEquals("REJECTED", rejected.status());
        assertTrue(!rejected.text().isEmpty(), "the venue's text is carried");
    }

    @Test
    void shouldCancelByBothIdsWhenVenueOrderIdIsKnown() {
        final UUID id = engine.newOrder(1, 541, BTC, Side.BUY, "0.1", "50000");
        final String venueOrderId = engine.awaitExecution(541, "NEW").venueOrderId();
        engine.cancel(1, 541, id, venueOrderId, BTC);

        final EngineSide.Event canceled = engine.awaitExecution(541, "CANCELED");
        assertEquals("CANCELED", canceled.status());
        engine.await(e -> "SENT".equals(e.type()) && "CANCEL".equals(e.kind()), "VenueSent of the cancel");
        assertTrue(venue.fixLog().contains("\u000137=" + venueOrderId), "F carries OrderID(37)");
    }

    @Test
    void shouldReportCancelRejectWhenOrderIsDone() {
        final UUID id = engine.newOrder(1, 551, BTC, Side.BUY, "0.1", "50000");
        final String venueOrderId = engine.awaitExecution(551, "NEW").venueOrderId();
        engine.cancel(1, 551, id, venueOrderId, BTC);
        engine.awaitExecution(551, "CANCELED");
        final UUID second = engine.cancel(1, 551, id, venueOrderId, BTC);

        final EngineSide.Event reject = engine.await(e -> "CANCEL_REJECT".equals(e.type()), "9");
        assertEquals(551, reject.orderId());
        assertEquals(second, reject.requestId());
        assertEquals("CANCEL", reject.kind());
    }

    @Test
    void shouldReplaceAndFollowTheNewIdWhenVenueAccepts() {
        final UUID id = engine.newOrder(1, 561, BTC, Side.BUY, "0.1", "50000");
        final String venueOrderId = engine.awaitExecution(561, "NEW").venueOrderId();
        final UUID replaceId = engine.replace(1, 561, id, venueOrderId, BTC, "0.2", "51000");

        final EngineSide.Event replaced = engine.awaitExecution(561, "REPLACED");
        assertEquals(replaceId, replaced.requestId());
        assertEquals(EngineSide.e8("0.2"), replaced.orderQty());
        assertEquals("NEW", replaced.status());
        venue.take(BTC, "sell", "51000", "0.2");
        assertEquals("FILLED", engine.awaitExecution(561, "TRADE").status());
    }

    @Test
    void shouldReportReplaceRejectWhenOrderIsDone() {
        final UUID id = engine.newOrder(1, 571, BTC, Side.BUY, "0.1", "50000");
        final String venueOrderId = engine.awaitExecution(571, "NEW").venueOrderId();
        engine.cancel(1, 571, id, venueOrderId, BTC);
        engine.awaitExecution(571, "CANCELED");
        engine.replace(1, 571, id, venueOrderId, BTC, "0.2", "51000");

        assertEquals("REPLACE", engine.await(e -> "CANCEL_REJECT".equals(e.type()), "9").kind());
    }

    @Test
    void shouldReportExpiredWhenImmediateOrderFindsNothing() {
        engine.newOrders(1, BTC, TimeInForce.IOC, Side.BUY, "0.1", "50000", 581);

        assertEquals("EXPIRED", engine.awaitExecution(581, "EXPIRED").status());
    }

    @Test
    void shouldCancelAllOrdersOfTheSessionWhenMassCancelled() {
        engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000", 591, 592);
        engine.newOrder(2, 593, BTC, Side.BUY, "0.1", "50000");
        engine.awaitExecution(592, "NEW");
        engine.awaitExecution(593, "NEW");
        engine.massCancel(1, "");

        engine.awaitExecution(591, "CANCELED");
        engine.awaitExecution(592, "CANCELED");
        assertEquals(1, venue.openOrders("profile-b").size());
    }

    @Test
    void shouldNotSendWhenVenueHasNoFormForTheOrder() {
        engine.newOrders(1, BTC, TimeInForce.DAY, Side.BUY, "0.1", "50000", 601);
        engine.massCancel(1, BTC);

        final EngineSide.Event order = engine.await(e -> e.orderId() == 601 && "NOT_SENT".equals(e.type()), "not sent");
        assertEquals(RejectReason.TIF_UNSUPPORTED.code(), order.reason());
        final EngineSide.Event mass =
            engine.await(e -> "NOT_SENT".equals(e.type()) && "MASS_CANCEL".equals(e.kind()), "not sent mass cancel");
        assertEquals(RejectReason.UNKNOWN_TARGET.code(), mass.reason());
        assertEquals(0, venue.stats(venue.keyA).path("requests").asInt());
    }

    @Test
    void shouldAnswerNotSentWhenAccountIsUnknown() {
        engine.newOrder(77, 611, BTC, Side.BUY, "0.1", "50000");

        final EngineSide.Event order = engine.await(e -> e.orderId() == 611, "an answer");
        assertEquals("NOT_SENT", order.type());
        assertEquals(RejectReason.NO_ROUTE.code(), order.reason());
    }

    @Test
    void shouldCountAndDropMalformedFramesAndGoOn() {
        final long before = adapter.counter(CoinbaseCounter.MALFORMED_FRAMES);
        engine.raw(new byte[]{1, 2, 3});
        engine.raw(new byte[64]);
        engine.newOrder(1, 621, BTC, Side.BUY, "0.1", "50000");

        engine.awaitExecution(621, "NEW");
        assertEquals(before + 2, adapter.counter(CoinbaseCounter.MALFORMED_FRAMES));
    }

    @Test
    void shouldAlwaysSendSelfTradeAndCancelOnDisconnectFields() {
        engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000", 631, 632);
        engine.newOrder(1, 633, BTC, Side.BUY, "0.1", "50000");
        engine.awaitExecution(633, "NEW");

        final String wire = venue.fixLog();
        for (final String line : wire.split("\n")) {
            if (line.contains("\u000135=D\u0001") || line.contains("\u000135=U6\u0001")) {
                assertTrue(line.contains("\u00017928=D\u0001"), line);
            }
            if (line.contains("\u000135=A\u0001")) {
                assertTrue(line.contains("\u00018013=S\u0001"), line);
            }
        }
        assertTrue(wire.contains("\u000135=U6\u0001") && wire.contains("\u000135=D\u0001"), wire);
    }
}
