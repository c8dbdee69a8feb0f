package weir.sim.binance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Every order and fill of the accounts, and what is open. Guarded by the engine's monitor. */
final class OrderTable {
    private static final int KEPT_MAX = 300_000;

    private final TreeMap<Long, BinanceOrder> byId = new TreeMap<>();
    private final Map<String, BinanceOrder> byClientId = new HashMap<>();
    private final LinkedHashSet<BinanceOrder> open = new LinkedHashSet<>();
    private final Map<String, List<BinanceFill>> fills = new HashMap<>();
    private final Deque<BinanceOrder> done = new ArrayDeque<>();

    void add(final BinanceOrder order) {
        byId.put(order.orderId, order);
        open.add(order);
        byClientId.put(key(order), order);
    }

    void close(final BinanceOrder order) {
        if (open.remove(order)) {
            done.add(order);
        }
        while (done.size() > KEPT_MAX) {
            final BinanceOrder oldest = done.removeFirst();
            byId.remove(oldest.orderId);
            byClientId.remove(key(oldest), oldest);
        }
    }

    /** Gives an amended order another client id. */
    void rename(final BinanceOrder order, final String clientId) {
        byClientId.remove(key(order), order);
        order.clientId = clientId;
        byClientId.put(key(order), order);
    }

    void addFill(final BinanceFill fill) {
        fills.computeIfAbsent(fill.order().account().name() + '|' + fill.order().request.symbol(),
            each -> new ArrayList<>()).add(fill);
    }

    List<BinanceFill> fills(final String account, final String symbol) {
        return fills.getOrDefault(account + '|' + symbol, List.of());
    }

    /** By the venue's id, else by the client's: then the youngest order that has it. */
    BinanceOrder find(final String account, final String symbol, final Long orderId, final String clientId) {
        final BinanceOrder order = orderId != null ? byId.get(orderId)
            : byClientId.get(account + '|' + symbol + '|' + clientId);
        return order == null || !order.account().name().equals(account) || !order.request.symbol().equals(symbol)
            || orderId != null && clientId != null && !clientId.equals(order.clientId) ? null : order;
    }

    boolean isOpen(final String account, final String symbol, final String clientId) {
        final BinanceOrder order = byClientId.get(account + '|' + symbol + '|' + clientId);
        return order != null && order.open;
    }

    List<BinanceOrder> open(final Predicate<BinanceOrder> which) {
        final List<BinanceOrder> found = new ArrayList<>();
        for (final BinanceOrder order : open) {
            if (which.test(order)) {
                found.add(order);
            }
        }
        return found;
    }

    /** Orders of an account and symbol from an id on, oldest first. */
    List<BinanceOrder> from(final String account, final String symbol, final long orderId) {
        final List<BinanceOrder> found = new ArrayList<>();
        for (final BinanceOrder order : byId.tailMap(orderId).values()) {
            if (order.account().name().equals(account) && order.request.symbol().equals(symbol)) {
                found.add(order);
            }
        }
        return found;
    }

    void clear() {
        byId.clear();
        byClientId.clear();
        open.clear();
        fills.clear();
        done.clear();
    }

    private static String key(final BinanceOrder order) {
        return order.account().name() + '|' + order.request.symbol() + '|' + order.clientId;
    }
}
