package weir.sim.desk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Ordered log of what a desk received. Thread-safe: the session thread appends, any thread reads and waits. It grows
 * for the life of the client; a load run of a million orders needs a heap to match.
 */
public final class ReportLog {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<DeskReport> reports = new ArrayList<>();
    private final Set<String> execIds = new HashSet<>();

    /** Appends one message and wakes the waiters. The duplicate flag is set from ExecID(17) of ExecutionReports. */
    DeskReport append(final long epochNs, final long nanoTime, final String msgType, final int msgSeqNum,
                      final Map<Integer, String> fields, final String raw) {
        lock.lock();
        try {
            final String execId = "8".equals(msgType) ? fields.get(17) : null;
            final boolean duplicate = execId != null && !"0".equals(execId) && !execIds.add(execId);
            final DeskReport report = new DeskReport(reports.size(), epochNs, nanoTime, msgType, msgSeqNum,
                "Y".equals(fields.get(43)), "Y".equals(fields.get(97)), duplicate, fields, raw);
            reports.add(report);
            return report;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes every waiter, so that it looks again. */
    void signal() {
        lock.lock();
        try {
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @return number of messages received */
    public int size() {
        lock.lock();
        try {
            return reports.size();
        } finally {
            lock.unlock();
        }
    }

    /** @return a copy of everything received, in order of arrival */
    public List<DeskReport> all() {
        lock.lock();
        try {
            return new ArrayList<>(reports);
        } finally {
            lock.unlock();
        }
    }

    /** @return a copy of what matches, in order of arrival */
    public List<DeskReport> matching(final Predicate<DeskReport> predicate) {
        final List<DeskReport> all = all();
        all.removeIf(predicate.negate());
        return all;
    }

    /**
     * Waits for the first message at or after a position that matches.
     *
     * @param fromIndex first index looked at
     * @param dump      state dump for the exception
     * @return the message
     * @throws DeskTimeoutException when none came in time
     */
    DeskReport await(final int fromIndex, final Predicate<DeskReport> predicate, final Duration timeout,
                     final Supplier<String> dump) {
        final DeskReport[] found = new DeskReport[1];
        final int[] next = {fromIndex};
        awaitThat(() -> {
            for (; next[0] < reports.size(); next[0]++) {
                if (predicate.test(reports.get(next[0]))) {
                    found[0] = reports.get(next[0]);
                    return true;
                }
            }
            return false;
        }, "a matching message from index " + fromIndex, timeout, dump);
        return found[0];
    }

    /** Waits until a condition holds; it is looked at after each arrival and at least every 20 ms. */
    void awaitThat(final BooleanSupplier condition, final String what, final Duration timeout,
                   final Supplier<String> dump) {
        final long deadlineNs = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                final long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    throw new DeskTimeoutException(
                        "waited " + timeout.toMillis() + " ms for " + what + "\n" + dump.get());
                }
                final boolean woken = grown.await(Math.min(leftNs, 20_000_000L), TimeUnit.NANOSECONDS);
                assert woken || leftNs > 0;
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeskTimeoutException("interrupted while waiting for " + what + "\n" + dump.get());
        } finally {
            lock.unlock();
        }
    }
}
