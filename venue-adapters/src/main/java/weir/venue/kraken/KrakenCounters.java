package weir.venue.kraken;

import java.util.concurrent.atomic.AtomicLongArray;

/** The adapter's counters. Any thread. */
final class KrakenCounters {
    private final AtomicLongArray values = new AtomicLongArray(KrakenCounter.values().length);

    void increment(final KrakenCounter counter) {
        values.incrementAndGet(counter.ordinal());
    }

    void add(final KrakenCounter counter, final long count) {
        values.addAndGet(counter.ordinal(), count);
    }

    void set(final KrakenCounter counter, final long value) {
        values.set(counter.ordinal(), value);
    }

    void max(final KrakenCounter counter, final long value) {
        values.accumulateAndGet(counter.ordinal(), value, Math::max);
    }

    long get(final KrakenCounter counter) {
        return values.get(counter.ordinal());
    }
}
