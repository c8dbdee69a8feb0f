package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.venue.EngineSide;

/** Lost connections and restarts of either side: what the engine is told, and what it may rely on. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class ConnectionLossTest {
    private static final String BTC = "BTC-USD";

    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
        launch(venue.accountA());
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        engine.close();
        venue.close();
    }

    private void launch(final CoinbaseAccount account) {
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .account(account)
            .heartBtIntS(2).fixAnswerTimeoutMs(1_000).queryTimeoutMs(4_000));
        engine.awaitUp(engine.size(), VenueSide.ACCOUNT_A);
    }

    private int awaitDown(final int from) {
        engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        return engine.size();
    }

    @Test
    void shouldLeaveOrderUnansweredAndFindItAndItsFillsAfterTheConnectionWasLost() {
        venue.fault("{\"dropAfterReceive\":1,\"cancelMissesInFlight\":true}");
        final int from = engine.size();
        final UUID id = engine.newOrder(1, 711, BTC, Side.BUY, "0.3", "50000");
        awaitDown(from);
        venue.take(BTC, "sell", "50000", "0.1");
        venue.take(BTC, "sell", "50000", "0.05");
        engine.awaitUp(from, 1);

        final List<String> types = engine.events().subList(from, engine.size()).stream()
            .map(EngineSide.Event::type).toList();
        assertEquals(List.of("SENT", "DOWN", "UP"), types, "no verdict about an order in between");
        final int asked = engine.size();
        engine.query(1, 711, id, "", BTC, "0", 1);
        final EngineSide.Event state = engine.awaitState(asked, 711);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("PARTIALLY_FILLED", state.status());
        assertEquals(EngineSide.e8("0.15"), state.cumQty());
        final List<EngineSide.Event> fills = engine.of("TRADE");
        assertEquals(2, fills.size());
        assertTrue(fills.stream().allMatch(EngineSide.Event::recovered), "recovered");
        assertEquals(EngineSide.e8("0.1"), fills.get(0).lastQty());
        assertEquals(EngineSide.e8("50000"), fills.get(0).lastPx());
        assertEquals("USD", fills.get(0).feeCurrency());
        assertEquals(EngineSide.e8("20"), fills.get(0).fee(), "40 bps of 5000");
        assertEquals("MAKER", fills.get(0).liquidity());
        assertEquals(id, fills.get(0).requestId());
    }

    @Test
    void shouldSayFoundCancelledWhereRestAloneWouldSayNotFound() {
        final UUID id = engine.newOrder(1, 751, BTC, Side.BUY, "0.3", "50000");
        engine.awaitExecution(751, "NEW");
        final int from = engine.size();
        venue.control("POST", "/disconnect?session=" + venue.keyA, "");
        awaitDown(from);
        engine.awaitUp(from, 1);
        final int asked = engine.size();
        engine.query(1, 751, id, "", BTC, "0", 1);

        final EngineSide.Event state = engine.awaitState(asked, 751);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("CANCELED", state.status());
    }

    @Test
    void shouldFindEachOrderOfABatchThatWasCutInTheMiddle() {
        venue.fault("{\"disconnectMidBatch\":1,\"batchCutAfter\":2,\"cancelMissesInFlight\":true}");
        final int from = engine.size();
        final List<UUID> ids = engine.newOrders(1, BTC, TimeInForce.GTC, Side.BUY, "0.1", "50000", 791, 792, 793, 794);
        awaitDown(from);
        engine.awaitUp(from, 1);
        final int asked = engine.size();
        for (int i = 0; i < 4; i++) {
            engine.query(1, 791 + i, ids.get(i), "", BTC, "0", 1);
        }

        assertEquals("STATE_FOUND", engine.awaitState(asked, 791).type());
        assertEquals("STATE_FOUND", engine.awaitState(asked, 792).type());
        assertEquals("STATE_NOT_FOUND", engine.awaitState(asked, 793).type());
        assertEquals("STATE_NOT_FOUND", engine.awaitState(asked, 794).type());
        assertTrue(engine.events().stream().noneMatch(e -> "NOT_SENT".equals(e.type())), "they may have left");
    }

    @Test
    void shouldMapReportsOfAFormerRunOnceTheEngineHasAskedForTheOrder() {
        venue.fault("{\"dropAfterReceive\":1,\"cancelMissesInFlight\":true}");
        final int from = engine.size();
        final UUID id = engine.newOrder(1, 801, BTC, Side.BUY, "0.3", "50000");
        awaitDown(from);
        adapter.close();
        launch(venue.accountA());
        venue.take(BTC, "sell", "50000", "0.01");
        waitForUnknownReport();
        final int asked = engine.size();
        engine.query(1, 801, id, "", BTC, "0", 1);

        assertEquals(EngineSide.e8("0.01"), engine.awaitState(asked, 801).cumQty());
        venue.take(BTC, "sell", "50000", "0.02");
        final EngineSide.Event live =
            engine.await(asked, e -> e.orderId() == 801 && "TRADE".equals(e.type()) && !e.recovered(), "live fill");
        assertEquals(EngineSide.e8("0.03"), live.cumQty());
    }

    private void waitForUnknownReport() {
        for (int i = 0; i < 200 && adapter.counter(CoinbaseCounter.UNKNOWN_REPORTS) == 0; i++) {
            engine.pollFor(20);
        }
        assertEquals(1, adapter.counter(CoinbaseCounter.UNKNOWN_REPORTS), "counted, not silent");
    }

    @Test
    void shouldNotSendWhatWaitsWhenTheConnectionEnds() {
        final int from = engine.size();
        for (int i = 0; i < 200; i++) {
            engine.newOrder(1, 2000 + i, BTC, Side.BUY, "0.01", "500");
        }
        engine.awaitExecution(2010, "NEW");
        venue.control("POST", "/disconnect?session=" + venue.keyA, "");

        engine.await(from, e -> e.orderId() == 2199 && "NOT_SENT".equals(e.type()), "not sent");
        final EngineSide.Event down = engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        final List<EngineSide.Event> events = engine.events();
        final int downAt = events.indexOf(down);
        for (final EngineSide.Event event : events.subList(downAt + 1, events.size())) {
            assertTrue(!"NEW".equals(event.type()) && !"SENT".equals(event.type()), "after DOWN: " + event);
        }
        final Set<Long> sent = new HashSet<>();
        final Set<Long> notSent = new HashSet<>();
        events.forEach(e -> {
            if ("SENT".equals(e.type())) {
                sent.add(e.orderId());
            } else if ("NOT_SENT".equals(e.type())) {
                notSent.add(e.orderId());
                assertTrue(e.reason() == RejectReason.VENUE_DOWN.code() || e.reason() == RejectReason.NOT_SENT.code(),
                    "reason " + e.reason());
            }
        });
        assertTrue(sent.stream().noneMatch(notSent::contains), "never both");
        final String received = venue.log();
        for (final long orderId : notSent) {
            final UUID id = EngineSide.id(1001 + (orderId - 2000), 0);
            assertTrue(!received.contains(id.toString()), "order " + orderId + " was said not sent");
        }
    }

    @Test
    void shouldRefuseOrdersWhileDownAndWorkAgainAfterTheVenueReturns() throws Exception {
        final int fixPort = venue.fixPort();
        final int restPort = venue.restPort();
        int from = engine.size();
        venue.close();
        from = awaitDown(from);
        final VenueSide again = VenueSide.again(directory.resolve("again"), fixPort, restPort,
            context -> context.accounts(List.of(new weir.sim.coinbase.VenueAccount(venue.keyA, VenueSide.SECRET_A,
                VenueSide.PASSPHRASE_A, "profile-a"))));
        engine.newOrder(1, 811, BTC, Side.BUY, "0.1", "50000");
        assertEquals("NOT_SENT", engine.await(from, e -> e.orderId() == 811, "an answer").type());
        engine.awaitUp(from, 1);
        venue = again;

        engine.newOrder(1, 812, BTC, Side.BUY, "0.1", "50000");
        engine.awaitExecution(812, "NEW");
        assertEquals(1, adapter.counter(CoinbaseCounter.RECONNECTS));
    }

    @Test
    void shouldNoticeAVenueThatFallsSilentAndLogOnAgain() {
        final int from = engine.size();
        venue.control("POST", "/halfopen?session=" + venue.keyA, "");
        engine.newOrder(1, 821, BTC, Side.BUY, "0.1", "50000");

        final EngineSide.Event down = engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        assertTrue(down.text().contains("heartbeat"), down.text());
        assertTrue(engine.events().stream().anyMatch(e -> "SENT".equals(e.type()) && e.orderId() == 821), "it left");
        venue.control("POST", "/disconnect?session=" + venue.keyA, "");
        engine.awaitUp(from, 1);
    }
}
