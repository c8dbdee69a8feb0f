package weir.fix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that only burn processor time, as much of it and with the same names' niceness as threads that were watched,
 * and touch nothing else: what they cost others is what the machine adds, whoever the busy threads belong to.
 */
final class Neighbours implements AutoCloseable {
    private static final long PERIOD_NS = 1_000_000;
    private static final String PREFIX = "as-";

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stop;

    /**
     * Starts them.
     *
     * @param shares of a processor, 0 to 1, by the name of the thread that used it
     * @param nice   names of those that run with niceness 19
     */
    Neighbours(final Map<String, Double> shares, final Set<String> nice) throws Exception {
        for (final Map.Entry<String, Double> share : shares.entrySet()) {
            final String name = PREFIX + share.getKey();
            final long burnNs = (long)(share.getValue() * PERIOD_NS);
            final Thread thread = new Thread(() -> burn(burnNs), name);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
            if (nice.contains(share.getKey())) {
                TlsStormTest.renice(name);
            }
        }
    }

    /**
     * Processor time and waiting time of threads so far, from the kernel's accounts.
     *
     * @param names of threads of this process
     * @return nanoseconds on a processor and ready without one, by name; empty where the system has no accounts
     */
    static Map<String, Spent> spent(final Set<String> names) {
        final Map<String, Spent> spent = new TreeMap<>();
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (final Path task : tasks) {
                final String name = Files.readString(task.resolve("comm")).strip();
                if (names.contains(name)) {
                    final String[] figures = Files.readString(task.resolve("schedstat")).split(" ");
                    spent.put(name, new Spent(Long.parseLong(figures[0]), Long.parseLong(figures[1])));
                }
            }
        } catch (final IOException ex) {
            return Map.of();
        }
        return spent;
    }

    /**
     * What the kernel counted.
     *
     * @param ranNs    on a processor
     * @param waitedNs ready and without one
     */
    record Spent(long ranNs, long waitedNs) {
        Spent since(final Spent before) {
            return before == null ? this : new Spent(ranNs - before.ranNs, waitedNs - before.waitedNs);
        }
    }

    /** Lets them burn for so long. */
    void burn(final int ms) {
        LockSupport.parkNanos(ms * 1_000_000L);
    }

    private void burn(final long burnNs) {
        long nextNs = System.nanoTime();
        while (!stop) {
            final long untilNs = System.nanoTime() + burnNs;
            while (System.nanoTime() - untilNs < 0) {
                Thread.onSpinWait();
            }
            nextNs += PERIOD_NS;
            LockSupport.parkNanos(nextNs - System.nanoTime());
        }
    }

    @Override
    public void close() {
        stop = true;
        for (final Thread thread : threads) {
            while (thread.isAlive()) {
                LockSupport.parkNanos(PERIOD_NS);
            }
        }
    }
}
