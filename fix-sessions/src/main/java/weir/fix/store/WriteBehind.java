package weir.fix.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to append files what is in their tails, every 5 ms, on a thread of its own; sooner when one is half full. A
 * file that cannot be written, as on a full disk, is told of once and tried again; its writer is refused when the tail
 * is full. Any thread may tell it of a file.
 */
public final class WriteBehind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);
    private static final int MAX_FILES = 8192;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ManyToOneConcurrentArrayQueue<AppendFile> told = new ManyToOneConcurrentArrayQueue<>(MAX_FILES);
    private final List<AppendFile> busy = new ArrayList<>();
    private final List<AppendFile> quiet = new ArrayList<>();
    private final ErrorHandler errorHandler;
    private final Thread thread;
    private boolean isFailing;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param errorHandler told when a file cannot be written, once until all can be again
     */
    public WriteBehind(final ErrorHandler errorHandler) {
        this.errorHandler = errorHandler;
        thread = new Thread(this::run, "weir-fix-append");
        thread.setDaemon(true);
        thread.start();
    }

    /** Has something in its tail since now. */
    void list(final AppendFile file) {
        if (!told.offer(file)) {
            file.unlist();
        }
    }

    /** A tail is half full. */
    void hurry() {
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
            try {
                round();
            } catch (final RuntimeException ex) { // of the error handler
                LOG.error("files are written behind all the same", ex);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void round() {
        boolean failed = false;
        // A file whose writer did not see in time that it is not listed any more has its turn once more.
        while (!quiet.isEmpty()) {
            final AppendFile file = quiet.remove(quiet.size() - 1);
            if (flush(file) < 0) {
                failed = true;
                busy.add(file);
            }
        }
        for (AppendFile file = told.poll(); file != null; file = told.poll()) {
            busy.add(file);
        }
        for (int i = busy.size() - 1; i >= 0; i--) {
            final int written = flush(busy.get(i));
            failed |= written < 0;
            if (written == 0) {
                final AppendFile file = busy.remove(i);
                file.unlist();
                quiet.add(file);
            }
        }
        isFailing = failed;
    }

    /** 1 = written, 0 = nothing was there, -1 = failed. */
    private int flush(final AppendFile file) {
        try {
            return file.flush() ? 1 : 0;
        } catch (final IOException | RuntimeException | Error ex) {
            if (!isFailing) {
                isFailing = true;
                errorHandler.onError(ex);
            }
            return -1;
        }
    }
}
