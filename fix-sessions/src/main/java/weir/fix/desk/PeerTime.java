package weir.fix.desk;

import org.agrona.concurrent.EpochNanoClock;

/**
 * Judges the timestamp of a peer. Our two clocks differ after a step of wall time: the epoch clock still shows what was
 * before, wall time what is now, and which of them is right is not known. A peer whose time is near either is believed,
 * so that neither a right step nor a wrong one locks every desk out. A wall clock further than {@link #STEP_MAX_NS}
 * from the epoch clock has no say: that bounds for how long a signature must be remembered. Any thread.
 */
public final class PeerTime {
    /** Farthest that wall time may be from the epoch clock and still be asked. */
    public static final long STEP_MAX_NS = 600_000_000_000L;

    private final EpochNanoClock clock;
    private final EpochNanoClock wall;

    /**
     * Of two clocks.
     *
     * @param clock never steps
     * @param wall  as the host has it
     */
    public PeerTime(final EpochNanoClock clock, final EpochNanoClock wall) {
        this.clock = clock;
        this.wall = wall;
    }

    /**
     * Asks for a timestamp.
     *
     * @param peerNs      of the peer, epoch ns
     * @param toleranceNs most distance
     * @return true when it is near one of our clocks
     */
    public boolean isNear(final long peerNs, final long toleranceNs) {
        return isNear(peerNs, toleranceNs, clock.nanoTime());
    }

    /**
     * Asks for a timestamp.
     *
     * @param peerNs      of the peer, epoch ns
     * @param toleranceNs most distance
     * @param nowNs       of the clock that never steps
     * @return true when it is near one of our clocks
     */
    public boolean isNear(final long peerNs, final long toleranceNs, final long nowNs) {
        if (Math.abs(nowNs - peerNs) <= toleranceNs) {
            return true;
        }
        final long wallNs = wall.nanoTime();
        return Math.abs(wallNs - nowNs) <= STEP_MAX_NS && Math.abs(wallNs - peerNs) <= toleranceNs;
    }

    /**
     * Wall time, for what we stamp for a peer.
     *
     * @return epoch ns
     */
    public long wallNs() {
        return wall.nanoTime();
    }
}
