package weir.fix.store;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Prepares the next window of append files on a thread of its own: fills it with zeros, so that a full disk is found
 * there and not by the writer, maps it, and touches its pages. A writer asks when it is half through its window and
 * then goes on without a system call, a page fault or an allocation. Any thread may ask.
 */
public final class AppendAhead implements AutoCloseable {
    private static final int MAX_REQUESTS = 8192;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ManyToOneConcurrentArrayQueue<AppendFile> requests = new ManyToOneConcurrentArrayQueue<>(
        MAX_REQUESTS);
    private final ErrorHandler errorHandler;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param errorHandler told when a window cannot be made; its writer tries again and is refused then
     */
    public AppendAhead(final ErrorHandler errorHandler) {
        this.errorHandler = errorHandler;
        thread = new Thread(this::run, "weir-fix-append");
        thread.setDaemon(true);
        thread.start();
    }

    /** Asks for the next window; where the queue is full the writer makes it itself. */
    void request(final AppendFile file) {
        requests.offer(file);
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            final AppendFile file = requests.poll();
            if (file == null) {
                LockSupport.parkNanos(IDLE_NS);
                continue;
            }
            try {
                file.prepareNext();
            } catch (final IOException | RuntimeException ex) {
                errorHandler.onError(ex);
            }
        }
    }
}
