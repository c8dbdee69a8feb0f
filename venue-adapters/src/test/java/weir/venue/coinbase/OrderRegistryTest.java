package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.VenueMessageKind;

final class OrderRegistryTest {
    private final RequestPool pool = new RequestPool();
    private final OrderRegistry registry = new OrderRegistry(1_000, 2, pool);

    @Test
    void shouldFindFinalOrderUntilRetentionIsOver() {
        final UUID id = UUID.randomUUID();
        final LiveOrder order = registry.orderFor(1, 1, "BTC-USD");
        registry.bind(id.getMostSignificantBits(), id.getLeastSignificantBits(), VenueMessageKind.NEW, order, null);
        registry.bindVenueOrderId(order, "venue-1");
        registry.onFinal(order, 5_000);

        assertEquals(0, registry.evict(5_999));
        assertSame(order, registry.ref(id).order);
        assertEquals(1, registry.evict(6_000));
        assertNull(registry.ref(id));
        assertNull(registry.byVenueOrderId("venue-1"));
        assertEquals(0, registry.size());
    }

    @Test
    void shouldKeepOpenOrdersWhateverTheirAge() {
        registry.orderFor(1, 1, "BTC-USD");

        registry.evict(Long.MAX_VALUE);
        assertEquals(1, registry.size());
    }

    @Test
    void shouldBoundFinalOrders() {
        for (int i = 1; i <= 5; i++) {
            registry.onFinal(registry.orderFor(i, 1, "BTC-USD"), 0);
        }

        assertEquals(3, registry.evict(0));
        assertEquals(2, registry.size());
    }

    @Test
    void shouldKeepAFinalOrderThatIsBeingAskedFor() {
        final LiveOrder order = registry.orderFor(1, 1, "BTC-USD");
        registry.onAbsent(order, 0);
        order.pinned = true;
        for (int i = 2; i <= 5; i++) {
            registry.onFinal(registry.orderFor(i, 1, "BTC-USD"), 500);
        }
        registry.evict(1_400);

        assertSame(order, registry.order(1), "an answer about it is under way");
        registry.evict(9_000);
        assertSame(order, registry.order(1));
        assertEquals(1, registry.size());
        order.pinned = false;
        registry.evict(10_000);
        assertEquals(0, registry.size());
    }

    @Test
    void shouldHoldATradeThatWaitsForItsEndNoLongerThanItsOrder() {
        for (int i = 1; i <= 500; i++) {
            final LiveOrder order = registry.orderFor(i, 1, "BTC-USD");
            order.lastTrade = new weir.venue.VenueExecution();
            registry.onFinal(order, i); // by a question: the message that ends it was lost
            registry.evict(i);
            assertEquals(Math.min(i, 2), registry.size(), "bounded by what is kept of final orders");
        }
        registry.evict(5_000);
        assertEquals(0, registry.size());
        for (int i = 1; i <= 500; i++) {
            assertNull(registry.orderFor(1_000 + i, 1, "BTC-USD").lastTrade);
        }
    }

    @Test
    void shouldKeepTheRequestWhenAnIdIsBoundAgainWithoutOne() {
        final UUID id = UUID.randomUUID();
        final LiveOrder order = registry.orderFor(1, 1, "BTC-USD");
        final OutboundRequest request = pool.take(VenueMessageKind.NEW,
            id.getMostSignificantBits(), id.getLeastSignificantBits(), "BTC-USD");
        registry.bind(id.getMostSignificantBits(), id.getLeastSignificantBits(), VenueMessageKind.NEW, order, request);
        registry.bind(id.getMostSignificantBits(), id.getLeastSignificantBits(), VenueMessageKind.NEW, order, null);

        assertSame(request, registry.ref(id).request);
        assertEquals(1, order.idCount());
    }
}
