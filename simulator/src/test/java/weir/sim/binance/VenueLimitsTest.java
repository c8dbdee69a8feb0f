package weir.sim.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Aligned windows, 429, and bans that double; on a clock of the test's own. */
final class VenueLimitsTest {
    private static final long MS = 1_000_000L;
    private static final long MINUTE = 60_000L * MS;

    private final VenueLimits limits = new VenueLimits(new VenueLimits.Sizes(100, 61_000, 300, 5, 8, 3, 5));

    @Test
    void shouldCountFromTheBeginningOfEachMinuteAndSayWhenTheNextBegins() {
        final long late = 10 * MINUTE + 59_000 * MS;
        limits.charge("a", 100, false, late);
        final ApiError refused = assertThrows(ApiError.class, () -> limits.charge("a", 1, false, late));
        assertEquals(429, refused.status());
        assertEquals(11 * MINUTE / MS, refused.retryAtMs());
        limits.charge("a", 100, false, 11 * MINUTE);
        limits.charge("b", 100, false, late);
        assertEquals(100, limits.usedWeight("a", 11 * MINUTE));
    }

    @Test
    void shouldBanWhoGoesOnAndTwiceAsLongTheNextTime() {
        long now = 5 * MINUTE;
        long banMs = 120_000;
        for (int round = 0; round < 3; round++) {
            limits.charge("a", 100, false, now);
            final long at = now;
            for (int i = 0; i < 3; i++) {
                assertEquals(429, assertThrows(ApiError.class, () -> limits.charge("a", 1, false, at)).status());
            }
            final ApiError banned = assertThrows(ApiError.class, () -> limits.charge("a", 1, false, at));
            assertEquals(418, banned.status());
            assertEquals(now / MS + banMs, banned.retryAtMs());
            assertTrue(banned.getMessage().contains("IP banned until " + banned.retryAtMs()));
            now += banMs * MS;
            final long stillNs = now - 1;
            assertEquals(418, assertThrows(ApiError.class, () -> limits.charge("a", 1, false, stillNs)).status());
            now = (now / MINUTE + 1) * MINUTE;
            banMs *= 2;
        }
    }

    @Test
    void shouldTakeAFirstFillOffTheOrderCountAndNeverBelowZero() {
        final long now = 7 * MINUTE;
        for (int i = 0; i < 5; i++) {
            limits.requireOrders("x", 1, now);
            limits.onPlaced("x", 1, now);
        }
        final ApiError refused = assertThrows(ApiError.class, () -> limits.requireOrders("x", 1, now));
        assertEquals(-1015, refused.code());
        assertEquals("Too many new orders; current limit is 5 orders per 10 SECOND.", refused.getMessage());
        limits.onFirstFill("x", false, now);
        limits.requireOrders("x", 1, now);
        limits.onFirstFill("x", true, now);
        assertEquals(0, limits.orders10s("x", now));
        for (int i = 0; i < 8; i++) {
            limits.onPlaced("y", 1, now + i * 2_000 * MS);
        }
        final ApiError ofDay = assertThrows(ApiError.class, () -> limits.requireOrders("y", 1, now + 30_000 * MS));
        assertTrue(ofDay.getMessage().contains("1 DAY"));
    }
}
