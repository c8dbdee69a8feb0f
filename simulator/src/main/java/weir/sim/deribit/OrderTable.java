package weir.sim.deribit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Orders by id, and the trades of accounts. What ended without a fill is forgotten after a while. Owned by the engine's
 * monitor.
 */
final class OrderTable {
    private final long retentionNs;
    private final Map<String, DeribitOrder> byId = new LinkedHashMap<>();
    private final Map<String, DeribitOrder> open = new LinkedHashMap<>();
    private final Deque<DeribitOrder> done = new ArrayDeque<>();
    private final Map<String, List<DeribitTrade>> trades = new LinkedHashMap<>();

    OrderTable(final long retentionNs) {
        this.retentionNs = retentionNs;
    }

    void add(final DeribitOrder order) {
        byId.put(order.orderId, order);
        open.put(order.orderId, order);
    }

    void close(final DeribitOrder order) {
        open.remove(order.orderId);
        if (order.isHouse()) {
            byId.remove(order.orderId);
        } else {
            done.addLast(order);
        }
    }

    void addTrade(final DeribitTrade trade) {
        trades.computeIfAbsent(trade.order().request.account().name(), name -> new ArrayList<>()).add(trade);
    }

    void forget(final long nowNs) {
        while (!done.isEmpty() && nowNs - done.peekFirst().doneNs >= retentionNs) {
            final DeribitOrder order = done.removeFirst();
            if (order.filled.signum() == 0) {
                byId.remove(order.orderId);
            }
        }
    }

    /** An account's order, or null. */
    DeribitOrder find(final String account, final String orderId) {
        final DeribitOrder order = byId.get(orderId);
        return order != null && order.request.account().name().equals(account) ? order : null;
    }

    /** Any order, or null. */
    DeribitOrder find(final String orderId) {
        return byId.get(orderId);
    }

    /** An account's orders that fit, oldest first. */
    List<DeribitOrder> all(final String account, final Predicate<DeribitOrder> which) {
        final List<DeribitOrder> found = new ArrayList<>();
        for (final DeribitOrder order : byId.values()) {
            if (order.request.account().name().equals(account) && which.test(order)) {
                found.add(order);
            }
        }
        return found;
    }

    /** Open orders that fit, oldest first. */
    List<DeribitOrder> open(final Predicate<DeribitOrder> which) {
        final List<DeribitOrder> found = new ArrayList<>();
        for (final DeribitOrder order : open.values()) {
            if (which.test(order)) {
                found.add(order);
            }
        }
        return found;
    }

    /** An account's trades, oldest first. */
    List<DeribitTrade> trades(final String account) {
        return trades.getOrDefault(account, List.of());
    }

    void clear() {
        byId.clear();
        open.clear();
        done.clear();
        trades.clear();
    }
}
