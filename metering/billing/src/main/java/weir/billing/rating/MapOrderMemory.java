package weir.billing.rating;

import java.util.HashSet;
import java.util.Set;
import org.agrona.collections.Long2ObjectHashMap;

/** Orders in a map: for a rating that starts at record 1 and ends with the process. Not thread safe. */
public final class MapOrderMemory implements OrderMemory {
    private final Long2ObjectHashMap<int[]> orders = new Long2ObjectHashMap<>();
    private final Set<Trade> trades = new HashSet<>();

    private record Trade(long orderId, long tradeId) {
    }

    @Override
    public void open(final long orderId, final int tenantId) {
        orders.put(orderId, new int[]{tenantId, 0});
    }

    @Override
    public int flags(final long orderId) {
        final int[] order = orders.get(orderId);
        return order == null ? UNKNOWN_ORDER : order[1];
    }

    @Override
    public int tenant(final long orderId) {
        final int[] order = orders.get(orderId);
        return order == null ? 0 : order[0];
    }

    @Override
    public void mark(final long orderId, final int flag) {
        orders.get(orderId)[1] |= flag;
    }

    @Override
    public boolean firstTrade(final long orderId, final long tradeId, final long sequence) {
        return trades.add(new Trade(orderId, tradeId));
    }

    @Override
    public void closed(final long orderId, final long epochNs) {
        // late fills may still come: nothing is forgotten here
    }
}
