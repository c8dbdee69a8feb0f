package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** Orders whose outcome is unknown: what a query finds out over FIX and REST, in a bounded time. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class RecoveryTest {
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
            .fixAnswerTimeoutMs(1_000).queryTimeoutMs(4_000));
        engine.awaitUp(engine.size(), VenueSide.ACCOUNT_A);
    }

    private int awaitDown(final int from) {
        engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        return engine.size();
    }

    @Test
    void shouldFindOrderWhoseAnswerWasLost() {
        venue.fault("{\"dropAck\":1}");
        final UUID id = engine.newOrder(1, 701, BTC, Side.BUY, "0.1", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 701, "VenueSent");
        final int from = engine.size();
        engine.query(1, 701, id, "", BTC, "0", 3);

        final EngineSide.Event state = engine.awaitState(from, 701);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("NEW", state.status());
        assertEquals(EngineSide.e8("0.1"), state.leavesQty());
        assertEquals(3, state.attempt());
        assertEquals(36, state.venueOrderId().length());
    }

    @Test
    void shouldReportSameTradeIdOverFixAndRest() {
        final UUID id = engine.newOrder(1, 721, BTC, Side.BUY, "0.3", "50000");
        final String venueOrderId = engine.awaitExecution(721, "NEW").venueOrderId();
        venue.take(BTC, "sell", "50000", "0.1");
        final EngineSide.Event live = engine.awaitExecution(721, "TRADE");
        final int from = engine.size();
        engine.query(1, 721, id, venueOrderId, BTC, "0", 1);

        engine.awaitState(from, 721);
        final EngineSide.Event recovered =
            engine.await(from, e -> "TRADE".equals(e.type()) && e.recovered(), "recovered fill");
        assertEquals(live.tradeId(), recovered.tradeId());
        assertEquals(live.fee(), recovered.fee());
        assertEquals(live.lastQty(), recovered.lastQty());
    }

    @Test
    void shouldAnswerWithoutRestWhenNoFillIsMissing() {
        final UUID id = engine.newOrder(1, 731, BTC, Side.BUY, "0.3", "50000");
        final String venueOrderId = engine.awaitExecution(731, "NEW").venueOrderId();
        final long before = adapter.counter(CoinbaseCounter.REST_REQUESTS);
        final int from = engine.size();
        engine.query(1, 731, id, venueOrderId, BTC, "0", 1);

        assertEquals("STATE_FOUND", engine.awaitState(from, 731).type());
        assertEquals(before, adapter.counter(CoinbaseCounter.REST_REQUESTS));
    }

    @Test
    void shouldAnswerNotFoundWhenNeitherFixNorRestKnowsTheOrder() {
        venue.fault("{\"dropBeforeReceive\":1}");
        final int from = engine.size();
        final UUID id = engine.newOrder(1, 741, BTC, Side.BUY, "0.3", "50000");
        awaitDown(from);
        engine.awaitUp(from, 1);
        final int asked = engine.size();
        engine.query(1, 741, id, "", BTC, "0", 1);

        assertEquals("STATE_NOT_FOUND", engine.awaitState(asked, 741).type());
        engine.pollFor(300);
        final long answers =
            engine.events().stream().filter(e -> e.orderId() == 741 && e.type().startsWith("STATE_")).count();
        assertEquals(1, answers, "exactly one answer");
    }

    /** Each question comes upon the fills of a former run's orders, which this one does not know. */
    @Test
    void shouldSettleManyOrdersThatNeverArrivedInOneRoundOfQuestions() throws Exception {
        final int strangers = 15;
        final int lost = 10;
        engine.since(SystemEpochNanoClock.INSTANCE.nanoTime());
        for (int i = 0; i < strangers; i++) {
            engine.newOrder(1, 801 + i, BTC, Side.BUY, "0.01", "50000");
        }
        engine.await(e -> "NEW".equals(e.status()) && e.orderId() == 800 + strangers, "the last is acknowledged");
        venue.takeEach(BTC, "sell", "50000", "0.01", strangers);
        for (int i = 0; i < strangers; i++) {
            engine.awaitExecution(801 + i, "TRADE");
        }
        adapter.close();
        launch(venue.accountA());
        final int from = engine.size();
        for (int i = 0; i < lost; i++) {
            engine.query(1, 901 + i, new UUID(77, 901 + i), "", BTC, "0", 1);
        }
        for (int i = 0; i < lost; i++) {
            assertEquals("STATE_NOT_FOUND", engine.awaitState(from, 901 + i).type());
        }
        assertTrue(adapter.counter(CoinbaseCounter.REST_REQUESTS) <= 2 * lost + 2 * strangers,
            () -> "REST requests " + adapter.counter(CoinbaseCounter.REST_REQUESTS));
    }

    @Test
    void shouldAnswerNoAnswerWhenFixIsDownAndRestSaysNotFound() throws Exception {
        final int fixPort = venue.fixPort();
        final int restPort = venue.restPort();
        final int from = engine.size();
        venue.close();
        awaitDown(from);
        final int asked = engine.size();
        engine.query(1, 761, EngineSide.id(42, 0), "", BTC, "0", 1);

        assertEquals("STATE_NO_ANSWER", engine.awaitState(asked, 761).type());
        assertEquals(1, adapter.counter(CoinbaseCounter.QUERIES_UNANSWERED));
        venue = VenueSide.again(directory.resolve("again"), fixPort, restPort, context -> context);
    }

    @Test
    void shouldAnswerNoAnswerWithinItsTimeWhenVenueIsSilent() {
        final UUID id = engine.newOrder(1, 771, BTC, Side.BUY, "0.3", "50000");
        engine.awaitExecution(771, "NEW");
        venue.control("POST", "/halfopen?session=" + venue.keyA, "");
        final int asked = engine.size();
        final long startNs = System.nanoTime();
        engine.query(1, 999_771, EngineSide.id(4242, 0), "", BTC, "0", 1);

        assertEquals("STATE_NO_ANSWER", engine.awaitState(asked, 999_771).type());
        assertTrue(System.nanoTime() - startNs < 6_000_000_000L, "bounded");
        engine.query(1, 771, id, "", BTC, "0", 1);
        assertEquals("STATE_FOUND", engine.awaitState(asked, 771).type(), "REST alone may find it");
    }

    @Test
    void shouldFetchAllPagesOfFills() {
        venue.fault("{\"dropAfterReceive\":1,\"cancelMissesInFlight\":true}");
        final int from = engine.size();
        final UUID id = engine.newOrder(1, 781, BTC, Side.BUY, "0.5", "50000");
        awaitDown(from);
        venue.takeEach(BTC, "sell", "50000", "0.001", 230);
        engine.awaitUp(from, 1);
        final int asked = engine.size();
        engine.query(1, 781, id, "", BTC, "0", 1);

        final EngineSide.Event state = engine.awaitState(asked, 781);
        assertEquals(EngineSide.e8("0.23"), state.cumQty());
        final Set<Long> trades = new HashSet<>();
        final List<EngineSide.Event> recovered =
            engine.of("TRADE").stream().filter(EngineSide.Event::recovered).toList();
        recovered.forEach(fill -> trades.add(fill.tradeId()));
        assertEquals(230, trades.size());
        assertEquals(230, recovered.size());
    }
}
