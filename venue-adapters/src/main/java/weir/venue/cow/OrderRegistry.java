package weir.venue.cow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;

/** Our orders by our id and by UID: every open one and, for a while, final ones. Agent's thread. */
final class OrderRegistry {
    private final long retentionNs;
    private final int finalsMax;
    private final Long2ObjectHashMap<LiveOrder> byOrderId = new Long2ObjectHashMap<>();
    private final Map<String, LiveOrder> byUid = new HashMap<>();
    private final ArrayDeque<LiveOrder> finals = new ArrayDeque<>();

    OrderRegistry(final long retentionNs, final int finalsMax) {
        this.retentionNs = retentionNs;
        this.finalsMax = finalsMax;
    }

    /** The order, made known if it was not (a former run of ours sent it). */
    LiveOrder orderFor(final long orderId, final int accountId, final CowPair pair) {
        return byOrderId.computeIfAbsent(orderId, id -> new LiveOrder(id, accountId, pair));
    }

    LiveOrder byUid(final String uid) {
        return byUid.get(uid);
    }

    void bind(final LiveOrder order, final Leg leg) {
        byUid.put(leg.uid, order);
    }

    /** Orders of an account that are not over. */
    List<LiveOrder> live(final int accountId) {
        final List<LiveOrder> live = new ArrayList<>();
        for (final LiveOrder order : byOrderId.values()) {
            if (order.accountId == accountId && !order.isFinal) {
                live.add(order);
            }
        }
        return live;
    }

    /** Orders that a settlement under way may still fill: those that are not over, and those that just are. */
    List<LiveOrder> fillable(final int accountId, final long nowNs, final long lateNs) {
        final List<LiveOrder> fillable = live(accountId);
        for (final Iterator<LiveOrder> newest = finals.descendingIterator(); newest.hasNext();) {
            final LiveOrder order = newest.next();
            if (nowNs - order.finalNs > lateNs) {
                break;
            }
            if (order.accountId == accountId && order.ending != null) {
                fillable.add(order);
            }
        }
        return fillable;
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
            final LiveOrder order = finals.removeFirst();
            byOrderId.remove(order.orderId);
            order.legs.forEach(leg -> byUid.remove(leg.uid));
            evicted++;
        }
        return evicted;
    }
}
