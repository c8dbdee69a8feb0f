package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
}
