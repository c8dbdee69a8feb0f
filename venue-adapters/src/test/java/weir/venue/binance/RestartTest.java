package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.sim.binance.BinanceSimulator;
import weir.venue.EngineSide;

/** A run that finds a thousand orders of the one before: adopted, none doubled, none dropped, for little weight. */
final class RestartTest extends VenueTest {
    private static final int ORDERS = 1_000;

    @Override
    BinanceSimulator.Context venueSettings(final BinanceSimulator.Context context) {
        return context.orders(2 * ORDERS, 160_000);
    }

    @Test
    void shouldAdoptAThousandOpenOrdersAndTellWhatWasFilledMeanwhile() {
        venue.control("POST", "/symbol", "{\"symbol\":\"BTCUSDT\",\"maxOrders\":5000}");
        launch(context -> context.newsWaitMs(20_000));
        final UUID[] ids = new UUID[ORDERS];
        for (int i = 0; i < ORDERS; i++) {
            ids[i] = engine.newOrder(A, 1 + i, BTC, Side.BUY, "0.003", i == 0 ? "50001" : "50000");
        }
        engine.await(e -> engine.size() >= 2 * ORDERS && venue.openOrders("a").size() == ORDERS, "all open");
        adapter.close();
        venue.take(BTC, "sell", "50001", "0.001");
        final int weightBefore = venue.address().path("usedWeight").asInt();
        launch();
        final int from = engine.size();
        for (int i = 0; i < ORDERS; i++) {
            engine.query(A, 1 + i, ids[i], "", BTC, "0", 1);
        }
        final Map<Long, String> states = new HashMap<>();
        engine.await(from, e -> {
            if (e.type().startsWith("STATE_")) {
                states.put(e.orderId(), e.type() + ' ' + e.status());
            }
            return states.size() == ORDERS;
        }, "every answer");
        assertEquals("STATE_FOUND PARTIALLY_FILLED", states.get(1L));
        assertEquals(ORDERS - 1, states.values().stream().filter("STATE_FOUND NEW"::equals).count());
        final List<EngineSide.Event> fills = engine.of("TRADE");
        assertEquals(1, fills.size());
        assertEquals(EngineSide.e8("0.001"), fills.get(0).lastQty());
        assertEquals(ORDERS, venue.openOrders("a").size());
        final int weight = venue.address().path("usedWeight").asInt() - weightBefore;
        assertTrue(weight < 1_500, "weight " + weight + ", not four for each order");
    }
}
