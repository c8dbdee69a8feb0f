package weir.venue.coinbase;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.agrona.collections.Long2ObjectHashMap;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Ids on the wire to our orders. Holds every open order and, for a while, final ones (a late fill must still find its
 * order); what remains is bounded by the engine's open orders and by the retention. Owned by the agent's thread.
 */
final class OrderRegistry {
    private static final int LOOSE_MAX = 4096;

    /** What an id on the wire stands for. */
    record Ref(VenueMessageKind kind, LiveOrder order, OutboundRequest request) {
    }

    private final long retentionNs;
    private final int finalsMax;
    private final Long2ObjectHashMap<LiveOrder> byOrderId = new Long2ObjectHashMap<>();
    private final Map<UUID, Ref> byId = new HashMap<>();
    private final Map<String, LiveOrder> byVenueOrderId = new HashMap<>();
    private final ArrayDeque<LiveOrder> finals = new ArrayDeque<>();
    private final Map<UUID, Ref> loose = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<UUID, Ref> eldest) {
            return size() > LOOSE_MAX;
        }
    };

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

    /** An id of an order; a known id keeps its request. */
    void bind(final UUID id, final VenueMessageKind kind, final LiveOrder order, final OutboundRequest request) {
        final Ref known = byId.get(id);
        if (known != null && request == null) {
            return;
        }
        if (known == null) {
            order.ids.add(id);
        }
        byId.put(id, new Ref(kind, order, request));
    }

    /** An id of no single order: a batch or a mass cancel. */
    void bindLoose(final UUID id, final VenueMessageKind kind, final OutboundRequest request) {
        loose.put(id, new Ref(kind, null, request));
    }

    void unbind(final UUID id) {
        final Ref ref = byId.remove(id);
        if (ref != null) {
            ref.order().ids.remove(id);
        }
    }

    void bindVenueOrderId(final LiveOrder order, final String venueOrderId) {
        if (!venueOrderId.isEmpty() && !venueOrderId.equals(order.venueOrderId)) {
            order.venueOrderId = venueOrderId;
            byVenueOrderId.put(venueOrderId, order);
        }
    }

    Ref ref(final UUID id) {
        if (id == null) {
            return null;
        }
        final Ref ref = byId.get(id);
        return ref != null ? ref : loose.get(id);
    }

    LiveOrder byVenueOrderId(final String venueOrderId) {
        return venueOrderId == null ? null : byVenueOrderId.get(venueOrderId);
    }

    /** The order never left: it is forgotten at once. */
    void forget(final LiveOrder order) {
        byOrderId.remove(order.orderId);
        byVenueOrderId.remove(order.venueOrderId);
        for (final UUID id : order.ids) {
            byId.remove(id);
        }
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

    int size() {
        return byOrderId.size();
    }
}
