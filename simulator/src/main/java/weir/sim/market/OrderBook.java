package weir.sim.market;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Resting orders of one product in price-time priority, its stop orders, and its last trade. Holds, does not decide:
 * the venue's engine does, and owns it.
 *
 * @param <O> the venue's orders.
 */
public final class OrderBook<O extends RestingOrder> {
    private final TreeMap<BigDecimal, LinkedHashSet<O>> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<BigDecimal, LinkedHashSet<O>> asks = new TreeMap<>();
    private final LinkedHashSet<O> stops = new LinkedHashSet<>();
    private BigDecimal lastPrice;
    private BigDecimal lastQty;
    private long lastTradeId;
    private long lastTradeNs;

    /** @param lastTradeId the number of the last trade of an earlier run, 0 for none. */
    public OrderBook(final long lastTradeId) {
        this.lastTradeId = lastTradeId;
    }

    /** Joins the queue at the order's price, last. */
    public void add(final O order) {
        side(order.isBuy()).computeIfAbsent(order.price(), price -> new LinkedHashSet<>()).add(order);
    }

    /** Leaves the queue at a price; nothing happens if it is not there. */
    public void remove(final O order, final BigDecimal price) {
        final TreeMap<BigDecimal, LinkedHashSet<O>> side = side(order.isBuy());
        final LinkedHashSet<O> level = price == null ? null : side.get(price);
        if (level != null && level.remove(order) && level.isEmpty()) {
            side.remove(price);
        }
    }

    /** Joins the stop orders. */
    public void addStop(final O order) {
        stops.add(order);
    }

    /** Leaves the stop orders; nothing happens if it is not there. */
    public void removeStop(final O order) {
        stops.remove(order);
    }

    /** The order an incoming one would trade with first, or null. */
    public O bestAgainst(final boolean incomingBuy) {
        final TreeMap<BigDecimal, LinkedHashSet<O>> side = side(!incomingBuy);
        return side.isEmpty() ? null : side.firstEntry().getValue().iterator().next();
    }

    /** Best first. */
    public List<O> against(final boolean incomingBuy) {
        final List<O> orders = new ArrayList<>();
        side(!incomingBuy).values().forEach(orders::addAll);
        return orders;
    }

    /** The oldest stop of which the test holds, or null. */
    public O nextStop(final Predicate<O> isTriggered) {
        for (final O stop : stops) {
            if (isTriggered.test(stop)) {
                return stop;
            }
        }
        return null;
    }

    /** Remembers a trade. @return its number, one higher than the last one's. */
    public long trade(final BigDecimal price, final BigDecimal qty, final long nowNs) {
        lastPrice = price;
        lastQty = qty;
        lastTradeNs = nowNs;
        return ++lastTradeId;
    }

    /** The price of the last trade, null before the first. */
    public BigDecimal lastPrice() {
        return lastPrice;
    }

    /** The quantity of the last trade, null before the first. */
    public BigDecimal lastQty() {
        return lastQty;
    }

    /** The number of the last trade, 0 before the first. */
    public long lastTradeId() {
        return lastTradeId;
    }

    /** When the last trade was, epoch nanoseconds, 0 before the first. */
    public long lastTradeNs() {
        return lastTradeNs;
    }

    /** The best price of a side, or null. */
    public BigDecimal bestPrice(final boolean buy) {
        return side(buy).isEmpty() ? null : side(buy).firstKey();
    }

    private TreeMap<BigDecimal, LinkedHashSet<O>> side(final boolean buy) {
        return buy ? bids : asks;
    }
}
