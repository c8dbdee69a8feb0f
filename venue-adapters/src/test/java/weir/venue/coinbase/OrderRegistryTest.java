package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.VenueMessageKind;

final class OrderRegistryTest {
    private static final long SEED = Long.getLong("weir.test.seed", 11);
    private static final int STEPS = 20_000;

    private final RequestPool pool = new RequestPool();
    private final OrderRegistry registry = new OrderRegistry(1_000, 2, pool);
    private int givenUp;

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

    /** Ids move, come and go at random; each says what a map says, and each request is held once by each id. */
    @Test
    void shouldHoldEachRequestAsOftenAsAnIdStandsForIt() {
        final Random random = new Random(SEED);
        final List<OutboundRequest> made = new ArrayList<>();
        final Map<UUID, Bound> model = new LinkedHashMap<>();
        final List<Integer> finals = new ArrayList<>();
        final Set<Integer> ended = new HashSet<>();
        for (int step = 0; step < STEPS; step++) {
            final UUID id = new UUID(7, (long)random.nextInt(3) << 48 | random.nextInt(20));
            final int number = 1 + random.nextInt(8);
            switch (random.nextInt(4)) {
                case 0:
                case 1:
                    final boolean again = !made.isEmpty() && random.nextInt(4) == 0; // as the orders of a batch
                    final OutboundRequest request = again ? made.get(random.nextInt(made.size()))
                        : random.nextInt(3) == 0 ? null : pool.take(VenueMessageKind.NEW,
                            id.getMostSignificantBits(), id.getLeastSignificantBits(), "BTC-USD");
                    final LiveOrder order = registry.orderFor(number, 1, "BTC-USD");
                    registry.bind(id.getMostSignificantBits(), id.getLeastSignificantBits(), VenueMessageKind.NEW,
                        order, request);
                    if (request != null && !again) {
                        made.add(request); // the hold that it was taken with is the test's
                    }
                    if (request != null || !model.containsKey(id)) {
                        model.put(id, new Bound(number, request));
                    }
                    break;
                case 2:
                    registry.unbind(id.getMostSignificantBits(), id.getLeastSignificantBits());
                    model.remove(id);
                    break;
                default:
                    final LiveOrder ending = registry.order(number);
                    if (ending != null && ended.add(number)) {
                        final boolean answered = ending.request != null && random.nextBoolean();
                        if (answered) {
                            ending.request.answered = true;
                        }
                        final OutboundRequest given = answered || isAnswered(ending) ? ending.request : null;
                        registry.onFinal(ending, 0);
                        if (given != null) {
                            final UUID own = new UUID(ending.high, ending.low);
                            model.put(own, new Bound(number, null));
                        }
                        finals.add(number);
                    }
                    break;
            }
            registry.evict(0);
            while (finals.size() > 2) {
                final int forgotten = finals.remove(0);
                ended.remove(forgotten);
                model.values().removeIf(bound -> bound.number == forgotten);
                assertNull(registry.order(forgotten));
            }
            check(model, made, id);
        }
        assertTrue(givenUp > 0, "none was given up");
    }

    private void check(final Map<UUID, Bound> model, final List<OutboundRequest> made, final UUID touched) {
        final Bound bound = model.get(touched);
        final IdRef ref = registry.ref(touched);
        if (bound == null) {
            assertNull(ref);
        } else {
            assertEquals(bound.number, ref.order.orderId);
            assertSame(bound.request, ref.request);
        }
        for (final OutboundRequest request : made) {
            assertEquals(1 + model.values().stream().filter(b -> b.request == request).count(), request.holders);
        }
        if (made.size() > 50) {
            final int before = made.size();
            made.removeIf(request -> request.holders == 1);
            givenUp += before - made.size();
        }
    }

    private static boolean isAnswered(final LiveOrder order) {
        return order.request != null && order.request.answered;
    }

    /** What an id stands for. */
    private record Bound(int number, OutboundRequest request) {
    }

    @Test
    void shouldGiveUpOfTheNumberedOnlyTheRequestThatIsMeant() {
        final SequenceTable table = new SequenceTable(pool);
        final OutboundRequest first = numbered(5);
        final OutboundRequest second = numbered(5); // after a reconnect
        RequestPool.hold(first);
        RequestPool.hold(second);
        table.put(5, first);
        table.clear();
        table.put(5, second);

        table.remove(first);
        assertSame(second, table.get(5), "the other has the number now");
        table.remove(second);
        assertNull(table.get(5));
        table.remove(second);
        assertEquals(1, first.holders);
        assertEquals(1, second.holders);
    }

    private OutboundRequest numbered(final int seq) {
        final OutboundRequest request = pool.take(VenueMessageKind.NEW, 0, seq, "BTC-USD");
        request.seq = seq;
        return request;
    }
}
