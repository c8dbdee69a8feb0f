package weir.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.venue.WireLimits;
import weir.venue.market.Listing;
import weir.venue.market.MarketCounter;
import weir.venue.market.MarketData;

/** A venue that cuts every connection at once meets no more of them than the contract grants the address. */
final class ReconnectStormTest extends VenueTest {
    private static final int GRANTED = 20;
    private static final long FIVE_MINUTES_NS = 300_000_000_000L;

    @Test
    void shouldStayWithinTheConnectionsOfFiveMinutesWhenAllAreCutAgainAndAgain() throws Exception {
        final WireLimits limits = new WireLimits("binance", List.of(new WireLimits.Limit("ws-connects", LimitScope.IP,
            LimitShape.FIXED_WINDOW, GRANTED, FIVE_MINUTES_NS, 0,
            Map.of(WireLimits.CONNECT, new WireLimits.Cost(1, 0)))));
        final List<Throwable> errors = new ArrayList<>();
        // of one cut in a hundred, right after a message, the JDK's WebSocket tells nothing: silence finds it
        launch(context -> context.wireLimits(limits).reconnectMinMs(10).reconnectMaxMs(10).silenceMs(1_000)
            .account(venue.accountB()));
        await(() -> {
            venue.dropSockets();
            return limits.holds() == 2;
        }, limits);
        try (MarketData data = MarketData.launch(new MarketData.Context().aeron(engine.aeron())
            .clock(SystemEpochNanoClock.INSTANCE).errorHandler(errors::add).reconnectMs(10, 10)
            .venue(new MarketData.Venue(new BinanceMarket(), venue.rest(), venue.streams(), 9, 13, List.of(
                new Listing(1, "BTC-USDT", BTC, true, true, 60_000, InstrumentStatus.TRADING, 0, 0, 0, 0, null)),
                limits)))) {
            await(() -> data.counters().get(MarketCounter.LIMIT_HOLDS) == 1, limits);
            engine.pollFor(200);
            assertEquals(0, data.counters().get(MarketCounter.CONNECTS), "public data spends the same");
        }
        assertEquals(GRANTED, limits.peak("ws-connects"));
        final int counted = venue.address().path("peakConnects").asInt();
        assertTrue(counted <= GRANTED && counted > GRANTED / 2, () -> venue.address().toString());
        assertTrue(adapter.counter(BinanceCounter.SOCKET_LOST) > 1);
        assertEquals(List.of(), errors);
    }

    private void await(final BooleanSupplier condition, final WireLimits limits) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> limits.holds() + " holds, " + venue.address());
            engine.pollFor(10);
        }
    }
}
