package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.sim.market.MarketMaker;

/** House quotes and venue calendar, without a gateway. */
class MarketMakerTest {
    private final List<ExecutionEvent> events = new ArrayList<>();
    private final MatchingEngine engine = Engines.engine(events);

    @Test
    void shouldQuoteBothSidesAndRefillAfterTrades() {
        final MarketMaker<VenueOrder> maker = maker(0);
        maker.onTick(1);
        final int quotes = engine.read(OrderIndex::open).size();
        assertEquals(12, quotes);
        final VenueOrder taker = engine.submit(Engines.limit("a", '1', "0.02", "66000"), 2);
        assertTrue(events.stream().filter(event -> event.fill() != null && event.order() == taker).count() > 1);
        maker.onTick(3);
        assertEquals(quotes, engine.read(OrderIndex::open).stream().filter(VenueOrder::isHouse).count());
    }

    @Test
    void shouldFillAccountOrderInsideTheSpread() {
        final MarketMaker<VenueOrder> maker = maker(1);
        maker.onTick(1);
        final VenueOrder resting = engine.submit(Engines.limit("a", '1', "1", "65000"), 2);
        for (int i = 3; i < 100 && resting.cumQty.signum() == 0; i++) {
            maker.onTick(i);
        }
        assertTrue(resting.cumQty.signum() > 0);
        assertTrue(resting.isOpen());
    }

    @Test
    void shouldRefuseUnknownProduct() {
        assertThrows(IllegalArgumentException.class,
            () -> new MarketMaker<>(new CoinbaseHouse(engine), Map.of("NO-USD", BigDecimal.ONE), 0, 1));
    }

    @Test
    void shouldKnowTheLogoutTimes() {
        final long saturday = FixTime.parse("20260718-17:00:00");
        final long monday = FixTime.parse("20260713-18:00:00");
        final long tuesday = FixTime.parse("20260714-18:00:00");
        assertTrue(LogoutSchedule.isCrossed(saturday - 1, saturday));
        assertTrue(LogoutSchedule.isCrossed(monday - 50_000_000L, monday + 1));
        assertEquals(false, LogoutSchedule.isCrossed(monday, monday + 50_000_000L));
        assertEquals(false, LogoutSchedule.isCrossed(tuesday - 50_000_000L, tuesday + 1));
        final long saturdayWinter = FixTime.parse("20260117-18:00:00");
        assertTrue(LogoutSchedule.isCrossed(saturdayWinter - 1, saturdayWinter));
    }

    private MarketMaker<VenueOrder> maker(final long takerIntervalNs) {
        return new MarketMaker<>(
            new CoinbaseHouse(engine), Map.of("BTC-USD", new BigDecimal("65000.00")), takerIntervalNs, 11);
    }
}
