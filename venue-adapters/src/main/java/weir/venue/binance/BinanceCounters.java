package weir.venue.binance;

import java.util.concurrent.atomic.AtomicLongArray;

/** The adapter's counters. Any thread. */
final class BinanceCounters {
    private final AtomicLongArray values = new AtomicLongArray(BinanceCounter.values().length);

    void increment(final BinanceCounter counter) {
        values.incrementAndGet(counter.ordinal());
    }

    void add(final BinanceCounter counter, final long count) {
        values.addAndGet(counter.ordinal(), count);
    }

    void set(final BinanceCounter counter, final long value) {
        values.set(counter.ordinal(), value);
    }

    void max(final BinanceCounter counter, final long value) {
        values.accumulateAndGet(counter.ordinal(), value, Math::max);
    }

    long get(final BinanceCounter counter) {
        return values.get(counter.ordinal());
    }
}
