package weir.venue;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/** The machine's clock and what a test adds to it; any thread. */
public final class SkewedClock implements EpochNanoClock {
    private final EpochNanoClock machine = new SystemEpochNanoClock();
    private volatile long offsetNs;

    /** Puts it ahead by so much. */
    public void ahead(final long offsetMs) {
        offsetNs = offsetMs * 1_000_000L;
    }

    @Override
    public long nanoTime() {
        return machine.nanoTime() + offsetNs;
    }
}
