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
        engine.await(e -> engine.of("NEW").size() == ORDERS, "all open");
        assertEquals(ORDERS, venue.openOrders("a").size());
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
        System.out.println("a restart with " + ORDERS + " open orders: weight " + weight);
        assertTrue(weight < 200, "weight " + weight + ", not four for each order");
    }

    /** Sixty of a hundred are over when the next run asks: twenty cancelled, twenty replaced, twenty traded. */
    @Test
    void shouldReadManyOrdersThatAreOverFromOnePage() {
        launch(context -> context.newsWaitMs(20_000));
        final UUID[] ids = new UUID[100];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = engine.newOrder(A, 1 + i, BTC, Side.BUY, "0.003", i < 20 ? "50001" : "50000");
        }
        engine.await(e -> engine.of("NEW").size() == ids.length, "all open");
        final Map<Long, String> venueIds = new HashMap<>();
        engine.of("NEW").forEach(e -> venueIds.put(e.orderId(), e.venueOrderId()));
        for (int i = 20; i < 40; i++) {
            engine.replace(A, 1 + i, ids[i], venueIds.get(1L + i), BTC, "0.004", "49000");
        }
        engine.await(e -> engine.of("REPLACED").size() == 20, "replaced");
        adapter.close();
        venue.take(BTC, "sell", "50001", "0.060");
        for (int i = 40; i < 60; i++) {
            venue.control("POST", "/cancel?orderId=" + venueIds.get(1L + i), "");
        }
        final int weightBefore = venue.address().path("usedWeight").asInt();
        launch();
        final int from = engine.size();
        for (int i = 0; i < ids.length; i++) {
            engine.query(A, 1 + i, ids[i], venueIds.get(1L + i), BTC, "0", 1);
        }
        final Map<Long, String> states = new HashMap<>();
        engine.await(from, e -> {
            if (e.type().startsWith("STATE_")) {
                states.put(e.orderId(), e.type() + ' ' + e.status());
            }
            return states.size() == ids.length;
        }, "every answer");
        for (int i = 0; i < ids.length; i++) {
            assertEquals("STATE_FOUND " + (i < 20 ? "FILLED" : i >= 40 && i < 60 ? "CANCELED" : "NEW"),
                states.get(1L + i), "order " + i);
        }
        assertEquals(20, engine.of("TRADE").size(), "each fill once");
        final int weight = venue.address().path("usedWeight").asInt() - weightBefore;
        System.out.println("a restart with 100 orders, 40 of them over and 20 replaced: weight " + weight);
        assertTrue(weight < 250, "weight " + weight + ", not four for each order and five for each that traded");
    }
}
