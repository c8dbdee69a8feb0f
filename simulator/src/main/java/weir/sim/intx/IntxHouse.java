package weir.sim.intx;

import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.sim.market.HouseDesk;

/** House orders of the market maker at this venue. */
final class IntxHouse implements HouseDesk<IntxOrder> {
    private final IntxEngine engine;

    IntxHouse(final IntxEngine engine) {
        this.engine = engine;
    }

    @Override
    public BigDecimal priceStep(final String product) {
        final IntxInstrument instrument = engine.instrument(product);
        return instrument == null ? null : instrument.quoteIncrement();
    }

    @Override
    public BigDecimal qty(final String product, final BigDecimal quoteValue, final BigDecimal price) {
        final BigDecimal lot = engine.instrument(product).baseIncrement();
        return quoteValue.divide(lot.multiply(price), 0, RoundingMode.UP).multiply(lot);
    }

    @Override
    public IntxOrder place(final String product, final boolean buy, final BigDecimal qty, final BigDecimal price,
        final boolean immediate, final long nowNs) {
        return engine.send(OrderRequest.house(product, buy, qty, price, immediate), nowNs);
    }

    @Override
    public boolean isOpen(final IntxOrder order) {
        return engine.read(() -> order.open);
    }
}
