package weir.config.driver;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * How the one thread of a driver waits: it sleeps a pause, or until publishers have told that much was published since
 * its last turn, which moves their limits. One thread idles; any other sets and tells.
 */
final class DriverPause implements IdleStrategy {
    private static final long NS_PER_MS = 1_000_000L;

    private final long leastNs;
    private volatile long pauseNs;
    private volatile long sleptSinceNs = System.nanoTime();
    private volatile Thread thread;

    /**
     * A pause as long as the least.
     *
     * @param leastMs between two turns, whatever is told
     */
    DriverPause(final int leastMs) {
        leastNs = leastMs * NS_PER_MS;
        pauseNs = leastNs;
    }

    /** Sets how long it sleeps at most from its next turn on, milliseconds. */
    void set(final int pauseMs) {
        pauseNs = Math.max(leastNs, pauseMs * NS_PER_MS);
    }

    /** Ends the pause; false where it has hardly begun. */
    boolean end() {
        final Thread sleeper = thread;
        if (sleeper == null || System.nanoTime() - sleptSinceNs < leastNs) {
            return false;
        }
        LockSupport.unpark(sleeper);
        return true;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        sleptSinceNs = System.nanoTime();
        LockSupport.parkNanos(pauseNs);
    }

    @Override
    public void reset() {
        // Each pause is a whole one.
    }
}
