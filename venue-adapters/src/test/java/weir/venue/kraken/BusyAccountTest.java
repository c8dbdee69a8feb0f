package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** More executions than one page of fills holds, with nothing but REST to tell of them. */
final class BusyAccountTest extends VenueTest {
    private static final int EXECUTIONS = 120;

    private void takeOneByOne(final int count) {
        for (int i = 0; i < count; i++) {
            venue.take(XBT, "sell", "50000", "0.0001");
        }
    }

    private void blind() {
        venue.fault("{\"wsSilent\":1}");
        awaitCounter(KrakenCounter.SOCKET_LOST, 1);
    }

    private List<EngineSide.Event> fillsOf(final long orderId) {
        return engine.of("TRADE").stream().filter(e -> e.orderId() == orderId).toList();
    }

    @Test
    void shouldFindEveryFillOfAnOrderThatWasTakenInMorePiecesThanAPageHolds() {
        launch(context -> context.pingMs(300).silenceMs(1_000));
        engine.newOrder(A, 1, XBT, Side.BUY, "0.012", "50000");
        engine.awaitExecution(1, "NEW");
        blind();
        takeOneByOne(EXECUTIONS);
        final EngineSide.Event end = engine.await(e -> e.orderId() == 1 && (List.of("CANCELED", "EXPIRED")
            .contains(e.type()) || "FILLED".equals(e.status())), "end of the order");
        assertEquals("FILLED", end.status());
        assertEquals(EngineSide.e8("0.012"), end.cumQty());
        assertEquals(EXECUTIONS, fillsOf(1).stream().map(EngineSide.Event::tradeId).distinct().count());
        engine.pollFor(3_000);
        assertEquals(EXECUTIONS, fillsOf(1).size(), "each once");
        assertTrue(engine.of("CANCELED").isEmpty(), "and nothing else is told");
    }

    @Test
    void shouldConcludeEachOrderOfAFormerRunHoweverManyFillsCameSince() {
        launch();
        final long oldNs = engine.clock().nanoTime();
        final UUID old = engine.newOrder(A, 11, XBT, Side.BUY, "0.001", "50000");
        final String oldAtVenue = engine.awaitExecution(11, "NEW").venueOrderId();
        final UUID busy = engine.newOrder(A, 12, XBT, Side.BUY, "0.0101", "50000");
        final String busyAtVenue = engine.awaitExecution(12, "NEW").venueOrderId();
        venue.take(XBT, "sell", "50000", "0.001");
        takeOneByOne(101);
        engine.await(e -> e.orderId() == 12 && "FILLED".equals(e.status()), "fills");
        engine.pollFor(6_000); // fills are read back to some seconds before the order was sent
        final long youngNs = engine.clock().nanoTime();
        final UUID young = engine.newOrder(A, 13, XBT, Side.BUY, "0.001", "50000");
        final String youngAtVenue = engine.awaitExecution(13, "NEW").venueOrderId();
        adapter.close();
        venue.control("POST", "/cancel?orderId=" + youngAtVenue, "");
        engine.pollFor(6_000); // orders/status forgets
        engine.forget();

        launch(context -> context.fillsPagesMax(1).requestTimeoutMs(2_000).queryTimeoutMs(2_500));
        engine.since(oldNs);
        engine.query(A, 11, old, oldAtVenue, XBT, "0", 1);
        engine.since(youngNs);
        assertEquals("STATE_NOT_FOUND", conclusive(13, young, youngAtVenue).type(), "the first page reaches it");
        engine.since(oldNs);
        final EngineSide.Event state = conclusive(11, old, oldAtVenue);
        assertEquals("STATE_FOUND", state.type());
        assertEquals(EngineSide.e8("0.001"), state.cumQty());
        assertEquals(1, fillsOf(11).stream().map(EngineSide.Event::tradeId).distinct().count());
        final EngineSide.Event busyState = conclusive(12, busy, busyAtVenue);
        assertEquals("STATE_FOUND", busyState.type());
        assertEquals(EngineSide.e8("0.0101"), busyState.cumQty());
        assertEquals(101, fillsOf(12).stream().map(EngineSide.Event::tradeId).distinct().count());
    }

    @Test
    void shouldAskTheHistoryWhereTheFillsDoNotReachBack() {
        launch();
        final long oldNs = engine.clock().nanoTime();
        final UUID old = engine.newOrder(A, 21, XBT, Side.BUY, "0.001", "49000");
        final String oldAtVenue = engine.awaitExecution(21, "NEW").venueOrderId();
        engine.newOrder(A, 22, XBT, Side.BUY, "0.02", "50000");
        engine.awaitExecution(22, "NEW");
        takeOneByOne(101);
        adapter.close();
        venue.control("POST", "/cancel?orderId=" + oldAtVenue, "");
        engine.pollFor(6_000); // orders/status forgets
        engine.forget();

        launch(context -> context.fillsPagesMax(1));
        engine.since(oldNs);
        engine.query(A, 21, old, oldAtVenue, XBT, "0", 1);
        final EngineSide.Event state = engine.awaitState(0, 21);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("CANCELED", state.status());
        assertEquals(0, state.cumQty());
        assertEquals(1, adapter.counter(KrakenCounter.HISTORY_REQUESTS));
    }

    /** The answer, to as many questions as the engine would ask. */
    private EngineSide.Event conclusive(final long orderId, final UUID id, final String venueOrderId) {
        EngineSide.Event state = null;
        for (int attempt = 1; attempt <= 10 && (state == null || "STATE_NO_ANSWER".equals(state.type())); attempt++) {
            final int from = engine.size();
            engine.query(A, orderId, id, venueOrderId, XBT, "0", attempt);
            state = engine.awaitState(from, orderId);
        }
        return state;
    }
}
