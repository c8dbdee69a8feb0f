package weir.sim.market;

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
 *
 * @param <O> the venue's orders.
 */
public final class MarketMaker<O> {
    private static final int LEVELS = 6;
    private static final int[] NOTIONAL_QUOTE = {400, 90, 1_500, 250, 6_000, 20_000};

    private final HouseDesk<O> desk;
    private final Random random;
    private final long takerIntervalNs;
    private final List<Level<O>> levels = new ArrayList<>();
    private final Map<String, BigDecimal> mids;
    private long nextTakerNs;

    /** A price at which the house keeps an order. */
    private static final class Level<O> {
        private final String product;
        private final boolean buy;
        private final BigDecimal price;
        private final int notional;
        private O order;

        private Level(final String product, final boolean buy, final BigDecimal price, final int notional) {
            this.product = product;
            this.buy = buy;
            this.price = price;
            this.notional = notional;
        }
    }

    /**
     * Works out the levels; the first tick places them.
     *
     * @param mids            mid price by product.
     * @param takerIntervalNs pause between house takers, 0 for none.
     * @throws IllegalArgumentException if the venue has no such product or a price is not above 0.
     */
    public MarketMaker(
        final HouseDesk<O> desk, final Map<String, BigDecimal> mids, final long takerIntervalNs, final long seed) {
        this.desk = desk;
        this.mids = mids;
        this.takerIntervalNs = takerIntervalNs;
        this.random = new Random(seed);
        for (final Map.Entry<String, BigDecimal> entry : mids.entrySet()) {
            if (desk.priceStep(entry.getKey()) == null || entry.getValue().signum() <= 0) {
                throw new IllegalArgumentException("market maker: no such product or bad price: " + entry);
            }
            for (int i = 0; i < LEVELS; i++) {
                levels.add(level(entry.getKey(), true, entry.getValue(), i));
                levels.add(level(entry.getKey(), false, entry.getValue(), i));
            }
        }
    }

    /** Renews what was traded away. */
    public void onTick(final long nowNs) {
        for (final Level<O> level : levels) {
            if (level.order == null || !desk.isOpen(level.order)) {
                level.order = desk.place(level.product, level.buy, qty(level), level.price, false, nowNs);
            }
        }
        if (takerIntervalNs > 0 && nowNs >= nextTakerNs) {
            nextTakerNs = nowNs + takerIntervalNs;
            mids.forEach((product, mid) -> take(product, mid, nowNs));
        }
    }

    /** Trades against accounts' orders between the house's best prices; its own quotes cancel it. */
    private void take(final String product, final BigDecimal mid, final long nowNs) {
        final boolean buy = random.nextBoolean();
        final Level<O> best = level(product, !buy, mid, 0);
        desk.place(product, buy, qty(best), best.price, true, nowNs);
    }

    private BigDecimal qty(final Level<O> level) {
        final BigDecimal quote = BigDecimal.valueOf(level.notional * (50L + random.nextInt(100)), 2);
        return desk.qty(level.product, quote, level.price);
    }

    private Level<O> level(final String product, final boolean buy, final BigDecimal mid, final int index) {
        // Half a basis point to the first level, one more to each next one; at least one increment apart.
        final BigDecimal step = desk.priceStep(product);
        final BigDecimal away = mid.multiply(BigDecimal.valueOf(5 + 10L * index, 5))
            .divide(step, 0, RoundingMode.UP).max(BigDecimal.valueOf(index + 1L)).multiply(step);
        final BigDecimal price = (buy ? mid.subtract(away) : mid.add(away))
            .divide(step, 0, buy ? RoundingMode.DOWN : RoundingMode.UP).multiply(step);
        return new Level<>(product, buy, price.max(step), NOTIONAL_QUOTE[index]);
    }
}
