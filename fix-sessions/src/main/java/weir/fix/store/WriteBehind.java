package weir.fix.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to append files what is in their tails, on a thread of its own, which sleeps until a turn has come: by its
 * pace a file has one when a quarter of its tail is used, 5 ms to a second after the last; one that was quiet within
 * some 60 ms of its first append; and one whose tail is half full at once. So a thousand desks that seldom send cost
 * few writes. A file that cannot be written, as on a full disk, is told of once and tried again; its writer is refused
 * when the tail is full. Any thread may tell it of a file.
 */
public final class WriteBehind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);
    private static final int MAX_FILES = 8192;
    private static final long ROUND_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int ROUNDS_MAX = 200;
    private static final int SLEEP_ROUNDS = 12;
    /** Turns as far apart or further, but for the longest, come when other helpers wake: at multiples of 20 ms. */
    private static final int STEP_ROUNDS = 4;
    private static final int FAILED = -1;

    private final ManyToOneConcurrentArrayQueue<AppendFile> told = new ManyToOneConcurrentArrayQueue<>(MAX_FILES);
    private final ManyToOneConcurrentArrayQueue<AppendFile> hurried = new ManyToOneConcurrentArrayQueue<>(MAX_FILES);
    /** Whose turn is in a round, by its number; in vain where the file says another one meanwhile. */
    private final List<List<AppendFile>> turns = new ArrayList<>();
    private final Set<AppendFile> failing = new HashSet<>();
    private final ErrorHandler errorHandler;
    private final int rounds;
    private final Thread thread;
    private long round;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param errorHandler told when a file cannot be written, once until all can be again
     */
    public WriteBehind(final ErrorHandler errorHandler) {
        this(errorHandler, ROUNDS_MAX);
    }

    /**
     * Starts the thread.
     *
     * @param errorHandler see the other
     * @param rounds       of 5 ms, between two turns of a file that gets little
     */
    WriteBehind(final ErrorHandler errorHandler, final int rounds) {
        this.errorHandler = errorHandler;
        this.rounds = rounds;
        for (int i = 0; i <= rounds; i++) {
            turns.add(new ArrayList<>());
        }
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

    /** A listed one's tail is half full. */
    void hurry(final AppendFile file) {
        hurried.offer(file); // its turn comes all the same
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
        final long nowNs = System.nanoTime();
        final long startNs = nowNs - Math.floorMod(nowNs, STEP_ROUNDS * ROUND_NS);
        while (!closed) {
            for (final long now = (System.nanoTime() - startNs) / ROUND_NS; round < now; ) {
                round();
            }
            // After the rounds that it slept through: a turn in the next one is 5 ms away, by which a pace is told.
            for (AppendFile file = told.poll(); file != null; file = told.poll()) {
                turn(file, 1);
            }
            hurried.drain(this::serveNow);
            LockSupport.parkNanos(startNs + (round + empty() + 1) * ROUND_NS - System.nanoTime());
        }
    }

    /** Rounds after this one in which nobody has a turn, as far as it sleeps. */
    private int empty() {
        final int most = SLEEP_ROUNDS - (int)(round % STEP_ROUNDS) - 1;
        int empty = 0;
        while (empty < most && turnsOf(round + 1 + empty).isEmpty()) {
            empty++;
        }
        return empty;
    }

    private void round() {
        round++;
        final List<AppendFile> due = turnsOf(round);
        while (!due.isEmpty()) {
            final AppendFile file = due.remove(due.size() - 1);
            if (file.turn == round) {
                serve(file);
            }
        }
    }

    private void serve(final AppendFile file) {
        final long written = flush(file);
        if (written == FAILED) {
            turn(file, 1);
        } else if (!file.isListed()) {
            file.turn = 0;
        } else if (written > 0) {
            turn(file, (int)Math.max(1, Math.min(rounds, file.pause * (file.room() / 4L) / written)));
        } else if (file.pause < rounds) {
            turn(file, Math.min(rounds, 2 * file.pause));
        } else {
            file.unlist();
            turn(file, 1); // once more: its writer may not have seen that in time
        }
    }

    private void serveNow(final AppendFile file) {
        flush(file);
        if (file.turn > round + 1) {
            turn(file, 1); // its pace is another now
        }
    }

    private void turn(final AppendFile file, final int pause) {
        final boolean inStep = STEP_ROUNDS <= pause && pause < rounds;
        file.pause = inStep ? pause - (int)((round + pause) % STEP_ROUNDS) : pause;
        file.turn = round + file.pause;
        turnsOf(file.turn).add(file);
    }

    private List<AppendFile> turnsOf(final long number) {
        return turns.get((int)(number % turns.size()));
    }

    /** Returns the bytes that were there, or that it failed. */
    private long flush(final AppendFile file) {
        try {
            final long bytes = file.flush();
            if (!failing.isEmpty()) {
                failing.remove(file);
            }
            return bytes;
        } catch (final IOException | RuntimeException | Error ex) {
            if (failing.add(file) && failing.size() == 1) {
                tell(ex);
            }
            return FAILED;
        }
    }

    private void tell(final Throwable failure) {
        try {
            errorHandler.onError(failure);
        } catch (final RuntimeException ex) {
            LOG.error("files are written behind all the same", ex);
        }
    }
}
