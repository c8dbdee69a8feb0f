package weir.bench.contest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Processor time of a process and of its threads between two looks, from {@code /proc/PID/task/TID/schedstat}
 * (nanoseconds on a processor; see sched-stats of the kernel's documentation) and {@code /proc/PID/stat} (clock ticks).
 */
public final class CpuUse {
    private static final long TICK_NS = 10_000_000L; // USER_HZ is 100 on every Linux that Java runs on
    private static final int UTIME = 11;
    private static final int STIME = 12;

    private final Path process;
    private Map<String, Long> before = Map.of();
    private long processBeforeNs;

    /**
     * Looks at nothing yet.
     *
     * @param pid process
     */
    public CpuUse(final long pid) {
        process = Path.of("/proc", Long.toString(pid));
    }

    /**
     * Whether this system says what is needed.
     *
     * @return false off Linux
     */
    public static boolean available() {
        return Files.isReadable(Path.of("/proc/self/schedstat")) && Files.isReadable(Path.of("/proc/self/stat"));
    }

    /**
     * Of one thread.
     *
     * @param name  as the kernel has it, 15 characters
     * @param cpuNs on a processor between the two looks
     */
    public record ThreadUse(String name, long cpuNs) {
    }

    /**
     * What was used.
     *
     * @param processNs all threads, also those that ended
     * @param threads   those that live, the busiest first
     */
    public record Used(long processNs, List<ThreadUse> threads) {
        /** Copies the list. */
        public Used {
            threads = List.copyOf(threads);
        }
    }

    /**
     * First look.
     *
     * @throws IOException when the process is gone
     */
    public void begin() throws IOException {
        before = threads();
        processBeforeNs = processNs();
    }

    /**
     * Second look.
     *
     * @return used since {@link #begin}
     * @throws IOException when the process is gone
     */
    public Used end() throws IOException {
        final long processUsedNs = processNs() - processBeforeNs;
        return new Used(processUsedNs, threads().entrySet().stream()
            .map(e -> new ThreadUse(e.getKey().substring(e.getKey().indexOf(' ') + 1),
                e.getValue() - before.getOrDefault(e.getKey(), 0L)))
            .filter(use -> use.cpuNs() > 0).sorted(Comparator.comparingLong(ThreadUse::cpuNs).reversed()).toList());
    }

    private long processNs() throws IOException {
        final String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * TICK_NS;
    }

    private Map<String, Long> threads() throws IOException {
        final Map<String, Long> result = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (final Path task : tasks.toList()) {
                try {
                    final String name = Files.readString(task.resolve("comm"), StandardCharsets.UTF_8).strip();
                    final String time = Files.readString(task.resolve("schedstat"), StandardCharsets.ISO_8859_1);
                    result.put(task.getFileName() + " " + name, Long.parseLong(time.substring(0, time.indexOf(' '))));
                } catch (final java.nio.file.NoSuchFileException ex) {
                    result.remove(task.getFileName().toString()); // a thread that ended between the two reads
                }
            }
        }
        return result;
    }
}
