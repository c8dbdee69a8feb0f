package weir.bench.tester;

import org.HdrHistogram.Histogram;

/**
 * The noise of the machine between the rounds of a run: what it takes from a thread that only reads the clock, and how
 * long a piece of work takes that needs neither memory nor calls, which a processor whose other half somebody else uses
 * does slower, without a gap.
 */
public final class Spinner {
    private static final int STEPS = 4_000;
    private static final int COMPILED_AFTER = 2_000;

    private final Histogram hiccups = Latencies.histogram();
    private final Histogram pieces = Latencies.histogram();
    private long done;
    /** What all the work came to, of no meaning: so that none of it is left out. */
    private volatile long sum;

    /**
     * Spins on the calling thread, and works half as long.
     *
     * @param ms how long it spins
     */
    public void spin(final long ms) {
        final long endNs = System.nanoTime() + ms * 1_000_000L;
        long last = System.nanoTime();
        while (last - endNs < 0) {
            final long now = System.nanoTime();
            hiccups.recordValue(Math.max(1, Math.min(Latencies.HIGHEST_NS, now - last)));
            last = now;
        }
        final long workedNs = System.nanoTime() + ms * 500_000L;
        for (long begun = last; begun - workedNs < 0; done++) {
            sum += piece(begun);
            final long now = System.nanoTime();
            if (done >= COMPILED_AFTER) {
                pieces.recordValue(Math.max(1, Math.min(Latencies.HIGHEST_NS, now - begun)));
            }
            begun = now;
        }
    }

    /** Four sums that wait for each other, some microseconds. */
    private static long piece(final long seed) {
        long a = seed;
        long b = 1;
        long c = 2;
        long d = 3;
        for (int i = 0; i < STEPS; i++) {
            a += b ^ i;
            b += c ^ i;
            c += d ^ i;
            d += a ^ i;
        }
        return a + b + c + d;
    }

    /**
     * From one reading of the clock to the next.
     *
     * @return all so far, ns
     */
    public Histogram hiccups() {
        return hiccups;
    }

    /**
     * Pieces of work, always the same.
     *
     * @return all so far, ns; its ratios tell
     */
    public Histogram pieces() {
        return pieces;
    }
}
