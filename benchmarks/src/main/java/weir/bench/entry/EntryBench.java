package weir.bench.entry;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * Client to venue outbox over Aeron IPC, against a bare Aeron IPC round trip: one message at a time, in turns, round by
 * round. In both the caller busy-spins on one thread and the other side on another; for Weir the other side is gateway
 * and engine as one composite agent, every control on, each order journaled to the ring before it leaves. The caller
 * is client and venue at once, so that one clock sees both ends. The ratio is the median of the paired rounds.
 */
public final class EntryBench {
    private static final long HIGHEST_NS = 1_000_000_000L;
    private static final double US = 1_000.0;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final int WARM_UP = 20_000;

    private int rounds = 7;
    private int orders = 5_000;

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
            default:
                return false;
        }
    }

    /**
     * Runs.
     *
     * @throws IOException when files cannot be made
     */
    public void run() throws IOException {
        final Path tmpfs = Path.of("/dev/shm");
        final Path directory = Files.isWritable(tmpfs)
            ? Files.createTempDirectory(tmpfs, "weir-bench-") : Files.createTempDirectory("weir-bench-");
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName())
                .idleStrategy(new SleepingMillisIdleStrategy(1)))) {
            System.out.println("JDK: " + System.getProperty("java.vm.name") + ' '
                + System.getProperty("java.vm.version") + ", " + Runtime.getRuntime().availableProcessors()
                + " processors");
            System.out.println("command: weir bench --entry --rounds " + rounds + " --orders " + orders);
            compare(aeron, driver.aeronDirectoryName(), directory);
        } finally {
            delete(directory);
        }
    }

    private void compare(final Aeron aeron, final String aeronDirectory, final Path directory) throws IOException {
        final Histogram[] bare = new Histogram[rounds];
        final Histogram[] weir = new Histogram[rounds];
        final Histogram hiccups = new Histogram(1, HIGHEST_NS, 3);
        try (BareRoundTrip echo = new BareRoundTrip(aeron);
            EntryPath entry = new EntryPath(aeron, aeronDirectory, directory, rounds * orders + WARM_UP)) {
            echo.run(WARM_UP, new Histogram(1, HIGHEST_NS, 3));
            entry.run(WARM_UP, new Histogram(1, HIGHEST_NS, 3));
            for (int i = 0; i < rounds; i++) {
                bare[i] = new Histogram(1, HIGHEST_NS, 3);
                weir[i] = new Histogram(1, HIGHEST_NS, 3);
                echo.run(orders, bare[i]);
                entry.run(orders, weir[i]);
                spin(hiccups);
            }
        }
        System.out.println("microseconds              p50       p90       p99     p99.9");
        System.out.println("  bare Aeron round trip " + row(bare));
        System.out.println("  client to venue outbox" + row(weir));
        System.out.println("  ratio (median of rounds)" + ratios(bare, weir));
        System.out.println("  idle spinner          " + row(hiccups));
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

    private static String row(final Histogram... histograms) {
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

    private static String ratios(final Histogram[] bare, final Histogram[] weir) {
        final StringBuilder text = new StringBuilder();
        for (final double percentile : PERCENTILES) {
            final double[] paired = new double[bare.length];
            for (int i = 0; i < paired.length; i++) {
                paired[i] = (double) weir[i].getValueAtPercentile(percentile)
                    / Math.max(1, bare[i].getValueAtPercentile(percentile));
            }
            Arrays.sort(paired);
            text.append(String.format(Locale.ROOT, "%9.2fx", paired[paired.length / 2]));
        }
        return text.toString();
    }

    private static void delete(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
