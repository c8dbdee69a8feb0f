package weir.billing.store;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.agrona.collections.Long2ObjectHashMap;
import weir.billing.rating.OrderMemory;

/**
 * Orders in pages of consecutive ids, {@link OrderPage}: an order id is the sequence of its record, so the orders of
 * now are in the last pages, and a page is one row or a few. A bounded number of pages is in memory, the ones used
 * longest ago leave first; changed ones are written by {@link #flush()}, or earlier to make room, always in the
 * transaction of the records that changed them. Memory does not grow with the journal.
 *
 * <p>A page is forgotten when all its orders were final before the horizon. That follows from the records alone: rows
 * are deleted some at a time, later, and a page that is still there is not looked at. Billing thread.
 */
final class StoredOrders implements OrderMemory {
    /** Pages in memory by default: of the last four million records and more, some 45 MB. */
    static final int CACHED_PAGES = 4_096;

    private static final int FORGOTTEN_PER_COMMIT = 256;
    private static final int SPARE_PAGES = 80;
    private static final OrderPage NONE = new OrderPage().reset(-1);

    private final Sql sql;
    private final int cachedPages;
    private final OrderPageText text = new OrderPageText();
    private final Long2ObjectHashMap<OrderPage> cached;
    private final ArrayDeque<OrderPage> spare = new ArrayDeque<>();
    private final long[] ages;
    private final OrderPage[] leaving;
    private OrderPage last = NONE;
    private long newestPage = -1;
    private long newestStored = -1;
    private long uses;
    private long horizonNs;
    private boolean horizonMoved;
    private boolean forgetting;

    StoredOrders(final Sql sql, final int cachedPages) {
        this.sql = sql;
        this.cachedPages = cachedPages;
        cached = new Long2ObjectHashMap<>(2 * cachedPages, 0.6f);
        ages = new long[cachedPages];
        leaving = new OrderPage[cachedPages];
    }

    /** Reads how far pages reach, and takes over the rows of a database that held one for each order. */
    void load() {
        sql.query("SELECT COALESCE(MAX(page), -1) FROM order_page", row -> newestStored = row.getLong(1));
        newestPage = newestStored;
        sql.query("SELECT forgotten_before_ns FROM order_horizon WHERE id = 1", row -> horizonNs = row.getLong(1));
        forgetting = horizonNs != 0;
        takeOverRows();
    }

    private void takeOverRows() {
        final int[] orders = new int[1];
        sql.query("SELECT order_id, tenant_id, flags, closed_ns FROM order_charge ORDER BY order_id", row -> {
            final long orderId = row.getLong(1);
            open(orderId, row.getInt(2));
            mark(orderId, row.getInt(3));
            final long closedNs = row.getLong(4);
            if (!row.wasNull()) {
                closed(orderId, closedNs);
            }
            orders[0]++;
        });
        if (orders[0] > 0) {
            sql.query("SELECT order_id, trade_id, sequence FROM trade ORDER BY order_id, sequence",
                row -> firstTrade(row.getLong(1), row.getLong(2), row.getLong(3)));
            flush();
            sql.update("DELETE FROM trade");
            sql.update("DELETE FROM order_charge");
        }
    }

    @Override
    public void open(final long orderId, final int tenantId) {
        final long number = OrderPage.number(orderId);
        newestPage = Math.max(newestPage, number);
        final OrderPage page = page(number);
        if (page.forgotten(horizonNs)) {
            page.clear();
        }
        page.open(OrderPage.slot(orderId), tenantId);
    }

    @Override
    public int flags(final long orderId) {
        final OrderPage page = find(orderId);
        return page == null ? UNKNOWN_ORDER : page.flags(OrderPage.slot(orderId)) & (SENT | FILLED);
    }

    @Override
    public int tenant(final long orderId) {
        final OrderPage page = find(orderId);
        return page == null ? 0 : page.tenant(OrderPage.slot(orderId));
    }

    @Override
    public void mark(final long orderId, final int flag) {
        find(orderId).mark(OrderPage.slot(orderId), flag);
    }

    @Override
    public boolean firstTrade(final long orderId, final long tradeId, final long sequence) {
        final OrderPage page = find(orderId);
        return page != null && page.addTrade(OrderPage.slot(orderId), tradeId);
    }

    @Override
    public void closed(final long orderId, final long epochNs) {
        final OrderPage page = find(orderId);
        if (page != null) {
            page.close(OrderPage.slot(orderId), epochNs);
        }
    }

    /** Page of a known order; null when the order is unknown or forgotten. */
    private OrderPage find(final long orderId) {
        final long number = OrderPage.number(orderId);
        if (orderId <= 0 || number > newestPage) {
            return null;
        }
        final OrderPage page = last.number == number ? last : page(number);
        return page.flags(OrderPage.slot(orderId)) == 0 || page.forgotten(horizonNs) ? null : page;
    }

    private OrderPage page(final long number) {
        OrderPage page = cached.get(number);
        if (page == null) {
            page = load(number);
        }
        page.usedAt = ++uses;
        last = page;
        return page;
    }

    private OrderPage load(final long number) {
        if (cached.size() >= cachedPages) {
            makeRoom();
        }
        final OrderPage page = (spare.isEmpty() ? new OrderPage() : spare.pop()).reset(number);
        if (number <= newestStored) {
            sql.query("SELECT part, last_closed_ns, body FROM order_page WHERE page = ? ORDER BY part", row -> {
                text.decode(row.getString(3), row.getInt(1), page);
                if (row.getInt(1) == 0) {
                    page.lastClosedNs = row.getLong(2);
                }
                page.storedParts++;
            }, number);
            page.storedTrades = page.trades();
            page.dirty = false;
        }
        cached.put(number, page);
        return page;
    }

    /** A quarter of the pages leaves, those used longest ago; what they have changed is written before. */
    private void makeRoom() {
        int count = 0;
        for (final OrderPage page : cached.values()) {
            ages[count++] = page.usedAt;
        }
        Arrays.sort(ages, 0, count);
        final long oldest = ages[(count - 1) / 4];
        int leave = 0;
        for (final OrderPage page : cached.values()) {
            if (page.usedAt <= oldest) {
                leaving[leave++] = page;
            }
        }
        for (int i = 0; i < leave; i++) {
            write(leaving[i]);
            cached.remove(leaving[i].number);
            spare.push(leaving[i]);
            leaving[i] = null;
        }
        last = NONE;
    }

    /** Pages in memory. */
    int cached() {
        return cached.size();
    }

    /** Writes what changed, and has pages ready for the records to come; the caller commits. */
    void flush() {
        for (final OrderPage page : cached.values()) {
            write(page);
        }
        while (spare.size() < Math.min(SPARE_PAGES, cachedPages - cached.size())) {
            spare.push(new OrderPage());
        }
        if (horizonMoved) {
            sql.update("INSERT INTO order_horizon (id, forgotten_before_ns) VALUES (1, ?) "
                + "ON CONFLICT (id) DO UPDATE SET forgotten_before_ns = excluded.forgotten_before_ns", horizonNs);
            horizonMoved = false;
        }
        if (forgetting) {
            forgetting = sql.update("DELETE FROM order_page WHERE page IN (SELECT page FROM order_page "
                + "WHERE part = 0 AND open_orders = 0 AND last_closed_ns < ? ORDER BY last_closed_ns LIMIT "
                + FORGOTTEN_PER_COMMIT + ")", horizonNs) > 0;
        }
    }

    private void write(final OrderPage page) {
        if (!page.dirty) {
            return;
        }
        final int parts = OrderPageText.parts(page.trades());
        writePart(page, 0);
        for (int part = Math.max(1, page.storedTrades / OrderPageText.TRADES); part < parts; part++) {
            writePart(page, part);
        }
        if (page.storedParts > parts) {
            sql.update("DELETE FROM order_page WHERE page = ? AND part >= ?", page.number, parts);
        }
        page.storedParts = parts;
        page.storedTrades = page.trades();
        page.dirty = false;
        newestStored = Math.max(newestStored, page.number);
    }

    private void writePart(final OrderPage page, final int part) {
        sql.update("INSERT INTO order_page (page, part, open_orders, last_closed_ns, body) VALUES (?, ?, ?, ?, ?) "
            + "ON CONFLICT (page, part) DO UPDATE SET open_orders = excluded.open_orders, "
            + "last_closed_ns = excluded.last_closed_ns, body = excluded.body",
            page.number, part, page.openOrders, page.lastClosedNs, text.encode(page, part));
    }

    /** Forgets pages whose orders were all final before the given journaled time. */
    void forgetClosedBefore(final long epochNs) {
        if (epochNs > horizonNs) {
            horizonNs = epochNs;
            horizonMoved = true;
            forgetting = true;
        }
    }
}
