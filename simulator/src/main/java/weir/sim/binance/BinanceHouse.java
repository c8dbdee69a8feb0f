package weir.sim.binance;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.concurrent.atomic.AtomicLong;
import weir.sim.market.HouseDesk;

/** House orders of the market maker at this venue. */
final class BinanceHouse implements HouseDesk<BinanceOrder> {
    private final BinanceEngine engine;
    private final AtomicLong ids = new AtomicLong();

    BinanceHouse(final BinanceEngine engine) {
        this.engine = engine;
    }

    @Override
    public BigDecimal priceStep(final String product) {
        return engine.isListed(product) ? engine.symbol(product).tick() : null;
    }

    @Override
    public BigDecimal qty(final String product, final BigDecimal quoteValue, final BigDecimal price) {
        final BinanceSymbol symbol = engine.symbol(product);
        return quoteValue.divide(symbol.lot().multiply(price), 0, RoundingMode.UP).multiply(symbol.lot())
            .max(symbol.minQty());
    }

    @Override
    public BinanceOrder place(final String product, final boolean buy, final BigDecimal qty, final BigDecimal price,
        final boolean immediate, final long nowNs) {
        return engine.place(OrderRequest.house(product, buy, qty, price, immediate, "house-" + ids.incrementAndGet()),
            nowNs);
    }

    @Override
    public boolean isOpen(final BinanceOrder order) {
        return engine.read(() -> order.open);
    }
}
