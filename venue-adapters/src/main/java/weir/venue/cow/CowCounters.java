package weir.venue.cow;

import java.util.concurrent.atomic.AtomicLongArray;

/** The adapter's counters. Any thread. */
final class CowCounters {
    private final AtomicLongArray values = new AtomicLongArray(CowCounter.values().length);

    void increment(final CowCounter counter) {
        values.incrementAndGet(counter.ordinal());
    }

    void set(final CowCounter counter, final long value) {
        values.set(counter.ordinal(), value);
    }

    void max(final CowCounter counter, final long value) {
        values.accumulateAndGet(counter.ordinal(), value, Math::max);
    }

    long get(final CowCounter counter) {
        return values.get(counter.ordinal());
    }
}
