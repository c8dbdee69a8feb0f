package weir.billing.store;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import weir.billing.rating.OrderMemory;

/**
 * Orders in the table {@code order_charge}, with the open ones in memory. Changes are written by {@link #flush()} in
 * the transaction of the records that made them; trades are written at once, since the primary key is what tells a new
 * one. Billing thread.
 */
final class StoredOrders implements OrderMemory {
    private static final int CACHED_MAX = 200_000;

    private final Sql sql;
    private final Long2ObjectHashMap<Order> cached = new Long2ObjectHashMap<>();
    private final List<Order> changed = new ArrayList<>();

    private static final class Order {
        final long orderId;
        final int tenantId;
        int flags;
        boolean listed;
        Long closedNs;

        Order(final long orderId, final int tenantId, final int flags) {
            this.orderId = orderId;
            this.tenantId = tenantId;
            this.flags = flags;
        }
    }

    StoredOrders(final Sql sql) {
        this.sql = sql;
    }

    @Override
    public void open(final long orderId, final int tenantId) {
        final Order order = new Order(orderId, tenantId, 0);
        cached.put(orderId, order);
        list(order);
    }

    @Override
    public int flags(final long orderId) {
        final Order order = find(orderId);
        return order == null ? UNKNOWN_ORDER : order.flags;
    }

    @Override
    public int tenant(final long orderId) {
        final Order order = find(orderId);
        return order == null ? 0 : order.tenantId;
    }

    @Override
    public void mark(final long orderId, final int flag) {
        final Order order = find(orderId);
        if ((order.flags & flag) == 0) {
            order.flags |= flag;
            list(order);
        }
    }

    @Override
    public boolean firstTrade(final long orderId, final long tradeId, final long sequence) {
        return sql.update("INSERT INTO trade (order_id, trade_id, sequence) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            orderId, tradeId, sequence) == 1;
    }

    @Override
    public void closed(final long orderId, final long epochNs) {
        final Order order = find(orderId);
        if (order != null && order.closedNs == null) {
            order.closedNs = epochNs;
            list(order);
        }
    }

    void flush() {
        for (final Order order : changed) {
            sql.update("INSERT INTO order_charge (order_id, tenant_id, flags, closed_ns) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT (order_id) DO UPDATE SET flags = excluded.flags, closed_ns = excluded.closed_ns",
                order.orderId, order.tenantId, order.flags, order.closedNs);
            order.listed = false;
            if (order.closedNs != null) {
                cached.remove(order.orderId);
            }
        }
        changed.clear();
        if (cached.size() > CACHED_MAX) {
            cached.clear();
        }
    }

    /** Forgets orders that were final before the given journaled time. */
    void forgetClosedBefore(final long epochNs) {
        sql.update("DELETE FROM trade WHERE order_id IN (SELECT order_id FROM order_charge WHERE closed_ns < ?)",
            epochNs);
        sql.update("DELETE FROM order_charge WHERE closed_ns < ?", epochNs);
    }

    private void list(final Order order) {
        if (!order.listed) {
            order.listed = true;
            changed.add(order);
        }
    }

    private Order find(final long orderId) {
        final Order order = cached.get(orderId);
        if (order != null || orderId <= 0) {
            return order;
        }
        sql.query("SELECT tenant_id, flags, closed_ns FROM order_charge WHERE order_id = ?", row -> {
            final Order stored = new Order(orderId, row.getInt(1), row.getInt(2));
            final long closedNs = row.getLong(3);
            stored.closedNs = row.wasNull() ? null : closedNs;
            cached.put(orderId, stored);
        }, orderId);
        return cached.get(orderId);
    }
}
