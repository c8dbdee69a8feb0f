package weir.sim.deribit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.sim.market.HouseDesk;

/** House orders of the market maker at this venue. */
final class DeribitHouse implements HouseDesk<DeribitOrder> {
    private final DeribitEngine engine;

    DeribitHouse(final DeribitEngine engine) {
        this.engine = engine;
    }

    @Override
    public BigDecimal priceStep(final String product) {
        return engine.has(product) ? engine.instrument(product).tick() : null;
    }

    @Override
    public BigDecimal qty(final String product, final BigDecimal quoteValue, final BigDecimal price) {
        final DeribitInstrument instrument = engine.instrument(product);
        final BigDecimal contractUsd = instrument.usd(instrument.contract(), price);
        return quoteValue.divide(contractUsd, 0, RoundingMode.UP).multiply(instrument.contract())
            .max(instrument.minAmount());
    }

    @Override
    public DeribitOrder place(
        final String product, final boolean buy, final BigDecimal qty, final BigDecimal price, final boolean immediate,
        final long nowNs) {
        try {
            return engine.place(OrderRequest.house(product, buy, qty, price, immediate), nowNs);
        } catch (final RpcError e) {
            // an instrument that is locked: the house waits, too
            return null;
        }
    }

    @Override
    public boolean isOpen(final DeribitOrder order) {
        return engine.read(order::isOpen);
    }
}
