package weir.venue.deribit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Labels and ids of the venue to our orders. Holds every open order and, for a while, final ones (a late fill must
 * still find its order). A trigger order goes on under another id of the venue and the same label. Owned by the agent's
 * thread.
 */
final class OrderRegistry {
    private final long retentionNs;
    private final int finalsMax;
    private final Long2ObjectHashMap<LiveOrder> byOrderId = new Long2ObjectHashMap<>();
    private final Map<String, LiveOrder> byLabel = new HashMap<>();
    private final Map<String, LiveOrder> byVenueOrderId = new HashMap<>();
    private final ArrayDeque<LiveOrder> finals = new ArrayDeque<>();

    OrderRegistry(final long retentionNs, final int finalsMax) {
        this.retentionNs = retentionNs;
        this.finalsMax = finalsMax;
    }

    /** The order, made known if it was not (a former run of ours sent it). */
    LiveOrder orderFor(final long orderId, final int accountId, final String symbol) {
        LiveOrder order = byOrderId.get(orderId);
        if (order == null) {
            order = new LiveOrder(orderId, accountId, symbol);
            byOrderId.put(orderId, order);
        }
        return order;
    }

    void bindId(final LiveOrder order, final UUID id) {
        if (byLabel.put(id.toString(), order) != order) {
            order.ids.add(id);
        }
        if (order.label == null) {
            order.label = id;
        }
    }

    void bindVenueOrderId(final LiveOrder order, final String venueOrderId) {
        if (!venueOrderId.isEmpty() && !venueOrderId.equals(order.venueOrderId)) {
            byVenueOrderId.remove(order.venueOrderId, order);
            order.venueOrderId = venueOrderId;
            byVenueOrderId.put(venueOrderId, order);
        }
    }

    /** By our label, else by the venue's id; null when neither is known. */
    LiveOrder find(final String venueOrderId, final String label) {
        final LiveOrder order = byLabel.get(label);
        return order != null ? order : byVenueOrderId.get(venueOrderId);
    }

    /** Orders of an account that are not over and that the venue may have. */
    List<LiveOrder> live(final int accountId) {
        final List<LiveOrder> live = new ArrayList<>();
        for (final LiveOrder order : byOrderId.values()) {
            if (order.accountId == accountId && !order.isFinal && order.inFlight == 0
                && (order.acknowledged || order.ours)) {
                live.add(order);
            }
        }
        return live;
    }

    /** The order never left: it is forgotten at once. */
    void forget(final LiveOrder order) {
        byOrderId.remove(order.orderId);
        byVenueOrderId.remove(order.venueOrderId, order);
        order.ids.forEach(id -> byLabel.remove(id.toString(), order));
    }

    /** The venue does not know the order: kept as a final one, unless the venue shows it yet. */
    void onAbsent(final LiveOrder order, final long nowNs) {
        order.isAbsent |= !order.isFinal;
        onFinal(order, nowNs);
    }

    /** The venue shows the order open: "not known" was said too early, and it is kept like any open one. */
    void onOpen(final LiveOrder order) {
        if (order.isAbsent) {
            order.isAbsent = false;
            order.isFinal = false;
            finals.removeLastOccurrence(order);
        }
    }

    void onFinal(final LiveOrder order, final long nowNs) {
        if (!order.isFinal) {
            order.isFinal = true;
            order.finalNs = nowNs;
            finals.addLast(order);
        }
    }

    int evict(final long nowNs) {
        int evicted = 0;
        while (!finals.isEmpty()
            && (finals.size() > finalsMax || nowNs - finals.peekFirst().finalNs >= retentionNs)) {
            forget(finals.removeFirst());
            evicted++;
        }
        return evicted;
    }
}
