package weir.engine.clock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * Epoch nanoseconds that never step: they run with the monotonic clock and drift toward wall time by at most a set
 * rate. A wall clock that jumps by minutes therefore moves no window, deadline or timer by more than that rate: at the
 * default a step of 120 s is worked off in 6 h 40 min. One thread owns it; others read {@link #shared()}.
 * <p>
 * A reading costs one read of the monotonic clock; wall time is looked at once a millisecond.
 */
public final class SlewedEpochClock implements EpochNanoClock {
    /** Default of the rate: 5000 ppm = 5 ms in a second, well within the margin of venue limits. */
    public static final int SLEW_PPM_DEFAULT = 5_000;
    private static final long MILLION = 1_000_000L;
    private static final long WALL_EVERY_NS = MILLION;
    private static final long MAX_ELAPSED_NS = 1_000_000_000_000L;
    /** At the start both clocks are read so closely together, or so often. */
    private static final long CLOSE_NS = 10_000L;
    private static final int READINGS_MAX = 64;
    private static final VarHandle OFFSET;

    static {
        try {
            OFFSET = MethodHandles.lookup().findVarHandle(SlewedEpochClock.class, "offsetNs", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final EpochNanoClock wall;
    private final NanoClock monotonic;
    private final int slewPpm;
    private long lastNs;
    private long lastMonotonicNs;
    private long slewParts;
    private long wallReadNs;
    private long wallMinusMonotonicNs;
    /** This clock minus the monotonic one at the last reading; released by the owner, read by the views. */
    private volatile long offsetNs;

    /**
     * Starts at wall time, but not before a given time.
     *
     * @param wall        wall clock
     * @param monotonic   monotonic clock
     * @param notBeforeNs at least the last journaled time, epoch ns
     * @param slewPpm     most drift toward wall time, parts per million of elapsed time
     */
    public SlewedEpochClock(final EpochNanoClock wall, final NanoClock monotonic, final long notBeforeNs,
        final int slewPpm) {
        if (slewPpm < 0 || slewPpm >= MILLION) {
            throw new IllegalArgumentException("slewPpm out of range: " + slewPpm);
        }
        this.wall = wall;
        this.monotonic = monotonic;
        this.slewPpm = slewPpm;
        anchor();
        lastNs = Math.max(lastMonotonicNs + wallMinusMonotonicNs, notBeforeNs);
        OFFSET.setRelease(this, lastNs - lastMonotonicNs);
    }

    @Override
    public long nanoTime() {
        final long monotonicNs = monotonic.nanoTime();
        final long elapsedNs = Math.max(0, monotonicNs - lastMonotonicNs);
        final long straightNs = lastNs + elapsedNs;
        slewParts += Math.min(elapsedNs, MAX_ELAPSED_NS) * slewPpm;
        final long mostNs = slewParts / MILLION;
        slewParts %= MILLION;
        if (monotonicNs - wallReadNs >= WALL_EVERY_NS) {
            readWall(monotonicNs);
        }
        final long errorNs = monotonicNs + wallMinusMonotonicNs - straightNs;
        lastMonotonicNs = Math.max(lastMonotonicNs, monotonicNs);
        lastNs = straightNs + Math.max(-mostNs, Math.min(mostNs, errorNs));
        OFFSET.setRelease(this, lastNs - lastMonotonicNs);
        return lastNs;
    }

    /**
     * A thread that loses its processor between the two readings would start ahead of wall time by as long as it waits,
     * and work that off for many seconds: the closest of several pairs is taken.
     */
    private void anchor() {
        long closestNs = Long.MAX_VALUE;
        long bestNs = 0;
        long beforeNs = monotonic.nanoTime();
        for (int i = 0; i < READINGS_MAX && closestNs > CLOSE_NS; i++) {
            final long wallNs = wall.nanoTime();
            final long afterNs = monotonic.nanoTime();
            if (afterNs - beforeNs < closestNs) {
                closestNs = afterNs - beforeNs;
                bestNs = wallNs - beforeNs;
            }
            beforeNs = afterNs;
        }
        lastMonotonicNs = beforeNs;
        wallReadNs = beforeNs;
        wallMinusMonotonicNs = bestNs;
    }

    private void readWall(final long monotonicNs) {
        wallReadNs = monotonicNs;
        wallMinusMonotonicNs = wall.nanoTime() - monotonicNs;
    }

    /**
     * The same time for other threads: the monotonic clock plus the distance that the owner last published. It never
     * steps back and runs on when the owner does not read.
     *
     * @return clock for any number of threads
     */
    public EpochNanoClock shared() {
        return new SharedEpochClock(monotonic, () -> offsetNs);
    }

    /**
     * Distance to wall time at the last reading.
     *
     * @return wall minus this clock, ns
     */
    public long skewNs() {
        return wall.nanoTime() - lastNs;
    }
}
