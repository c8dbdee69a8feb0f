package weir.venue.coinbase;

import org.agrona.concurrent.EpochNanoClock;

/**
 * The time of a duty cycle: monotonic, and wall time as of the same moment. One clock is read per cycle; wall time is
 * compared with it once a millisecond. Agent's thread.
 */
final class AgentClock {
    private static final long COMPARE_NS = 1_000_000L;

    private final EpochNanoClock epochClock;
    private long nowNs;
    private long offsetNs;
    private long comparedNs;

    AgentClock(final EpochNanoClock epochClock) {
        this.epochClock = epochClock;
        compare(System.nanoTime());
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

    private void compare(final long readNs) {
        nowNs = readNs;
        comparedNs = readNs;
        offsetNs = epochClock.nanoTime() - readNs;
    }
}
