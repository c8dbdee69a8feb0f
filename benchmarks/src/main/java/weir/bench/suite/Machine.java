package weir.bench.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import weir.bench.contest.Jdk;

/** What a run ran on, as lines of its report. Names neither the host nor its user. */
final class Machine {
    private Machine() {
    }

    static List<String> lines(final String command) throws IOException {
        final List<String> lines = new ArrayList<>();
        lines.add("machine  " + Runtime.getRuntime().availableProcessors() + " x " + processor() + ", " + memory()
            + ", " + System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ' '
            + System.getProperty("os.arch"));
        lines.add("JDK      " + Jdk.current().name() + ", " + System.getProperty("java.vm.name"));
        lines.add("date     " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        lines.add("load     " + load());
        lines.add("command  " + command);
        return lines;
    }

    /** Load averages: what else the machine does. */
    static String load() throws IOException {
        final Path file = Path.of("/proc/loadavg");
        return Files.isReadable(file)
            ? Files.readString(file).replaceFirst("^(\\S+ \\S+ \\S+).*\\s*", "$1") + " (1, 5, 15 min) as it is written"
            : "not said by this system";
    }

    private static String processor() throws IOException {
        return field(Path.of("/proc/cpuinfo"), "model name", "unknown processor");
    }

    private static String memory() throws IOException {
        final String kib = field(Path.of("/proc/meminfo"), "MemTotal", "").replaceAll("\\D", "");
        return kib.isEmpty() ? "unknown memory" : Long.parseLong(kib) / (1 << 20) + " GiB";
    }

    /** Memory that can be had without swapping, bytes; this JVM's most where the system does not say. */
    static long availableBytes() throws IOException {
        final String kib = field(Path.of("/proc/meminfo"), "MemAvailable", "").replaceAll("\\D", "");
        return kib.isEmpty() ? Runtime.getRuntime().maxMemory() : Long.parseLong(kib) << 10;
    }

    private static String field(final Path file, final String name, final String otherwise) throws IOException {
        if (!Files.isReadable(file)) {
            return otherwise;
        }
        return Files.readAllLines(file, StandardCharsets.UTF_8).stream().filter(line -> line.startsWith(name))
            .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse(otherwise);
    }
}
