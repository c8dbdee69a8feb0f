package weir.bench.tester;

import org.HdrHistogram.Histogram;

/**
 * What one round of the open loop measures, nanoseconds from the intended send time.
 *
 * @param oneWay    until the order arrives at the venue's socket; empty for an echo
 * @param roundTrip until the fill arrives at the desk's socket
 */
public record Latencies(Histogram oneWay, Histogram roundTrip) {
    /** Largest latency a histogram holds, ns. */
    public static final long HIGHEST_NS = 120_000_000_000L;

    /** Empty histograms, three significant digits. */
    public Latencies() {
        this(histogram(), histogram());
    }

    /**
     * An empty histogram.
     *
     * @return nanoseconds up to {@link #HIGHEST_NS}
     */
    public static Histogram histogram() {
        return new Histogram(1, HIGHEST_NS, 3);
    }
}
