package weir.bench.tester;

import org.HdrHistogram.Histogram;

/** The noise of the machine: what it does to a thread that only reads the clock, between the rounds of a run. */
public final class Spinner {
    private final Histogram hiccups = Latencies.histogram();

    /**
     * Spins on the calling thread.
     *
     * @param ms how long
     */
    public void spin(final long ms) {
        final long endNs = System.nanoTime() + ms * 1_000_000L;
        long last = System.nanoTime();
        while (last - endNs < 0) {
            final long now = System.nanoTime();
            hiccups.recordValue(Math.max(1, Math.min(Latencies.HIGHEST_NS, now - last)));
            last = now;
        }
    }

    /**
     * From one reading of the clock to the next.
     *
     * @return all so far, ns
     */
    public Histogram hiccups() {
        return hiccups;
    }
}
