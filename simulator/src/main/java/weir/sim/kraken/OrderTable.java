package weir.sim.kraken;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Orders by their ids, and fills. Done orders are forgotten after a retention: orders/status speaks of those of the
 * last 5 s only. Client ids of orders that were taken on stay used for good. Owned by the {@link KrakenEngine}'s
 * monitor.
 */
final class OrderTable {
    private static final int FILLS_MAX = 100_000;

    private final long retentionNs;
    private final Map<String, KrakenOrder> open = new LinkedHashMap<>();
    private final Map<String, KrakenOrder> byId = new HashMap<>();
    private final Map<String, KrakenOrder> byClient = new HashMap<>();
    private final Set<String> usedClientIds = new HashSet<>();
    private final Map<String, Integer> openCounts = new HashMap<>();
    private final Deque<KrakenOrder> done = new ArrayDeque<>();
    private final Deque<KrakenFill> fills = new ArrayDeque<>();
    private final Deque<KrakenOrder> history = new ArrayDeque<>();

    OrderTable(final long retentionNs) {
        this.retentionNs = retentionNs;
    }

    void add(final KrakenOrder order) {
        open.put(order.orderId, order);
        byId.put(order.orderId, order);
        openCounts.merge(countKey(order.account().name(), order.request.symbol()), 1, Integer::sum);
        if (order.request.cliOrdId() != null) {
            byClient.put(clientKey(order), order);
            usedClientIds.add(clientKey(order));
        }
        if (!order.isHouse()) {
            history.addFirst(order);
            if (history.size() > FILLS_MAX) {
                history.removeLast();
            }
        }
    }

    void close(final KrakenOrder order) {
        if (open.remove(order.orderId) != null) {
            openCounts.merge(countKey(order.account().name(), order.request.symbol()), -1, Integer::sum);
            done.add(order);
        }
    }

    /** Gives the client id of a rejected order back. */
    void release(final KrakenOrder order) {
        usedClientIds.remove(clientKey(order));
    }

    boolean isClientIdUsed(final String account, final String cliOrdId) {
        return usedClientIds.contains(account + '/' + cliOrdId);
    }

    int openCount(final String account, final String symbol) {
        return openCounts.getOrDefault(countKey(account, symbol), 0);
    }

    /** A copy, oldest first. */
    List<KrakenOrder> open() {
        return new ArrayList<>(open.values());
    }

    /** An order of an account by either id, open or done within the retention, or null. */
    KrakenOrder find(final String account, final String orderId, final String cliOrdId) {
        final KrakenOrder order = orderId != null ? byId.get(orderId)
            : cliOrdId == null ? null : byClient.get(account + '/' + cliOrdId);
        return order != null && order.account().name().equals(account) ? order : null;
    }

    void addFill(final KrakenFill fill) {
        fills.addFirst(fill);
        if (fills.size() > FILLS_MAX) {
            fills.removeLast();
        }
    }

    /** Fills of an account that happened before a time, newest first. */
    List<KrakenFill> fills(final String account, final long beforeNs, final int countMax) {
        final List<KrakenFill> found = new ArrayList<>();
        for (final KrakenFill fill : fills) {
            if (found.size() == countMax) {
                break;
            }
            if (fill.order().account().name().equals(account) && fill.tradedNs() < beforeNs) {
                found.add(fill);
            }
        }
        return found;
    }

    /** Every order of an account that was ever taken on, newest first. */
    List<KrakenOrder> history(final String account) {
        final List<KrakenOrder> found = new ArrayList<>();
        for (final KrakenOrder order : history) {
            if (order.account().name().equals(account)) {
                found.add(order);
            }
        }
        return found;
    }

    void forget(final long nowNs) {
        while (!done.isEmpty() && nowNs - done.peekFirst().doneNs >= retentionNs) {
            final KrakenOrder order = done.removeFirst();
            byId.remove(order.orderId);
            byClient.remove(clientKey(order), order);
        }
    }

    /** Forgets every order that is done, every fill and every used client id. */
    void clear() {
        done.forEach(order -> {
            byId.remove(order.orderId);
            byClient.remove(clientKey(order), order);
        });
        done.clear();
        fills.clear();
        history.clear();
        usedClientIds.clear();
        open.values().forEach(order -> usedClientIds.add(clientKey(order)));
    }

    private static String clientKey(final KrakenOrder order) {
        return order.account().name() + '/' + order.request.cliOrdId();
    }

    private static String countKey(final String account, final String symbol) {
        return account + '/' + symbol;
    }
}
