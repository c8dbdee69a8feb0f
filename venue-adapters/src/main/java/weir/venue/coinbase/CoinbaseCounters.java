package weir.venue.coinbase;

import java.util.concurrent.atomic.AtomicLongArray;

/** The adapter's counters. Any thread. */
final class CoinbaseCounters {
    private final AtomicLongArray values = new AtomicLongArray(CoinbaseCounter.values().length);

    void increment(final CoinbaseCounter counter) {
        values.incrementAndGet(counter.ordinal());
    }

    /** Increments a counter that only the agent's thread changes, which is the caller. */
    void incrementOwn(final CoinbaseCounter counter) {
        final int index = counter.ordinal();
        values.setRelease(index, values.getPlain(index) + 1);
    }

    void set(final CoinbaseCounter counter, final long value) {
        values.set(counter.ordinal(), value);
    }

    void max(final CoinbaseCounter counter, final long value) {
        // what is reached stays so
        if (values.getPlain(counter.ordinal()) < value) {
            values.accumulateAndGet(counter.ordinal(), value, Math::max);
        }
    }

    long get(final CoinbaseCounter counter) {
        return values.get(counter.ordinal());
    }
}
