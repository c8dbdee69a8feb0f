package weir.venue.coinbase;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * The time of a duty cycle: monotonic, and wall time as of the same moment. One clock is read per cycle; once a
 * millisecond it is looked whether wall time was stepped, and only then is the epoch clock read again. Agent's thread.
 */
final class AgentClock implements EpochNanoClock {
    private static final long COMPARE_NS = 1_000_000L;
    /** The millisecond that the coarse clock cuts off, and one more. */
    private static final long TOLERANCE_NS = 2_000_000L;
    private static final long CLOSE_NS = 10_000L;
    private static final int TRIES = 5;

    private final EpochNanoClock epochClock;
    private final boolean system;
    private long nowNs;
    private long offsetNs;
    private long comparedNs;

    AgentClock(final EpochNanoClock epochClock) {
        this.epochClock = epochClock;
        this.system = epochClock instanceof SystemEpochNanoClock;
        sample();
        update();
    }

    /** Reads the clock; monotonic. */
    long update() {
        final long readNs = System.nanoTime();
        if (readNs - comparedNs >= COMPARE_NS) {
            compare(readNs);
        }
        nowNs = readNs;
        return readNs;
    }

    /** As of the last {@link #update()}; monotonic. */
    long nowNs() {
        return nowNs;
    }

    /** As of the last {@link #update()}; wall time. */
    long epochNs() {
        return nowNs + offsetNs;
    }

    /** {@link #epochNs()}, for those who take a clock. */
    @Override
    public long nanoTime() {
        return epochNs();
    }

    private void compare(final long readNs) {
        comparedNs = readNs;
        if (!system) {
            offsetNs = epochClock.nanoTime() - readNs;
            return;
        }
        final long wallNs = System.currentTimeMillis() * 1_000_000L - offsetNs;
        // a pause between the two readings is no step
        if (wallNs < readNs - TOLERANCE_NS || wallNs > System.nanoTime() + TOLERANCE_NS) {
            sample();
        }
    }

    /** The epoch clock between two readings of ours that are close to each other, where a few tries suffice. */
    private void sample() {
        long closestNs = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && closestNs > CLOSE_NS; i++) {
            final long beforeNs = System.nanoTime();
            final long epochNs = epochClock.nanoTime();
            final long betweenNs = System.nanoTime() - beforeNs;
            if (betweenNs < closestNs) {
                closestNs = betweenNs;
                offsetNs = epochNs - beforeNs - betweenNs / 2;
            }
        }
    }
}
