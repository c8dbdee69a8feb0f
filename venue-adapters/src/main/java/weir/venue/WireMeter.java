package weir.venue;

import java.util.ArrayDeque;
import weir.protocol.sbe.LimitShape;

/**
 * Use of one limit at the wire. A cost is outstanding from {@link #begin(long)} until {@link #settle(long, long)} names
 * the latest moment at which the venue can have counted it, which may lie ahead; from there it counts for a window, or
 * is taken from a bucket. Integer arithmetic. The lock of its owner.
 */
abstract class WireMeter {
    private static final long SECOND_NS = 1_000_000_000L;

    private long outstanding;
    private long peak;

    /**
     * A meter of a shape.
     *
     * @param capacity units
     * @param periodNs window, or time of a refill; 0 = a second
     * @param refill   units per period
     */
    static WireMeter of(final LimitShape shape, final long capacity, final long periodNs, final long refill) {
        switch (shape) {
            case CONCURRENT:
                return new AtOnce(capacity);
            case FIXED_WINDOW:
            case SLIDING_WINDOW:
                return new Window(capacity, periodNs);
            default:
                return new Bucket(capacity, periodNs == 0 ? SECOND_NS : periodNs, Math.max(1, refill));
        }
    }

    /** Units that may be spent now. */
    final long free(final long nowNs) {
        return left(nowNs) - outstanding;
    }

    final void begin(final long cost) {
        outstanding += cost;
        peak = Math.max(peak, capacity() - left() + outstanding);
    }

    final void withdraw(final long cost) {
        outstanding -= cost;
    }

    final void settle(final long cost, final long atNs) {
        outstanding -= cost;
        count(cost, atNs);
    }

    /** Most that was spent at once. */
    final long peak() {
        return peak;
    }

    abstract long capacity();

    /** As of the last {@link #left(long)}. */
    abstract long left();

    abstract long left(long nowNs);

    abstract void count(long cost, long atNs);

    /** What was held at once is given back. */
    void release(final long cost) {
        // only what is held at once comes back by itself
    }

    /** A cost and when the venue counted it at the latest. */
    private record Entry(long cost, long atNs) {
    }

    /** So much in any window of the length. */
    private static final class Window extends WireMeter {
        private final long capacity;
        private final long periodNs;
        private final ArrayDeque<Entry> entries = new ArrayDeque<>();
        private long used;

        Window(final long capacity, final long periodNs) {
            this.capacity = capacity;
            this.periodNs = periodNs;
        }

        @Override
        long capacity() {
            return capacity;
        }

        @Override
        long left() {
            return capacity - used;
        }

        @Override
        long left(final long nowNs) {
            while (!entries.isEmpty() && nowNs - entries.peekFirst().atNs >= periodNs) {
                used -= entries.removeFirst().cost;
            }
            return left();
        }

        /** Moments may come out of order by the way of a message: one behind a later one stays as long as that. */
        @Override
        void count(final long cost, final long atNs) {
            used += cost;
            entries.addLast(new Entry(cost, atNs));
        }
    }

    /** A bucket that starts full; units are kept as units times the period. */
    private static final class Bucket extends WireMeter {
        private final long capacity;
        private final long periodNs;
        private final long refill;
        private final ArrayDeque<Entry> ahead = new ArrayDeque<>();
        private long aheadCost;
        private long levelNs;
        private long atNs;
        private boolean started;

        Bucket(final long capacity, final long periodNs, final long refill) {
            this.capacity = capacity;
            this.periodNs = periodNs;
            this.refill = refill;
            levelNs = Math.multiplyExact(capacity, periodNs);
        }

        @Override
        long capacity() {
            return capacity;
        }

        @Override
        long left() {
            return Math.floorDiv(levelNs, periodNs) - aheadCost;
        }

        @Override
        long left(final long nowNs) {
            while (!ahead.isEmpty() && nowNs - ahead.peekFirst().atNs >= 0) {
                final Entry entry = ahead.removeFirst();
                fill(entry.atNs);
                levelNs -= entry.cost * periodNs;
                aheadCost -= entry.cost;
            }
            fill(nowNs);
            return left();
        }

        @Override
        void count(final long cost, final long countedNs) {
            ahead.addLast(new Entry(cost, countedNs));
            aheadCost += cost;
        }

        private void fill(final long nowNs) {
            if (!started) {
                started = true;
                atNs = nowNs;
            }
            final long elapsedNs = nowNs - atNs;
            if (elapsedNs > 0) {
                final long missing = capacity * periodNs - levelNs;
                levelNs = elapsedNs > missing / refill ? capacity * periodNs : levelNs + elapsedNs * refill;
                atNs = nowNs;
            }
        }
    }

    /** So much at once. */
    private static final class AtOnce extends WireMeter {
        private final long capacity;
        private long used;

        AtOnce(final long capacity) {
            this.capacity = capacity;
        }

        @Override
        long capacity() {
            return capacity;
        }

        @Override
        long left() {
            return capacity - used;
        }

        @Override
        long left(final long nowNs) {
            return left();
        }

        @Override
        void count(final long cost, final long atNs) {
            used += cost;
        }

        @Override
        void release(final long cost) {
            used -= cost;
        }
    }
}
