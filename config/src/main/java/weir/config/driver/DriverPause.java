package weir.config.driver;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * How the one thread of a driver waits: it sleeps for the least pause, or in step with others until publishers have
 * told that much was published since its last turn, which moves their limits. One thread idles, one tells, any sets.
 */
final class DriverPause implements IdleStrategy {
    private static final long NS_PER_MS = 1_000_000L;
    private static final long STEP_NS = InStep.STEP_MS * NS_PER_MS;

    private final long leastNs;
    private final long muchBytes;
    private volatile boolean inStep;
    private volatile boolean isAsleep;
    private volatile long turns;
    private volatile long sleptSinceNs = System.nanoTime();
    private volatile Thread thread;
    /** Of who tells: a turn of the driver that it saw, and where it had published up to then. */
    private long turnSeen;
    private long publishedThen;

    /**
     * Pauses that are the least.
     *
     * @param leastMs   of a pause, whatever is told
     * @param muchBytes published since the last turn
     */
    DriverPause(final int leastMs, final long muchBytes) {
        leastNs = leastMs * NS_PER_MS;
        this.muchBytes = muchBytes;
    }

    /** Whether it sleeps from its next turn on until the others do their work, {@link InStep}, or for the least. */
    void inStep(final boolean value) {
        inStep = value;
    }

    /**
     * Tells how much was published. Much since the driver's last turn ends its pause, unless that has hardly begun.
     *
     * @param position bytes in all
     * @return whether it was ended
     */
    boolean published(final long position) {
        final long turn = turns;
        if (turn != turnSeen) {
            turnSeen = turn;
            publishedThen = position;
        }
        if (position - publishedThen < muchBytes || !isAsleep || System.nanoTime() - sleptSinceNs < leastNs) {
            return false;
        }
        publishedThen = position;
        LockSupport.unpark(thread);
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
        final long nowNs = System.nanoTime();
        sleptSinceNs = nowNs;
        turns++;
        isAsleep = true;
        LockSupport.parkNanos(inStep ? InStep.shortened(STEP_NS, nowNs) : leastNs);
        isAsleep = false;
    }

    @Override
    public void reset() {
        // Each pause is a whole one.
    }
}
