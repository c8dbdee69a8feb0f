package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.VenuePath;
import weir.venue.EngineSide;

/** A router that comes back to a thousand open orders: each is found, none is doubled, none is dropped. */
final class RestartTest extends IntxTest {
    private static final int ORDERS = 1_000;

    private void launchTwo() {
        final int from = engine.size();
        adapter = IntxAdapter.launch(new IntxAdapter.Context().aeron(engine.aeron())
            .account(venue.accountOfTwoPaths()).reconnectMinMs(100).reconnectMaxMs(500).newsWaitMs(20_000)
            .fixTerms(FixTerms.DEFAULTS.cancelling('N').reconnecting(50, 200)));
        engine.awaitUp(from, A);
        engine.await(from, e -> "SECOND_UP".equals(e.type()), "the second path");
    }

    private void awaitEach(final String type, final int wanted) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (orders(type) != wanted) {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> type + " of " + orders(type) + ", not " + wanted + ": "
                + engine.events().stream().collect(Collectors.groupingBy(EngineSide.Event::type,
                    Collectors.counting())) + engine.of("NOT_SENT").stream().limit(3).toList()
                + engine.of("MESSAGE_REJECT").stream().limit(3).toList() + ", fix " + venue.stats("a"));
            engine.pollFor(20);
        }
    }

    private long orders(final String type) {
        return engine.of(type).stream().map(EngineSide.Event::orderId).distinct().count();
    }

    @Test
    void shouldAdoptAThousandOpenOrders() {
        launchTwo();
        engine.path(VenuePath.SECOND);
        final List<java.util.UUID> ids = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            ids.add(engine.newOrder(A, 1 + i, BTC, Side.BUY, "0.001", Integer.toString(40_000 + i)));
        }
        awaitEach("NEW", ORDERS);
        adapter.close();
        assertEquals(ORDERS, venue.open("a").size());
        launchTwo();
        // one is filled before anybody asks
        venue.take(BTC, "sell", Integer.toString(40_000 + ORDERS - 1), "0.001");
        final int from = engine.size();
        for (int i = 0; i < ORDERS; i++) {
            engine.query(A, 1 + i, ids.get(i), "", BTC, "0", 1);
        }
        final HashSet<Long> open = new HashSet<>();
        final HashSet<Long> done = new HashSet<>();
        engine.await(from, e -> {
            if ("STATE_FOUND".equals(e.type())) {
                ("NEW".equals(e.status()) ? open : done).add(e.orderId());
            }
            return open.size() + done.size() == ORDERS;
        }, "a state of each");
        assertEquals(ORDERS - 1, open.size());
        assertEquals(1, done.size());
        assertEquals(ORDERS - 1, venue.open("a").size(), "none doubled, none dropped");
        assertEquals(ORDERS, venue.log("order").size());
        final List<EngineSide.Event> fills = engine.of("TRADE");
        assertEquals(1, fills.stream().map(EngineSide.Event::tradeId).distinct().count(), fills.toString());
        engine.massCancel(A, "");
        awaitEach("CANCELED", ORDERS - 1);
        assertEquals(List.of(), venue.open("a"));
        assertTrue(venue.stats("a").get("refused").asInt() == 0, "within the rate: " + venue.stats("a"));
    }
}
