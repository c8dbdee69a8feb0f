package weir.bench.entry;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import weir.bench.figures.Figures;

/**
 * Client to venue outbox over Aeron IPC, against a bare Aeron IPC round trip: one message at a time, in turns, round by
 * round. In both the caller busy-spins on one thread and the other side on another; for Weir the other side is gateway
 * and engine as one composite agent, the demo's controls on, each order journaled to the ring before it leaves. The
 * caller is client and venue at once, so that one clock sees both ends. The ratio is the median of the paired rounds.
 */
public final class EntryBench {
    private static final long HIGHEST_NS = 1_000_000_000L;
    private static final double US = 1_000.0;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final int WARM_UP = 20_000;

    private int rounds = 7;
    private int orders = 5_000;
    private long mostNs = 20_000_000_000L;

    /**
     * Takes one option.
     *
     * @param name  with its dashes
     * @param value as given
     * @return false when there is no such option
     */
    public boolean option(final String name, final String value) {
        switch (name) {
            case "--rounds":
                rounds = Integer.parseInt(value);
                return true;
            case "--orders":
                orders = Integer.parseInt(value);
                return true;
            case "--most-ms": // a turn ends then, on a machine too busy for two threads that spin
                mostNs = Long.parseLong(value) * 1_000_000L;
                return true;
            default:
                return false;
        }
    }

    /**
     * What the rounds gave, one message at a time.
     *
     * @param bare bare Aeron round trips, by round
     * @param weir client to venue outbox, by round
     * @param idle an idle spinner between the rounds
     */
    public record Result(List<Histogram> bare, List<Histogram> weir, Histogram idle) {
        /** Copies the lists. */
        public Result {
            bare = List.copyOf(bare);
            weir = List.copyOf(weir);
        }
    }

    /**
     * Runs and prints.
     *
     * @throws IOException when files cannot be made
     */
    public void run() throws IOException {
        System.out.println("JDK: " + System.getProperty("java.vm.name") + ' '
            + System.getProperty("java.vm.version") + ", " + Runtime.getRuntime().availableProcessors()
            + " processors");
        System.out.println("command: weir bench --entry --rounds " + rounds + " --orders " + orders);
        final Result result = measure();
        System.out.println("microseconds              p50       p90       p99     p99.9");
        System.out.println("  bare Aeron round trip " + row(result.bare()));
        System.out.println("  client to venue outbox" + row(result.weir()));
        System.out.println("  ratio (median of rounds)" + ratios(result));
        System.out.println("  idle spinner          " + row(List.of(result.idle())));
    }

    /**
     * Runs.
     *
     * @return what the rounds gave
     * @throws IOException when files cannot be made
     */
    public Result measure() throws IOException {
        final Path tmpfs = Path.of("/dev/shm");
        final Path directory = Files.isWritable(tmpfs)
            ? Files.createTempDirectory(tmpfs, "weir-bench-") : Files.createTempDirectory("weir-bench-");
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName())
                .idleStrategy(new SleepingMillisIdleStrategy(1)))) {
            return compare(aeron, driver.aeronDirectoryName(), directory);
        } finally {
            delete(directory);
        }
    }

    private Result compare(final Aeron aeron, final String aeronDirectory, final Path directory) throws IOException {
        final Histogram[] bare = new Histogram[rounds];
        final Histogram[] weir = new Histogram[rounds];
        final Histogram hiccups = new Histogram(1, HIGHEST_NS, 3);
        try (BareRoundTrip echo = new BareRoundTrip(aeron);
            EntryPath entry = new EntryPath(aeron, aeronDirectory, directory, rounds * orders + WARM_UP)) {
            echo.run(WARM_UP, 2 * mostNs, new Histogram(1, HIGHEST_NS, 3));
            entry.run(WARM_UP, 2 * mostNs, new Histogram(1, HIGHEST_NS, 3));
            for (int i = 0; i < rounds; i++) {
                bare[i] = new Histogram(1, HIGHEST_NS, 3);
                weir[i] = new Histogram(1, HIGHEST_NS, 3);
                echo.run(orders, mostNs, bare[i]);
                entry.run(orders, mostNs, weir[i]);
                spin(hiccups);
            }
        }
        return new Result(List.of(bare), List.of(weir), hiccups);
    }

    /** What the machine does to a thread that only reads the clock. */
    private static void spin(final Histogram hiccups) {
        final long endNs = System.nanoTime() + 200_000_000L;
        long last = System.nanoTime();
        while (last - endNs < 0) {
            final long now = System.nanoTime();
            hiccups.recordValue(Math.max(1, Math.min(HIGHEST_NS, now - last)));
            last = now;
        }
    }

    private static String row(final List<Histogram> histograms) {
        final Histogram sum = new Histogram(1, HIGHEST_NS, 3);
        for (final Histogram histogram : histograms) {
            sum.add(histogram);
        }
        final StringBuilder text = new StringBuilder();
        for (final double percentile : PERCENTILES) {
            text.append(String.format(Locale.ROOT, "%10.2f", sum.getValueAtPercentile(percentile) / US));
        }
        return text.toString();
    }

    private static String ratios(final Result result) {
        final StringBuilder text = new StringBuilder();
        for (final double percentile : PERCENTILES) {
            text.append(String.format(Locale.ROOT, "%9.2fx", Figures.pairedRatio(
                values(result.weir(), percentile), values(result.bare(), percentile))));
        }
        return text.toString();
    }

    private static double[] values(final List<Histogram> rounds, final double percentile) {
        return rounds.stream().mapToDouble(h -> Math.max(1, h.getValueAtPercentile(percentile))).toArray();
    }

    private static void delete(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
