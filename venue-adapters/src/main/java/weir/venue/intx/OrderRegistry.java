package weir.venue.intx;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Ids on the wire to our orders. Holds every open order and, for a while, final ones (a late fill must still find its
 * order). Owned by the agent's thread.
 */
final class OrderRegistry {
    private final long retentionNs;
    private final int finalsMax;
    private final Long2ObjectHashMap<LiveOrder> byOrderId = new Long2ObjectHashMap<>();
    private final Map<String, LiveOrder> byClientId = new HashMap<>();
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

    void bindClientId(final LiveOrder order, final UUID id) {
        if (byClientId.put(id.toString(), order) != order) {
            order.ids.add(id);
        }
        if (order.clientId == null) {
            order.clientId = id;
        }
    }

    /** The venue says under which id it has the order after a replace. */
    void rename(final LiveOrder order, final UUID sent, final String told) {
        if (told.isEmpty() || told.equals(sent.toString())) {
            bindClientId(order, sent);
            order.clientId = sent;
        }
    }

    /**
     * The venue shows the order under an id. Of ours the later one is true, whatever answer crossed another; one that
     * is not known here is of a former run, whose replace did not take.
     */
    void shown(final LiveOrder order, final UUID id) {
        final int at = order.ids.indexOf(id);
        if (at > order.ids.indexOf(order.clientId) || at < 0 && order.ids.size() == 1) {
            bindClientId(order, id);
            order.clientId = id;
        }
    }

    void bindVenueOrderId(final LiveOrder order, final String venueOrderId) {
        if (!venueOrderId.isEmpty() && !venueOrderId.equals(order.venueOrderId)) {
            byVenueOrderId.remove(order.venueOrderId, order);
            order.venueOrderId = venueOrderId;
            byVenueOrderId.put(venueOrderId, order);
        }
    }

    /** By the venue's id, else by ours; null when neither is known. */
    LiveOrder find(final String venueOrderId, final String clientId) {
        final LiveOrder order = byVenueOrderId.get(venueOrderId);
        return order != null ? order : byClientId.get(clientId);
    }

    LiveOrder byOrderId(final long orderId) {
        return byOrderId.get(orderId);
    }

    Collection<LiveOrder> all() {
        return byOrderId.values();
    }

    /** The order never left: it is forgotten at once. */
    void forget(final LiveOrder order) {
        byOrderId.remove(order.orderId);
        byVenueOrderId.remove(order.venueOrderId, order);
        order.ids.forEach(id -> byClientId.remove(id.toString(), order));
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
