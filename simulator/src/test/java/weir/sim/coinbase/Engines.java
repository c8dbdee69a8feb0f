package weir.sim.coinbase;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import weir.sim.market.UuidSource;

/** Engines and orders for tests without a gateway. */
final class Engines {
    private Engines() {
    }

    static MatchingEngine engine(final List<ExecutionEvent> events) {
        final EngineListener recorder = new EngineListener() {
            @Override
            public void onOpen(final VenueOrder order, final long nowNs) {
                // the book shows it
            }

            @Override
            public void onOrder(final VenueOrder order, final long nowNs) {
                // Only what happens to orders is of interest.
            }

            @Override
            public void onExecution(final ExecutionEvent event) {
                events.add(event);
            }
        };
        return new MatchingEngine(List.of(VenueProduct.of("BTC-USD", "0.00000001", "0.01", "0")), List.of(), Map.of(),
            new OrderIndex(Long.MAX_VALUE), new UuidSource(7), recorder, () -> 0L, 500);
    }

    static OrderRequest limit(final String profile, final char side, final String qty, final String price) {
        return order(profile, side, '1', qty, price, 'D', false);
    }

    static OrderRequest order(
        final String profile, final char side, final char tif, final String qty, final String price,
        final char selfTrade, final boolean postOnly) {
        return new OrderRequest(new OrderRequest.Origin("key-" + profile, profile, 1, "fix"), null, "BTC-USD", side,
            '2', tif, new BigDecimal(qty), null, new BigDecimal(price), null, null, (char)0, postOnly, selfTrade,
            null, 0, null);
    }
}
