package weir.venue.intx;

import java.util.concurrent.atomic.AtomicLongArray;

/** The adapter's counters. Any thread. */
final class IntxCounters {
    private final AtomicLongArray values = new AtomicLongArray(IntxCounter.values().length);

    void increment(final IntxCounter counter) {
        values.incrementAndGet(counter.ordinal());
    }

    void add(final IntxCounter counter, final long count) {
        values.addAndGet(counter.ordinal(), count);
    }

    void set(final IntxCounter counter, final long value) {
        values.set(counter.ordinal(), value);
    }

    void max(final IntxCounter counter, final long value) {
        values.accumulateAndGet(counter.ordinal(), value, Math::max);
    }

    long get(final IntxCounter counter) {
        return values.get(counter.ordinal());
    }
}
