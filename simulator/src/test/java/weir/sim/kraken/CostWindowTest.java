package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The budgets against counters that recount everything each time. */
class CostWindowTest {
    private static final int LIMIT = 500;
    private static final long S = 1_000_000_000L;

    @ParameterizedTest
    @EnumSource(WindowShape.class)
    void shouldAgreeWithNaiveCounter(final WindowShape shape) {
        for (long seed = 1; seed <= 8; seed++) {
            final Random random = new Random(seed);
            final CostWindow window = new CostWindow(shape, LIMIT);
            final List<long[]> taken = new ArrayList<>();
            long nowNs = 1_700_000_000L * S + random.nextInt();
            final long startNs = nowNs;
            int refused = 0;
            for (int i = 0; i < 800; i++) {
                nowNs += switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> random.nextInt(1_000_000);
                    case 2 -> random.nextInt(500_000_000);
                    default -> 10_000_000L * random.nextInt(40);
                };
                final int cost = random.nextInt(10) == 0 ? 9 + random.nextInt(100) : 1 + random.nextInt(25);
                final boolean fits = naiveFits(shape, taken, cost, nowNs, startNs);
                assertEquals(fits, window.tryTake(cost, nowNs), shape + " seed " + seed + " call " + i);
                refused += fits ? 0 : 1;
                if (fits) {
                    taken.add(new long[] {nowNs, cost});
                }
            }
            assertTrue(refused > 20, "the budget was never short: " + refused);
        }
    }

    private static boolean naiveFits(
        final WindowShape shape, final List<long[]> taken, final int cost, final long nowNs, final long startNs) {
        if (shape == WindowShape.BUCKET) {
            BigDecimal level = BigDecimal.valueOf(LIMIT);
            long atNs = startNs;
            for (final long[] each : taken) {
                level = refill(level, each[0] - atNs).subtract(BigDecimal.valueOf(each[1]));
                atNs = each[0];
            }
            return refill(level, nowNs - atNs).compareTo(BigDecimal.valueOf(cost)) >= 0;
        }
        long sum = 0;
        for (final long[] each : taken) {
            final boolean counts = shape == WindowShape.SLIDING_10S ? nowNs - each[0] < 10 * S
                : each[0] / (10 * S) == nowNs / (10 * S);
            sum += counts ? each[1] : 0;
        }
        return sum + cost <= LIMIT;
    }

    private static BigDecimal refill(final BigDecimal level, final long elapsedNs) {
        return level.add(BigDecimal.valueOf(elapsedNs).multiply(BigDecimal.valueOf(LIMIT)).movePointLeft(10))
            .min(BigDecimal.valueOf(LIMIT));
    }

    @Test
    void shouldAllowTwiceTheBudgetAcrossTheEdgeOfFixedWindowsOnly() {
        for (final WindowShape shape : WindowShape.values()) {
            final CostWindow window = new CostWindow(shape, LIMIT);
            assertTrue(window.tryTake(500, 10 * S - 1), shape.name());
            assertEquals(shape == WindowShape.FIXED_10S, window.tryTake(500, 10 * S), shape.name());
        }
    }

    @Test
    void shouldFreeSlidingBudgetAfterTenSecondsExactly() {
        final CostWindow window = new CostWindow(WindowShape.SLIDING_10S, LIMIT);
        assertTrue(window.tryTake(500, 7));
        assertFalse(window.tryTake(1, 10 * S + 6));
        assertTrue(window.tryTake(500, 10 * S + 7));
    }

    @Test
    void shouldNotGiveBudgetForClockThatStepsBack() {
        for (final WindowShape shape : WindowShape.values()) {
            final CostWindow window = new CostWindow(shape, LIMIT);
            assertTrue(window.tryTake(500, 100 * S));
            assertFalse(window.tryTake(1, 50 * S), shape.name());
            assertEquals(0, window.left(70 * S), shape.name());
        }
    }

    @Test
    void shouldRefillHistoryPoolByOneTokenInSixSeconds() {
        final HistoryPool pool = new HistoryPool();
        assertTrue(pool.tryTake(100, 0));
        assertFalse(pool.tryTake(1, 6 * S - 1));
        assertTrue(pool.tryTake(1, 6 * S));
        assertFalse(pool.tryTake(2, 12 * S));
        assertTrue(pool.tryTake(100, 1_000 * S));
        assertFalse(pool.tryTake(1, 1_000 * S));
    }

    @ParameterizedTest
    @CsvSource({"POST sendorder,10", "POST editorder,10", "POST cancelorder,10", "POST cancelallorders,25",
        "POST cancelallordersafter,25", "GET accounts,2", "GET openpositions,2", "GET openorders,2", "GET fills,2",
        "POST orders/status,1", "GET unwindqueue,200", "GET leveragepreferences,2", "PUT leveragepreferences,10",
        "GET pnlpreferences,2", "PUT pnlpreferences,10", "POST transfer,10", "POST transfer/subaccount,10",
        "POST withdrawaltospotwallet,100", "GET self-trade-strategy,2", "PUT self-trade-strategy,2",
        "GET sendorder,-1"})
    void shouldPriceCallsAsDocumented(final String call, final int cost) {
        assertEquals(cost, CostTable.derivatives(call, 0, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 50, 100})
    void shouldPriceBatchesAtNinePlusSize(final int size) {
        assertEquals(9 + size, CostTable.derivatives("POST batchorder", size, false));
        assertEquals(25, CostTable.derivatives("GET fills", 0, true));
    }

    @ParameterizedTest
    @CsvSource({"orders,500,1", "executions,500,1", "triggers,500,1", "account-log,25,1", "account-log,26,2",
        "account-log,50,2", "account-log,500,3", "account-log,1001,6", "account-log,5001,10", "accountlogcsv,1,6",
        "nothing,1,-1"})
    void shouldPriceHistoryByCount(final String endpoint, final int count, final int tokens) {
        assertEquals(tokens, CostTable.history(endpoint, count));
    }

    @Test
    void shouldMeasurePeakOfAnyTenSecondsWhateverTheWindow() {
        final AccountStats stats = new AccountStats();
        stats.onCall("POST sendorder", 400, 1, true, 5 * S);
        stats.onCall("POST sendorder", 300, 1, true, 14 * S);
        stats.onCall("POST sendorder", 10, 1, false, 15 * S);
        assertEquals(700, stats.toJson().path("peakChargedPer10s").asInt());
        assertEquals(700, stats.toJson().path("peakOfferedPer10s").asInt());
        stats.onCall("POST sendorder", 450, 1, false, 16 * S);
        assertEquals(760, stats.toJson().path("peakOfferedPer10s").asInt());
        assertEquals(2, stats.toJson().path("refused").asInt());
        assertEquals(700, stats.toJson().path("byEndpoint").path("POST sendorder").path("cost").asInt());
    }
}
