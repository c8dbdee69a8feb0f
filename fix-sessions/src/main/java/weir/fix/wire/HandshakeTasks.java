package weir.fix.wire;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Hands what the handshake of one connection computes to where it may run, and tells when it is done. Of many
 * handshakes at once that of the oldest connection goes first: were all brought forward in turn, all would be late
 * together. Owned by the transport's thread; what it hands over runs on another.
 */
final class HandshakeTasks implements Executor {
    private final Executor executor;
    private final Consumer<FixConnection> onComputed;
    private final long number;
    private FixConnection connection;

    /**
     * @param executor   runs tasks, by their order where it has one
     * @param onComputed told after each task, on its thread
     * @param number     of the connection, rising
     */
    HandshakeTasks(final Executor executor, final Consumer<FixConnection> onComputed, final long number) {
        this.executor = executor;
        this.onComputed = onComputed;
        this.number = number;
    }

    void of(final FixConnection made) {
        connection = made;
    }

    @Override
    public void execute(final Runnable task) {
        executor.execute(new Task(task));
    }

    /** One task, comparable by the age of its connection. */
    private final class Task implements Runnable, Comparable<Task> {
        private final Runnable task;

        Task(final Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run();
            } finally {
                onComputed.accept(connection);
            }
        }

        @Override
        public int compareTo(final Task other) {
            return Long.compare(number(), other.number());
        }

        private long number() {
            return number;
        }
    }
}
