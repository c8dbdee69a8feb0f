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

    private final EpochNanoClock epochClock;
    private final boolean system;
    private long nowNs;
    private long offsetNs;
    private long comparedNs;

    AgentClock(final EpochNanoClock epochClock) {
        this.epochClock = epochClock;
        this.system = epochClock instanceof SystemEpochNanoClock;
        offsetNs = epochClock.nanoTime() - System.nanoTime();
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
        if (!system || Math.abs(System.currentTimeMillis() * 1_000_000L - offsetNs - readNs) > TOLERANCE_NS) {
            offsetNs = epochClock.nanoTime() - System.nanoTime();
        }
    }
}
