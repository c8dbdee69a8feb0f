package weir.venue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * What IO threads hand to the agent, bounded. When it is full the producer waits: the socket is not read meanwhile,
 * which is the right pressure, and no report is lost. After {@link #close()} nothing waits any more.
 */
public final class EventQueue {
    private static final long PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final ManyToOneConcurrentArrayQueue<Runnable> queue;
    private volatile boolean closed;

    /**
     * Sizes the queue.
     *
     * @param capacity events held
     */
    public EventQueue(final int capacity) {
        queue = new ManyToOneConcurrentArrayQueue<>(capacity);
    }

    /**
     * Adds an event, waiting for room; any thread.
     *
     * @param event run later by the agent
     */
    public void put(final Runnable event) {
        while (!queue.offer(event) && !closed) {
            LockSupport.parkNanos(PARK_NS);
        }
    }

    /**
     * Takes the oldest event; the agent's thread.
     *
     * @return the event, null when there is none
     */
    public Runnable poll() {
        return queue.poll();
    }

    /**
     * Whether nothing waits.
     *
     * @return true when empty
     */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Producers wait no longer; what finds no room is dropped. */
    public void close() {
        closed = true;
    }
}
