package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** A venue that answers "not found" too early, and batches whose items end differently and answer in any order. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class UnknownTest {
    private static final String BTC = "BTC-USD";
    private static final int A = VenueSide.ACCOUNT_A;
    private static final long RETENTION_MS = 400;

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
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .account(venue.accountA())
            .fixAnswerTimeoutMs(1_000).queryTimeoutMs(4_000).orderRetentionMs(RETENTION_MS));
        engine.awaitUp(A);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        engine.close();
        venue.close();
    }

    private EngineSide.Event query(final long orderId, final UUID id, final int attempt) {
        final int from = engine.size();
        engine.query(A, orderId, id, "", BTC, "0", attempt);
        return engine.awaitState(from, orderId);
    }

    @Test
    void shouldFindAnOrderThatTheVenueDeniedTooEarlyAndFollowItFromThen() {
        venue.fault("{\"dropAck\":1,\"visibilityDelayMs\":1500}");
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 1, "VenueSent");

        assertEquals("STATE_NOT_FOUND", query(1, id, 1).type(), "what the venue says; the engine knows it is early");
        assertTrue(engine.events().stream().noneMatch(e -> "REJECTED".equals(e.type()) || "CANCELED".equals(e.type())
            || "NOT_SENT".equals(e.type())), "no verdict of the adapter's own");
        EngineSide.Event state = query(1, id, 2);
        for (int attempt = 3; "STATE_NOT_FOUND".equals(state.type()) && attempt < 40; attempt++) {
            engine.pollFor(RETENTION_MS / 4); // sooner than a final order is forgotten
            state = query(1, id, attempt);
        }
        assertEquals("STATE_FOUND", state.type());
        assertEquals("NEW", state.status());
        engine.pollFor(3 * RETENTION_MS);
        venue.take(BTC, "sell", "50000", "0.1");
        assertEquals(EngineSide.e8("0.1"), engine.awaitExecution(1, "TRADE").cumQty(), "it is an open order again");
        assertEquals(0, adapter.counter(CoinbaseCounter.UNKNOWN_REPORTS));
    }

    @Test
    void shouldAskAnewForALaterQuestionWhenTheEarlierLookFoundNothing() {
        venue.fault("{\"dropAck\":1,\"visibilityDelayMs\":60000}");
        final UUID id = engine.newOrder(A, 3, BTC, Side.BUY, "0.3", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 3, "VenueSent");
        final int from = engine.size();
        engine.query(A, 3, id, "", BTC, "0", 1);
        engine.query(A, 3, id, "", BTC, "0", 2);
        final EngineSide.Event state = engine.awaitState(from, 3);
        assertEquals("STATE_NOT_FOUND", state.type());
        assertEquals(2, state.attempt(), "an early look is no answer to the question that came after it");
        engine.pollFor(500);
        assertEquals(1, engine.of("STATE_NOT_FOUND").size());
        assertEquals(2, adapter.counter(CoinbaseCounter.QUERIES));
    }

    @Test
    void shouldFollowAnOrderThatShowsItselfAfterTheVenueDeniedIt() {
        venue.fault("{\"dropAck\":1,\"visibilityDelayMs\":60000}");
        final UUID id = engine.newOrder(A, 2, BTC, Side.BUY, "0.3", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 2, "VenueSent");
        assertEquals("STATE_NOT_FOUND", query(2, id, 1).type());
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(2, "TRADE");
        engine.pollFor(3 * RETENTION_MS);

        venue.take(BTC, "sell", "50000", "0.05");
        engine.await(e -> e.orderId() == 2 && e.cumQty() == EngineSide.e8("0.15"), "the fill after its retention");
        assertEquals(0, adapter.counter(CoinbaseCounter.UNKNOWN_REPORTS));
    }

    @Test
    void shouldTellEachItemOfABatchItsOwnOutcomeWhateverTheOrderOfAnswers() {
        venue.fault("{\"batchBackwards\":1}");
        venue.quote(BTC, "sell", "60000", "0.05");
        final long[] orderIds = {11, 12, 13, 14, 15, 16};
        final List<UUID> ids = engine.newOrders(A, BTC, TimeInForce.GTC, Side.BUY, "0.1",
            new String[] {"50000", "50000.123", "50001", "60000", "50000.001", "50002"}, orderIds);
        for (final long orderId : new long[] {11, 13, 14, 16}) {
            engine.awaitExecution(orderId, "NEW");
        }
        engine.awaitExecution(12, "REJECTED");
        engine.awaitExecution(15, "REJECTED");
        engine.awaitExecution(14, "TRADE");
        engine.pollFor(200);

        final Map<Long, Integer> at = new HashMap<>();
        int index = 0;
        for (final EngineSide.Event event : engine.events()) {
            if ("NEW".equals(event.type()) || "REJECTED".equals(event.type())) {
                assertTrue(at.putIfAbsent(event.orderId(), index++) == null, "told twice: " + event);
                assertEquals(ids.get((int)event.orderId() - 11), event.requestId());
                assertEquals("REJECTED".equals(event.type()) ? RejectReason.VENUE_REJECTED.code() : 0, event.reason());
            }
        }
        assertEquals(6, at.size());
        assertTrue(at.get(16L) < at.get(13L) && at.get(13L) < at.get(11L), "answered backwards: " + at);
        assertEquals(1, engine.of("TRADE").size());
        assertEquals(4, venue.openOrders("profile-a").size());
    }

    @Test
    void shouldTellWhatBecameOfEachItemOfACutBatchOfMixedOutcomes() {
        venue.fault("{\"batchBackwards\":1,\"disconnectMidBatch\":1,\"batchCutAfter\":3,\"cancelMissesInFlight\":1}");
        final int from = engine.size();
        final List<UUID> ids = engine.newOrders(A, BTC, TimeInForce.GTC, Side.BUY, "0.1",
            new String[] {"50000", "50001", "50002", "50003.123", "50004"}, 21, 22, 23, 24, 25);
        engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        engine.awaitUp(from, A);
        assertTrue(engine.events().stream().noneMatch(e -> "REJECTED".equals(e.type()) || "NOT_SENT".equals(e.type())
            || "MESSAGE_REJECT".equals(e.type())), "nothing is called refused: " + engine.events());

        final String[] states = new String[5];
        for (int i = 0; i < 5; i++) {
            states[i] = query(21 + i, ids.get(i), 1).type();
        }
        assertEquals("STATE_NOT_FOUND", states[0], "never read by the venue");
        assertEquals("STATE_NOT_FOUND", states[1], "never read by the venue");
        assertEquals("STATE_FOUND", states[2]);
        assertEquals("STATE_FOUND", states[4]);
        assertEquals(2, venue.openOrders("profile-a").size(), "none is sent again");
        final EngineSide.Event refused = query(24, ids.get(3), 2);
        assertTrue("STATE_NOT_FOUND".equals(refused.type()) || "REJECTED".equals(refused.status()),
            "the order that the venue refused: " + refused);
    }
}
