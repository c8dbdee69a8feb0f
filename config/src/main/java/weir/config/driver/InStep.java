package weir.config.driver;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * Sleeps after a round without work, each time twice as long up to a limit, and wakes with all others that sleep so:
 * pauses end at multiples of 20 ms of {@link System#nanoTime()}, at which the writer of FIX files has most of its
 * turns, too. Where the threads of orders spin on every processor there is, each helper's wake takes a turn from one of
 * them; an order is met by one at most when they come together. One thread.
 */
public final class InStep implements IdleStrategy {
    /** Between two wakes. */
    public static final int STEP_MS = 20;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(STEP_MS);

    private final long minNs;
    private final long maxNs;
    private long pauseNs;

    /**
     * Pauses that grow.
     *
     * @param minMs the first after work, or up to a step less
     * @param maxMs the longest, or up to a step less
     */
    public InStep(final int minMs, final int maxMs) {
        minNs = TimeUnit.MILLISECONDS.toNanos(minMs);
        maxNs = TimeUnit.MILLISECONDS.toNanos(maxMs);
        pauseNs = minNs;
    }

    /**
     * A pause that ends with others', no later than asked.
     *
     * @param pauseNs asked for, nanoseconds; one that spans no end of others' is left as it is
     * @param nowNs   by {@link System#nanoTime()}
     * @return nanoseconds
     */
    public static long shortened(final long pauseNs, final long nowNs) {
        final long over = Math.floorMod(nowNs + pauseNs, STEP_NS);
        return over < pauseNs ? pauseNs - over : pauseNs;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        LockSupport.parkNanos(shortened(pauseNs, System.nanoTime()));
        pauseNs = Math.min(maxNs, 2 * pauseNs);
    }

    @Override
    public void reset() {
        pauseNs = minNs;
    }
}
