package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** The venue's rate as the simulator counted it: 40 requests in any second, of which nine tenths are ours. */
final class PaceTest extends IntxTest {

    @Override
    long windowMs() {
        return 1_000;
    }

    @Test
    void shouldBreachNothingUnderABurstAndCancelInSpiteOfIt() {
        launch();
        final UUID first = engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        for (int i = 2; i <= 120; i++) {
            engine.newOrder(A, i, BTC, Side.BUY, "0.001", "49000");
        }
        final long sentNs = System.nanoTime();
        engine.cancel(A, 1, first, venueId, BTC);
        engine.awaitExecution(1, "CANCELED");
        final long cancelMs = (System.nanoTime() - sentNs) / 1_000_000L;
        engine.await(e -> e.orderId() == 120 && List.of("NEW", "NOT_SENT").contains(e.type()), "the last of the burst");
        engine.pollFor(500);
        final long placed = engine.of("NEW").size();
        final long late = engine.of("NOT_SENT").stream()
            .filter(e -> e.reason() == RejectReason.VENUE_THROTTLED.code()).count();
        assertEquals(120, placed + late, "each answered once: " + placed + " placed, " + late + " too late");
        assertEquals(placed - 1, venue.open("a").size());
        assertEquals(0, venue.stats("a").get("refused").asLong());
        final int peak = venue.stats("a").get("peakPassedPerSecond").asInt();
        assertTrue(peak >= 20 && peak <= 36, "peak " + peak);
        assertTrue(cancelMs < 1_000, "a cancel passed the burst in " + cancelMs + " ms");
    }

    @Test
    void shouldSeeFillsWhileNewsWantMoreThanThereIs() {
        launch();
        engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        for (int i = 2; i <= 150; i++) {
            engine.newOrder(A, i, BTC, Side.BUY, "0.001", "49000");
        }
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() >= 20, "a spent budget");
        venue.take(BTC, "sell", "50000", "0.001");
        final long tradedNs = System.nanoTime();
        engine.awaitExecution(1, "TRADE");
        final long toldMs = (System.nanoTime() - tradedNs) / 1_000_000L;
        assertTrue(toldMs < 5_000, "told after " + toldMs + " ms");
        assertEquals(0, venue.stats("a").get("refused").asLong());
    }

    @Test
    void shouldBreachNothingWhenRestartedAtASpentBudget() {
        launch();
        for (int i = 1; i <= 40; i++) {
            engine.newOrder(A, i, BTC, Side.BUY, "0.001", "49000");
        }
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() >= 20, "a spent budget");
        adapter.close();
        launch();
        for (int i = 41; i <= 80; i++) {
            engine.newOrder(A, i, BTC, Side.BUY, "0.001", "49000");
        }
        engine.await(e -> e.orderId() == 80 && List.of("NEW", "NOT_SENT").contains(e.type()), "the last one");
        assertEquals(0, venue.stats("a").get("refused").asLong());
        assertTrue(venue.stats("a").get("peakPassedPerSecond").asInt() <= 40);
    }

    @Test
    void shouldBePunishedWhenTheRuleIsBroken() {
        launch(context -> context.inFlightMax(64).rules(new WireRules() {
            @Override
            int requests(final IntxAdapter.Context settings) {
                return 400;
            }
        }));
        for (int i = 1; i <= 150; i++) {
            engine.newOrder(A, i, BTC, Side.BUY, "0.001", "49000");
        }
        final EngineSide.Event barred = engine.await(e -> "BAR".equals(e.type()), "bar");
        assertEquals(A, barred.accountId());
        assertTrue(venue.stats("a").get("refused").asLong() > 0);
        assertTrue(adapter.counter(IntxCounter.LIMIT_REFUSALS) > 0);
    }

    @Test
    void shouldReportNewsAndKeepCancelsThroughA429() {
        // no question of ours meets the 429 first, behind which the order would only wait
        launch(context -> context.fillsEveryMs(60_000).ordersEveryMs(60_000));
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.001", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.fault("{\"limitStorm\":-1}");
        engine.newOrder(A, 2, BTC, Side.BUY, "0.001", "50000");
        engine.await(e -> "BAR".equals(e.type()), "bar");
        engine.cancel(A, 1, id, venueId, BTC);
        engine.pollFor(300);
        venue.fault("{\"limitStorm\":0}");
        engine.awaitExecution(1, "CANCELED");
        assertEquals(1, engine.events().stream().filter(e -> e.orderId() == 1 && "CANCELED".equals(e.type())).count());
        assertTrue(engine.of("CANCEL_REJECT").isEmpty());
        final EngineSide.Event refused = engine.await(e -> e.orderId() == 2
            && List.of("MESSAGE_REJECT", "NOT_SENT").contains(e.type()), "end of the news");
        assertEquals(RejectReason.VENUE_THROTTLED.code(), refused.reason());
    }
}
