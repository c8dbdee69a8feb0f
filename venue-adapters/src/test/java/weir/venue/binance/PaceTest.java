package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.sim.binance.BinanceSimulator;

/**
 * The limits at 120 % demand, as the venue counted: some seconds of each, in which the demand of a whole window comes.
 * {@code -Dweir.pace.seconds=N} asks for that demand over N seconds and as many windows. The venue's clock is set so
 * that a window begins when a test does.
 */
final class PaceTest extends VenueTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MINUTE_NS = 60 * SECOND_NS;
    private static final int LONG_S = Integer.getInteger("weir.pace.seconds", 0);
    private static final int ORDERS_10S = 50;
    private static final int WEIGHT = 700;
    private static final int RESERVE = 50;

    @Override
    BinanceSimulator.Context venueSettings(final BinanceSimulator.Context context) {
        return alignedAndSmall(context, ORDERS_10S);
    }

    private static BinanceSimulator.Context alignedAndSmall(final BinanceSimulator.Context context,
        final int orders10s) {
        final long wallNs = System.currentTimeMillis() * 1_000_000L;
        final long startNs = System.nanoTime();
        final long shiftNs = MINUTE_NS - wallNs % MINUTE_NS;
        final LongSupplier clock = () -> wallNs + shiftNs + System.nanoTime() - startNs;
        return context.clock(clock).orders(orders10s, 160_000).weight(WEIGHT);
    }

    /** Offers so many orders evenly over a time; each gets one answer. Returns how many the venue took. */
    private long offer(final int offered, final long overNs) {
        final long before = ends();
        final long placedBefore = engine.of("NEW").size();
        final long startNs = System.nanoTime();
        for (int i = 0; i < offered; i++) {
            engine.newOrder(A, 1_000 + i, BTC, Side.BUY, "0.003", "50000");
            final long nextNs = startNs + (i + 1) * overNs / offered;
            engine.pollFor(Math.max(1, (nextNs - System.nanoTime()) / 1_000_000L));
        }
        engine.await(e -> ends() - before == offered, "an answer to each order");
        return engine.of("NEW").size() - placedBefore;
    }

    private long ends() {
        return engine.of("NEW").size() + engine.of("NOT_SENT").stream()
            .filter(e -> e.reason() == RejectReason.VENUE_THROTTLED.code()).count();
    }

    @Test
    void shouldPlaceNoOrderTooManyAtOneHundredAndTwentyPercentOfTheirCount() {
        launch(context -> context.cancelReserve(RESERVE).newsWaitMs(1_000));
        final int windows = Math.max(1, LONG_S / 10);
        final int offered = ORDERS_10S * windows * 6 / 5;
        final long placed = offer(offered, LONG_S > 0 ? LONG_S * SECOND_NS : 4 * SECOND_NS);
        final JsonNode account = venue.stats("a");
        final int peak = account.path("peakOrders10s").asInt();
        System.out.printf("120 %% of the order count, %d windows: offered %d, placed %d; the venue counted a peak of %d"
            + " of %d in 10 s, %d refused%n", windows, offered, placed, peak, ORDERS_10S,
            account.path("refused").asInt());
        assertEquals(0, account.path("refused").asInt(), account.toString());
        assertEquals(0, adapter.counter(BinanceCounter.ORDER_COUNT_REFUSALS));
        assertTrue(peak <= ORDERS_10S && peak >= 45, account.toString());
        assertTrue(placed >= 45L * windows, "the count is used: " + placed);
    }

    @Test
    void shouldUseTheWeightAndNoMoreAtOneHundredAndTwentyPercentAndCancelFromWhatIsKept() throws Exception {
        venue.close();
        venue = new VenueSide(directory.resolve("weight"), context -> alignedAndSmall(context, 100_000));
        venue.control("POST", "/symbol", "{\"symbol\":\"BTCUSDT\",\"maxOrders\":5000}");
        launch(context -> context.cancelReserve(RESERVE).newsWaitMs(1_000).orders10s(100_000));
        final int before = venue.address().path("usedWeight").asInt();
        final UUID first = engine.newOrder(A, 1, BTC, Side.BUY, "0.003", "50000");
        final String venueOrderId = engine.awaitExecution(1, "NEW").venueOrderId();
        final int free = WEIGHT - RESERVE - before;
        final long placed = offer(free * 6 / 5, 3 * SECOND_NS);
        engine.cancel(A, 1, first, venueOrderId, BTC);
        engine.awaitExecution(1, "CANCELED");
        final JsonNode address = venue.address();
        System.out.printf("120 %% of the weight: offered %d, placed %d; the venue counted a peak of %d of %d, %d"
            + " refused%n", free * 6 / 5, placed, address.path("peakWeight").asInt(), WEIGHT,
            address.path("refused").asInt());
        assertEquals(0, address.path("refused").asInt(), address.toString());
        assertEquals(0, address.path("bans").asInt());
        assertEquals(0, adapter.counter(BinanceCounter.LIMIT_REFUSALS));
        final int most = WEIGHT * 98 / 100 - RESERVE;
        assertTrue(address.path("peakWeight").asInt() <= WEIGHT
            && address.path("peakWeight").asInt() >= most * 95 / 100, "the weight is used: " + address);
    }
}
