package weir.fix.desk;

import org.agrona.concurrent.EpochNanoClock;

/**
 * The host's wall time without an object per reading (an Instant is one): its milliseconds as the host has them, steps
 * included, and what is below by the monotonic clock. Any thread; a race costs less than a millisecond.
 */
public final class WallClock implements EpochNanoClock {
    private static final long NS_PER_MS = 1_000_000L;

    private volatile long offsetNs;

    /** Reads the host's clock from now on. */
    public WallClock() {
        offsetNs = System.currentTimeMillis() * NS_PER_MS - System.nanoTime();
    }

    @Override
    public long nanoTime() {
        final long elapsedNs = System.nanoTime();
        final long nowNs = elapsedNs + offsetNs;
        final long floorNs = System.currentTimeMillis() * NS_PER_MS;
        if (nowNs >= floorNs && nowNs < floorNs + NS_PER_MS) {
            return nowNs;
        }
        final long correctedNs = nowNs < floorNs ? floorNs : floorNs + NS_PER_MS - 1;
        final long errorNs = nowNs - correctedNs;
        // Far off is a step of the host's clock: what is below a millisecond begins anew.
        final long resultNs = Math.abs(errorNs) > NS_PER_MS ? floorNs : correctedNs;
        offsetNs = resultNs - elapsedNs;
        return resultNs;
    }
}
