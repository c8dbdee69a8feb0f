package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * Exposure of tenants in one spot instrument, from what clients sent and were told alone: every sum is made anew from
 * all orders, in big integers.
 */
final class ExposureModel {
    private static final BigInteger E8 = BigInteger.valueOf(CoreHarness.E8);

    private static final class Order {
        int tenant;
        boolean buy;
        long qty;
        long price;
        long cum;
        String replaceId = "";
        long newQty;
        long newPrice;
    }

    private final Map<Long, Order> orders = new HashMap<>();
    private final Map<Long, Order> open = new HashMap<>();
    private final Map<Integer, Long> position = new HashMap<>();
    private final Map<Integer, Long> lastFill = new HashMap<>();
    private long mark;

    void admitted(final long orderId, final int tenant, final boolean buy, final long qty, final long price) {
        final Order o = new Order();
        o.tenant = tenant;
        o.buy = buy;
        o.qty = qty;
        o.price = price;
        orders.put(orderId, o);
        open.put(orderId, o);
    }

    void replacing(final long orderId, final String id, final long qty, final long price) {
        final Order o = orders.get(orderId);
        o.replaceId = id;
        o.newQty = qty;
        o.newPrice = price;
    }

    void priced(final long middle) {
        mark = middle;
    }

    void told(final CoreHarness.Client c) {
        final Order o = orders.get(c.orderId());
        if (o == null) {
            return;
        }
        if (c.template() == 81) {
            o.replaceId = c.id().equals(o.replaceId) ? "" : o.replaceId;
            return;
        }
        if (c.template() != 80) {
            return;
        }
        if (c.execType() == 'F') {
            position.merge(o.tenant, o.buy ? c.lastQty() : -c.lastQty(), Long::sum);
            lastFill.put(o.tenant, c.lastPx());
        }
        if (c.execType() == '5') {
            o.replaceId = "";
        }
        o.qty = c.qty();
        o.price = c.price();
        o.cum = c.cum();
        if ("248C".indexOf(c.status()) >= 0) {
            open.remove(c.orderId());
        }
    }

    /** Compares all of a tenant with what the core holds. */
    void check(final CoreView view, final int tenant, final int instrument) {
        BigInteger buys = BigInteger.ZERO;
        BigInteger sells = BigInteger.ZERO;
        long buyQty = 0;
        long sellQty = 0;
        for (final Order o : open.values()) {
            if (o.tenant == tenant) {
                final boolean replacing = !o.replaceId.isEmpty();
                final long leaves = Math.max(0, Math.max(o.qty, replacing ? o.newQty : 0) - o.cum);
                final BigInteger now = notional(Math.max(0, o.qty - o.cum), o.price);
                final BigInteger value = replacing
                    ? now.max(notional(Math.max(0, o.newQty - o.cum), o.newPrice)) : now;
                buys = o.buy ? buys.add(value) : buys;
                sells = o.buy ? sells : sells.add(value);
                buyQty += o.buy ? leaves : 0;
                sellQty += o.buy ? 0 : leaves;
            }
        }
        final long held = position.getOrDefault(tenant, 0L);
        final BigInteger size = notional(Math.abs(held), mark > 0 ? mark : lastFill.getOrDefault(tenant, 0L));
        final BigInteger value = held < 0 ? size.negate() : size;
        final long worst = value.add(buys).max(sells.subtract(value)).longValueExact();
        assertEquals(held, view.position(tenant, instrument), "position");
        assertEquals(buys.add(sells).longValueExact(), view.unexecuted(tenant), () -> "unexecuted notional of "
            + open(tenant) + "; the core has " + java.util.Arrays.toString(view.openOrderIds()));
        assertEquals(worst, view.grossExposure(tenant), "gross exposure");
        assertEquals(worst, view.netExposure(tenant), "net exposure");
        assertEquals(Math.max(held + buyQty, sellQty - held), view.worstPosition(tenant, instrument), "position");
    }

    private String open(final int tenant) {
        return open.entrySet().stream().filter(e -> e.getValue().tenant == tenant)
            .map(e -> e.getKey() + ": " + e.getValue().qty + " @ " + e.getValue().price + " cum "
            + e.getValue().cum + " replace " + e.getValue().replaceId).sorted().toList().toString();
    }

    private static BigInteger notional(final long qty, final long price) {
        final BigInteger[] parts = BigInteger.valueOf(qty).multiply(BigInteger.valueOf(price)).divideAndRemainder(E8);
        return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    }
}
