package weir.venue.coinbase;

import java.util.concurrent.atomic.AtomicLongArray;

/** The adapter's counters. Any thread. */
final class CoinbaseCounters {
    private final AtomicLongArray values = new AtomicLongArray(CoinbaseCounter.values().length);

    void increment(final CoinbaseCounter counter) {
        values.incrementAndGet(counter.ordinal());
    }

    void set(final CoinbaseCounter counter, final long value) {
        values.set(counter.ordinal(), value);
    }

    void max(final CoinbaseCounter counter, final long value) {
        values.accumulateAndGet(counter.ordinal(), value, Math::max);
    }

    long get(final CoinbaseCounter counter) {
        return values.get(counter.ordinal());
    }
}
