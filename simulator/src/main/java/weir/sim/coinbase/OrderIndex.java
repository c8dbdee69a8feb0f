package weir.sim.coinbase;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Every order and fill the venue remembers, by the ids under which it is asked for. Done orders are forgotten after
 * the retention, fills beyond a fixed number. Owned by the {@link MatchingEngine}'s monitor.
 */
final class OrderIndex {
    private static final int FILLS_MAX = 1_000_000;

    private final Map<String, VenueOrder> byOrderId = new LinkedHashMap<>();
    private final Map<String, VenueOrder> byClient = new HashMap<>();
    private final Map<String, VenueOrder> open = new LinkedHashMap<>();
    private final Map<String, Integer> openCounts = new HashMap<>();
    private final ArrayDeque<VenueOrder> done = new ArrayDeque<>();
    private final ArrayDeque<ExecutionEvent.Fill> fills = new ArrayDeque<>();
    private final long retentionNs;

    OrderIndex(final long retentionNs) {
        this.retentionNs = retentionNs;
    }

    void add(final VenueOrder order) {
        byOrderId.put(order.orderId, order);
        alias(order);
        open.put(order.orderId, order);
        openCounts.merge(countKey(order), 1, Integer::sum);
    }

    /** Makes the order findable under its present ClOrdID, beside earlier ones. */
    void alias(final VenueOrder order) {
        if (order.clOrdId != null) {
            order.clientIds.add(order.clOrdId);
            byClient.put(clientKey(order.request.origin().profileId(), order.clOrdId), order);
        }
    }

    /** Remembers a rejected order, unless its id belongs to one that was accepted. */
    void addRejected(final VenueOrder order) {
        byOrderId.put(order.orderId, order);
        if (order.clOrdId != null) {
            order.clientIds.add(order.clOrdId);
            byClient.putIfAbsent(clientKey(order.request.origin().profileId(), order.clOrdId), order);
        }
        done.add(order);
    }

    void close(final VenueOrder order) {
        if (open.remove(order.orderId) != null) {
            openCounts.merge(countKey(order), -1, Integer::sum);
            done.add(order);
        }
    }

    void addFill(final ExecutionEvent.Fill fill) {
        if (fill.profileId().equals(OrderRequest.Origin.HOUSE.profileId())) {
            return;
        }
        fills.addFirst(fill);
        if (fills.size() > FILLS_MAX) {
            fills.removeLast();
        }
    }

    void forget(final long nowNs) {
        while (!done.isEmpty() && nowNs - done.peekFirst().doneNs >= retentionNs) {
            final VenueOrder order = done.removeFirst();
            byOrderId.remove(order.orderId);
            for (final String clOrdId : order.clientIds) {
                byClient.remove(clientKey(order.request.origin().profileId(), clOrdId), order);
            }
        }
    }

    /** A copy, oldest first. */
    List<VenueOrder> open() {
        return new ArrayList<>(open.values());
    }

    int openCount(final String profileId, final String product) {
        return openCounts.getOrDefault(profileId + '/' + product, 0);
    }

    boolean isOpenClient(final String profileId, final String clOrdId) {
        final VenueOrder order = clOrdId == null ? null : byClient.get(clientKey(profileId, clOrdId));
        return order != null && order.isOpen() && clOrdId.equals(order.clOrdId);
    }

    /** An order of the profile by the venue's id, or null. */
    VenueOrder byOrderId(final String profileId, final String orderId) {
        final VenueOrder order = byOrderId.get(orderId);
        return order != null && order.request.origin().profileId().equals(profileId) ? order : null;
    }

    /** An order of the profile by its present or an earlier client id, or null. */
    VenueOrder byClient(final String profileId, final String clOrdId) {
        return byClient.get(clientKey(profileId, clOrdId));
    }

    /** Orders that match, newest first. */
    List<VenueOrder> newestFirst(final Predicate<VenueOrder> which) {
        final List<VenueOrder> found = new ArrayList<>();
        for (final VenueOrder order : byOrderId.values()) {
            if (which.test(order)) {
                found.add(order);
            }
        }
        found.sort((a, b) -> Long.compare(b.sequence, a.sequence));
        return found;
    }

    /** Fills of accounts, newest first. */
    Collection<ExecutionEvent.Fill> fills() {
        return fills;
    }

    /** Forgets every order that is done, and every fill. */
    void clear() {
        final Iterator<VenueOrder> orders = byOrderId.values().iterator();
        while (orders.hasNext()) {
            if (!orders.next().isOpen()) {
                orders.remove();
            }
        }
        byClient.values().removeIf(order -> !order.isOpen());
        done.clear();
        fills.clear();
    }

    private static String countKey(final VenueOrder order) {
        return order.request.origin().profileId() + '/' + order.request.product();
    }

    private static String clientKey(final String profileId, final String clOrdId) {
        return profileId + '/' + clOrdId;
    }
}
