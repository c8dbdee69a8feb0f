package weir.venue.market;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts of market data. Written by the agent, read by any thread. */
public final class MarketCounters {
    private final AtomicLongArray counts = new AtomicLongArray(MarketCounter.values().length);

    /**
     * Adds one.
     *
     * @param counter what happened
     */
    public void increment(final MarketCounter counter) {
        counts.incrementAndGet(counter.ordinal());
    }

    /**
     * Reads one.
     *
     * @param counter which
     * @return how often so far
     */
    public long get(final MarketCounter counter) {
        return counts.get(counter.ordinal());
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (final MarketCounter counter : MarketCounter.values()) {
            text.append(text.isEmpty() ? "" : " ").append(counter).append('=').append(get(counter));
        }
        return text.toString();
    }
}
