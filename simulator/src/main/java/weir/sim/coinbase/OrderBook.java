package weir.sim.coinbase;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;

/**
 * Resting orders of one product in price-time priority, its stop orders, and its last trade. Holds, does not decide:
 * {@link MatchingEngine} does, and owns it.
 */
final class OrderBook {
    private final TreeMap<BigDecimal, LinkedHashSet<VenueOrder>> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<BigDecimal, LinkedHashSet<VenueOrder>> asks = new TreeMap<>();
    private final LinkedHashSet<VenueOrder> stops = new LinkedHashSet<>();
    private BigDecimal lastPrice;
    private BigDecimal lastQty;
    private long lastTradeId;
    private long lastTradeNs;

    OrderBook(final long lastTradeId) {
        this.lastTradeId = lastTradeId;
    }

    /** Joins the queue at the order's price, last. */
    void add(final VenueOrder order) {
        side(order.isBuy()).computeIfAbsent(order.price, price -> new LinkedHashSet<>()).add(order);
    }

    /** Leaves the queue at a price; nothing happens if it is not there. */
    void remove(final VenueOrder order, final BigDecimal price) {
        final TreeMap<BigDecimal, LinkedHashSet<VenueOrder>> side = side(order.isBuy());
        final LinkedHashSet<VenueOrder> level = price == null ? null : side.get(price);
        if (level != null && level.remove(order) && level.isEmpty()) {
            side.remove(price);
        }
    }

    void addStop(final VenueOrder order) {
        stops.add(order);
    }

    void removeStop(final VenueOrder order) {
        stops.remove(order);
    }

    /** The order an incoming one would trade with first, or null. */
    VenueOrder bestAgainst(final boolean incomingBuy) {
        final TreeMap<BigDecimal, LinkedHashSet<VenueOrder>> side = side(!incomingBuy);
        return side.isEmpty() ? null : side.firstEntry().getValue().iterator().next();
    }

    /** Best first. */
    List<VenueOrder> against(final boolean incomingBuy) {
        final List<VenueOrder> orders = new ArrayList<>();
        side(!incomingBuy).values().forEach(orders::addAll);
        return orders;
    }

    /** The next stop that the last trade reaches, or null. */
    VenueOrder nextTriggered() {
        if (lastPrice == null) {
            return null;
        }
        for (final VenueOrder stop : stops) {
            final int compared = lastPrice.compareTo(stop.stopPrice);
            if (stop.trigger == 'U' ? compared >= 0 : compared <= 0) {
                return stop;
            }
        }
        return null;
    }

    long trade(final BigDecimal price, final BigDecimal qty, final long nowNs) {
        lastPrice = price;
        lastQty = qty;
        lastTradeNs = nowNs;
        return ++lastTradeId;
    }

    BigDecimal lastPrice() {
        return lastPrice;
    }

    BigDecimal lastQty() {
        return lastQty;
    }

    long lastTradeId() {
        return lastTradeId;
    }

    long lastTradeNs() {
        return lastTradeNs;
    }

    BigDecimal bestPrice(final boolean buy) {
        return side(buy).isEmpty() ? null : side(buy).firstKey();
    }

    private TreeMap<BigDecimal, LinkedHashSet<VenueOrder>> side(final boolean buy) {
        return buy ? bids : asks;
    }
}
