package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matching against a naive book that scans a list, and the table of self-trade prevention. */
class MatchingEngineTest {
    private final List<ExecutionEvent> events = new ArrayList<>();
    private final MatchingEngine engine = Engines.engine(events);

    @Test
    void shouldMatchLikeANaiveBook() {
        for (long seed = 0; seed < 30; seed++) {
            compareWithNaiveBook(seed);
        }
    }

    @Test
    void shouldServeEarlierOrderAtSamePriceFirst() {
        final VenueOrder first = submit(Engines.limit("a", '2', "1", "100"));
        final VenueOrder second = submit(Engines.limit("b", '2', "1", "100"));
        submit(Engines.limit("c", '1', "1.5", "101"));
        assertEquals(OrderStatus.FILLED, first.status);
        assertEquals("0.5", ExecutionReportEncoder.plain(second.cumQty));
    }

    @Test
    void shouldKeepPriorityWhenQuantityIsDecreasedOnly() {
        final VenueOrder first = submit(Engines.limit("a", '2', "2", "100"));
        final VenueOrder second = submit(Engines.limit("b", '2', "1", "100"));
        assertEquals(null, engine.replace(first, "n1", new BigDecimal("1"), new BigDecimal("100"), null, null, 1));
        submit(Engines.limit("c", '1', "1", "100"));
        assertEquals(OrderStatus.FILLED, first.status);
        assertEquals(OrderStatus.OPEN, second.status);
    }

    @Test
    void shouldLosePriorityWhenQuantityIsIncreased() {
        final VenueOrder first = submit(Engines.limit("a", '2', "1", "100"));
        final VenueOrder second = submit(Engines.limit("b", '2', "1", "100"));
        engine.replace(first, "n1", new BigDecimal("1.1"), new BigDecimal("100"), null, null, 1);
        submit(Engines.limit("c", '1', "1", "100"));
        assertEquals(OrderStatus.OPEN, first.status);
        assertEquals(OrderStatus.FILLED, second.status);
    }

    @Test
    void shouldTradeAtRestingPriceWhenReplacedAcrossTheSpread() {
        submit(Engines.limit("a", '2', "1", "100"));
        final VenueOrder bid = submit(Engines.limit("b", '1', "1", "90"));
        engine.replace(bid, "n1", new BigDecimal("1"), new BigDecimal("105"), null, null, 1);
        assertEquals(OrderStatus.FILLED, bid.status);
        assertEquals("100", ExecutionReportEncoder.plain(bid.averagePrice()));
    }

    /** Maker sells, taker buys, both of one profile; sizes and what is left of each, "x" for cancelled. */
    @ParameterizedTest
    @CsvSource({
        "D, 3, 1, 2, x", "D, 1, 3, x, 2", "D, 2, 2, x, x",
        "O, 3, 1, x, 1", "O, 1, 3, x, 3",
        "N, 3, 1, 3, x", "N, 1, 3, 1, x",
        "B, 3, 1, x, x", "B, 1, 3, x, x"})
    void shouldPreventSelfTradeByInstructionOfTheTaker(
        final char instruction, final String makerQty, final String takerQty, final String makerLeft,
        final String takerLeft) {
        final VenueOrder maker = submit(Engines.order("p", '2', '1', makerQty, "100", 'B', false));
        final VenueOrder taker = submit(Engines.order("p", '1', '1', takerQty, "100", instruction, false));
        assertEquals(makerLeft, left(maker), "maker");
        assertEquals(takerLeft, left(taker), "taker");
        assertTrue(events.stream().noneMatch(event -> event.fill() != null), "traded with itself");
        final long decrements = events.stream().filter(event -> event.restatement() == 5).count();
        assertEquals(instruction == 'D' && !makerQty.equals(takerQty) ? 1 : 0, decrements);
    }

    @Test
    void shouldGoOnMatchingAfterCancellingOldest() {
        submit(Engines.limit("p", '2', "1", "100"));
        final VenueOrder other = submit(Engines.limit("q", '2', "1", "101"));
        final VenueOrder taker = submit(Engines.order("p", '1', '1', "1", "101", 'O', false));
        assertEquals(OrderStatus.FILLED, taker.status);
        assertEquals(OrderStatus.FILLED, other.status);
    }

    @Test
    void shouldCountTradeIdsUpByOne() {
        for (int i = 0; i < 5; i++) {
            submit(Engines.limit("a", '2', "1", "100"));
        }
        submit(Engines.limit("b", '1', "5", "100"));
        final List<Long> ids = new ArrayList<>();
        events.stream().filter(e -> e.fill() != null && e.fill().taker()).forEach(e -> ids.add(e.fill().tradeId()));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), ids);
    }

    private VenueOrder submit(final OrderRequest request) {
        return engine.submit(request, 1);
    }

    private static String left(final VenueOrder order) {
        return order.isOpen() ? ExecutionReportEncoder.plain(order.leaves()) : "x";
    }

    private static void compareWithNaiveBook(final long seed) {
        final Random random = new Random(seed);
        final List<ExecutionEvent> events = new ArrayList<>();
        final MatchingEngine engine = Engines.engine(events);
        final NaiveBook naive = new NaiveBook();
        final List<VenueOrder> orders = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(10) == 0 && !orders.isEmpty()) {
                final int victim = random.nextInt(orders.size());
                assertEquals(naive.cancel(victim), engine.cancel(orders.get(victim), null, "test", i), "seed " + seed);
                continue;
            }
            final boolean buy = random.nextBoolean();
            final int price = 95 + random.nextInt(11);
            final int qty = 1 + random.nextInt(9);
            final char tif = "1134".charAt(random.nextInt(4));
            final boolean postOnly = tif == '1' && random.nextInt(5) == 0;
            // A profile of its own per order: nothing here is a self trade.
            orders.add(engine.submit(Engines.order("p" + i, buy ? '1' : '2', tif, Integer.toString(qty),
                Integer.toString(price), 'D', postOnly), i));
            naive.submit(buy, price, qty, tif, postOnly);
            final List<String> traded = new ArrayList<>();
            for (final ExecutionEvent event : events) {
                if (event.fill() != null && event.fill().taker()) {
                    traded.add(event.fill().price().toPlainString() + "x" + event.fill().qty().toPlainString());
                }
            }
            assertEquals(naive.trades, traded, "seed " + seed + " step " + i);
        }
        for (int i = 0; i < orders.size(); i++) {
            assertEquals(naive.left(i), orders.get(i).isOpen() ? orders.get(i).leaves().intValueExact() : 0,
                "seed " + seed + " order " + i);
        }
    }

    /** One list, scanned for the best counterparty each time. */
    private static final class NaiveBook {
        private final List<int[]> orders = new ArrayList<>();
        private final List<String> trades = new ArrayList<>();

        /** Each order: buy, price, quantity left (0 once done). */
        void submit(final boolean buy, final int price, final int qty, final char tif, final boolean postOnly) {
            final int[] order = {buy ? 1 : 0, price, qty};
            final int available = orders.stream().filter(o -> crosses(order, o)).mapToInt(o -> o[2]).sum();
            if (postOnly && available > 0 || tif == '4' && available < qty) {
                order[2] = 0;
                orders.add(order);
                return;
            }
            while (order[2] > 0) {
                int[] best = null;
                for (final int[] each : orders) {
                    if (crosses(order, each) && (best == null || (buy ? each[1] < best[1] : each[1] > best[1]))) {
                        best = each;
                    }
                }
                if (best == null) {
                    break;
                }
                final int traded = Math.min(best[2], order[2]);
                best[2] -= traded;
                order[2] -= traded;
                trades.add(best[1] + "x" + traded);
            }
            if (tif != '1') {
                order[2] = 0;
            }
            orders.add(order);
        }

        boolean cancel(final int index) {
            final boolean open = orders.get(index)[2] > 0;
            orders.get(index)[2] = 0;
            return open;
        }

        int left(final int index) {
            return orders.get(index)[2];
        }

        private static boolean crosses(final int[] incoming, final int[] resting) {
            return resting[2] > 0 && resting[0] != incoming[0]
                && (incoming[0] == 1 ? incoming[1] >= resting[1] : incoming[1] <= resting[1]);
        }
    }
}
