package weir.venue.deribit;

import java.util.concurrent.atomic.AtomicLongArray;

/** The adapter's counters. Any thread. */
final class DeribitCounters {
    private final AtomicLongArray values = new AtomicLongArray(DeribitCounter.values().length);

    void increment(final DeribitCounter counter) {
        values.incrementAndGet(counter.ordinal());
    }

    void add(final DeribitCounter counter, final long count) {
        values.addAndGet(counter.ordinal(), count);
    }

    void set(final DeribitCounter counter, final long value) {
        values.set(counter.ordinal(), value);
    }

    void max(final DeribitCounter counter, final long value) {
        values.accumulateAndGet(counter.ordinal(), value, Math::max);
    }

    long get(final DeribitCounter counter) {
        return values.get(counter.ordinal());
    }
}
