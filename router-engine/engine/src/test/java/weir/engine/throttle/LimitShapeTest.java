package weir.engine.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shapes beyond a second's window and bucket, against naive exact models, with a printed seed. */
class LimitShapeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long YEAR = 366L * 86_400 * SECOND;
    private static final int NEW = VenueLimits.NEW;

    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static VenueLimits one(final byte scope, final byte shape, final long capacity, final long period,
        final long refill, final int margin) {
        final VenueLimits limits = new VenueLimits(4, 64, 4_096);
        final int l = limits.index.add(1);
        assertTrue(limits.configure(l, 1, scope, shape, capacity, period, refill, margin, 0, 0));
        limits.cost(l, NEW, 1, 0);
        limits.cost(l, VenueLimits.CANCEL, 1, 0);
        return limits;
    }

    /** Whatever the way takes and the venue's clock shows, within the reach, no window of the venue has too many. */
    @Test
    void shouldKeepToTheVenuesWindowsWhateverItsClockShowsWithinTheReach() {
        for (int round = 0; round < 50; round++) {
            final long period = SECOND + random.nextInt(5) * SECOND;
            final long offset = random.nextInt((int) SECOND);
            final long skew = 1 + random.nextInt(400_000_000);
            final VenueLimits limits = one((byte) 1, VenueLimits.FIXED_WINDOW, 7, period, 0, 0);
            limits.terms(0, offset, skew, 0);
            final Map<Long, Integer> atVenue = new HashMap<>();
            long now = 10 * SECOND;
            for (int i = 0; i < 20_000; i++) {
                now += random.nextInt(4) == 0 ? random.nextInt(20) * SECOND / 10 : random.nextInt(3_000_000);
                final long pass = limits.tryCharge(1, 0, 0, NEW, 1, now);
                if (pass == 0) {
                    final long venueNs = now + random.nextInt(3) * skew - skew;
                    assertTrue(atVenue.merge(Math.floorDiv(venueNs - offset, period), 1, Integer::sum) <= 7,
                        () -> "seed " + seed);
                } else {
                    assertTrue(limits.passNs(1, 0, 0, NEW, 1, pass - 1) != 0, () -> "earlier, seed " + seed);
                    assertEquals(0, limits.passNs(1, 0, 0, NEW, 1, pass), () -> "later, seed " + seed);
                    now = pass;
                }
            }
        }
    }

    /** 100 in 10 minutes, less a margin of 7 %, against sums of whole numbers without bounds. */
    @Test
    void shouldRefillByAnyPeriodExactly() {
        final long[] periods = {SECOND, 60 * SECOND, 600 * SECOND, 7 * SECOND + 13};
        for (final long period : periods) {
            for (final int margin : new int[] {0, 700, 1_000, 333}) {
                final VenueLimits limits = one((byte) 1, VenueLimits.CREDIT, 100, period, 37, margin);
                limits.slowRefill(0, 0);
                final BigInteger whole = BigInteger.valueOf(period).multiply(BigInteger.valueOf(10_000));
                final BigInteger most = whole.multiply(BigInteger.valueOf(100L * (10_000 - margin) / 10_000));
                BigInteger level = most;
                long now = 0;
                for (int i = 0; i < 5_000; i++) {
                    final long elapsed = i % 500 == 499 ? YEAR : (long) (random.nextDouble() * period / 5);
                    now += elapsed;
                    level = level.add(BigInteger.valueOf(elapsed).multiply(BigInteger.valueOf(37L * (10_000 - margin))))
                        .min(most);
                    final boolean there = level.compareTo(whole) >= 0;
                    final long at = now;
                    assertEquals(there, limits.tryCharge(1, 0, 0, NEW, 1, now) == 0,
                        () -> "period " + period + " margin " + margin + " at " + at + " seed " + seed);
                    level = there ? level.subtract(whole) : level;
                }
            }
        }
    }

    /** Usage of 10^12 operations: a day's window at the greatest capacity, each message of the greatest cost. */
    @Test
    void shouldHoldAMillionMillionUnitsWithoutOverflow() {
        final long capacity = TokenBuckets.CAPACITY_MAX;
        for (final byte shape : new byte[] {VenueLimits.FIXED_WINDOW, VenueLimits.ORDER_VOLUME,
            VenueLimits.TOKEN_BUCKET}) {
            final VenueLimits limits = new VenueLimits(4, 16, 16);
            limits.configure(limits.index.add(1), 1, (byte) 1, shape, capacity,
                shape == VenueLimits.TOKEN_BUCKET ? 0 : YEAR, 0, 0, 0, 0);
            limits.cost(0, NEW, Integer.MAX_VALUE, 0);
            long used = 0;
            while (limits.tryCharge(1, 0, 0, NEW, 1, 5) == 0) {
                used += Integer.MAX_VALUE;
            }
            assertTrue(used > capacity - Integer.MAX_VALUE && used <= capacity, "shape " + shape + " used " + used);
            assertEquals(used, limits.used(0, 0, 0, 5));
        }
        final VenueLimits guard = one((byte) 1, VenueLimits.ORDER_VOLUME, 10, YEAR, Long.MAX_VALUE / 2, 0);
        guard.cost(0, VenueLimits.CANCEL, Integer.MAX_VALUE, 0);
        guard.onVolume(1, 0, 0, Long.MAX_VALUE / 2, 1);
        for (int i = 0; i < 1_000_000; i++) {
            assertEquals(0, guard.tryCharge(1, 0, 0, VenueLimits.CANCEL, 1, 2), "a guardrail stops no cancel");
        }
        assertTrue(guard.used(0, 0, 0, 2) > 1_000_000_000_000L);
        assertTrue(guard.tryCharge(1, 0, 0, NEW, 1, 2) != 0);
        assertEquals(0, guard.tryCharge(1, 0, 0, NEW, 1, YEAR + 1), "the next window is empty");
    }

    /** What nothing bounds but the sum itself: cancels under a guardrail, each of the greatest cost there can be. */
    @Test
    void shouldGoOnStoppingNewOrdersWhenASumIsFull() {
        final VenueLimits guard = one((byte) 1, VenueLimits.ORDER_VOLUME, 10, YEAR, 1, 0);
        guard.cost(0, VenueLimits.CANCEL, Integer.MAX_VALUE, Integer.MAX_VALUE);
        for (int i = 0; i < 100; i++) {
            assertEquals(0, guard.tryCharge(1, 0, 0, VenueLimits.CANCEL, Integer.MAX_VALUE, 1));
            assertEquals(YEAR, guard.tryCharge(1, 0, 0, NEW, 1, 1), "after " + i);
        }
        guard.onVolume(1, 0, 0, Long.MAX_VALUE, 1);
        assertEquals(YEAR, guard.tryCharge(1, 0, 0, NEW, 1, 1), "no volume earns that much");
    }

    @Test
    void shouldEarnMessagesByVolumeAgainstANaiveCount() {
        final VenueLimits limits = one(VenueLimits.SCOPE_INSTRUMENT, VenueLimits.ORDER_VOLUME, 20, 60 * SECOND, 1_000,
            2_000);
        final long[] sent = new long[2];
        BigInteger[] volume = {BigInteger.ZERO, BigInteger.ZERO};
        long window = 0;
        long now = 0;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextInt(30_000_000);
            if (now / (60 * SECOND) != window) {
                window = now / (60 * SECOND);
                volume = new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO};
                sent[0] = 0;
                sent[1] = 0;
            }
            final int instrument = random.nextInt(2);
            if (random.nextInt(10) == 0) {
                final long qty = random.nextInt(2_000_000);
                limits.onVolume(1, 0, instrument, qty, now);
                volume[instrument] = volume[instrument].add(BigInteger.valueOf(qty));
            }
            final long allowed = 16 + volume[instrument].multiply(BigInteger.valueOf(800))
                .divide(BigInteger.valueOf(100_000_000)).longValueExact();
            final boolean cancel = random.nextInt(5) == 0;
            final boolean passes = limits.tryCharge(1, 0, instrument, cancel ? VenueLimits.CANCEL : NEW, 1, now) == 0;
            assertEquals(cancel || sent[instrument] + 1 <= allowed, passes, () -> "seed " + seed);
            sent[instrument] += passes ? 1 : 0;
        }
    }

    @Test
    void shouldCountAccountsOfOneAddressOwnerOrKeyTogether() {
        final byte[] scopes = {VenueLimits.SCOPE_IP, VenueLimits.SCOPE_ACCOUNT, VenueLimits.SCOPE_KEY, 3, 5};
        final int[] apart = {1, 4, 4, 4, 4};
        final int[] joined = {2, 2, 2, 4, 4};
        for (int s = 0; s < scopes.length; s++) {
            assertEquals(apart[s], passed(scopes[s], false), "scope " + scopes[s]);
            assertEquals(joined[s], passed(scopes[s], true), "joined, scope " + scopes[s]);
        }
    }

    private static int passed(final byte scope, final boolean joined) {
        final VenueLimits limits = one(scope, VenueLimits.SLIDING_WINDOW, 1, SECOND, 0, 0);
        int passed = 0;
        for (int account = 0; account < 4; account++) {
            if (joined) {
                final int group = 1 + account / 2;
                assertTrue(limits.scopes(1, account, group, group, group, 0));
                assertFalse(limits.scopes(1, account, group, group, group, 0));
            }
            passed += limits.tryCharge(1, account, 0, NEW, 1, 0) == 0 ? 1 : 0;
        }
        return passed;
    }

    @Test
    void shouldTakeUsageAlongWhenAnAccountJoinsOthers() {
        final VenueLimits limits = one(VenueLimits.SCOPE_KEY, VenueLimits.CREDIT, 10, 0, 1, 0);
        for (int i = 0; i < 10; i++) {
            assertEquals(0, limits.tryCharge(1, 0, 0, NEW, 1, 0));
        }
        limits.scopes(1, 0, 0, 0, 5, 0);
        limits.scopes(1, 1, 0, 0, 5, 0);
        assertEquals(SECOND, limits.tryCharge(1, 1, 0, NEW, 1, 0));
    }

    @Test
    void shouldTakeSizeAndRateOfATierAndKeepWhatIsUsed() {
        final VenueLimits limits = one((byte) 5, VenueLimits.CREDIT, 20, 0, 5, 1_000);
        limits.slowRefill(0, 0);
        for (int i = 0; i < 18; i++) {
            assertEquals(0, limits.tryCharge(1, 0, 0, NEW, 1, 0));
        }
        assertTrue(limits.onTier(0, 0, 100, 30, 0));
        assertFalse(limits.onTier(0, 0, 100, 30, 0));
        int more = 0;
        while (limits.tryCharge(1, 0, 0, NEW, 1, 0) == 0) {
            more++;
        }
        assertEquals(90 - 18, more);
        assertEquals(27, passedIn(limits, SECOND), "30/s less 10 %");
        assertEquals(18, passedIn(limits, 1, 10 * SECOND), "another account keeps the contract's tier");
        assertTrue(limits.onTier(0, 0, 20, 5, 2 * SECOND));
        assertTrue(limits.tryCharge(1, 0, 0, NEW, 1, 2 * SECOND) != 0, "a lower tier acts at once");
    }

    private static int passedIn(final VenueLimits limits, final long now) {
        return passedIn(limits, 0, now);
    }

    private static int passedIn(final VenueLimits limits, final int account, final long now) {
        int passed = 0;
        while (limits.tryCharge(1, account, 0, NEW, 1, now) == 0) {
            passed++;
        }
        return passed;
    }

    @Test
    void shouldRaiseAWindowToWhatTheVenueCountsAndForgetItWithTheWindow() {
        final VenueLimits limits = one(VenueLimits.SCOPE_IP, VenueLimits.FIXED_WINDOW, 100, 60 * SECOND, 0, 0);
        limits.terms(0, 0, SECOND / 2, 0);
        final long now = 90 * SECOND;
        assertEquals(0, limits.tryCharge(1, 0, 0, NEW, 1, now));
        assertTrue(limits.onReading(0, 1, 100, now + 1), "another program of the address spent it");
        assertFalse(limits.onReading(0, 1, 40, now + 2), "a late answer lowers nothing");
        assertEquals(120 * SECOND + SECOND / 2, limits.tryCharge(1, 0, 0, NEW, 1, now + 3));
        assertEquals(0, limits.tryCharge(1, 0, 0, NEW, 1, 121 * SECOND));
        assertEquals(1, limits.used(0, 0, 0, 121 * SECOND));
    }
}
