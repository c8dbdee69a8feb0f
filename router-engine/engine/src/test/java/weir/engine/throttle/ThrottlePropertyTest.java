package weir.engine.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Buckets and windows against naive models, with a printed seed. */
class ThrottlePropertyTest {
    private static final long SECOND = 1_000_000_000L;
    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void shouldHoldTokenBucketAgainstExactRefill() {
        for (int round = 0; round < 40; round++) {
            final TokenBuckets buckets = new TokenBuckets(1);
            final long capacity = 1 + random.nextInt(50);
            final long rate = 1 + random.nextInt(200);
            long now = 1_000;
            buckets.configure(0, capacity, rate, SECOND, now);
            BigDecimal level = BigDecimal.valueOf(capacity);
            for (int i = 0; i < 5_000; i++) {
                final long elapsed = random.nextInt(20_000_000);
                now += elapsed;
                level = level.add(BigDecimal.valueOf(elapsed).multiply(BigDecimal.valueOf(rate)).movePointLeft(9))
                    .min(BigDecimal.valueOf(capacity));
                final long wanted = 1 + random.nextInt((int) capacity);
                final boolean there = level.compareTo(BigDecimal.valueOf(wanted)) >= 0;
                final long wait = buckets.waitNs(0, wanted, 0, now);
                assertEquals(there, wait == 0, () -> "seed " + seed);
                if (there) {
                    buckets.take(0, wanted);
                    level = level.subtract(BigDecimal.valueOf(wanted));
                } else {
                    final BigDecimal missing = BigDecimal.valueOf(wanted).subtract(level).movePointRight(9);
                    assertEquals(missing.divide(BigDecimal.valueOf(rate), 0, RoundingMode.CEILING).longValueExact(),
                        wait, () -> "seed " + seed);
                }
            }
        }
    }

    @Test
    void shouldNotOverflowAfterALongSilence() {
        final TokenBuckets buckets = new TokenBuckets(1);
        buckets.configure(0, TokenBuckets.CAPACITY_MAX, Long.MAX_VALUE / SECOND, SECOND, 0);
        assertEquals(0, buckets.waitNs(0, 1_000_000, 0, 0));
        buckets.take(0, 1_000_000);
        assertEquals(TokenBuckets.CAPACITY_MAX, buckets.level(0, Long.MAX_VALUE / 2));
    }

    @Test
    void shouldNeverExceedCapacityInAnySlidingPeriodAndLetPassWhenItSays() {
        final VenueLimits limits = new VenueLimits(4, 16, 4_096);
        final int l = limits.index.add(1);
        assertTrue(limits.configure(l, 1, (byte) 1, VenueLimits.SLIDING_WINDOW, 20, SECOND, 0, 1_000, 3, 0));
        limits.cost(l, VenueLimits.NEW, 1, 1);
        limits.cost(l, VenueLimits.CANCEL, 1, 0);
        final ArrayDeque<long[]> model = new ArrayDeque<>();
        long now = SECOND;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextInt(3) == 0 ? 0 : random.nextInt(120_000_000);
            while (!model.isEmpty() && model.peekFirst()[0] + SECOND <= now) {
                model.removeFirst();
            }
            final boolean cancel = random.nextInt(4) == 0;
            final int n = cancel ? 1 : 1 + random.nextInt(3);
            final long cost = cancel ? 1 : 1 + n;
            final long used = model.stream().mapToLong(e -> e[1]).sum();
            final boolean fits = used + cost <= 18 - (cancel ? 0 : 3);
            final int kind = cancel ? VenueLimits.CANCEL : VenueLimits.NEW;
            final long pass = limits.tryCharge(1, 0, 0, kind, n, now);
            assertEquals(fits, pass == 0, () -> "seed " + seed);
            if (fits) {
                model.addLast(new long[] {now, cost});
            } else {
                assertTrue(limits.passNs(1, 0, 0, kind, n, pass - 1) != 0, "would have passed earlier");
                assertEquals(0, limits.passNs(1, 0, 0, kind, n, pass), () -> "seed " + seed);
                now = pass;
            }
        }
    }

    @Test
    void shouldAlignFixedWindow() {
        final VenueLimits limits = new VenueLimits(4, 16, 16);
        final int l = limits.index.add(1);
        limits.configure(l, 1, (byte) 1, VenueLimits.FIXED_WINDOW, 5, SECOND, 0, 0, 0, 0);
        limits.cost(l, VenueLimits.NEW, 1, 0);
        long window = -1;
        int used = 0;
        long now = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(200_000_000);
            if (now / SECOND != window) {
                window = now / SECOND;
                used = 0;
            }
            final long pass = limits.tryCharge(1, 0, 0, VenueLimits.NEW, 1, now);
            assertEquals(used < 5 ? 0 : (window + 1) * SECOND, pass, () -> "seed " + seed);
            used += pass == 0 ? 1 : 0;
        }
    }

    @Test
    void shouldChargeAllLimitsOrNone() {
        final VenueLimits limits = new VenueLimits(4, 16, 64);
        final int wide = limits.index.add(1);
        limits.configure(wide, 1, (byte) 1, VenueLimits.TOKEN_BUCKET, 10, 0, 1, 0, 0, 0);
        limits.cost(wide, VenueLimits.NEW, 1, 0);
        final int narrow = limits.index.add(2);
        limits.configure(narrow, 1, (byte) 1, VenueLimits.SLIDING_WINDOW, 1, SECOND, 0, 0, 0, 0);
        limits.cost(narrow, VenueLimits.NEW, 1, 0);
        assertEquals(0, limits.tryCharge(1, 0, 0, VenueLimits.NEW, 1, 0));
        for (int i = 0; i < 5; i++) {
            assertEquals(SECOND, limits.tryCharge(1, 0, 0, VenueLimits.NEW, 1, 0));
        }
        assertEquals(1, limits.used(wide, 0, 0, 0));
    }

    @Test
    void shouldShareIpScopeAndSeparateAccountsAndInstruments() {
        final VenueLimits limits = new VenueLimits(4, 16, 64);
        final byte[] scopes = {VenueLimits.SCOPE_IP, 1, VenueLimits.SCOPE_INSTRUMENT};
        final int[] expected = {1, 2, 4};
        for (int s = 0; s < scopes.length; s++) {
            final VenueLimits one = new VenueLimits(4, 16, 64);
            final int l = one.index.add(1);
            one.configure(l, 1, scopes[s], VenueLimits.SLIDING_WINDOW, 1, SECOND, 0, 0, 0, 0);
            one.cost(l, VenueLimits.NEW, 1, 0);
            int passed = 0;
            for (int k = 0; k < 4; k++) {
                passed += one.tryCharge(1, k / 2, k % 2, VenueLimits.NEW, 1, 0) == 0 ? 1 : 0;
            }
            assertEquals(expected[s], passed);
        }
        assertFalse(limits.batchPays(1, 2));
    }

    @Test
    void shouldKeepUsageWhenLimitIsConfiguredAnew() {
        final VenueLimits limits = new VenueLimits(4, 16, 256);
        final int l = limits.index.add(1);
        limits.configure(l, 1, (byte) 1, VenueLimits.SLIDING_WINDOW, 5, SECOND, 0, 0, 0, 0);
        limits.cost(l, VenueLimits.NEW, 1, 0);
        final List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(limits.tryCharge(1, 0, 0, VenueLimits.NEW, 1, i));
        }
        limits.configure(l, 1, (byte) 1, VenueLimits.SLIDING_WINDOW, 7, SECOND, 0, 0, 0, 5);
        limits.cost(l, VenueLimits.NEW, 1, 0);
        assertEquals(5, limits.used(l, 0, 0, 5));
        assertEquals(0, limits.tryCharge(1, 0, 0, VenueLimits.NEW, 1, 5));
        assertEquals(0, limits.tryCharge(1, 0, 0, VenueLimits.NEW, 1, 5));
        assertEquals(SECOND, limits.tryCharge(1, 0, 0, VenueLimits.NEW, 1, 5));
        assertEquals(List.of(0L, 0L, 0L, 0L, 0L), sent);
    }

    /** What is kept to find states and costs sooner follows each change: as a set of limits with the same past says. */
    @Test
    void shouldJudgeAsLimitsConfiguredAnewWhenShapesCostsAndScopesChange() {
        for (int round = 0; round < 300; round++) {
            final VenueLimits kept = new VenueLimits(4, 64, 4_096, 4);
            final VenueLimits asked = new VenueLimits(4, 64, 4_096, 4);
            for (int i = 0; i < 3; i++) {
                assertEquals(kept.index.add(i + 1), asked.index.add(i + 1));
            }
            long now = SECOND;
            for (int i = 0; i < 200; i++) {
                now += random.nextInt(50_000_000);
                final int account = random.nextInt(4);
                final int instrument = random.nextInt(2);
                final int kind = random.nextInt(VenueLimits.KINDS + 1) + VenueLimits.SECOND_REPLACE;
                final int count = 1 + random.nextInt(2);
                final int dice = random.nextInt(20);
                if (dice == 0) {
                    final int l = random.nextInt(3);
                    final byte scope = (byte) random.nextInt(VenueLimits.SCOPE_INSTRUMENT + 1);
                    final byte shape = (byte) random.nextInt(6);
                    final int cost = random.nextInt(3);
                    for (final VenueLimits limits : new VenueLimits[] {kept, asked}) {
                        limits.configure(l, 1, scope, shape, 20, SECOND, 20, 0, 0, now);
                        limits.cost(l, Math.max(0, kind), cost, cost);
                        limits.cost(l, VenueLimits.CANCEL, cost, 0);
                    }
                } else if (dice == 1) {
                    final int group = random.nextInt(3);
                    assertEquals(asked.scopes(1, account, group, group, group, now),
                        kept.scopes(1, account, group, group, group, now));
                } else if (dice < 5) {
                    assertEquals(asked.onClosed(1, account, instrument, now),
                        kept.onClosed(1, account, instrument, now));
                } else {
                    assertEquals(asked.openOrderCap(1, account, instrument, now),
                        kept.openOrderCap(1, account, instrument, now));
                    assertEquals(asked.tryCharge(1, account, instrument, kind, count, now),
                        kept.tryCharge(1, account, instrument, kind, count, now), () -> "seed " + seed);
                }
                for (int l = 0; l < 3; l++) {
                    assertEquals(asked.used(l, account, instrument, now), kept.used(l, account, instrument, now),
                        () -> "seed " + seed);
                }
                asked.forgetFound();
            }
        }
    }
}
