package weir.bench.openloop;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import weir.config.load.DemoSource;
import weir.config.run.JavaProcess;

/**
 * Weir and the raw relay in turns, round by round, under the same open-loop load from the same tester. Prints
 * percentiles of each, the median of the paired ratios, and what it ran on.
 */
public final class OpenLoopBench {
    private static final long START_MS = 60_000;
    private static final double US = 1_000.0;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

    private int[] rates = {100, 500, 2_000};
    private int seconds = 20;
    private int warmup = 10;
    private int rounds = 3;
    private Path out;
    private final StringBuilder text = new StringBuilder();

    /**
     * Takes one option.
     *
     * @param name  with its dashes
     * @param value as given
     * @return false when there is no such option
     */
    public boolean option(final String name, final String value) {
        switch (name) {
            case "--rate":
                rates = Arrays.stream(value.split(",")).mapToInt(Integer::parseInt).toArray();
                return true;
            case "--seconds":
                seconds = Integer.parseInt(value);
                return true;
            case "--warmup":
                warmup = Integer.parseInt(value);
                return true;
            case "--rounds":
                rounds = Integer.parseInt(value);
                return true;
            case "--out":
                out = Path.of(value);
                return true;
            default:
                return false;
        }
    }

    /**
     * Runs all rates.
     *
     * @return true when every order of every run came back
     * @throws IOException when a contestant does not start
     */
    public boolean run() throws IOException {
        machine();
        for (final int rate : rates) {
            final Path tmpfs = Path.of("/dev/shm");
            final Path dir = Files.isWritable(tmpfs)
                ? Files.createTempDirectory(tmpfs, "weir-bench-") : Files.createTempDirectory("weir-bench-");
            try {
                rate(rate, dir);
            } finally {
                delete(dir);
            }
        }
        if (out != null) {
            Files.writeString(out, text);
        }
        return true;
    }

    private void rate(final int rate, final Path dir) throws IOException {
        final List<Histogram[]> weir = new ArrayList<>();
        final List<Histogram[]> relay = new ArrayList<>();
        final int orders = Math.max(1, rate * seconds / rounds);
        final Map<String, String> environment = DemoSource.newSecrets();
        final int deskPort = freePort();
        try (OpenLoopTester tester = new OpenLoopTester("ALPHA1", environment.get("WEIR_DEMO_ALPHA1_PASSWORD"))) {
            BenchDirectory.write(dir.resolve("config"), dir, tester.venuePort(), deskPort);
            try (JavaProcess router = JavaProcess.start("router", dir, List.of("-Xms1g", "-Xmx1g"),
                "weir.cli.WeirMain", List.of("router", "--config", dir.resolve("config").toString()), environment)) {
                router.awaitLine("READY", START_MS);
                tester.connect(() -> deskPort, START_MS);
                if (warmup > 0) {
                    tester.run(rate, rate * warmup, histogram(), histogram());
                }
                for (int round = 0; round < rounds; round++) {
                    relay.add(relayRound(rate, orders, dir));
                    final Histogram[] measured = {histogram(), histogram()};
                    tester.run(rate, orders, measured[0], measured[1]);
                    weir.add(measured);
                }
            }
        }
        print(rate, orders, relay, weir);
    }

    private static Histogram[] relayRound(final int rate, final int orders, final Path dir) throws IOException {
        try (OpenLoopTester tester = new OpenLoopTester("", "");
            JavaProcess relay = JavaProcess.start("relay", dir, List.of("-Xmx64m"), RawRelay.class.getName(),
                List.of(Integer.toString(tester.venuePort())), Map.of())) {
            final int port = Integer.parseInt(relay.awaitLine("READY", START_MS).substring("READY ".length()));
            tester.connect(() -> port, START_MS);
            tester.run(rate, Math.min(orders, rate), histogram(), histogram());
            final Histogram[] measured = {histogram(), histogram()};
            tester.run(rate, orders, measured[0], measured[1]);
            return measured;
        }
    }

    private void print(final int rate, final int orders, final List<Histogram[]> relay,
        final List<Histogram[]> weir) {
        line("");
        line(String.format("%d orders/s, %d rounds of %d orders, microseconds (open loop, from the intended send time)",
            rate, rounds, orders));
        line("                               p50       p90       p99     p99.9       max");
        final String[] names = {"desk-in to venue-out", "round trip to the fill"};
        for (int what = 0; what < names.length; what++) {
            line("  " + names[what]);
            line("    raw relay            " + row(sum(relay, what)));
            line("    weir                 " + row(sum(weir, what)));
            line("    weir / relay         " + ratios(relay, weir, what));
        }
    }

    private static String row(final Histogram histogram) {
        final StringBuilder row = new StringBuilder();
        for (final double percentile : PERCENTILES) {
            row.append(String.format(Locale.ROOT, "%10.1f", histogram.getValueAtPercentile(percentile) / US));
        }
        return row.toString();
    }

    private static String ratios(final List<Histogram[]> relay, final List<Histogram[]> weir, final int what) {
        final StringBuilder row = new StringBuilder();
        for (final double percentile : PERCENTILES) {
            final double[] paired = new double[weir.size()];
            for (int i = 0; i < paired.length; i++) {
                paired[i] = (double)weir.get(i)[what].getValueAtPercentile(percentile)
                    / Math.max(1, relay.get(i)[what].getValueAtPercentile(percentile));
            }
            Arrays.sort(paired);
            row.append(String.format(Locale.ROOT, "%9.2fx", paired[paired.length / 2]));
        }
        return row.toString();
    }

    private static Histogram sum(final List<Histogram[]> histograms, final int what) {
        final Histogram sum = histogram();
        histograms.forEach(pair -> sum.add(pair[what]));
        return sum;
    }

    private static Histogram histogram() {
        return new Histogram(1, OpenLoopTester.HIGHEST_NS, 3);
    }

    private void machine() throws IOException {
        String cpu = "unknown processor";
        final Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            cpu = Files.readAllLines(info, StandardCharsets.UTF_8).stream().filter(l -> l.startsWith("model name"))
                .map(l -> l.substring(l.indexOf(':') + 1).strip()).findFirst().orElse(cpu);
        }
        line("machine: " + Runtime.getRuntime().availableProcessors() + " x " + cpu + ", "
            + System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
        line("JDK: " + System.getProperty("java.vm.name") + ' ' + System.getProperty("java.vm.version"));
        final String rateList = String.join(",", Arrays.stream(rates).mapToObj(Integer::toString).toList());
        line("command: weir bench --rate " + rateList + " --seconds " + seconds + " --warmup " + warmup
            + " --rounds " + rounds);
        line("router: QuickFIX/J transport on both sides, one JVM, all controls on, plain TCP, files on tmpfs");
    }

    private void line(final String line) {
        System.out.println(line);
        text.append(line).append('\n');
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void delete(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
