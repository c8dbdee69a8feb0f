package weir.venue.coinbase;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * What IO threads hand to the agent, bounded. When it is full the producer waits: the socket is not read meanwhile,
 * which is the right pressure, and no report is lost. After {@link #close()} nothing waits any more.
 */
final class EventQueue {
    private static final long PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final ManyToOneConcurrentArrayQueue<Runnable> queue;
    private volatile boolean closed;

    EventQueue(final int capacity) {
        queue = new ManyToOneConcurrentArrayQueue<>(capacity);
    }

    void put(final Runnable event) {
        while (!queue.offer(event) && !closed) {
            LockSupport.parkNanos(PARK_NS);
        }
    }

    Runnable poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void close() {
        closed = true;
    }
}
