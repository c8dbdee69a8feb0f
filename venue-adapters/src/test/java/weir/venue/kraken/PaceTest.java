package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** The budget, as the venue counted it. */
final class PaceTest extends VenueTest {

    /** 60 orders in 10 s cost 600 of 500: 120 %, for longer than the window; -Dweir.kraken.pace.seconds for more. */
    @Test
    void shouldNeverBeRefusedForTheLimitAtOneHundredAndTwentyPercent() {
        launch(context -> context.deadManTimeoutS(60).deadManEveryMs(5_000));
        final long startNs = System.nanoTime();
        final int seconds = Integer.getInteger("weir.kraken.pace.seconds", 13);
        final int offered = 6 * seconds;
        for (int i = 0; i < offered; i++) {
            engine.newOrder(A, 1_000 + i, XBT, Side.BUY, "0.001", "50000");
            final long nextNs = startNs + (i + 1) * seconds * 1_000_000_000L / offered;
            engine.pollFor(Math.max(1, (nextNs - System.nanoTime()) / 1_000_000L));
        }
        engine.pollFor(2_000);
        final long placed = engine.of("NEW").size();
        final long notSent = engine.of("NOT_SENT").stream()
            .filter(e -> e.reason() == RejectReason.VENUE_THROTTLED.code()).count();
        final JsonNode stats = venue.stats("a");
        System.out.printf("120 %% for %d s: offered %d, placed %d, not sent %d; the venue counted a peak of %d of 500"
            + " in 10 s, %d refused; ours %d%n", seconds, offered, placed, notSent,
            stats.path("peakOfferedPer10s").asInt(), stats.path("refused").asInt(),
            adapter.counter(KrakenCounter.PEAK_UNITS));
        assertEquals(offered, placed + notSent, "each order has one answer");
        assertEquals(0, stats.path("refused").asInt(), stats.toString());
        assertTrue(stats.path("peakOfferedPer10s").asInt() <= 450, stats.toString());
        assertTrue(stats.path("peakOfferedPer10s").asInt() >= 350, "the budget is used: " + stats);
        assertEquals(0, adapter.counter(KrakenCounter.LIMIT_REFUSALS));
        assertTrue(adapter.counter(KrakenCounter.DEAD_MAN_ARMED) >= 2, "the switch was renewed in time");
    }

    @Test
    void shouldLetCancelsPassWaitingNewsFromTheirReserve() {
        launch(context -> context.newsWaitMs(30_000));
        final UUID working = engine.newOrder(A, 1, XBT, Side.BUY, "0.001", "50000");
        final String venueOrderId = engine.awaitExecution(1, "NEW").venueOrderId();
        UUID last = null;
        for (int i = 0; i < 60; i++) {
            last = engine.newOrder(A, 1_000 + i, XBT, Side.BUY, "0.001", "50000");
        }
        awaitCounter(KrakenCounter.HELD, 1);
        engine.cancel(A, 1, working, venueOrderId, XBT);
        engine.cancel(A, 1_059, last, "", XBT);
        engine.awaitExecution(1, "CANCELED");
        final EngineSide.Event withdrawn = engine.await(e -> e.orderId() == 1_059, "an answer");
        assertEquals("NOT_SENT", withdrawn.type());
        assertTrue(!venue.log().contains(last.toString()), "the withdrawn order never reached the venue");
        assertEquals(0, venue.stats("a").path("refused").asInt());
    }

    @Test
    void shouldBreachNothingWhenKilledAndStartedAgainAtASpentBudget() {
        launch(context -> context.newsWaitMs(30_000));
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ids.add(engine.newOrder(A, 1_000 + i, XBT, Side.BUY, "0.001", "50000"));
        }
        awaitCounter(KrakenCounter.HELD, 1); // what news may use is spent
        for (int i = 0; i < 4; i++) {
            engine.cancel(A, 1_000 + i, ids.get(i), engine.awaitExecution(1_000 + i, "NEW").venueOrderId(), XBT);
            engine.awaitExecution(1_000 + i, "CANCELED");
        }
        final long lastRunNs = engine.clock().nanoTime();
        adapter.close();
        launch(context -> context.newsWaitMs(30_000).lastRunNs(lastRunNs));
        engine.cancel(A, 1_004, ids.get(4), engine.awaitExecution(1_004, "NEW").venueOrderId(), XBT);
        engine.awaitExecution(1_004, "CANCELED");
        for (int i = 0; i < 30; i++) {
            engine.newOrder(A, 2_000 + i, XBT, Side.BUY, "0.001", "50000");
        }
        engine.awaitExecution(2_029, "NEW");
        assertEquals(0, venue.stats("a").path("refused").asInt(), venue.stats("a").toString());
    }

    @Test
    void shouldBeRefusedByTheVenueWhenTheBudgetIsBrokenAndNeitherLoseNorDoubleAnOrder() {
        launch(context -> context.newsWaitMs(3_000).rules(new WireRules() {
            @Override
            int units(final KrakenAdapter.Context settings) {
                return 100_000;
            }
        }));
        final int offered = 70;
        for (int i = 0; i < offered; i++) {
            engine.newOrder(A, 1_000 + i, XBT, Side.BUY, "0.001", "50000");
        }
        final EngineSide.Event barred = engine.await(e -> "BAR".equals(e.type()), "BAR");
        assertEquals("ACCOUNT 200", barred.status() + ' ' + barred.reason());
        assertTrue(barred.lastQty() >= 500, "as long as the adapter holds: " + barred.lastQty());
        for (int i = 0; i < offered; i++) {
            final long orderId = 1_000 + i;
            engine.await(e -> e.orderId() == orderId && !"SENT".equals(e.type()), "an answer for " + orderId);
        }
        engine.pollFor(500);
        assertTrue(venue.stats("a").path("refused").asInt() > 0, "planted fault punished by the venue");
        final long placed = engine.of("NEW").size();
        final long throttled = engine.events().stream()
            .filter(e -> ("MESSAGE_REJECT".equals(e.type()) || "NOT_SENT".equals(e.type()))
                && e.reason() == RejectReason.VENUE_THROTTLED.code()).count();
        assertEquals(offered, placed + throttled, "each order has one end");
        assertEquals(placed, venue.openOrders("a").size());
    }

    @Test
    void shouldWaitOutARefusalAtTheEdgeAndThenTrade() {
        launch(context -> context.newsWaitMs(30_000));
        venue.fault("{\"edgeRefusal\":1,\"edgeRetryAfterS\":1}");
        engine.newOrder(A, 1, XBT, Side.BUY, "0.001", "50000");
        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "BAR");
        assertEquals("ACCOUNT 429 1000", bar.status() + ' ' + bar.reason() + ' ' + bar.lastQty());
        engine.newOrder(A, 2, XBT, Side.BUY, "0.001", "50000");

        engine.awaitExecution(2, "NEW");
        assertEquals(1, venue.openOrders("a").size(), "the refused one is not there");
    }
}
