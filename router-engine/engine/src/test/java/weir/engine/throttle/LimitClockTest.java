package weir.engine.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.engine.clock.SlewedEpochClock;

/**
 * Limits of every shape together, behind the router's own clock, while the host's clock is set forward and back by
 * seconds, an hour or years, the router idles for years or starts again with a clock that is behind; against a naive
 * model in whole numbers without bounds. All limits of a message admit or none is charged.
 */
class LimitClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final long YEAR = 365L * 24 * HOUR;
    private static final int NEW = VenueLimits.NEW;
    private static final int CANCEL = VenueLimits.CANCEL;
    private static final int ROUNDS = 30;
    private static final int STEPS = 3_000;

    private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private long wallNs;
    private long monotonicNs;

    /** One limit, counted in the simplest way there is. */
    private static final class Naive {
        private final byte shape;
        private final long capacity;
        private final long reserve;
        private final long period;
        private final long refill;
        private final long offset;
        private final long skew;
        private final Map<Long, Long> windows = new HashMap<>();
        private final ArrayDeque<long[]> log = new ArrayDeque<>();
        private BigInteger parts;
        private BigInteger volume = BigInteger.ZERO;
        private long volumeWindow = Long.MIN_VALUE;
        private long lastNs;
        private long open;

        Naive(final byte shape, final long capacity, final long reserve, final long period, final long refill,
            final long offset, final long skew, final long nowNs) {
            this.shape = shape;
            this.capacity = capacity;
            this.reserve = reserve;
            this.period = period;
            this.refill = refill;
            this.offset = offset;
            this.skew = skew;
            parts = BigInteger.valueOf(capacity).multiply(BigInteger.valueOf(period));
            lastNs = nowNs;
        }

        private long first(final long nowNs) {
            return Math.floorDiv(nowNs - skew - offset, period);
        }

        private long last(final long nowNs) {
            return Math.floorDiv(nowNs + skew - offset, period);
        }

        boolean admits(final long cost, final boolean cancel, final long nowNs) {
            final long most = capacity - (cancel ? 0 : reserve);
            switch (shape) {
                case VenueLimits.FIXED_WINDOW:
                    return windows.getOrDefault(first(nowNs), 0L) + cost <= most
                        && windows.getOrDefault(last(nowNs), 0L) + cost <= most;
                case VenueLimits.SLIDING_WINDOW:
                    return log.stream().filter(e -> e[0] > nowNs - period).mapToLong(e -> e[1]).sum() + cost <= most;
                case VenueLimits.CONCURRENT:
                    return open + cost <= capacity;
                case VenueLimits.ORDER_VOLUME:
                    final BigInteger earned = volumeWindow == first(nowNs)
                        ? volume.multiply(BigInteger.valueOf(refill)).divide(BigInteger.valueOf(100_000_000L))
                        : BigInteger.ZERO;
                    return cancel || BigInteger.valueOf(windows.getOrDefault(first(nowNs), 0L) + cost)
                        .compareTo(earned.add(BigInteger.valueOf(most))) <= 0;
                default:
                    return level(nowNs).compareTo(BigInteger.valueOf((cost + capacity - most) * period)) >= 0;
            }
        }

        private BigInteger level(final long nowNs) {
            return parts.add(BigInteger.valueOf(nowNs - lastNs).multiply(BigInteger.valueOf(refill)))
                .min(BigInteger.valueOf(capacity).multiply(BigInteger.valueOf(period)));
        }

        void charge(final long cost, final long nowNs) {
            switch (shape) {
                case VenueLimits.FIXED_WINDOW:
                case VenueLimits.ORDER_VOLUME:
                    windows.merge(first(nowNs), cost, Long::sum);
                    if (last(nowNs) != first(nowNs)) {
                        windows.merge(last(nowNs), cost, Long::sum);
                    }
                    break;
                case VenueLimits.SLIDING_WINDOW:
                    while (!log.isEmpty() && log.peekFirst()[0] <= nowNs - period) {
                        log.removeFirst();
                    }
                    log.addLast(new long[] {nowNs, cost});
                    break;
                case VenueLimits.CONCURRENT:
                    open += cost;
                    break;
                default:
                    parts = level(nowNs).subtract(BigInteger.valueOf(cost).multiply(BigInteger.valueOf(period)));
                    lastNs = nowNs;
                    break;
            }
        }

        void onVolume(final long qtyE8, final long nowNs) {
            if (volumeWindow != first(nowNs)) {
                volumeWindow = first(nowNs);
                volume = BigInteger.ZERO;
            }
            volume = volume.add(BigInteger.valueOf(qtyE8));
        }
    }

    private SlewedEpochClock clock(final long notBeforeNs) {
        return new SlewedEpochClock(() -> wallNs, () -> monotonicNs, notBeforeNs, SlewedEpochClock.SLEW_PPM_DEFAULT);
    }

    private void pass(final long ns) {
        wallNs += ns;
        monotonicNs += ns;
    }

    @Test
    void shouldDecideAsANaiveCountDoesWhateverTheHostsClockDoes() {
        long refused = 0;
        long admitted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            // from 1970 to where 63 bits of nanoseconds end; seconds after the epoch, as no window begins before it
            wallNs = round % 10 == 0 ? 2 * SECOND : round % 10 == 1 ? 9_000_000_000L * SECOND : 1_780_000_000L * SECOND;
            monotonicNs = random.nextLong() >> 2;
            SlewedEpochClock clock = clock(0);
            long now = clock.nanoTime();
            final byte[] shapes = {VenueLimits.TOKEN_BUCKET, VenueLimits.FIXED_WINDOW, VenueLimits.SLIDING_WINDOW,
                VenueLimits.CREDIT, VenueLimits.CONCURRENT, VenueLimits.ORDER_VOLUME};
            final int few = 1 + random.nextInt(6); // one shape alone, or several together
            final VenueLimits limits = new VenueLimits(8, 64, 4_096);
            final Naive[] models = new Naive[few];
            final int[][] costs = new int[few][];
            for (int i = 0; i < few; i++) {
                final byte shape = shapes[(round + i) % shapes.length];
                final long capacity = 5 + random.nextInt(30);
                final long reserve = shape == VenueLimits.CONCURRENT ? 0 : random.nextInt(3);
                final long period = SECOND + random.nextInt(3) * SECOND / 2 + random.nextInt(1_000);
                final long refill = shape == VenueLimits.ORDER_VOLUME ? 1 + random.nextInt(50) : 1 + random.nextInt(20);
                final boolean window = shape == VenueLimits.FIXED_WINDOW || shape == VenueLimits.ORDER_VOLUME;
                final long offset = window ? random.nextInt((int) SECOND) : 0;
                final long skew = shape == VenueLimits.FIXED_WINDOW ? random.nextInt(400_000_000) : 0;
                costs[i] = new int[] {1 + random.nextInt(3), random.nextInt(2)};
                final int l = limits.index.add(i + 1);
                assertTrue(limits.configure(l, 1, (byte) 1, shape, capacity, period, refill, 0, reserve, now));
                limits.terms(l, offset, skew, now);
                limits.cost(l, shape == VenueLimits.CONCURRENT ? VenueLimits.OPEN_ORDER : NEW, costs[i][0],
                    costs[i][1]);
                if (shape != VenueLimits.CONCURRENT) {
                    limits.cost(l, CANCEL, costs[i][0], costs[i][1]);
                }
                models[i] = new Naive(shape, capacity, reserve, period, refill, offset, skew, now);
            }
            limits.passNs(1, 0, 0, NEW, 1, now); // buckets begin full now
            for (int step = 0; step < STEPS; step++) {
                clock = move(clock, now);
                final long next = clock.nanoTime();
                final long before = now;
                assertTrue(next >= before, () -> "the clock stepped back, seed " + seed);
                now = next;
                final boolean cancel = random.nextInt(5) == 0;
                final int n = 1 + random.nextInt(3);
                final boolean all = admit(models, costs, n, cancel, now);
                final int kind = cancel ? CANCEL : NEW;
                final String at = "seed " + seed + " round " + round + " step " + step + " kind " + kind;
                final long pass = limits.tryCharge(1, 0, 0, kind, n, now);
                assertEquals(all, pass == 0, at);
                if (all) {
                    for (int i = 0; i < few; i++) {
                        if (!cancel || models[i].shape != VenueLimits.CONCURRENT) {
                            models[i].charge(cost(costs[i], models[i], n), now);
                        }
                    }
                    admitted++;
                } else {
                    refused++;
                    assertTrue(pass > now, at);
                    if (pass != VenueLimits.NEVER) {
                        assertFalse(admit(models, costs, n, cancel, pass - 1), () -> "earlier than said: " + pass
                            + " now " + before + text(models) + ' ' + at);
                        pass(random.nextBoolean() ? 0 : Math.min(pass - now, HOUR));
                    }
                }
                events(limits, models, costs, now);
            }
        }
        assertTrue(refused > 10_000 && admitted > 10_000, "both sides: " + admitted + " and " + refused);
    }

    private static boolean admit(final Naive[] models, final int[][] costs, final int n, final boolean cancel,
        final long nowNs) {
        boolean all = true;
        for (int i = 0; i < models.length; i++) {
            all &= cancel && models[i].shape == VenueLimits.CONCURRENT
                || models[i].admits(cost(costs[i], models[i], n), cancel, nowNs);
        }
        return all;
    }

    private static String text(final Naive[] models) {
        final StringBuilder text = new StringBuilder();
        for (final Naive m : models) {
            text.append("; shape ").append(m.shape).append(" capacity ").append(m.capacity).append('-')
                .append(m.reserve).append(" period ").append(m.period).append(" refill ").append(m.refill)
                .append(" offset ").append(m.offset).append(" skew ").append(m.skew).append(' ').append(m.windows)
                .append(" open ").append(m.open);
        }
        return text.toString();
    }

    private static long cost(final int[] cost, final Naive model, final int n) {
        // an open order costs by itself: one for each order of the message
        return model.shape == VenueLimits.CONCURRENT ? (long) (cost[0] + cost[1]) * n : cost[0] + (long) cost[1] * n;
    }

    /** Time passes: a little, not at all, or the host's clock is set, or the router was away. */
    private SlewedEpochClock move(final SlewedEpochClock clock, final long lastNs) {
        switch (random.nextInt(60)) {
            case 0: // an hour, as by a wrong change to summer time and back
                wallNs = Math.max(0, wallNs + (random.nextBoolean() ? HOUR : -HOUR));
                break;
            case 1: // set by anything up to days
                wallNs = Math.max(0, wallNs + (long) (random.nextGaussian() * 100) * HOUR / 10);
                break;
            case 2: // nothing was sent for years
                if (wallNs < 8_000_000_000L * SECOND) {
                    pass(random.nextInt(3) * YEAR);
                }
                break;
            case 3: // killed, and up again with a clock that is behind or ahead
                monotonicNs = random.nextLong() >> 2;
                wallNs = Math.max(0, wallNs - (long) (random.nextGaussian() * 1_000) * SECOND);
                return clock(lastNs);
            case 4:
            case 5: // two messages in one reading of the clock
                break;
            default:
                pass(random.nextInt(200_000_000));
                break;
        }
        return clock;
    }

    private void events(final VenueLimits limits, final Naive[] models, final int[][] costs, final long now) {
        for (int i = 0; i < models.length; i++) {
            final Naive model = models[i];
            final long each = costs[i][0] + costs[i][1];
            if (model.shape == VenueLimits.CONCURRENT && model.open >= each && random.nextInt(3) == 0) {
                model.open -= each;
                limits.onClosed(1, 0, 0, now);
            }
            if (model.shape == VenueLimits.ORDER_VOLUME && random.nextInt(10) == 0) {
                final long qty = random.nextInt(30_000_000);
                model.onVolume(qty, now);
                limits.onVolume(1, 0, 0, qty, now);
            }
        }
    }
}
