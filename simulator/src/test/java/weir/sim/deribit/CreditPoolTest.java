package weir.sim.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Credits as the venue documents them, on a clock of the test's. */
class CreditPoolTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long HOUR_NS = 3_600 * SECOND_NS;

    @Test
    void shouldTakeAHundredRequestsAtOnceThenTwentyASecond() {
        final CreditPool pool = new CreditPool(50_000, 10_000, 0);
        int taken = 0;
        while (pool.tryTake(500, 0)) {
            taken++;
        }
        assertEquals(100, taken);
        assertFalse(pool.tryTake(500, 49_999_000L), "50 ms restore one request, not less");
        assertTrue(pool.tryTake(500, 50_000_000L));
        for (long i = 1; i <= 1_000; i++) {
            assertTrue(pool.tryTake(500, 50_000_000L * (1 + i)), "sustained, request " + i);
            assertFalse(pool.tryTake(500, 50_000_000L * (1 + i)));
        }
        assertEquals(50_000, pool.left(30L * 365 * 24 * HOUR_NS), "idle years fill it and no more");
    }

    @Test
    void shouldCountEachMethodInItsPoolAndByTheTierOfTheHour() {
        final AccountBook accounts = new AccountBook();
        accounts.add("a", new BigDecimal("999999"), 0);
        int burst = 0;
        while (accounts.tryTake("a", "ip", "private/buy", 0)) {
            burst++;
        }
        assertEquals(20, burst, "tier 4");
        assertTrue(accounts.tryTake("a", "ip", "private/cancel_all", 0), "a pool of its own");
        assertTrue(accounts.tryTake("a", "ip", "private/get_open_orders", 0));
        int subscriptions = 0;
        while (accounts.tryTake("a", "ip", "private/subscribe", 0)) {
            subscriptions++;
        }
        assertEquals(10, subscriptions);
        int lists = 0;
        while (accounts.tryTake("a", "ip", "public/get_instruments", 0)) {
            lists++;
        }
        assertEquals(50, lists);
        accounts.add("big", new BigDecimal("5000001"), 0);
        assertEquals(Tier.TIER_2, accounts.tier("big"));
        accounts.tier("big", Tier.TIER_4, 0);
        accounts.onTick(HOUR_NS - 1);
        assertEquals(Tier.TIER_4, accounts.tier("big"));
        accounts.onTick(HOUR_NS);
        assertEquals(Tier.TIER_2, accounts.tier("big"), "recalculated every hour from seven days");
        assertEquals(50, accounts.limits("big").path("matching_engine").path("trading").path("total").path("burst")
            .asInt());
    }

    @Test
    void shouldPutTheBordersOfTiersWhereTheTableHasThem() {
        assertEquals(Tier.TIER_4, Tier.of(new BigDecimal("1000000")));
        assertEquals(Tier.TIER_3, Tier.of(new BigDecimal("1000000.01")));
        assertEquals(Tier.TIER_2, Tier.of(new BigDecimal("25000000")));
        assertEquals(Tier.TIER_1, Tier.of(new BigDecimal("25000001")));
    }
}
