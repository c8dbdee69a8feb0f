package weir.sim.coinbase;

import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.sim.market.HouseDesk;

/** House orders of the market maker at this venue. */
final class CoinbaseHouse implements HouseDesk<VenueOrder> {
    private final MatchingEngine engine;

    CoinbaseHouse(final MatchingEngine engine) {
        this.engine = engine;
    }

    @Override
    public BigDecimal priceStep(final String product) {
        final VenueProduct known = engine.products().get(product);
        return known == null ? null : known.quoteIncrement();
    }

    @Override
    public BigDecimal qty(final String product, final BigDecimal quoteValue, final BigDecimal price) {
        final BigDecimal step = engine.products().get(product).baseIncrement();
        return quoteValue.divide(price.multiply(step), 0, RoundingMode.UP).multiply(step);
    }

    @Override
    public VenueOrder place(
        final String product, final boolean buy, final BigDecimal qty, final BigDecimal price, final boolean immediate,
        final long nowNs) {
        return engine.submit(OrderRequest.house(product, buy ? '1' : '2', qty, price, immediate), nowNs);
    }

    @Override
    public boolean isOpen(final VenueOrder order) {
        return order.isOpen();
    }
}
