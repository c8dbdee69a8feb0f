package weir.engine.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Theoretical arrival times against counted nano-tokens, in big numbers and in {@link TokenBuckets}; printed seed. */
class CellRatesPropertyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LATEST_NS = Long.MAX_VALUE / 2;
    private static final int[] CAPACITIES = {0, 1, 1, 2, 3, 7, 50, 1_000, 1_000_000, Integer.MAX_VALUE};
    private static final int[] RATES = {0, 1, 2, 3, 7, 60, 300, 1_000, 1_000_000, 999_999_937, 1_000_000_000,
        1_000_000_001, 1_500_000_000, Integer.MAX_VALUE};

    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** One bucket three times. */
    private final class Trio {
        private final CellRates cells = new CellRates(2);
        private final TokenBuckets counted = new TokenBuckets(1);
        private BigInteger level = BigInteger.ZERO;
        private BigInteger capacity = BigInteger.ZERO;
        private long rate;
        private long nowNs;

        private static BigInteger nano(final long tokens) {
            return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(SECOND));
        }

        void configure(final int size, final int perS) {
            final BigInteger used = capacity.subtract(level);
            capacity = nano(size);
            rate = perS;
            level = capacity.subtract(used).max(BigInteger.ZERO);
            cells.configure(1, size, perS, nowNs);
            counted.configure(0, size, perS, SECOND, nowNs);
        }

        void pass(final long ns) {
            final long elapsedNs = Math.min(ns, LATEST_NS - nowNs);
            nowNs += elapsedNs;
            level = level.add(BigInteger.valueOf(elapsedNs).multiply(BigInteger.valueOf(rate))).min(capacity);
        }

        boolean isThere() {
            return level.compareTo(nano(1)) >= 0;
        }

        void take() {
            level = level.subtract(nano(1));
            cells.take(1, nowNs);
            counted.take(0, 1);
        }

        void takeUpToOne() {
            cells.takeUpToOne(1, nowNs);
            if (isThere()) {
                counted.take(0, 1);
            } else {
                counted.lowerTo(0, 0, nowNs);
            }
            level = level.subtract(nano(1)).max(BigInteger.ZERO);
        }

        /** Until the level is that; a year when it never is. */
        long untilNs(final BigInteger wanted) {
            final BigInteger missing = wanted.subtract(level);
            if (missing.signum() <= 0) {
                return 0;
            }
            return rate == 0 ? 365 * 86_400 * SECOND
                : missing.add(BigInteger.valueOf(rate - 1)).divide(BigInteger.valueOf(rate)).longValueExact();
        }

        void check() {
            final boolean never = capacity.signum() == 0 || rate == 0 && !isThere();
            final long waitNs = never ? Long.MAX_VALUE : untilNs(nano(1));
            assertEquals(isThere(), cells.isThere(1, nowNs), this::toString);
            assertEquals(waitNs, cells.waitNs(1, nowNs), this::toString);
            assertEquals(level.divide(nano(1)).longValueExact(), cells.level(1, nowNs), this::toString);
            assertEquals(waitNs, counted.waitNs(0, 1, 0, nowNs), this::toString);
            assertEquals(counted.level(0, nowNs), cells.level(1, nowNs), this::toString);
        }

        @Override
        public String toString() {
            return "seed " + seed + ": " + level + " of " + capacity + " at " + rate + "/s, now " + nowNs;
        }
    }

    private int anyOf(final int[] values) {
        return random.nextInt(8) == 0 ? random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31)
            : values[random.nextInt(values.length)];
    }

    private long elapsedNs(final Trio bucket) {
        final long stepNs = bucket.rate == 0 ? SECOND : SECOND / bucket.rate + 1;
        return switch (random.nextInt(12)) {
            case 0, 1 -> 0;
            case 2 -> 1;
            case 3 -> bucket.untilNs(Trio.nano(1));
            case 4 -> Math.max(0, bucket.untilNs(Trio.nano(1)) - 1);
            case 5 -> bucket.untilNs(bucket.capacity);
            case 6 -> Math.max(0, bucket.untilNs(bucket.capacity) - 1);
            case 7 -> bucket.untilNs(bucket.capacity) + 1;
            case 8 -> random.nextInt(1_000) == 0 ? random.nextLong(LATEST_NS) >>> random.nextInt(10) : 3 * stepNs;
            default -> random.nextLong(2 * stepNs);
        };
    }

    @Test
    void shouldDecideAsACountOfNanoTokens() {
        for (int round = 0; round < 4_000; round++) {
            final Trio bucket = new Trio();
            bucket.nowNs = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextLong(LATEST_NS);
            bucket.configure(anyOf(CAPACITIES), anyOf(RATES));
            final int calm = 1 + random.nextInt(60);
            for (int i = 0; i < 300; i++) {
                bucket.check();
                final int dice = random.nextInt(calm + 8);
                if (dice == 0) {
                    bucket.configure(anyOf(CAPACITIES), anyOf(RATES));
                } else if (dice == 1) {
                    bucket.takeUpToOne();
                } else if (dice == 2) {
                    for (int k = random.nextInt(60); k > 0 && bucket.isThere(); k--) {
                        bucket.take();
                    }
                } else if (dice < 6 || !bucket.isThere()) {
                    bucket.pass(elapsedNs(bucket));
                } else {
                    bucket.take();
                }
            }
        }
    }

    /** A third of a second's tokens, three times: what rounding would lose shows after the first. */
    @Test
    void shouldLoseNothingInMillionsOfTokens() {
        for (final int rate : new int[] {1, 3, 7, 300, 999_999_937, 1_500_000_000}) {
            final Trio bucket = new Trio();
            bucket.configure(3, rate);
            for (int i = 0; i < 300_000; i++) {
                bucket.pass(bucket.untilNs(Trio.nano(1)));
                bucket.take();
                bucket.check();
            }
        }
    }

    @Test
    void shouldNotOverflowAfterALongSilence() {
        for (final int rate : RATES) {
            final Trio bucket = new Trio();
            bucket.configure(Integer.MAX_VALUE, rate);
            bucket.take();
            bucket.take();
            bucket.check();
            bucket.pass(LATEST_NS);
            bucket.check();
            assertTrue(bucket.isThere());
            bucket.take();
            bucket.check();
        }
    }

    @Test
    void shouldNotChangeByBeingAsked() {
        final CellRates cells = new CellRates(1);
        cells.configure(0, 2, 3, 0);
        cells.take(0, 10);
        cells.take(0, 10);
        assertEquals(2, cells.level(0, SECOND));
        assertTrue(cells.isThere(0, SECOND));
        assertEquals(333_333_334, cells.waitNs(0, 10));
        assertEquals(0, cells.level(0, 10));
    }

    @Test
    void shouldRefuseWhatNoBucketHas() {
        final CellRates cells = new CellRates(1);
        assertThrows(IllegalArgumentException.class, () -> cells.configure(0, -1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> cells.configure(0, 1, -1, 0));
    }
}
