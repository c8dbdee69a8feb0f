package weir.sim.coinbase;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * House liquidity around a mid price: a few levels a side, small ones among them so that larger orders fill in parts,
 * renewed after trades; and, if wanted, a house taker that trades with whatever rests inside the spread. Seeded.
 * Housekeeping thread only.
 */
final class MarketMaker {
    private static final int LEVELS = 6;
    private static final int[] NOTIONAL_QUOTE = {400, 90, 1_500, 250, 6_000, 20_000};

    private final MatchingEngine engine;
    private final Random random;
    private final long takerIntervalNs;
    private final List<Level> levels = new ArrayList<>();
    private final Map<String, BigDecimal> mids;
    private long nextTakerNs;

    /** A price at which the house keeps an order. */
    private static final class Level {
        private final VenueProduct product;
        private final char side;
        private final BigDecimal price;
        private final int notional;
        private VenueOrder order;

        private Level(final VenueProduct product, final char side, final BigDecimal price, final int notional) {
            this.product = product;
            this.side = side;
            this.price = price;
            this.notional = notional;
        }
    }

    /**
     * @param mids            mid price by product.
     * @param takerIntervalNs pause between house takers, 0 for none.
     */
    MarketMaker(
        final MatchingEngine engine, final Map<String, BigDecimal> mids, final long takerIntervalNs, final long seed) {
        this.engine = engine;
        this.mids = mids;
        this.takerIntervalNs = takerIntervalNs;
        this.random = new Random(seed);
        for (final Map.Entry<String, BigDecimal> entry : mids.entrySet()) {
            final VenueProduct product = engine.products().get(entry.getKey());
            if (product == null || entry.getValue().signum() <= 0) {
                throw new IllegalArgumentException("market maker: no such product or bad price: " + entry);
            }
            for (int i = 0; i < LEVELS; i++) {
                levels.add(level(product, '1', entry.getValue(), i));
                levels.add(level(product, '2', entry.getValue(), i));
            }
        }
    }

    /** Renews what was traded away. */
    void onTick(final long nowNs) {
        for (final Level level : levels) {
            if (level.order == null || !level.order.isOpen()) {
                level.order = engine.submit(
                    OrderRequest.house(level.product.id(), level.side, qty(level), level.price, false), nowNs);
            }
        }
        if (takerIntervalNs > 0 && nowNs >= nextTakerNs) {
            nextTakerNs = nowNs + takerIntervalNs;
            mids.forEach((product, mid) -> take(engine.products().get(product), mid, nowNs));
        }
    }

    /** Trades against accounts' orders between the house's best prices; its own quotes cancel it. */
    private void take(final VenueProduct product, final BigDecimal mid, final long nowNs) {
        final char side = random.nextBoolean() ? '1' : '2';
        final Level best = level(product, side == '1' ? '2' : '1', mid, 0);
        engine.submit(OrderRequest.house(product.id(), side, qty(best), best.price, true), nowNs);
    }

    private BigDecimal qty(final Level level) {
        final BigDecimal quote = BigDecimal.valueOf(level.notional * (50L + random.nextInt(100)), 2);
        final BigDecimal step = level.product.baseIncrement();
        return quote.divide(level.price.multiply(step), 0, RoundingMode.UP).multiply(step);
    }

    private static Level level(final VenueProduct product, final char side, final BigDecimal mid, final int index) {
        // Half a basis point to the first level, one more to each next one; at least one increment apart.
        final BigDecimal step = product.quoteIncrement();
        final BigDecimal away = mid.multiply(BigDecimal.valueOf(5 + 10L * index, 5))
            .divide(step, 0, RoundingMode.UP).max(BigDecimal.valueOf(index + 1L)).multiply(step);
        final BigDecimal price = (side == '1' ? mid.subtract(away) : mid.add(away))
            .divide(step, 0, side == '1' ? RoundingMode.DOWN : RoundingMode.UP).multiply(step);
        return new Level(product, side, price.max(step), NOTIONAL_QUOTE[index]);
    }
}
