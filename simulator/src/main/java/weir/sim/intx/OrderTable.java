package weir.sim.intx;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Orders by their ids, fills newest first, and what portfolios hold. Client order ids stay used for good. Owned by the
 * {@link IntxEngine}'s monitor.
 */
final class OrderTable {
    private static final int KEPT_MAX = 200_000;

    private final Map<String, IntxOrder> open = new LinkedHashMap<>();
    private final Map<String, IntxOrder> byId = new HashMap<>();
    private final Map<String, IntxOrder> byClientId = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Deque<IntxFill> fills = new ArrayDeque<>();
    private final Deque<IntxOrder> done = new ArrayDeque<>();
    private final Map<String, BigDecimal> positions = new LinkedHashMap<>();

    void add(final IntxOrder order) {
        open.put(order.orderId, order);
        byId.put(order.orderId, order);
        if (!order.isHouse()) {
            used.add(key(order.account(), order.clientOrderId));
            byClientId.put(key(order.account(), order.clientOrderId), order);
        }
    }

    void close(final IntxOrder order) {
        open.remove(order.orderId);
        if (order.isHouse()) {
            byId.remove(order.orderId);
            return;
        }
        done.addLast(order);
        if (done.size() > KEPT_MAX) {
            forget(done.removeFirst());
        }
    }

    /** A replace gave the order another client order id; the one before stays used. */
    void rename(final IntxOrder order, final String clientOrderId) {
        byClientId.remove(key(order.account(), order.clientOrderId), order);
        order.formerClientOrderId = order.clientOrderId;
        order.clientOrderId = clientOrderId;
        used.add(key(order.account(), clientOrderId));
        byClientId.put(key(order.account(), clientOrderId), order);
    }

    boolean isUsed(final IntxAccount account, final String clientOrderId) {
        return used.contains(key(account, clientOrderId));
    }

    /** A copy, oldest first. */
    List<IntxOrder> open() {
        return new ArrayList<>(open.values());
    }

    /** An order of a portfolio, open or done, or null. */
    IntxOrder find(final IntxAccount account, final String orderId) {
        final IntxOrder order = byId.get(orderId);
        return order != null && order.account().portfolio().equals(account.portfolio()) ? order : null;
    }

    /** An order of a portfolio by the client order id that it has now, open or done, or null. */
    IntxOrder named(final IntxAccount account, final String clientOrderId) {
        return byClientId.get(key(account, clientOrderId));
    }

    void addFill(final IntxFill fill) {
        fills.addFirst(fill);
        if (fills.size() > KEPT_MAX) {
            fills.removeLast();
        }
        final IntxOrder order = fill.order();
        positions.merge(key(order.account(), order.instrument.symbol()),
            order.isBuy() ? fill.qty() : fill.qty().negate(), BigDecimal::add);
    }

    /** Fills of a portfolio that match, newest first. */
    List<IntxFill> fills(final Predicate<IntxFill> which) {
        final List<IntxFill> found = new ArrayList<>();
        for (final IntxFill fill : fills) {
            if (which.test(fill)) {
                found.add(fill);
            }
        }
        return found;
    }

    /** The signed quantity a portfolio holds of an instrument. */
    BigDecimal position(final IntxAccount account, final String symbol) {
        return positions.getOrDefault(key(account, symbol), BigDecimal.ZERO);
    }

    /** Forgets every order that is done, every fill, position and used client order id. */
    void clear() {
        done.forEach(this::forget);
        done.clear();
        fills.clear();
        positions.clear();
        used.clear();
        open.values().stream().filter(order -> !order.isHouse())
            .forEach(order -> used.add(key(order.account(), order.clientOrderId)));
    }

    private void forget(final IntxOrder order) {
        byId.remove(order.orderId);
        byClientId.remove(key(order.account(), order.clientOrderId), order);
    }

    private static String key(final IntxAccount account, final String text) {
        return account.portfolio() + '/' + text;
    }
}
