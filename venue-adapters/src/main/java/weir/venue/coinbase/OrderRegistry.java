package weir.venue.coinbase;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Ids on the wire to our orders. Holds every open order and, for a while, final ones (a late fill must still find its
 * order); what remains is bounded by the engine's open orders and by the retention. Once its tables have grown to that,
 * an order allocates nothing here. Owned by the agent's thread.
 */
final class OrderRegistry {
    private static final int LOOSE_MAX = 4096;
    private static final int START_CAPACITY = 4096;
    private static final int START_CAPACITY_MAX = 1 << 18;

    private final long retentionNs;
    private final int finalsMax;
    private final RequestPool requests;
    private final IdTable byOrderId;
    private final IdTable byId;
    private final VenueIdTable byVenueOrderId;
    private final IdTable loose = new IdTable(2 * LOOSE_MAX);
    private final long[] looseIds = new long[2 * LOOSE_MAX];
    private final Pool<LiveOrder> freeOrders = new Pool<>(LiveOrder::new);
    private final Pool<IdRef> freeRefs = new Pool<>(IdRef::new);
    private long looseCount;
    private LiveOrder firstFinal;
    private LiveOrder lastFinal;
    private int finalCount;

    OrderRegistry(final long retentionNs, final int finalsMax, final RequestPool requests) {
        this.retentionNs = retentionNs;
        this.finalsMax = finalsMax;
        this.requests = requests;
        // What is kept of final orders has its room from the start: a table that doubles is a pause of milliseconds.
        final int most = Math.min(START_CAPACITY_MAX, START_CAPACITY + finalsMax);
        final int capacity = most * 3 / 2 + 1; // the chains double at two thirds
        // Twice that: an order that is replaced has two ids, and each step along a chain is a cache line.
        byOrderId = new IdTable(2 * capacity);
        byId = new IdTable(2 * capacity);
        byVenueOrderId = new VenueIdTable(2 * capacity);
    }

    /** The order, made known if it was not (a former run of ours sent it). */
    LiveOrder orderFor(final long orderId, final int accountId, final String symbol) {
        final LiveOrder known = order(orderId);
        if (known != null) {
            return known;
        }
        final LiveOrder order = freeOrders.take();
        order.reset(orderId, accountId, symbol);
        byOrderId.put(0, orderId, order.number);
        return order;
    }

    /** The order, null when it is not known. */
    LiveOrder order(final long orderId) {
        final IdRef number = byOrderId.get(0, orderId);
        return number == null ? null : number.order;
    }

    /** An id of an order; a known id keeps its request. */
    void bind(final long high, final long low, final VenueMessageKind kind, final LiveOrder order,
        final OutboundRequest request) {
        final IdRef known = byId.get(high, low);
        if (known != null && request == null) {
            return;
        }
        RequestPool.hold(request);
        if (known == null) {
            put(high, low, kind, order, request);
        } else if (known.order != order) {
            unbind(high, low);
            put(high, low, kind, order, request);
        } else {
            requests.release(known.request);
            known.kind = kind;
            known.request = request;
        }
    }

    private void put(final long high, final long low, final VenueMessageKind kind, final LiveOrder order,
        final OutboundRequest request) {
        if (order.idCount() == 0) {
            byId.put(high, low, set(order, kind, order, request));
        } else {
            order.addId(high, low);
            byId.put(high, low, set(freeRefs.take(), kind, order, request));
        }
    }

    /** An id of no single order: a batch or a mass cancel. The oldest of them is forgotten for the newest. */
    void bindLoose(final long high, final long low, final VenueMessageKind kind, final OutboundRequest request) {
        RequestPool.hold(request);
        final IdRef known = loose.get(high, low);
        if (known != null) {
            requests.release(known.request);
            known.kind = kind;
            known.request = request;
            return;
        }
        final int place = 2 * (int)(looseCount++ % LOOSE_MAX);
        if (looseCount > LOOSE_MAX) {
            free(loose.remove(looseIds[place], looseIds[place + 1]));
        }
        looseIds[place] = high;
        looseIds[place + 1] = low;
        loose.put(high, low, set(freeRefs.take(), kind, null, request));
    }

    /** Gives up a hold of the caller's. */
    void release(final OutboundRequest request) {
        requests.release(request);
    }

    void unbind(final long high, final long low) {
        final IdRef ref = byId.remove(high, low);
        if (ref != null) {
            ref.order.removeId(high, low); // none of these where the order is its ref itself
            free(ref);
        }
    }

    void bindVenueOrderId(final LiveOrder order, final DirectBuffer source, final int offset, final int length) {
        if (length == 0 || order.isVenueOrderId(source, offset, length)) {
            return;
        }
        if (order.known) {
            unbindVenueOrderId(order);
        }
        order.venueOrderId(source, offset, length);
        if (order.known) {
            byVenueOrderId.put(order, source, offset, length);
        }
    }

    /** The same from text, of which each character is a byte. */
    void bindVenueOrderId(final LiveOrder order, final String venueOrderId) {
        if (!venueOrderId.isEmpty()) {
            final byte[] bytes = venueOrderId.getBytes(StandardCharsets.ISO_8859_1);
            bindVenueOrderId(order, new UnsafeBuffer(bytes), 0, bytes.length);
        }
    }

    /** What an id stands for, null when it is not ours; holds until the next change of the registry. */
    IdRef ref(final long high, final long low) {
        final IdRef ref = byId.get(high, low);
        return ref != null ? ref : loose.get(high, low);
    }

    IdRef ref(final UUID id) {
        return id == null ? null : ref(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    LiveOrder byVenueOrderId(final DirectBuffer source, final int offset, final int length) {
        return byVenueOrderId.get(source, offset, length);
    }

    LiveOrder byVenueOrderId(final String venueOrderId) {
        if (venueOrderId == null) {
            return null;
        }
        final byte[] bytes = venueOrderId.getBytes(StandardCharsets.ISO_8859_1);
        return byVenueOrderId.get(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** The order never left: it is forgotten at once. */
    void forget(final LiveOrder order) {
        if (!order.known) {
            return;
        }
        order.known = false;
        unlink(order);
        byOrderId.remove(order.number);
        unbindVenueOrderId(order);
        for (int i = order.hasOwnId() ? 1 : 0; i < order.idCount(); i++) {
            free(byId.remove(order.idHigh(i), order.idLow(i)));
        }
        if (order.hasOwnId()) {
            byId.remove(order);
            free(order);
        }
        if (!order.pinned) {
            freeOrders.give(order);
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
            unlink(order);
        }
    }

    void onFinal(final LiveOrder order, final long nowNs) {
        if (!order.isFinal && order.known) {
            order.isFinal = true;
            link(order, nowNs);
            if (order.request != null && order.request.answered) {
                requests.release(order.request); // what it was sent by is of no more use: a final order is kept long
                order.request = null;
            }
        }
    }

    /** Forgets the oldest final orders; one that is being asked for stays, and its time begins anew. */
    int evict(final long nowNs) {
        int evicted = 0;
        while (firstFinal != null && (finalCount > finalsMax || nowNs - firstFinal.finalNs >= retentionNs)) {
            final LiveOrder oldest = firstFinal;
            if (oldest.pinned) {
                if (oldest.finalNs == nowNs) {
                    break; // all that are left are being asked for
                }
                unlink(oldest);
                link(oldest, nowNs);
            } else {
                forget(oldest);
            }
            evicted++;
        }
        return evicted;
    }

    private void link(final LiveOrder order, final long nowNs) {
        order.finalNs = nowNs;
        order.previousFinal = lastFinal;
        if (lastFinal == null) {
            firstFinal = order;
        } else {
            lastFinal.nextFinal = order;
        }
        lastFinal = order;
        finalCount++;
    }

    int size() {
        return byOrderId.size();
    }

    private void unlink(final LiveOrder order) {
        if (order != firstFinal && order.previousFinal == null) {
            return;
        }
        if (order.previousFinal == null) {
            firstFinal = order.nextFinal;
        } else {
            order.previousFinal.nextFinal = order.nextFinal;
        }
        if (order.nextFinal == null) {
            lastFinal = order.previousFinal;
        } else {
            order.nextFinal.previousFinal = order.previousFinal;
        }
        order.previousFinal = null;
        order.nextFinal = null;
        finalCount--;
    }

    private void unbindVenueOrderId(final LiveOrder order) {
        if (order.hasVenueOrderId()) {
            byVenueOrderId.remove(order);
        }
    }

    private static IdRef set(final IdRef ref, final VenueMessageKind kind, final LiveOrder order,
        final OutboundRequest request) {
        ref.kind = kind;
        ref.order = order;
        ref.request = request;
        return ref;
    }

    private void free(final IdRef ref) {
        if (ref != null) {
            requests.release(ref.request);
            final boolean own = ref.order == ref;
            ref.order = null;
            ref.request = null;
            if (!own) {
                freeRefs.give(ref);
            }
        }
    }
}
