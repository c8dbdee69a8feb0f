package weir.fix.desk;

import org.agrona.concurrent.EpochNanoClock;

/**
 * The clocks of one duty cycle, each read at most once in it and only when it is asked for. Owned by the thread of the
 * cycle.
 */
public final class CycleTime {
    private static final long UNREAD = Long.MIN_VALUE;

    private final EpochNanoClock clock;
    private final EpochNanoClock wall;
    private long elapsedNs = System.nanoTime();
    private long epochNs = UNREAD;
    private long wallNs = UNREAD;

    /**
     * @param clock never steps
     * @param wall  as the host has it
     */
    public CycleTime(final EpochNanoClock clock, final EpochNanoClock wall) {
        this.clock = clock;
        this.wall = wall;
    }

    /**
     * A cycle begins.
     *
     * @param nanoTime System.nanoTime
     */
    public void begin(final long nanoTime) {
        elapsedNs = nanoTime;
        epochNs = UNREAD;
        wallNs = UNREAD;
    }

    /**
     * For intervals.
     *
     * @return System.nanoTime of the cycle
     */
    public long elapsedNs() {
        return elapsedNs;
    }

    /**
     * For what is journaled.
     *
     * @return epoch nanoseconds, never stepping back
     */
    public long epochNs() {
        if (epochNs == UNREAD) {
            epochNs = clock.nanoTime();
        }
        return epochNs;
    }

    /**
     * For what is stamped for a peer.
     *
     * @return epoch nanoseconds
     */
    public long wallNs() {
        if (wallNs == UNREAD) {
            wallNs = wall.nanoTime();
        }
        return wallNs;
    }
}
