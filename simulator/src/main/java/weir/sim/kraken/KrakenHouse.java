package weir.sim.kraken;

import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.sim.market.HouseDesk;

/** House orders of the market maker at this venue. */
final class KrakenHouse implements HouseDesk<KrakenOrder> {
    private final KrakenEngine engine;

    KrakenHouse(final KrakenEngine engine) {
        this.engine = engine;
    }

    @Override
    public BigDecimal priceStep(final String product) {
        final KrakenInstrument instrument = engine.instrument(product);
        return instrument == null ? null : instrument.tickSize();
    }

    @Override
    public BigDecimal qty(final String product, final BigDecimal quoteValue, final BigDecimal price) {
        final KrakenInstrument instrument = engine.instrument(product);
        final BigDecimal lotValue = instrument.notionalUsd(instrument.lot(), price);
        return quoteValue.divide(lotValue, 0, RoundingMode.UP).multiply(instrument.lot())
            .max(instrument.minimumSize());
    }

    @Override
    public KrakenOrder place(
        final String product, final boolean buy, final BigDecimal qty, final BigDecimal price, final boolean immediate,
        final long nowNs) {
        return engine.send(OrderRequest.house(product, buy, qty, price, immediate), nowNs).order();
    }

    @Override
    public boolean isOpen(final KrakenOrder order) {
        return engine.read(() -> order.open);
    }
}
